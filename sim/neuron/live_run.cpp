#include "sim/neuron/live_run.h"

#include "sim/base/errors.h"
#include "sim/neuron/block_recorder.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>
#include <utility>

namespace endospike {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr auto breath =
    std::chrono::milliseconds(2); // between two looks at the controls while there is nothing to compute
constexpr double slice_ms = 5; // wall time computed before the screen gets a block
constexpr double measured_ms = 500; // wall time over which the reached speed is measured
constexpr int maximumBlockSamples = 1024;

/// One live run; lives on the stack of runLive.
class LiveLoop {
public:
    LiveLoop(NeuronPlan plan, LiveControl& control, LiveStatus& status, TraceBuffer& traces, WallClock clock)
        : m_clock(clock)
        , m_simulation(std::move(plan))
        , m_control(control)
        , m_status(status)
        , m_traces(traces)
        , m_seenResets(control.resets)
        , m_seenSingleSteps(control.singleSteps)
    {
    }

    void run(const std::stop_token& stop)
    {
        restart(stop);
        try {
            while (!stop.stop_requested())
                lookAndRun(stop);
        } catch (const SimulationError&) {
            publish(stop); // what was computed up to here is shown
            throw;
        }
    }

private:
    void lookAndRun(const std::stop_token& stop)
    {
        takeControls(stop);
        const Clock::time_point now = m_clock();
        const double elapsed_ms = Milliseconds(now - std::exchange(m_lastLook, now)).count();
        m_status.atEnd = stepsLeft() == 0;
        if (m_status.atEnd) {
            m_seenSingleSteps = m_control.singleSteps; // nothing to step through, not even after a reset
            rest();
        } else if (m_control.paused) {
            takeSingleSteps(stop);
        } else {
            runSlice(elapsed_ms, stop);
        }
        measure();
    }

    /// To the end of the duration, as run() counts them.
    std::int64_t stepsLeft() const
    {
        const NeuronPlan& plan = m_simulation.plan();
        if (plan.endless())
            return std::numeric_limits<std::int64_t>::max();
        const double left = (plan.duration_ms() - m_simulation.time_ms()) / plan.dt_ms();
        return std::max<std::int64_t>(0, std::llround(left));
    }

    void takeControls(const std::stop_token& stop)
    {
        if (auto edited = m_control.edit.take()) {
            publish(stop);
            m_simulation.apply(std::move(*edited));
        }
        m_simulation.setInjection(m_control.injection_ua_per_cm2);
        if (const int resets = m_control.resets; resets != m_seenResets) {
            m_seenResets = resets;
            restart(stop);
        }
    }

    void restart(const std::stop_token& stop)
    {
        m_simulation.reset();
        m_recorder = {};
        m_recorder.record(m_simulation);
        m_restarted = true;
        publish(stop);
        m_credit_ms = 0;
        m_lastLook = m_measureBegin = m_clock();
        m_measureTime_ms = 0;
    }

    void takeSingleSteps(const std::stop_token& stop)
    {
        const int asked = m_control.singleSteps;
        for (; m_seenSingleSteps != asked && !stop.stop_requested(); ++m_seenSingleSteps)
            if (!oneSample(stop))
                break;
        publish(stop);
        rest();
    }

    /// Computes what the wall clock has earned, for at most one slice.
    void runSlice(double elapsed_ms, const std::stop_token& stop)
    {
        m_seenSingleSteps = m_control.singleSteps;
        const double speed = m_control.speed_ms_per_s;
        const NeuronPlan& plan = m_simulation.plan();
        const double interval_ms = plan.stepsPerSample() * plan.dt_ms();
        const bool unlimited = speed <= 0;
        // What cannot be kept up with is not owed: at most 200 ms of wall time is carried on.
        m_credit_ms = unlimited ? 0 : std::min(m_credit_ms + elapsed_ms * speed * 1e-3, 0.2 * speed + interval_ms);
        const Clock::time_point begin = m_clock();
        while ((unlimited || m_credit_ms >= interval_ms) && oneSample(stop)) {
            m_credit_ms -= unlimited ? 0 : interval_ms;
            if (m_recorder.samples() >= maximumBlockSamples)
                publish(stop);
            if (Milliseconds(m_clock() - begin).count() > slice_ms)
                break;
        }
        publish(stop);
        if (!unlimited && m_credit_ms < interval_ms)
            rest();
    }

    /// False if a stop or the end of the duration came first.
    bool oneSample(const std::stop_token& stop)
    {
        const auto cells = static_cast<std::int64_t>(m_simulation.plan().cells.size());
        for (std::int64_t left = m_simulation.plan().stepsPerSample(); left > 0;) {
            const std::int64_t steps = std::min({left, stepsLeft(), stepsBetweenLooks});
            if (steps == 0 || stop.stop_requested())
                return false;
            m_simulation.advance(static_cast<int>(steps), m_recorder.spikes());
            m_status.steps += steps * cells;
            left -= steps;
        }
        m_recorder.record(m_simulation);
        return true;
    }

    void publish(const std::stop_token& stop)
    {
        m_status.time_ms = m_simulation.time_ms();
        if (m_recorder.samples() > 0 || !m_recorder.spikes().empty())
            m_traces.append(m_recorder.take(std::exchange(m_restarted, false)), stop, 100);
    }

    void rest() { std::this_thread::sleep_for(breath); }

    void measure()
    {
        const Clock::time_point now = m_clock();
        const double wall_ms = Milliseconds(now - m_measureBegin).count();
        if (wall_ms < measured_ms)
            return;
        m_status.achieved_ms_per_s = std::max(0.0, (m_simulation.time_ms() - m_measureTime_ms) / wall_ms * 1e3);
        m_measureBegin = now;
        m_measureTime_ms = m_simulation.time_ms();
    }

    WallClock m_clock;
    Simulation m_simulation;
    LiveControl& m_control;
    LiveStatus& m_status;
    TraceBuffer& m_traces;
    BlockRecorder m_recorder;
    int m_seenResets;
    int m_seenSingleSteps;
    bool m_restarted = false;
    double m_credit_ms = 0; ///< biological time earned and not yet computed
    Clock::time_point m_lastLook = m_clock();
    Clock::time_point m_measureBegin = m_clock();
    double m_measureTime_ms = 0;
};

} // namespace

void runLive(NeuronPlan plan, LiveControl& control, LiveStatus& status, TraceBuffer& traces, const JobContext& context,
    WallClock clock)
{
    LiveLoop(std::move(plan), control, status, traces, clock).run(context.stop);
}

} // namespace endospike
