#include "widgets/plot/plot_frame.h"

#include "widgets/look/plot_parts.h"
#include "widgets/look/rich_label.h"

#include <algorithm>
#include <cmath>

namespace endospike {

PlotFrame::PlotFrame(QWidget* parent)
    : QCustomPlot(parent)
    , m_theme(&currentTheme())
{
    buildFrame(*this);
    styleFrame(*this, *m_theme);
    new PaintLayer(
        this, QStringLiteral("overlay"), [this] { return viewport(); },
        [this](QCPPainter& painter) { drawOverlay(painter); });
}

void PlotFrame::setTitle(const QString& title, const QString& unit)
{
    if (title == m_title && unit == m_unit)
        return;
    m_title = title;
    m_unit = unit;
    setAccessibleName(unit.isEmpty() ? plainText(title) : QStringLiteral("%1, %2").arg(plainText(title), unit));
    changed();
}

void PlotFrame::setTheme(const Theme& theme)
{
    m_theme = &theme;
    restyle();
    changed();
}

void PlotFrame::restyle() { styleFrame(*this, *m_theme); }

void PlotFrame::setCrosshair(std::optional<double> x)
{
    if (x == m_crosshair)
        return;
    m_crosshair = x;
    redrawOverlay();
}

void PlotFrame::redrawOverlay()
{
    if (isVisible())
        layer(QStringLiteral("overlay"))->replot();
}

int PlotFrame::valueAxisWidth() const
{
    return QFontMetrics(m_theme->axisFont()).horizontalAdvance(QStringLiteral("−1000 HH")) + plotGap_px;
}

int PlotFrame::axisHeight() const { return QFontMetrics(m_theme->axisFont()).height() + 4 + 3 + plotGap_px / 2; }

int PlotFrame::rowHeight() const { return QFontMetrics(m_theme->axisFont()).height() + plotGap_px; }

void PlotFrame::layoutFrame()
{
    const int line = QFontMetrics(m_theme->axisFont()).height();
    m_headerRows = headerRows();
    const QMargins margins = frameMargins() + QMargins(0, m_headerRows * rowHeight(), 0, 0);
    axisRect()->setMargins(margins);
    const QRect inside = viewport().marginsRemoved(margins);
    xAxis->ticker()->setTickCount(std::clamp(inside.width() / (6 * line), 3, 6));
    yAxis->ticker()->setTickCount(std::clamp(inside.height() / (3 * line), 2, 5));
}

double PlotFrame::entryWidth(const LegendEntry& entry, bool value) const
{
    const QFont font = m_theme->axisFont();
    double width = richWidth(font, entry.name) + 2 * plotGap_px;
    if (entry.pen.style() != Qt::NoPen)
        width += legendLine_px + plotGap_px / 2;
    if (value)
        width += QFontMetricsF(font).horizontalAdvance(entry.widest) + plotGap_px / 2;
    return width;
}

int PlotFrame::placeEntries(const std::vector<LegendEntry>& entries, bool values, double x, const Place& place) const
{
    const double right = viewport().width() - frameMargins().right();
    int row = 1;
    for (const LegendEntry& entry : entries) {
        if (entry.name.isEmpty())
            continue;
        const double width = entryWidth(entry, values);
        if (x + width > right && x > 2 * plotGap_px) {
            ++row;
            x = plotGap_px;
        }
        if (!place(entry, x, row, width))
            break;
        x += width;
    }
    return row;
}

int PlotFrame::headerRows() const
{
    // Room for the values is kept while there is no crosshair, so that the plot does not jump under the mouse.
    const double x =
        plotGap_px + richWidth(m_theme->axisFont(), QStringLiteral("%1 (%2)").arg(m_title, m_unit)) + 2 * plotGap_px;
    const auto everyone = [](const LegendEntry&, double, int, double) { return true; };
    return std::min(placeEntries(legend(std::nullopt), hasRoomForValues(!m_figure), x, everyone), 3);
}

void PlotFrame::drawOverlay(QCPPainter& painter)
{
    const QFont font = m_theme->axisFont();
    const QFontMetricsF metrics(font);
    const std::optional<double> at = m_figure ? std::nullopt : m_crosshair;
    const std::vector<LegendEntry> entries = legend(at);
    double baseline = plotGap_px / 2 + metrics.ascent();
    painter.setPen(m_theme->text);
    double x = plotGap_px + drawRich(painter, font, {static_cast<double>(plotGap_px), baseline}, m_title);
    painter.setPen(m_theme->mutedText);
    if (!m_unit.isEmpty())
        x += drawRich(painter, font, {x, baseline}, QStringLiteral(" (%1)").arg(m_unit));
    x += 2 * plotGap_px;
    const bool values = hasRoomForValues(at.has_value());
    placeEntries(entries, values, x, [&](const LegendEntry& entry, double left, int row, double width) {
        if (row > m_headerRows)
            return false;
        baseline = plotGap_px / 2 + metrics.ascent() + (row - 1) * rowHeight();
        drawEntry(painter, entry, {left, baseline}, width, values);
        x = left + width;
        return true;
    });
    painter.setPen(m_theme->mutedText);
    for (const QString& note : notes()) {
        const double width = metrics.horizontalAdvance(note);
        if (x + width > viewport().width() - frameMargins().right())
            break;
        painter.drawText(QPointF(x, baseline), note);
        x += width + 2 * plotGap_px;
    }
    drawRich(painter, font, {static_cast<double>(plotGap_px), plotArea().bottom() + 8 + metrics.ascent()}, axisName());
    drawMargins(painter);
    drawOver(painter);
    if (at)
        drawCrosshair(painter, entries);
}

void PlotFrame::drawEntry(
    QCPPainter& painter, const LegendEntry& entry, QPointF baseline, double width, bool value) const
{
    const QFont font = m_theme->axisFont();
    const QFontMetricsF metrics(font);
    QPointF at = baseline;
    if (entry.pen.style() != Qt::NoPen) {
        const double middle = std::round(at.y() - metrics.xHeight() / 2);
        painter.setPen(entry.pen);
        painter.setAntialiasing(true);
        painter.drawLine(QPointF(at.x(), middle), QPointF(at.x() + legendLine_px, middle));
        painter.setAntialiasing(false);
        at.rx() += legendLine_px + plotGap_px / 2;
    }
    painter.setPen(m_theme->text);
    drawRich(painter, font, at, entry.name);
    if (value && !entry.value.isEmpty())
        painter.drawText(
            baseline + QPointF(width - 2 * plotGap_px - metrics.horizontalAdvance(entry.value), 0), entry.value);
}

void PlotFrame::drawCrosshair(QCPPainter& painter, const std::vector<LegendEntry>& entries)
{
    const QRect area = plotArea();
    const double x = xAxis->coordToPixel(*m_crosshair);
    if (x < area.left() || x > area.right())
        return;
    painter.setPen(QPen(m_theme->mutedText, 1));
    painter.drawLine(QPointF(std::floor(x), area.top()), QPointF(std::floor(x), area.bottom()));
    drawCrosshairLabel(painter, x);
    painter.setAntialiasing(true);
    for (const LegendEntry& entry : entries) {
        const double y = yAxis->coordToPixel(entry.y);
        if (std::isnan(entry.y) || y < area.top() || y > area.bottom())
            continue;
        painter.setPen(QPen(m_theme->plot, 1.5));
        painter.setBrush(entry.pen.color());
        painter.drawEllipse(QPointF(x, y), 4, 4);
    }
    painter.setAntialiasing(false);
}

void PlotFrame::drawAsFigure(QCPPainter& painter, QSize size)
{
    const Theme* const screenTheme = m_theme;
    const QRect screenViewport = viewport();
    m_figure = true;
    m_theme = &endospike::theme(ThemeKind::light);
    restyle();
    setViewport(QRect(QPoint(), size));
    layoutFrame();
    plotLayout()->update(QCPLayoutElement::upLayout);
    axisRect()->update(QCPLayoutElement::upLayout);
    prepareFigure();
    toPainter(&painter, size.width(), size.height());
    m_figure = false;
    setViewport(screenViewport);
    setTheme(*screenTheme);
}

} // namespace endospike
