#include "sim/equivalence/fully_connected.h"

#include "sim/base/errors.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace endospike {
namespace {

constexpr std::size_t maximumCells = 4096;
constexpr std::int64_t maximumStretch = 256; // steps of one kind before the other follows

/// One kind's two layers.
class LayerStepper {
public:
    LayerStepper(const FullyConnectedSettings& settings, CellKind kind)
        : m_settings(settings)
        , m_inputCount(static_cast<int>(settings.currents_ua_per_cm2.size()))
        , m_outputCount(static_cast<int>(settings.weights.size()) / m_inputCount)
        , m_inputs(kind, m_inputCount, settings.circuit)
        , m_outputs(kind, m_outputCount, settings.circuit)
        , m_above(static_cast<std::size_t>(m_inputCount), -1)
        , m_current(static_cast<std::size_t>(m_outputCount))
    {
    }

    const CircuitCells& inputs() const { return m_inputs; }
    const CircuitCells& outputs() const { return m_outputs; }

    void step()
    {
        // The sums change only when an input cell passes the threshold, some thousand times in a run.
        if (takeChanges())
            sumCurrents();
        m_inputs.step(m_settings.currents_ua_per_cm2);
        m_outputs.step(m_current);
    }

private:
    bool takeChanges()
    {
        bool changed = false;
        for (int j = 0; j < m_inputCount; ++j) {
            const signed char above = m_inputs.above(j);
            changed |= above != m_above[j];
            m_above[j] = above;
        }
        return changed;
    }

    void sumCurrents()
    {
        for (int k = 0; k < m_outputCount; ++k) {
            double sum = 0;
            for (int j = 0; j < m_inputCount; ++j)
                sum += m_settings.weights[k * m_inputCount + j] * m_above[j];
            m_current[k] = m_settings.synapse_ua_per_cm2 * sum;
        }
    }

    const FullyConnectedSettings& m_settings;
    int m_inputCount;
    int m_outputCount;
    CircuitCells m_inputs;
    CircuitCells m_outputs;
    std::vector<signed char> m_above;
    std::vector<double> m_current;
};

void check(const FullyConnectedSettings& settings)
{
    check(settings.circuit);
    const std::size_t inputs = settings.currents_ua_per_cm2.size();
    const auto finite = [](double value) { return std::isfinite(value); };
    if (inputs == 0 || inputs > maximumCells || !std::ranges::all_of(settings.currents_ua_per_cm2, finite))
        throw DocumentError(
            "currents_ua_per_cm2", std::to_string(inputs) + " values", "must be 1 to 4096 finite numbers");
    const std::size_t weights = settings.weights.size();
    if (weights == 0 || weights % inputs != 0 || weights / inputs > maximumCells
        || !std::ranges::all_of(settings.weights, finite))
        throw DocumentError("weights", std::to_string(weights) + " values",
            "must be finite, one row of " + std::to_string(inputs) + " for each of 1 to 4096 outputs");
    if (!std::isfinite(settings.synapse_ua_per_cm2))
        throw DocumentError("synapse_ua_per_cm2", "", "must be a finite number");
}

/// Outputs that fire in this step with one kind but not with the other.
std::int64_t hammingOfStep(std::span<const SpikeEvent> a, std::span<const SpikeEvent> b)
{
    const auto missing = [](std::span<const SpikeEvent> from, std::span<const SpikeEvent> in) {
        return std::ranges::count_if(from,
            [&](const SpikeEvent& event) { return std::ranges::find(in, event.cell, &SpikeEvent::cell) == in.end(); });
    };
    return missing(a, b) + missing(b, a);
}

/// Both kinds side by side: what is measured in every step.
class LayerComparison {
public:
    LayerComparison(const FullyConnectedSettings& settings)
        : m_kinds{LayerStepper(settings, CellKind::hodgkinHuxley), LayerStepper(settings, CellKind::tvLif)}
        , m_dt_ms(settings.circuit.dt_ms)
    {
        for (FullyConnectedRun& run : m_result.runs)
            run.outputV_mv.resize(m_kinds[0].outputs().v_mv().size());
        record();
    }

    /// Steps to the given step and records there. One kind at a time, so that each is timed apart.
    void advanceTo(std::int64_t step, bool recorded)
    {
        using Clock = std::chrono::steady_clock;
        const auto count = static_cast<std::size_t>(step - m_result.steps);
        const std::size_t outputs = m_kinds[0].outputs().v_mv().size();
        for (std::size_t kind = 0; kind < m_kinds.size(); ++kind) {
            m_v[kind].resize(count * outputs);
            m_events[kind].resize(count);
            const Clock::time_point begin = Clock::now();
            for (std::size_t k = 0; k < count; ++k) {
                m_kinds[kind].step();
                std::ranges::copy(m_kinds[kind].outputs().v_mv(), m_v[kind].begin() + k * outputs);
                const auto events = m_kinds[kind].outputs().lastSpikes();
                m_events[kind][k].assign(events.begin(), events.end());
            }
            m_result.runs[kind].seconds += std::chrono::duration<double>(Clock::now() - begin).count();
        }
        for (std::size_t i = 0; i < m_v[0].size(); ++i)
            m_result.maximumDifference_mv = std::max(m_result.maximumDifference_mv, std::abs(m_v[0][i] - m_v[1][i]));
        for (std::size_t k = 0; k < count; ++k) {
            const std::int64_t distance = hammingOfStep(m_events[0][k], m_events[1][k]);
            m_hamming += distance;
            m_result.differingSteps += distance > 0;
        }
        m_result.steps = step;
        if (recorded)
            record();
    }

    FullyConnectedResult take()
    {
        for (std::size_t kind = 0; kind < m_kinds.size(); ++kind) {
            m_kinds[kind].inputs().requireFinite();
            m_kinds[kind].outputs().requireFinite();
            m_result.runs[kind].inputSpikes_ms = m_kinds[kind].inputs().spikes_ms();
            m_result.runs[kind].outputSpikes_ms = m_kinds[kind].outputs().spikes_ms();
        }
        m_result.totalHamming = m_hamming;
        return std::move(m_result);
    }

private:
    void record()
    {
        m_result.time_ms.push_back(static_cast<double>(m_result.steps) * m_dt_ms);
        m_result.hamming.push_back(m_hamming);
        for (std::size_t kind = 0; kind < m_kinds.size(); ++kind)
            for (std::size_t k = 0; k < m_result.runs[kind].outputV_mv.size(); ++k)
                m_result.runs[kind].outputV_mv[k].push_back(m_kinds[kind].outputs().v_mv()[k]);
    }

    std::array<LayerStepper, 2> m_kinds;
    double m_dt_ms;
    std::int64_t m_hamming = 0;
    std::array<std::vector<double>, 2> m_v; ///< outputs of the present stretch, [step][output]
    std::array<std::vector<std::vector<SpikeEvent>>, 2> m_events;
    FullyConnectedResult m_result;
};

} // namespace

FullyConnectedResult runFullyConnected(const FullyConnectedSettings& settings, const JobContext& context)
{
    check(settings);
    LayerComparison comparison(settings);
    const std::int64_t steps = settings.circuit.steps();
    const std::int64_t stride = settings.circuit.stepsPerSample();
    bool stopped = false;
    for (std::int64_t done = 0; done < steps && !stopped;) {
        const std::int64_t next = std::min({done + maximumStretch, (done / stride + 1) * stride, steps});
        comparison.advanceTo(next, next % stride == 0);
        done = next;
        stopped = context.stop.stop_requested() && done < steps;
        context.report(static_cast<double>(done) / static_cast<double>(steps), "Fully connected layer");
    }
    FullyConnectedResult result = comparison.take();
    result.stopped = stopped;
    return result;
}

} // namespace endospike
