#include "sim/spiking/spike_time_table.h"

#include "sim/base/errors.h"
#include "sim/neuron/hodgkin_huxley.h"

#include <algorithm>
#include <numbers>

namespace endospike {
namespace {

constexpr int nodes = 8000; ///< up to the highest current
constexpr double nodesPerDeviation = 16;
constexpr double halfWidth = 6; ///< of the Gaussian, in deviations

} // namespace

SpikeTimeTable::SpikeTimeTable(double window_ms, double dt_ms, double tau_ms, double smoothing)
    : m_steps(static_cast<int>(std::lround(window_ms / dt_ms)))
    , m_unit(static_cast<float>(highest_ua_per_cm2 / nodes / nodes))
    , m_highest(static_cast<float>(highest_ua_per_cm2))
{
    if (m_steps < 1 || m_steps > 200000)
        throw DocumentError("window_ms", std::to_string(window_ms), "must have 1 to 200000 time steps");
    const double left = std::exp(-dt_ms / tau_ms);
    m_traceOfSpike.resize(static_cast<std::size_t>(m_steps));
    for (int step = 0; step < m_steps; ++step)
        m_traceOfSpike[static_cast<std::size_t>(step)] =
            static_cast<float>((1 - std::pow(left, m_steps - 1 - step)) / (1 - left) / m_steps);
    simulate(dt_ms);
    smooth(smoothing);
}

void SpikeTimeTable::simulate(double dt_ms)
{
    const NeuronModel& model = hodgkinHuxleyModel();
    const double gap = ParameterValues(model.parameters)[hh::minimumGap] / dt_ms;
    constexpr int count = nodes + 2; // so that every place has a neighbour above
    std::vector<double> currents;
    for (int node = 0; node < count; ++node)
        currents.push_back(static_cast<double>(m_unit) * node * node);
    const auto cells = model.create(count, Integrator::exponentialEuler, Precision::float64, dt_ms);
    std::vector<std::vector<float>> times(count);
    std::vector<SpikeEvent> events;
    cells->advance(m_steps, {currents.data(), currents.data(), currents.data(), 0, 1}, events);
    for (const SpikeEvent& event : events) {
        auto& own = times[static_cast<std::size_t>(event.cell)];
        const auto time = static_cast<float>(event.step + event.fraction);
        if (own.empty() || static_cast<double>(time - own.back()) >= gap)
            own.push_back(std::min(time, static_cast<float>(m_steps) - 0.01f));
    }
    m_first = {0};
    for (const auto& own : times) {
        m_times.insert(m_times.end(), own.begin(), own.end());
        m_first.push_back(m_times.size());
    }
}

/// The slope is the sum over small intervals of the curve's change there times the Gaussian around it.
void SpikeTimeTable::smooth(double width)
{
    const double distance = width / nodesPerDeviation;
    const double low = -halfWidth * width;
    const auto mean = [&](double current) {
        double sum = 0;
        forEachSpike(static_cast<float>(current), [&](int step) { sum += static_cast<double>(traceOf(step)); });
        return sum;
    };
    m_slopeLow = static_cast<float>(low);
    m_slopeNodesPerUnit = static_cast<float>(1 / distance);
    const auto count = static_cast<std::size_t>((highest_ua_per_cm2 - 2 * low) / distance) + 2;
    std::vector<double> changes(count); // between half a distance below and above a node
    double before = mean(low - distance / 2);
    for (std::size_t i = 0; i < count; ++i) {
        const double after = mean(low + (static_cast<double>(i) + 0.5) * distance);
        changes[i] = after - before;
        before = after;
    }
    constexpr int range = static_cast<int>(halfWidth * nodesPerDeviation);
    std::vector<double> gauss;
    for (int k = -range; k <= range; ++k)
        gauss.push_back(
            std::exp(-k * k / (2 * nodesPerDeviation * nodesPerDeviation)) / (width * std::sqrt(2 * std::numbers::pi)));
    m_slope.resize(count);
    for (int i = 1; i + 1 < static_cast<int>(count); ++i) {
        double sum = 0;
        for (int k = std::max(-range, -i); k <= std::min(range, static_cast<int>(count) - 1 - i); ++k)
            sum += gauss[static_cast<std::size_t>(k + range)] * changes[static_cast<std::size_t>(i + k)];
        m_slope[static_cast<std::size_t>(i)] = static_cast<float>(sum);
    }
}

float SpikeTimeTable::traceSlope(float current) const
{
    const float node = (current - m_slopeLow) * m_slopeNodesPerUnit;
    if (!(node > 0 && node < static_cast<float>(m_slope.size() - 1)))
        return 0;
    const auto below = static_cast<std::size_t>(node);
    const float part = node - static_cast<float>(below);
    return m_slope[below] + part * (m_slope[below + 1] - m_slope[below]);
}

} // namespace endospike
