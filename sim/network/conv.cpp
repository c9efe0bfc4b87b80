#include "sim/network/conv.h"

#include <Eigen/Core>

namespace endospike {
namespace {

/// The three neighbours of a row are one row of a matrix whose rows overlap: three products, and no copy.
template <class Real>
void convolveBackWith(
    const Real* output, const Real* weights, const BorderedMap& map, int inputs, int inputLanes, int lanes, Real* input)
{
    using Stride = Eigen::OuterStride<>;
    using Rows = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Columns = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
    const int positions = map.side * map.stride() - 1;
    Eigen::Map<Rows, 0, Stride> result(input, positions, inputs, Stride(inputLanes));
    for (int dy = 0; dy < 3; ++dy) {
        const Real* first = output + std::ptrdiff_t{map.position(dy - 1, -1)} * lanes;
        const Eigen::Map<const Rows, 0, Stride> patches(first, positions, 3 * lanes, Stride(lanes));
        const Eigen::Map<const Columns, 0, Stride> kernel(
            weights + 3 * dy * lanes, 3 * lanes, inputs, Stride(9 * lanes));
        if (dy == 0)
            result.noalias() = patches * kernel;
        else
            result.noalias() += patches * kernel;
    }
}

} // namespace

void convolveBack(const float* output, const float* weights, const BorderedMap& map, int inputs, int inputLanes,
    int lanes, float* input)
{
    convolveBackWith(output, weights, map, inputs, inputLanes, lanes, input);
}

void convolveBack(const double* output, const double* weights, const BorderedMap& map, int inputs, int inputLanes,
    int lanes, double* input)
{
    convolveBackWith(output, weights, map, inputs, inputLanes, lanes, input);
}

} // namespace endospike
