#include "widgets/plot/xy_plot.h"

#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"
#include "widgets/look/rich_label.h"

#include <algorithm>
#include <cmath>

namespace endospike {

XyPlot::XyPlot(QWidget* parent)
    : QCustomPlot(parent)
    , m_theme(&currentTheme())
{
    buildFrame(*this);
    setFocusPolicy(Qt::StrongFocus);
    setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    const auto everywhere = [this] { return viewport(); };
    new PaintLayer(
        this, QStringLiteral("main"), [this] { return plotArea(); },
        [this](QCPPainter& painter) { drawContent(painter); });
    layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);
    new PaintLayer(this, QStringLiteral("overlay"), everywhere, [this](QCPPainter& painter) { drawHeader(painter); });
    styleAxes();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &XyPlot::setTheme);
}

void XyPlot::setTitle(const QString& title, const QString& unit)
{
    m_title = title;
    m_unit = unit;
    setAccessibleName(unit.isEmpty() ? plainText(title) : QStringLiteral("%1, %2").arg(plainText(title), unit));
    contentChanged();
}

void XyPlot::setXAxis(const QString& symbol, const QString& unit)
{
    m_xLabel = unit.isEmpty() ? symbol : QStringLiteral("%1 (%2)").arg(symbol, unit);
    contentChanged();
}

void XyPlot::setEmptyText(const QString& text)
{
    m_emptyText = text;
    replot(QCustomPlot::rpQueuedReplot);
}

void XyPlot::setTheme(const Theme& theme)
{
    m_theme = &theme;
    styleAxes();
    styleContent();
    contentChanged();
}

void XyPlot::styleAxes() { styleFrame(*this, *m_theme); }

int XyPlot::leftMargin() const
{
    const QFont font = m_theme->axisFont();
    return static_cast<int>(std::max<double>(QFontMetrics(font).horizontalAdvance(QStringLiteral("−1000 HH")),
               richWidth(font, m_xLabel) + plotGap_px))
        + plotGap_px;
}

/// Half of a tick label stands beyond the axis.
int XyPlot::rightMargin() const
{
    return std::max(2 * plotGap_px, QFontMetrics(m_theme->axisFont()).horizontalAdvance(QStringLiteral("888888")) / 2);
}

int XyPlot::rowHeight() const { return QFontMetrics(m_theme->axisFont()).height() + plotGap_px; }

/// No numbers where there is nothing to read.
void XyPlot::showNumbers(bool shown)
{
    if (shown == m_numbersShown)
        return;
    m_numbersShown = shown;
    for (std::size_t i = 0; i < m_axisLooks.size(); ++i) {
        QCPAxis* axis = i == 0 ? xAxis : yAxis;
        if (!shown)
            m_axisLooks[i] = {axis->ticks(), axis->tickLabels(), axis->grid()->visible()};
        axis->setTicks(shown && m_axisLooks[i].ticks);
        axis->setTickLabels(shown && m_axisLooks[i].labels);
        axis->grid()->setVisible(shown && m_axisLooks[i].grid);
    }
}

void XyPlot::contentChanged()
{
    layoutFrame();
    showNumbers(!isEmpty());
    if (!m_moved) {
        xAxis->setRange(fullX());
        yAxis->setRange(fullY());
    }
    replot(QCustomPlot::rpQueuedReplot);
}

void XyPlot::fit()
{
    m_moved = false;
    contentChanged();
}

void XyPlot::layoutFrame()
{
    const QFontMetrics metrics(m_theme->axisFont());
    m_headerRows = headerRows();
    const int top = m_headerRows * rowHeight() + metrics.height() / 4; // half a tick label stands above the axis
    const int bottom = metrics.height() + 4 + 3 + plotGap_px / 2;
    axisRect()->setMargins(QMargins(leftMargin(), top, rightMargin(), bottom));
    const int width = viewport().width() - leftMargin() - rightMargin();
    const int height = viewport().height() - top - bottom;
    xAxis->ticker()->setTickCount(std::clamp(width / (6 * metrics.height()), 3, 6));
    yAxis->ticker()->setTickCount(std::clamp(height / (3 * metrics.height()), 2, 5));
}

double XyPlot::entryWidth(const Entry& entry) const
{
    const QFont font = m_theme->axisFont();
    double width = richWidth(font, entry.name) + legendLine_px + 2.5 * plotGap_px;
    // Room for the value is kept while there is no crosshair, so that the plot does not jump under the mouse.
    if (hasRoomForValues())
        width += QFontMetricsF(font).horizontalAdvance(QStringLiteral("−888.8")) + plotGap_px / 2;
    return width;
}

bool XyPlot::hasRoomForValues() const
{
    return !m_figure && viewport().width() > 22 * QFontMetrics(m_theme->axisFont()).height();
}

int XyPlot::headerRows() const
{
    const double right = viewport().width() - rightMargin();
    double x =
        plotGap_px + richWidth(m_theme->axisFont(), QStringLiteral("%1 (%2)").arg(m_title, m_unit)) + 2 * plotGap_px;
    int rows = 1;
    for (const Entry& entry : legend(std::nullopt)) {
        if (entry.name.isEmpty())
            continue; // named elsewhere
        const double width = entryWidth(entry);
        if (x + width > right && x > 2 * plotGap_px) {
            ++rows;
            x = plotGap_px;
        }
        x += width;
    }
    return std::min(rows, 3);
}

void XyPlot::drawHeader(QCPPainter& painter)
{
    const Theme& t = *m_theme;
    const QFont font = t.axisFont();
    const QFontMetricsF metrics(font);
    const std::optional<double> at = m_figure ? std::nullopt : m_crosshair;
    const std::vector<Entry> entries = legend(at);
    const double right = viewport().width() - rightMargin();
    double baseline = plotGap_px / 2 + metrics.ascent();
    painter.setPen(t.text);
    double x = plotGap_px + drawRich(painter, font, {static_cast<double>(plotGap_px), baseline}, m_title);
    painter.setPen(t.mutedText);
    if (!m_unit.isEmpty())
        x += drawRich(painter, font, {x, baseline}, QStringLiteral(" (%1)").arg(m_unit));
    x += 2 * plotGap_px;
    int row = 1;
    for (const Entry& entry : entries) {
        if (entry.name.isEmpty())
            continue;
        const double width = entryWidth(entry);
        if (x + width > right && x > 2 * plotGap_px) {
            if (++row > m_headerRows)
                break;
            baseline += rowHeight();
            x = plotGap_px;
        }
        const double middle = std::round(baseline - metrics.xHeight() / 2);
        painter.setPen(entry.pen);
        painter.setAntialiasing(true);
        painter.drawLine(QPointF(x, middle), QPointF(x + legendLine_px, middle));
        painter.setAntialiasing(false);
        painter.setPen(t.text);
        drawRich(painter, font, {x + legendLine_px + plotGap_px / 2, baseline}, entry.name);
        if (!entry.value.isEmpty() && hasRoomForValues())
            painter.drawText(
                QPointF(x + width - 2 * plotGap_px - metrics.horizontalAdvance(entry.value), baseline), entry.value);
        x += width;
    }
    painter.setPen(t.mutedText);
    drawRich(painter, font, {static_cast<double>(plotGap_px), plotArea().bottom() + 8 + metrics.ascent()}, m_xLabel);
    drawMargins(painter);
    if (isEmpty() && !m_emptyText.isEmpty())
        painter.drawText(plotArea(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    if (at)
        drawCrosshair(painter, entries);
    if (hasFocus() && !m_figure) {
        painter.setPen(QPen(t.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport().adjusted(1, 1, -1, -1));
    }
}

void XyPlot::drawCrosshair(QCPPainter& painter, const std::vector<Entry>& entries)
{
    const QRect area = plotArea();
    const double x = xAxis->coordToPixel(*m_crosshair);
    if (x < area.left() || x > area.right())
        return;
    painter.setPen(QPen(m_theme->mutedText, 1));
    painter.drawLine(QPointF(std::floor(x), area.top()), QPointF(std::floor(x), area.bottom()));
    const QFontMetricsF metrics(m_theme->axisFont());
    // Of counts of thousands all digits, not powers of ten.
    const QString text = plotNumber(*m_crosshair, std::abs(*m_crosshair) >= 1000 ? 6 : 4);
    const QRectF box(x - metrics.horizontalAdvance(text) / 2 - 3, area.bottom() + 5,
        metrics.horizontalAdvance(text) + 6, metrics.height());
    painter.fillRect(box, m_theme->plot);
    painter.setPen(m_theme->text);
    painter.setFont(m_theme->axisFont());
    painter.drawText(box, Qt::AlignCenter, text);
    painter.setAntialiasing(true);
    for (const Entry& entry : entries) {
        const double y = yAxis->coordToPixel(entry.y);
        if (std::isnan(entry.y) || y < area.top() || y > area.bottom())
            continue;
        painter.setPen(QPen(m_theme->plot, 1.5));
        painter.setBrush(entry.pen.color());
        painter.drawEllipse(QPointF(x, y), 4, 4);
    }
    painter.setAntialiasing(false);
}

void XyPlot::drawFigure(QCPPainter& painter, QSize size)
{
    const Theme* const screenTheme = m_theme;
    const QRect screenViewport = viewport();
    m_figure = true;
    m_theme = &endospike::theme(ThemeKind::light);
    styleAxes();
    styleContent();
    setViewport(QRect(QPoint(), size));
    layoutFrame();
    plotLayout()->update(QCPLayoutElement::upLayout);
    axisRect()->update(QCPLayoutElement::upLayout);
    toPainter(&painter, size.width(), size.height());
    m_figure = false;
    m_theme = screenTheme;
    setViewport(screenViewport);
    styleAxes();
    styleContent();
    layoutFrame();
    replot(QCustomPlot::rpQueuedReplot);
}

void XyPlot::setCrosshair(std::optional<double> x)
{
    if (x == m_crosshair)
        return;
    m_crosshair = x;
    redrawOverlay();
}

void XyPlot::redrawOverlay()
{
    if (isVisible())
        layer(QStringLiteral("overlay"))->replot();
}

void XyPlot::resizeEvent(QResizeEvent*)
{
    setViewport(rect());
    contentChanged();
}

void XyPlot::mousePressEvent(QMouseEvent* event)
{
    axisRect()->setRangeDrag(valuesCanZoom() ? Qt::Horizontal | Qt::Vertical : Qt::Orientations(Qt::Horizontal));
    QCustomPlot::mousePressEvent(event);
}

void XyPlot::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        m_moved = true;
    QCustomPlot::mouseMoveEvent(event);
    const QPointF at = event->position();
    if (plotArea().contains(at.toPoint())) {
        setCrosshair(xAxis->pixelToCoord(at.x()));
        emit hovered(*m_crosshair);
    } else if (m_crosshair) {
        setCrosshair(std::nullopt);
        emit unhovered();
    }
}

void XyPlot::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        fit();
}

void XyPlot::wheelEvent(QWheelEvent* event)
{
    const double factor = std::pow(0.85, event->angleDelta().y() / 120.0);
    const QPointF at = event->position();
    m_moved = true;
    if (valuesCanZoom() && ((event->modifiers() & Qt::ControlModifier) || at.x() < plotArea().left()))
        yAxis->scaleRange(factor, yAxis->pixelToCoord(at.y()));
    else
        xAxis->scaleRange(factor, xAxis->pixelToCoord(at.x()));
    replot(QCustomPlot::rpQueuedReplot);
    event->accept();
}

void XyPlot::keyPressEvent(QKeyEvent* event)
{
    const double step = 0.1 * xAxis->range().size();
    switch (event->key()) {
    case Qt::Key_Left:
        xAxis->moveRange(-step);
        break;
    case Qt::Key_Right:
        xAxis->moveRange(step);
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        xAxis->scaleRange(0.85);
        break;
    case Qt::Key_Minus:
        xAxis->scaleRange(1 / 0.85);
        break;
    case Qt::Key_Home:
        return fit();
    default:
        return QCustomPlot::keyPressEvent(event);
    }
    m_moved = true;
    replot(QCustomPlot::rpQueuedReplot);
}

void XyPlot::leaveEvent(QEvent*)
{
    setCrosshair(std::nullopt);
    emit unhovered();
}

void XyPlot::focusInEvent(QFocusEvent*) { redrawOverlay(); }
void XyPlot::focusOutEvent(QFocusEvent*) { redrawOverlay(); }

} // namespace endospike
