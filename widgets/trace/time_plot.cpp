#include "widgets/trace/time_plot.h"

#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"
#include "widgets/look/rich_label.h"

#include <cmath>

namespace endospike {

TimePlot::TimePlot(QWidget* parent)
    : QCustomPlot(parent)
    , m_theme(&currentTheme())
    , m_rightMargin(2 * plotGap_px)
{
    m_clock.start();
    buildFrame(*this);
    setFocusPolicy(Qt::NoFocus); // the stack takes the keys for all of its plots
    setAttribute(Qt::WA_OpaquePaintEvent);
    addLayer(QStringLiteral("content"), layer(QStringLiteral("legend")));
    layer(QStringLiteral("content"))->setMode(QCPLayer::lmBuffered);
    new PaintLayer(
        this, QStringLiteral("content"), [this] { return plotArea(); },
        [this](QCPPainter& painter) { drawContent(painter); });
    new PaintLayer(
        this, QStringLiteral("overlay"), [this] { return viewport(); },
        [this](QCPPainter& painter) { drawHeader(painter); });
    xAxis->setRange(0, 200);
    styleAxes();
}

void TimePlot::setTitle(const QString& title, const QString& unit)
{
    if (title == m_title && unit == m_unit)
        return;
    m_title = title;
    m_unit = unit;
    setAccessibleName(unit.isEmpty() ? plainText(title) : QStringLiteral("%1, %2").arg(plainText(title), unit));
    m_axesDirty = true;
}

void TimePlot::setTheme(const Theme& theme)
{
    m_theme = &theme;
    styleAxes();
    m_axesDirty = true;
}

void TimePlot::styleAxes() { styleFrame(*this, *m_theme); }

void TimePlot::setHistory(const TraceHistory* history)
{
    m_history = history;
    m_axesDirty = true;
}

void TimePlot::setTimeRange(double from_ms, double to_ms)
{
    if (from_ms == this->from_ms() && to_ms == this->to_ms())
        return;
    xAxis->setRange(from_ms, to_ms);
    m_axesDirty = true;
}

void TimePlot::setTimeAxisShown(bool shown)
{
    if (shown == m_timeAxisShown)
        return;
    m_timeAxisShown = shown;
    m_axesDirty = true;
}

void TimePlot::setRightMargin(int width_px)
{
    if (width_px == m_rightMargin)
        return;
    m_rightMargin = width_px;
    m_axesDirty = true;
}

int TimePlot::wantedRightMargin() const { return 2 * plotGap_px; }

void TimePlot::setCrosshair(std::optional<double> time_ms)
{
    if (time_ms == m_crosshair_ms)
        return;
    m_crosshair_ms = time_ms;
    if (isVisible())
        layer(QStringLiteral("overlay"))->replot();
}

bool TimePlot::refresh()
{
    if (!isVisible() || plotArea().width() < 2)
        return false;
    const std::uint64_t revision = m_history ? m_history->revision() : 0;
    if (!m_axesDirty && revision == m_seenRevision)
        return false;
    QElapsedTimer timer;
    timer.start();
    m_seenRevision = revision;
    if (m_axesDirty)
        layoutFrame();
    prepare();
    if (m_axesDirty) {
        m_axesDirty = false;
        replot(QCustomPlot::rpQueuedRefresh);
    } else {
        layer(QStringLiteral("content"))->replot();
        if (m_crosshair_ms)
            layer(QStringLiteral("overlay"))->replot();
    }
    ++m_framesDrawn;
    m_drawnSincePaint = true;
    m_lastDraw_ms = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    return true;
}

void TimePlot::fitValues()
{
    m_manualValues = false;
    m_axesDirty = true;
}

double TimePlot::pixelRatio() const { return m_figure ? 3 : devicePixelRatioF(); }

void TimePlot::setValueRange(double low, double high)
{
    if (yAxis->range().lower == low && yAxis->range().upper == high)
        return;
    yAxis->setRange(low, high);
    m_axesDirty = true;
}

int TimePlot::rowHeight() const { return QFontMetrics(m_theme->axisFont()).height() + plotGap_px; }

void TimePlot::layoutFrame()
{
    const QFontMetrics metrics(m_theme->axisFont());
    const int left = metrics.horizontalAdvance(QStringLiteral("−1000 HH")) + plotGap_px;
    m_headerRows = headerRows();
    // The topmost tick label reaches above the axes.
    const int top = m_headerRows * rowHeight() + metrics.height() / 3;
    const int bottom = m_timeAxisShown ? metrics.height() + 4 + 3 + plotGap_px / 2 : plotGap_px;
    axisRect()->setMargins(QMargins(left, top, m_rightMargin, bottom));
    xAxis->setTickLabels(m_timeAxisShown);
    if (!m_figure)
        setMinimumHeight(top + bottom + 2 * metrics.height());
    const int width = viewport().width() - left - m_rightMargin;
    const int height = viewport().height() - top - bottom;
    xAxis->ticker()->setTickCount(std::clamp(width / (6 * metrics.height()), 3, 6));
    yAxis->ticker()->setTickCount(std::clamp(height / (3 * metrics.height()), 2, 5));
}

double TimePlot::entryWidth(const LegendEntry& entry, bool withValue, const QFont& font) const
{
    double width = richWidth(font, entry.name) + 2 * plotGap_px;
    if (entry.pen.style() != Qt::NoPen)
        width += legendLine_px + plotGap_px / 2;
    if (withValue)
        width += QFontMetricsF(font).horizontalAdvance(fixedNumber(-888, entry.decimals)) + plotGap_px / 2;
    return width;
}

int TimePlot::headerRows() const
{
    // Room for the values is kept while there is no crosshair, so that the plot does not jump under the mouse.
    const QFont font = m_theme->axisFont();
    const double right = viewport().width() - m_rightMargin;
    double x = plotGap_px + richWidth(font, QStringLiteral("%1 (%2)").arg(m_title, m_unit)) + 2 * plotGap_px;
    int rows = 1;
    for (const LegendEntry& entry : legend(std::nullopt)) {
        const double width = entryWidth(entry, !m_figure, font);
        if (x + width > right && x > 2 * plotGap_px) {
            ++rows;
            x = plotGap_px;
        }
        x += width;
    }
    return std::min(rows, 3);
}

void TimePlot::drawHeader(QCPPainter& painter)
{
    const Theme& t = *m_theme;
    const QFont font = t.axisFont();
    const QFontMetricsF metrics(font);
    const std::optional<double> time_ms = m_figure ? std::nullopt : m_crosshair_ms;
    const std::vector<LegendEntry> entries = legend(time_ms);
    const double right = viewport().width() - m_rightMargin;
    double baseline = plotGap_px / 2 + metrics.ascent();
    painter.setPen(t.text);
    double x = plotGap_px + drawRich(painter, font, {static_cast<double>(plotGap_px), baseline}, m_title);
    painter.setPen(t.mutedText);
    if (!m_unit.isEmpty())
        x += drawRich(painter, font, {x, baseline}, QStringLiteral(" (%1)").arg(m_unit));
    x += 2 * plotGap_px;
    int row = 1;
    for (const LegendEntry& entry : entries) {
        const bool withValue = time_ms.has_value();
        const double width = entryWidth(entry, withValue, font);
        if (x + width > right && x > 2 * plotGap_px) {
            if (++row > m_headerRows)
                break;
            baseline += rowHeight();
            x = plotGap_px;
        }
        double at = x;
        if (entry.pen.style() != Qt::NoPen) {
            painter.setPen(entry.pen);
            const double middle = std::round(baseline - metrics.xHeight() / 2);
            painter.setAntialiasing(true);
            painter.drawLine(QPointF(at, middle), QPointF(at + legendLine_px, middle));
            painter.setAntialiasing(false);
            at += legendLine_px + plotGap_px / 2;
        }
        painter.setPen(t.text);
        at += drawRich(painter, font, {at, baseline}, entry.name);
        if (withValue) {
            const QString value = entry.text.isEmpty() ? fixedNumber(entry.value, entry.decimals) : entry.text;
            painter.drawText(QPointF(x + width - 2 * plotGap_px - metrics.horizontalAdvance(value), baseline), value);
        }
        x += width;
    }
    painter.setPen(t.mutedText);
    for (const QString& note : notes()) {
        const double width = metrics.horizontalAdvance(note);
        if (x + width > right)
            break;
        painter.drawText(QPointF(x, baseline), note);
        x += width + 2 * plotGap_px;
    }
    if (m_timeAxisShown) {
        const double timeRow = plotArea().bottom() + 1 + 4 + 3 + metrics.ascent();
        painter.drawText(QPointF(plotGap_px, timeRow), QStringLiteral("t (ms)"));
    }
    drawMargins(painter);
    drawCrosshair(painter, entries);
}

void TimePlot::drawCrosshair(QCPPainter& painter, const std::vector<LegendEntry>& entries)
{
    if (m_figure || !m_crosshair_ms)
        return;
    const QRect area = plotArea();
    const double x = xAxis->coordToPixel(*m_crosshair_ms);
    if (x < area.left() || x > area.right())
        return;
    painter.setPen(QPen(m_theme->mutedText, 1));
    painter.drawLine(QPointF(std::floor(x), area.top()), QPointF(std::floor(x), area.bottom()));
    painter.setAntialiasing(true);
    for (const LegendEntry& entry : entries) {
        if (!entry.marked || std::isnan(entry.value))
            continue;
        const double y = yAxis->coordToPixel(entry.value);
        if (y < area.top() || y > area.bottom())
            continue;
        painter.setPen(QPen(m_theme->plot, 1.5));
        painter.setBrush(entry.pen.color());
        painter.drawEllipse(QPointF(x, y), 4, 4);
    }
    painter.setAntialiasing(false);
}

void TimePlot::drawFigure(QCPPainter& painter, QSize size, bool timeAxisShown, int rightMargin_px)
{
    const Theme* const screenTheme = m_theme;
    const QRect screenViewport = viewport();
    const bool screenTimeAxis = m_timeAxisShown;
    const int screenMargin = m_rightMargin;
    m_figure = true;
    setTheme(endospike::theme(ThemeKind::light));
    setViewport(QRect(QPoint(), size));
    m_timeAxisShown = timeAxisShown;
    m_rightMargin = rightMargin_px;
    layoutFrame();
    plotLayout()->update(QCPLayoutElement::upLayout);
    axisRect()->update(QCPLayoutElement::upLayout);
    prepare();
    toPainter(&painter, size.width(), size.height());
    m_figure = false;
    m_timeAxisShown = screenTimeAxis;
    m_rightMargin = screenMargin;
    setViewport(screenViewport);
    setTheme(*screenTheme);
    m_axesDirty = true;
}

int TimePlot::framesPerSecond() const
{
    const qint64 now = m_clock.elapsed();
    return static_cast<int>(std::count_if(m_paints.begin(), m_paints.end(), [&](qint64 t) { return now - t < 1000; }));
}

void TimePlot::paintEvent(QPaintEvent* event)
{
    QCustomPlot::paintEvent(event);
    if (!m_drawnSincePaint)
        return;
    m_drawnSincePaint = false;
    const qint64 now = m_clock.elapsed();
    m_paints.push_back(now);
    while (now - m_paints.front() >= 1000)
        m_paints.pop_front();
}

void TimePlot::resizeEvent(QResizeEvent*)
{
    // Drawn by the next refresh() rather than at once: a splitter drag resizes several plots for each mouse move.
    setViewport(rect());
    layoutFrame();
    m_axesDirty = true;
    replot(QCustomPlot::rpQueuedRefresh);
}

bool TimePlot::overValueAxis(QPointF at) const { return valuesCanZoom() && at.x() < plotArea().left(); }

void TimePlot::updateCursor(QPointF at)
{
    if (m_drag)
        setCursor(m_dragsValues ? Qt::SizeVerCursor : Qt::ClosedHandCursor);
    else if (plotArea().contains(at.toPoint()))
        setCursor(Qt::CrossCursor);
    else if (overValueAxis(at))
        setCursor(Qt::SizeVerCursor);
    else
        unsetCursor();
}

void TimePlot::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_drag = event->position();
    m_dragsValues = overValueAxis(event->position());
    updateCursor(event->position());
    emit pressed();
}

void TimePlot::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (m_drag) {
        const QPointF by = at - *m_drag;
        if (m_dragsValues && by.y() != 0) {
            const double shift = by.y() * yAxis->range().size() / plotArea().height();
            m_manualValues = true;
            setValueRange(yAxis->range().lower + shift, yAxis->range().upper + shift);
            m_drag = at;
        } else if (!m_dragsValues && by.x() != 0) {
            m_drag = at;
            emit panned(-by.x() * xAxis->range().size() / plotArea().width());
        }
    }
    updateCursor(at);
    if (at.x() >= plotArea().left() && at.x() <= plotArea().right())
        emit hovered(timeAt(at.x()));
    else
        emit unhovered();
}

void TimePlot::mouseReleaseEvent(QMouseEvent* event)
{
    m_drag.reset();
    updateCursor(event->position());
}

void TimePlot::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        emit fitRequested();
}

void TimePlot::zoomValues(double factor, double center)
{
    const QCPRange range = yAxis->range();
    m_manualValues = true;
    setValueRange(center + (range.lower - center) * factor, center + (range.upper - center) * factor);
}

void TimePlot::wheelEvent(QWheelEvent* event)
{
    const QPointF at = event->position();
    const double down = event->angleDelta().y() / 120.0;
    const double across = event->angleDelta().x() / 120.0;
    const double width_ms = xAxis->range().size();
    const bool control = event->modifiers() & Qt::ControlModifier;
    if (valuesCanZoom() && (control || overValueAxis(at)))
        zoomValues(std::pow(0.85, down), yAxis->pixelToCoord(at.y()));
    else if (event->modifiers() & Qt::ShiftModifier)
        emit panned(-0.1 * width_ms * (down + across));
    else if (std::abs(across) > std::abs(down))
        emit panned(-0.1 * width_ms * across);
    else if (down != 0)
        emit zoomed(std::pow(0.85, down), timeAt(std::clamp<double>(at.x(), plotArea().left(), plotArea().right())));
    event->accept();
}

void TimePlot::leaveEvent(QEvent*) { emit unhovered(); }

} // namespace endospike
