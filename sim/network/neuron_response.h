// Where a hidden neuron works: the currents that it gets from a set of canvases beside the range of currents in which
// its output changes, and in which its surrogate slope lets it learn.
#pragma once

#include "sim/base/job.h"
#include "sim/network/multi_fashion.h"
#include "sim/network/network.h"

#include <vector>

namespace endospike {

struct NeuronResponse {
    int canvases = 0; ///< whose currents are in
    std::vector<float> currents; ///< one or more for each canvas
    ResponseCurve seen; ///< over the range of these currents and 0
    ResponseCurve near; ///< over the range in which the neuron answers; `seen` if it answers nowhere
    double taught = 0; ///< share of the currents at which the slope is not zero
};

/// Over the first `canvases` pairs of the set. What is there when `context` asks to stop is thrown away: empty.
NeuronResponse neuronResponse(
    const Network& network, int layer, int neuron, const PairedImages& set, int canvases, const JobContext& context);

/// The smallest range, with a margin, outside of which the neuron's output does not change and its slope is zero.
/// Looked for from `low` .. `high` outwards; that range itself if the neuron never answers.
ResponseCurve answeringRange(const Network& network, int layer, int neuron, double low, double high);

} // namespace endospike
