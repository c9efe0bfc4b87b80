#include "sim/network/neuron_response.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace endospike {
namespace {

constexpr int points = 401;
constexpr int batchCanvases = 250;

/// First and last point about which the output changes or the slope is not zero.
std::optional<std::pair<std::size_t, std::size_t>> answering(const ResponseCurve& curve)
{
    std::optional<std::pair<std::size_t, std::size_t>> range;
    for (std::size_t i = 0; i < curve.current.size(); ++i) {
        const bool changes = i > 0 && curve.output[i] != curve.output[i - 1];
        if (changes || curve.slope[i] != 0)
            range = {range ? range->first : i - (changes ? 1 : 0), i};
    }
    return range;
}

double slopeAt(const ResponseCurve& curve, double current)
{
    const auto after = std::ranges::upper_bound(curve.current, current);
    if (after == curve.current.begin() || after == curve.current.end())
        return 0;
    const auto i = static_cast<std::size_t>(after - curve.current.begin());
    return std::max(std::abs(curve.slope[i - 1]), std::abs(curve.slope[i]));
}

} // namespace

ResponseCurve answeringRange(const Network& network, int layer, int neuron, double low, double high)
{
    ResponseCurve curve = network.responseCurve(layer, neuron, low, high, points);
    for (int wider = 0; wider < 8 && !answering(curve); ++wider) {
        const double reach = std::max({std::abs(low), std::abs(high), 1.0}) * std::exp2(wider);
        curve = network.responseCurve(layer, neuron, -reach, reach, points);
    }
    for (int finer = 0; finer < 6; ++finer) {
        const auto range = answering(curve);
        if (!range)
            break;
        const double from = curve.current[range->first];
        const double to = curve.current[range->second];
        const double step = curve.current[1] - curve.current[0];
        const double margin = std::max(0.25 * (to - from), step);
        const bool fills = to - from > 0.4 * (curve.current.back() - curve.current.front());
        if (fills)
            break;
        curve = network.responseCurve(layer, neuron, from - margin, to + margin, points);
    }
    return curve;
}

NeuronResponse neuronResponse(
    const Network& network, int layer, int neuron, const PairedImages& set, int canvases, const JobContext& context)
{
    NeuronResponse response;
    response.canvases = std::min(canvases, set.size());
    for (int begin = 0; begin < response.canvases; begin += batchCanvases) {
        if (context.stop.stop_requested())
            return {};
        Batch batch;
        for (int pair = begin; pair < std::min(begin + batchCanvases, response.canvases); ++pair)
            set.append(pair, batch);
        const std::vector<float> part = network.currents(batch, layer, neuron);
        response.currents.insert(response.currents.end(), part.begin(), part.end());
        context.report(static_cast<double>(begin) / response.canvases, {});
    }
    double low = 0;
    double high = 0;
    for (const float current : response.currents)
        if (std::isfinite(current)) {
            low = std::min(low, static_cast<double>(current));
            high = std::max(high, static_cast<double>(current));
        }
    if (!(high > low))
        high = low + 1;
    const double margin = 0.03 * (high - low);
    response.seen = network.responseCurve(layer, neuron, low - margin, high + margin, points);
    if (context.stop.stop_requested())
        return {};
    response.near = answeringRange(network, layer, neuron, low - margin, high + margin);
    const auto taught = std::ranges::count_if(
        response.currents, [&](float current) { return slopeAt(response.near, static_cast<double>(current)) > 0; });
    if (!response.currents.empty())
        response.taught = static_cast<double>(taught) / static_cast<double>(response.currents.size());
    return response;
}

} // namespace endospike
