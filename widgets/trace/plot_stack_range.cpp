// The time axis of a plot stack: following, panning, zooming, keys; and its layout between starts.
#include "widgets/trace/plot_stack.h"
#include "widgets/trace/trace_plot.h"

#include <QDataStream>
#include <QIODevice>
#include <QKeyEvent>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr double shortestSpan_ms = 0.5;
constexpr double longestSpan_ms = 3.6e6;
constexpr int liveFor_ms = 300; // without new samples for so long the picture stands still
constexpr quint32 layoutMagic = 0x45535053;
constexpr quint32 layoutVersion = 1;

} // namespace

double PlotStack::pixel_ms(double span_ms) const
{
    const TimePlot* plot = topPlot();
    return span_ms / std::max(1.0, plot->plotArea().width() * plot->devicePixelRatioF());
}

bool PlotStack::isLive() const { return m_history && !m_history->empty() && m_sinceChange.elapsed() < liveFor_ms; }

void PlotStack::applyRange(TimeRange range)
{
    if (range.from_ms == m_range.from_ms && range.to_ms == m_range.to_ms)
        return;
    m_range = range;
    for (const Panel& panel : m_panels)
        panel.plot->setTimeRange(range.from_ms, range.to_ms);
    emit visibleRangeChanged(range.from_ms, range.to_ms);
}

void PlotStack::followEnd()
{
    const double span_ms = m_range.to_ms - m_range.from_ms;
    const double first_ms = m_history ? m_history->first_ms() : 0;
    const double last_ms = m_history ? m_history->last_ms() : 0;
    // Whole pixels, so that a scrolling trace keeps its shape from frame to frame.
    const double step_ms = pixel_ms(span_ms);
    const double from_ms = std::max(first_ms, last_ms - span_ms);
    const double snapped_ms = std::ceil(from_ms / step_ms - 1e-6) * step_ms;
    applyRange({snapped_ms, snapped_ms + span_ms});
}

void PlotStack::setFollowLive(bool follow)
{
    m_followButton->setChecked(follow);
    if (follow == m_follow)
        return;
    m_follow = follow;
    if (follow)
        followEnd();
    emit followLiveChanged(follow);
}

void PlotStack::setTimeSpan(double span_ms)
{
    const double span = std::clamp(span_ms, shortestSpan_ms, longestSpan_ms);
    applyRange({m_range.from_ms, m_range.from_ms + span});
    if (m_follow)
        followEnd();
}

void PlotStack::setVisibleRange(TimeRange range)
{
    if (!(range.to_ms - range.from_ms >= shortestSpan_ms) || !(range.to_ms - range.from_ms <= longestSpan_ms))
        return;
    setFollowLive(false);
    applyRange(range);
}

void PlotStack::fit()
{
    for (const Panel& panel : m_panels)
        panel.plot->fitValues();
    if (!m_history || m_history->empty() || m_history->last_ms() - m_history->first_ms() < shortestSpan_ms)
        return;
    setVisibleRange({m_history->first_ms(), m_history->last_ms()});
}

void PlotStack::pan(double by_ms)
{
    if (m_follow && by_ms >= 0)
        return; // nothing newer to see
    const double span_ms = m_range.to_ms - m_range.from_ms;
    const double first_ms = m_history ? m_history->first_ms() : 0;
    const double last_ms = m_history ? m_history->last_ms() : 0;
    // Half of the width may be empty, on either side.
    const double lowest_ms = first_ms - 0.5 * span_ms;
    const double from_ms = std::clamp(m_range.from_ms + by_ms, lowest_ms, std::max(lowest_ms, last_ms - 0.5 * span_ms));
    setVisibleRange({from_ms, from_ms + span_ms});
}

void PlotStack::zoom(double factor, double center_ms)
{
    const double span_ms = m_range.to_ms - m_range.from_ms;
    const double wanted_ms = std::clamp(span_ms * factor, shortestSpan_ms, longestSpan_ms);
    if (m_follow && isLive())
        return setTimeSpan(wanted_ms); // the newest sample stays at its edge
    const double from_ms = center_ms - (center_ms - m_range.from_ms) * wanted_ms / span_ms;
    setVisibleRange({from_ms, from_ms + wanted_ms});
}

void PlotStack::keyPressEvent(QKeyEvent* event)
{
    const double span_ms = m_range.to_ms - m_range.from_ms;
    const double center_ms = m_crosshair_ms.value_or((m_range.from_ms + m_range.to_ms) / 2);
    const bool control = event->modifiers() & Qt::ControlModifier;
    const double sign = event->key() == Qt::Key_Left ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (control) {
            m_hover.reset();
            setCrosshair(std::clamp(center_ms + sign * pixel_ms(span_ms), m_range.from_ms, m_range.to_ms));
        } else {
            pan(sign * 0.1 * span_ms);
        }
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(0.8, center_ms);
    case Qt::Key_Minus:
        return zoom(1.25, center_ms);
    case Qt::Key_Home:
        return fit();
    case Qt::Key_End:
        return setFollowLive(true);
    case Qt::Key_Escape:
        if (m_crosshair_ms)
            return setCrosshair(std::nullopt);
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

QByteArray PlotStack::saveLayout() const
{
    QByteArray state;
    QDataStream out(&state, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_0);
    out << layoutMagic << layoutVersion << m_allCells << m_referenceLines << m_range.to_ms - m_range.from_ms;
    out << static_cast<qint32>(m_panels.size());
    const QList<int> heights = m_splitter->sizes();
    for (std::size_t i = 0; i < m_panels.size(); ++i)
        out << m_panels[i].key << m_panels[i].wanted << static_cast<qint32>(heights[static_cast<qsizetype>(i)]);
    return state;
}

bool PlotStack::restoreLayout(const QByteArray& state)
{
    QDataStream in(state);
    in.setVersion(QDataStream::Qt_6_0);
    quint32 magic = 0, version = 0;
    bool allCells = false, referenceLines = false;
    double span_ms = 0;
    qint32 count = 0;
    in >> magic >> version >> allCells >> referenceLines >> span_ms >> count;
    if (in.status() != QDataStream::Ok || magic != layoutMagic || version != layoutVersion || count < 0 || count > 64
        || !(span_ms >= shortestSpan_ms && span_ms <= longestSpan_ms))
        return false;
    struct Row {
        QString key;
        bool wanted;
        qint32 height;
    };
    std::vector<Row> rows(static_cast<std::size_t>(count));
    for (Row& row : rows)
        in >> row.key >> row.wanted >> row.height;
    if (in.status() != QDataStream::Ok)
        return false;
    setAllCellsInDetail(allCells);
    setReferenceLinesVisible(referenceLines);
    setTimeSpan(span_ms);
    QList<int> heights = m_splitter->sizes();
    for (const Row& row : rows) {
        setPanelVisible(row.key, row.wanted);
        for (std::size_t i = 0; i < m_panels.size(); ++i)
            if (m_panels[i].key == row.key && row.height > 0)
                heights[static_cast<qsizetype>(i)] = row.height;
    }
    m_splitter->setSizes(heights);
    return true;
}

} // namespace endospike
