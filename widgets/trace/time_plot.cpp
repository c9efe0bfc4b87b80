#include "widgets/trace/time_plot.h"

#include "widgets/look/plot_parts.h"

#include <cmath>
#include <utility>

namespace endospike {

TimePlot::TimePlot(QWidget* parent)
    : PlotFrame(parent)
    , m_rightMargin(2 * plotGap_px)
{
    m_clock.start();
    setFocusPolicy(Qt::NoFocus); // the stack takes the keys for all of its plots
    setAttribute(Qt::WA_OpaquePaintEvent);
    addLayer(QStringLiteral("content"), layer(QStringLiteral("legend")));
    layer(QStringLiteral("content"))->setMode(QCPLayer::lmBuffered);
    new PaintLayer(
        this, QStringLiteral("content"), [this] { return plotArea(); },
        [this](QCPPainter& painter) { drawContent(painter); });
    xAxis->setRange(0, 200);
}

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
        if (crosshair())
            redrawOverlay();
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

double TimePlot::pixelRatio() const { return isFigure() ? 3 : devicePixelRatioF(); }

void TimePlot::setValueRange(double low, double high)
{
    if (yAxis->range().lower == low && yAxis->range().upper == high)
        return;
    yAxis->setRange(low, high);
    m_axesDirty = true;
}

QMargins TimePlot::frameMargins() const
{
    // The topmost tick label reaches above the axes.
    const int top = QFontMetrics(theme().axisFont()).height() / 3;
    return {valueAxisWidth(), top, m_rightMargin, m_timeAxisShown ? axisHeight() : plotGap_px};
}

QString TimePlot::axisName() const { return m_timeAxisShown ? QStringLiteral("t (ms)") : QString(); }

void TimePlot::layoutFrame()
{
    PlotFrame::layoutFrame();
    xAxis->setTickLabels(m_timeAxisShown);
    const QMargins margins = axisRect()->margins();
    if (!isFigure())
        setMinimumHeight(margins.top() + margins.bottom() + 2 * QFontMetrics(theme().axisFont()).height());
}

void TimePlot::drawFigure(QCPPainter& painter, QSize size, bool timeAxisShown, int rightMargin_px)
{
    const bool screenTimeAxis = std::exchange(m_timeAxisShown, timeAxisShown);
    const int screenMargin = std::exchange(m_rightMargin, rightMargin_px);
    drawAsFigure(painter, size);
    m_timeAxisShown = screenTimeAxis;
    m_rightMargin = screenMargin;
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
