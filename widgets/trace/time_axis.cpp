#include "widgets/trace/time_axis.h"

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr double shortestSpan_ms = 0.5;
constexpr double longestSpan_ms = 3.6e6;
constexpr int liveFor_ms = 300; // without new samples for so long the picture stands still

} // namespace

TimeAxis::TimeAxis(std::function<double()> pixels)
    : m_pixels(std::move(pixels))
{
    m_sinceChange.start();
}

bool TimeAxis::allows(double span_ms) { return span_ms >= shortestSpan_ms && span_ms <= longestSpan_ms; }

double TimeAxis::pixel_ms(double span_ms) const { return span_ms / std::max(1.0, m_pixels()); }

bool TimeAxis::isLive() const { return m_history && !m_history->empty() && m_sinceChange.elapsed() < liveFor_ms; }

void TimeAxis::refresh()
{
    if (m_history && m_history->revision() != m_seenRevision) {
        m_seenRevision = m_history->revision();
        m_sinceChange.restart();
        if (m_history->generation() != m_seenGeneration) {
            m_seenGeneration = m_history->generation();
            setFollows(true); // what was looked at is gone
        }
    }
    if (m_follows)
        followEnd();
}

void TimeAxis::apply(TimeRange range)
{
    if (range == m_range)
        return;
    m_range = range;
    emit rangeChanged(range.from_ms, range.to_ms);
}

void TimeAxis::followEnd()
{
    const double span_ms = m_range.span_ms();
    // Whole pixels, so that a scrolling trace keeps its shape from frame to frame.
    const double step_ms = pixel_ms(span_ms);
    const double from_ms = std::max(first_ms(), last_ms() - span_ms);
    const double snapped_ms = std::ceil(from_ms / step_ms - 1e-6) * step_ms;
    apply({snapped_ms, snapped_ms + span_ms});
}

void TimeAxis::setFollows(bool follows)
{
    if (follows == m_follows)
        return;
    m_follows = follows;
    if (follows)
        followEnd();
    emit followsChanged(follows);
}

void TimeAxis::setSpan(double span_ms)
{
    apply({m_range.from_ms, m_range.from_ms + std::clamp(span_ms, shortestSpan_ms, longestSpan_ms)});
    if (m_follows)
        followEnd();
}

void TimeAxis::setRange(TimeRange range)
{
    if (!allows(range.span_ms()))
        return;
    setFollows(false);
    apply(range);
}

void TimeAxis::fit()
{
    if (m_history && !m_history->empty() && last_ms() - first_ms() >= shortestSpan_ms)
        setRange({first_ms(), last_ms()});
}

void TimeAxis::pan(double by_ms)
{
    if (m_follows && by_ms >= 0)
        return; // nothing newer to see
    const double span_ms = m_range.span_ms();
    // Half of the width may be empty, on either side.
    const double lowest_ms = first_ms() - 0.5 * span_ms;
    const double from_ms =
        std::clamp(m_range.from_ms + by_ms, lowest_ms, std::max(lowest_ms, last_ms() - 0.5 * span_ms));
    setRange({from_ms, from_ms + span_ms});
}

void TimeAxis::zoom(double factor, double center_ms)
{
    const double span_ms = m_range.span_ms();
    const double wanted_ms = std::clamp(span_ms * factor, shortestSpan_ms, longestSpan_ms);
    if (m_follows && isLive())
        return setSpan(wanted_ms); // the newest sample stays at its edge
    const double from_ms = center_ms - (center_ms - m_range.from_ms) * wanted_ms / span_ms;
    setRange({from_ms, from_ms + wanted_ms});
}

} // namespace endospike
