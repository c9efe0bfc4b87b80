// A linear layer, y[B][outputs] = x[B][inputs] W^T + b, one panel of outputs at a time: callers cut the layer into
// panels that do not depend on the number of threads. W is [outputs][inputs]; x is without gaps, y may have some.
#pragma once

#include <cstddef>
#include <span>

namespace endospike {

struct DenseShape {
    int batch;
    int inputs;
    int outputs; ///< of this panel
    std::ptrdiff_t stride; ///< from one row of y to the next
};

/// `weight` [outputs][inputs] and `bias` [outputs] of the panel; y starts at the panel's first column.
void denseForward(const DenseShape& shape, const float* x, const float* weight, const float* bias, float* y);

/// From delta = d loss / dy, laid out as y: writes weightGradient = delta^T x and biasGradient = column sums of delta.
/// Where few of the deltas differ from zero, only those are worked on; which way is taken depends on them alone.
void denseGradient(
    const DenseShape& shape, const float* x, const float* delta, float* weightGradient, float* biasGradient);

} // namespace endospike
