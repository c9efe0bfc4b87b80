#include "sim/spiking/response_curve.h"

#include "sim/neuron/f_i_curve.h"
#include "sim/neuron/hodgkin_huxley.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace endospike {
namespace {

constexpr int cells = 8192;
constexpr double nodesPerWidth = 16;
constexpr double reach = 6; ///< of the Gaussian, in widths

/// Currents at which the curve is looked at first.
std::vector<double> scan()
{
    std::vector<double> currents = {ResponseTable::lowest_ua_per_cm2};
    for (int tenth = -100; tenth < 2000; ++tenth)
        currents.push_back(0.1 * tenth);
    for (double current = 200; current <= ResponseTable::highest_ua_per_cm2; ++current)
        currents.push_back(current);
    for (double& current : currents) // every one is a float
        current = static_cast<double>(static_cast<float>(current));
    return currents;
}

/// Between these two the number of spikes changes from `below` to `above`.
struct Change {
    float low, high;
    int below, above;
    bool narrow() const { return std::nextafter(low, high) >= high; }
    float middle() const { return low + (high - low) / 2; }
};

/// Halves every bracket until it is as narrow as floats allow; one with several changes becomes several.
std::vector<Change> located(std::vector<Change> changes, double window_ms, double dt_ms)
{
    for (;;) {
        std::vector<double> middles;
        for (const Change& change : changes)
            if (!change.narrow())
                middles.push_back(static_cast<double>(change.middle()));
        if (middles.empty())
            return changes;
        const std::vector<int> spikes = simulatedSpikes(middles, window_ms, dt_ms);
        std::vector<Change> halves;
        auto next = spikes.begin();
        for (const Change& change : changes) {
            if (change.narrow()) {
                halves.push_back(change);
                continue;
            }
            const int count = *next++;
            if (count != change.below)
                halves.push_back({change.low, change.middle(), change.below, count});
            if (count != change.above)
                halves.push_back({change.middle(), change.high, count, change.above});
        }
        changes = std::move(halves);
    }
}

} // namespace

std::vector<int> simulatedSpikes(std::span<const double> currents, double window_ms, double dt_ms)
{
    const NeuronModel& model = hodgkinHuxleyModel();
    const FiSettings settings = {Integrator::exponentialEuler, dt_ms, 0, window_ms};
    const FiCurve curve = fiCurve(model, ParameterValues(model.parameters), currents, settings, JobContext{});
    const double counted_ms = std::round(window_ms / dt_ms) * dt_ms;
    std::vector<int> spikes;
    for (const double rate_hz : curve.rate_hz)
        spikes.push_back(static_cast<int>(std::lround(rate_hz * counted_ms / 1e3)));
    return spikes;
}

ResponseTable::ResponseTable(double window_ms, double dt_ms, double smoothing_ua_per_cm2)
{
    findEdges(window_ms, dt_ms);
    tabulate(smoothing_ua_per_cm2);
}

void ResponseTable::findEdges(double window_ms, double dt_ms)
{
    const std::vector<double> currents = scan();
    const std::vector<int> spikes = simulatedSpikes(currents, window_ms, dt_ms);
    std::vector<Change> changes;
    for (std::size_t i = 1; i < currents.size(); ++i)
        if (spikes[i] != spikes[i - 1])
            changes.push_back(
                {static_cast<float>(currents[i - 1]), static_cast<float>(currents[i]), spikes[i - 1], spikes[i]});
    m_counts = {spikes.front()};
    for (const Change& change : located(std::move(changes), window_ms, dt_ms)) {
        m_edges.push_back(change.high);
        m_counts.push_back(change.above);
    }
    m_most = std::max(1, *std::ranges::max_element(m_counts));
}

void ResponseTable::tabulate(double smoothing)
{
    m_cellsPerUnit = static_cast<float>(cells / (highest_ua_per_cm2 - lowest_ua_per_cm2));
    for (int cell = 0; cell < cells; ++cell) {
        // a little early, so that rounding of the cell's number cannot pass an edge
        const double begin = lowest_ua_per_cm2 + (cell - 0.01) / static_cast<double>(m_cellsPerUnit);
        m_firstEdge.push_back(
            static_cast<int>(std::ranges::upper_bound(m_edges, static_cast<float>(begin)) - m_edges.begin()));
    }
    if (m_edges.empty()) {
        m_slope.assign(2, 0.0f);
        return;
    }
    const double low = static_cast<double>(m_edges.front()) - reach * smoothing;
    const double high = static_cast<double>(m_edges.back()) + reach * smoothing;
    m_slopeLow = static_cast<float>(low);
    m_slopeNodesPerUnit = static_cast<float>(nodesPerWidth / smoothing);
    const double distance = smoothing / nodesPerWidth;
    m_slope.assign(static_cast<std::size_t>((high - low) / distance) + 2, 0.0f);
    for (std::size_t i = 0; i < m_edges.size(); ++i) {
        const double height = (m_counts[i + 1] - m_counts[i]) / (m_most * smoothing * std::sqrt(2 * std::numbers::pi));
        const double center = (static_cast<double>(m_edges[i]) - low) / distance;
        const auto last = std::min(m_slope.size() - 1, static_cast<std::size_t>(center + reach * nodesPerWidth) + 1);
        for (auto node = static_cast<std::size_t>(std::max(0.0, center - reach * nodesPerWidth)); node < last; ++node) {
            const double z = (static_cast<double>(node) - center) / nodesPerWidth;
            m_slope[node] += static_cast<float>(height * std::exp(-z * z / 2));
        }
    }
    m_slope.front() = m_slope.back() = 0;
}

int ResponseTable::spikes(float current) const
{
    constexpr auto low = static_cast<float>(lowest_ua_per_cm2), high = static_cast<float>(highest_ua_per_cm2);
    if (!(current > low))
        return m_counts.front();
    if (current >= high)
        return m_counts.back();
    auto i = static_cast<std::size_t>(m_firstEdge[static_cast<std::size_t>((current - low) * m_cellsPerUnit)]);
    while (i < m_edges.size() && current >= m_edges[i])
        ++i;
    return m_counts[i];
}

void ResponseTable::respond(const float* z, int count, float gain, float* output, float* slope) const
{
    const float most = static_cast<float>(m_most);
    const auto last = static_cast<float>(m_slope.size() - 1);
    for (int i = 0; i < count; ++i) {
        const float current = gain * z[i];
        output[i] = static_cast<float>(spikes(current)) / most;
        const float node = (current - m_slopeLow) * m_slopeNodesPerUnit;
        slope[i] = 0;
        if (node > 0 && node < last) {
            const auto below = static_cast<std::size_t>(node);
            const float part = node - static_cast<float>(below);
            slope[i] = gain * (m_slope[below] + part * (m_slope[below + 1] - m_slope[below]));
        }
    }
}

} // namespace endospike
