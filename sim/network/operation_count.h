// What one forward pass costs, by the published counting: a linear layer n -> m costs n m multiplications and (n - 1) m
// additions for each step that it is applied, a 3 x 3 convolution C -> K on a D x D map 9 C K D^2 and (9 C - 1) K D^2;
// a neuron and step 3 + 3 (LIF), 23 + 16 (HH), 15 + 14 (s-LIF2HH unit), the heads of 50 -> 10 are left out. He et al.
// 2024.
#pragma once

#include "sim/network/network_kind.h"

#include <optional>
#include <string_view>

namespace endospike {

struct OperationCount {
    double additions = 0;
    double multiplications = 0;
    double total() const { return additions + multiplications; }
};

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

/// What the paper prints for this kind with its published parameters (given there in millions, to 10 operations); it
/// prints two.
std::optional<OperationCount> printedCount(const NetworkKind& kind);

/// One cell of a model of the neuron laboratory for one step, by the published counting; nothing for a model that was
/// not counted there.
std::optional<OperationCount> publishedCellCount(std::string_view model);

/// Trained parameters.
double parameterCount(const NetworkPlan& plan);

/// Constants that are drawn at the start and never trained: the rates of the published HH kinds.
double frozenCount(const NetworkPlan& plan);

} // namespace endospike
