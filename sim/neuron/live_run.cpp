#include "sim/neuron/live_run.h"

#include "sim/block_recorder.h"

#include <algorithm>
#include <chrono>
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
    LiveLoop(Experiment experiment, LiveControl& control, LiveStatus& status, TraceBuffer& traces)
        : m_simulation(std::move(experiment))
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
        while (!stop.stop_requested()) {
            takeControls(stop);
            const Clock::time_point now = Clock::now();
            const double elapsed_ms = Milliseconds(now - std::exchange(m_lastLook, now)).count();
            const bool atEnd = !m_simulation.experiment().endless()
                && m_simulation.time_ms() >= m_simulation.experiment().duration_ms() - 1e-9;
            m_status.atEnd = atEnd;
            if (atEnd)
                rest();
            else if (m_control.paused)
                takeSingleSteps(stop);
            else
                runSlice(elapsed_ms, stop);
            measure(now);
        }
    }

private:
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
        m_lastLook = Clock::now();
    }

    void takeSingleSteps(const std::stop_token& stop)
    {
        const int asked = m_control.singleSteps;
        for (; m_seenSingleSteps != asked && !stop.stop_requested(); ++m_seenSingleSteps)
            oneSample();
        publish(stop);
        rest();
    }

    /// Computes what the wall clock has earned, for at most one slice.
    void runSlice(double elapsed_ms, const std::stop_token& stop)
    {
        m_seenSingleSteps = m_control.singleSteps;
        const double speed = m_control.speed_ms_per_s;
        const Experiment& experiment = m_simulation.experiment();
        const double interval_ms = experiment.stepsPerSample() * experiment.dt_ms();
        const bool unlimited = speed <= 0;
        // What cannot be kept up with is not owed: at most 50 ms of wall time is carried on.
        m_credit_ms = unlimited ? 0 : std::min(m_credit_ms + elapsed_ms * speed * 1e-3, 0.05 * speed + interval_ms);
        const double end_ms = experiment.endless() ? 1e300 : experiment.duration_ms();
        const Clock::time_point begin = Clock::now();
        while ((unlimited || m_credit_ms >= interval_ms) && m_simulation.time_ms() < end_ms - 1e-9
            && !stop.stop_requested()) {
            oneSample();
            m_credit_ms -= unlimited ? 0 : interval_ms;
            if (m_recorder.samples() >= maximumBlockSamples)
                publish(stop);
            if (Milliseconds(Clock::now() - begin).count() > slice_ms)
                break;
        }
        publish(stop);
        if (!unlimited && m_credit_ms < interval_ms)
            rest();
    }

    void oneSample()
    {
        const int steps = m_simulation.experiment().stepsPerSample();
        m_simulation.advance(steps, m_recorder.spikes());
        m_recorder.record(m_simulation);
        m_status.steps +=
            static_cast<std::int64_t>(steps) * static_cast<std::int64_t>(m_simulation.experiment().cells.size());
    }

    void publish(const std::stop_token& stop)
    {
        m_status.time_ms = m_simulation.time_ms();
        if (m_recorder.samples() > 0)
            m_traces.append(m_recorder.take(std::exchange(m_restarted, false)), stop, 100);
    }

    void rest() { std::this_thread::sleep_for(breath); }

    void measure(Clock::time_point now)
    {
        const double wall_ms = Milliseconds(now - m_measureBegin).count();
        if (wall_ms < measured_ms)
            return;
        m_status.achieved_ms_per_s = std::max(0.0, (m_simulation.time_ms() - m_measureTime_ms) / wall_ms * 1e3);
        m_measureBegin = now;
        m_measureTime_ms = m_simulation.time_ms();
    }

    Simulation m_simulation;
    LiveControl& m_control;
    LiveStatus& m_status;
    TraceBuffer& m_traces;
    BlockRecorder m_recorder;
    int m_seenResets;
    int m_seenSingleSteps;
    bool m_restarted = false;
    double m_credit_ms = 0; ///< biological time earned and not yet computed
    Clock::time_point m_lastLook = Clock::now();
    Clock::time_point m_measureBegin = Clock::now();
    double m_measureTime_ms = 0;
};

} // namespace

void runLive(
    Experiment experiment, LiveControl& control, LiveStatus& status, TraceBuffer& traces, const JobContext& context)
{
    LiveLoop(std::move(experiment), control, status, traces).run(context.stop);
}

} // namespace endospike
