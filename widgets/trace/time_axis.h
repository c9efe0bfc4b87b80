// The time axis that the plots of a stack share: what is seen of a history, and whether that goes with the newest
// samples.
#pragma once

#include "sim/trace/trace_history.h"

#include <QElapsedTimer>
#include <QObject>

#include <functional>

namespace endospike {

struct TimeRange {
    double from_ms;
    double to_ms;

    double span_ms() const { return to_ms - from_ms; }
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

class TimeAxis : public QObject {
    Q_OBJECT
public:
    /// `pixels`: how many of the device it is wide.
    explicit TimeAxis(std::function<double()> pixels);

    /// Not owned; null for none.
    void setHistory(const TraceHistory* history) { m_history = history; }
    /// Goes with what came into the history. For every frame.
    void refresh();

    TimeRange range() const { return m_range; }
    void setRange(TimeRange range); ///< stops following
    void setSpan(double span_ms);
    static bool allows(double span_ms);
    bool follows() const { return m_follows; }
    void setFollows(bool follows);

    /// Everything that is held; stops following.
    void fit();
    void pan(double by_ms);
    void zoom(double factor, double center_ms);
    double pixel_ms() const { return pixel_ms(m_range.span_ms()); }

signals:
    void rangeChanged(double from_ms, double to_ms);
    void followsChanged(bool follows);

private:
    void apply(TimeRange range);
    void followEnd();
    bool isLive() const;
    double pixel_ms(double span_ms) const;
    double first_ms() const { return m_history ? m_history->first_ms() : 0; }
    double last_ms() const { return m_history ? m_history->last_ms() : 0; }

    std::function<double()> m_pixels;
    const TraceHistory* m_history = nullptr;
    TimeRange m_range{0, 200};
    bool m_follows = true;
    std::uint64_t m_seenRevision = 0;
    std::uint64_t m_seenGeneration = 0;
    QElapsedTimer m_sinceChange;
};

} // namespace endospike
