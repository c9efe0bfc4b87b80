// What one forward pass costs, by the published counting: a linear layer n -> m costs n m multiplications and (n - 1) m
// additions for each step that it is applied, a 3 x 3 convolution C -> K on a D x D map 9 C K D^2 and (9 C - 1) K D^2;
// a neuron and step what its model says (NeuronModel::published), the heads of 50 -> 10 are left out. He et al.
// 2024.
#pragma once

#include "sim/network/network_kind.h"

#include <optional>

namespace endospike {

/// One forward pass of one sample. Kinds that were not published are counted in the same manner: a binary unit 0 + 0, a
/// voltage-dependent HH neuron as an HH neuron for each of its time steps.
OperationCount publishedCount(const NetworkPlan& plan);

/// What this program executes in its place for one canvas: each arithmetic operation of its source once (a fused
/// multiplication and addition is one of each, a division a multiplication; comparisons, copies and the padding of
/// vectors are left out). The input layer is applied once, not in every step, and with its bias; the heads are counted.
///
///   fully connected   output and slope of every neuron's response to its constant current are found together. HH with
///                     frozen rates is V[t] = gain[t] x + offset[t]; voltage-dependent HH is read from its curve
///   convolutional     the second layer's currents follow the changes of the pooled spikes from step to step
struct ExecutedCount {
    OperationCount operations;
    double lookups = 0; ///< readings of a response curve
    bool atMost = false; ///< depends on the canvas: fewer where neurons are far from threshold, or few spikes change
};

/// Nothing for voltage-dependent HH convolutions, whose second layer's work depends on its spikes in every part.
std::optional<ExecutedCount> executedCount(const NetworkPlan& plan);

/// Trained parameters.
double parameterCount(const NetworkPlan& plan);

/// Constants that are drawn at the start and never trained: the rates of the published HH kinds.
double frozenCount(const NetworkPlan& plan);

} // namespace endospike
