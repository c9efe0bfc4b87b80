#include "sim/network/conv.h"

#include <Eigen/Core>

#include <algorithm>

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

/// As many steps at once as there are registers to point at them.
constexpr int mostSteps = 8;

template <int steps, class Real>
void gatherSteps(const Real* patch, std::ptrdiff_t distance, const BackRuns& runs, const Real* weights, Real* out)
{
    using Vector [[gnu::vector_size(backBlock * sizeof(Real))]] = Real;
    Vector sums[steps] = {};
    for (const std::ptrdiff_t begin : runs.begins) {
        const Real* from = patch + begin;
        for (int i = 0; i < runs.length; ++i, ++from, weights += backBlock) {
            Vector w;
            std::memcpy(&w, weights, sizeof w);
#pragma GCC unroll 8
            for (int t = 0; t < steps; ++t)
                sums[t] += w * from[t * distance];
        }
    }
    std::memcpy(out, sums, sizeof sums);
}

template <int steps, class Real>
void gatherRest(
    int left, const Real* patch, std::ptrdiff_t distance, const BackRuns& runs, const Real* weights, Real* out)
{
    if (left == steps)
        gatherSteps<steps>(patch, distance, runs, weights, out);
    else if constexpr (steps > 1)
        gatherRest<steps - 1>(left, patch, distance, runs, weights, out);
}

template <class Real>
void gatherBackWith(
    const Real* patch, std::ptrdiff_t distance, int steps, const BackRuns& runs, const Real* weights, Real* out)
{
    for (; steps > 0; steps -= mostSteps, patch += mostSteps * distance, out += mostSteps * backBlock)
        gatherRest<mostSteps>(std::min(steps, mostSteps), patch, distance, runs, weights, out);
}

} // namespace

void gatherBack(
    const float* patch, std::ptrdiff_t distance, int steps, const BackRuns& runs, const float* weights, float* out)
{
    gatherBackWith(patch, distance, steps, runs, weights, out);
}

void gatherBack(
    const double* patch, std::ptrdiff_t distance, int steps, const BackRuns& runs, const double* weights, double* out)
{
    gatherBackWith(patch, distance, steps, runs, weights, out);
}

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
