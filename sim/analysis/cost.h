// What one forward pass costs, by the published counting: a linear layer n -> m costs n m multiplications and (n - 1) m
// additions for each step that it is applied, a 3 x 3 convolution C -> K on a D x D map 9 C K D^2 and (9 C - 1) K D^2;
// a neuron and step 3 + 3 (LIF), 23 + 16 (HH), 15 + 14 (s-LIF2HH unit), the heads of 50 -> 10 are left out. He et al.
// 2024.
#pragma once

#include "sim/network/network_kind.h"

namespace endospike {

struct OperationCount {
    double additions = 0;
    double multiplications = 0;
    double total() const { return additions + multiplications; }
};

/// One forward pass of one sample. Kinds that were not published are counted in the same manner: a binary unit 0 + 0, a
/// voltage-dependent HH neuron as an HH neuron for each of its time steps.
OperationCount publishedCount(const NetworkPlan& plan);

/// Trained parameters.
double parameterCount(const NetworkPlan& plan);

} // namespace endospike
