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

/// All nine neighbours at once, `count` blocks of lanes in each row of three.
template <int count, class Real>
void scatterBlocks(std::span<const InputChange<Real>> changes, const Real* weights, Real* output, int stride, int lanes)
{
    using L = Lanes<Real>;
    for (int i = 0; i < 3 * lanes; i += count * laneBlock) {
        typename L::Vector sums[3][count];
        for (int dy = 0; dy < 3; ++dy)
            for (int k = 0; k < count; ++k)
                sums[dy][k] = L::load(output + dy * stride * lanes + i + k * laneBlock);
        for (const InputChange<Real>& each : changes) {
            const Real* w = weights + each.weights + i;
#pragma GCC unroll 3
            for (int dy = 0; dy < 3; ++dy)
#pragma GCC unroll 9
                for (int k = 0; k < count; ++k)
                    sums[dy][k] += each.change * L::load(w + dy * 3 * lanes + k * laneBlock);
        }
        for (int dy = 0; dy < 3; ++dy)
            for (int k = 0; k < count; ++k)
                L::store(sums[dy][k], output + dy * stride * lanes + i + k * laneBlock);
    }
}

/// The sums of three blocks of lanes stay in registers from position to position.
template <int inputs, class Real>
void gatherGroup(std::span<const GroupChange<Real>> changes, const Real* output, Real* gradient, int stride, int lanes)
{
    using L = Lanes<Real>;
    constexpr int count = 3;
    for (int dy = 0; dy < 3; ++dy, output += (stride - 3) * lanes)
        for (int i = 0; i < 3 * lanes;
             i += count * laneBlock, output += count * laneBlock, gradient += count * laneBlock) {
            typename L::Vector sums[inputs][count];
            for (int r = 0; r < inputs; ++r)
                for (int k = 0; k < count; ++k)
                    sums[r][k] = L::load(gradient + r * 9 * lanes + k * laneBlock);
            for (const GroupChange<Real>& each : changes) {
                const Real* since = output + each.place;
#pragma GCC unroll 4
                for (int k = 0; k < count; ++k) {
                    const typename L::Vector block = L::load(since + k * laneBlock);
#pragma GCC unroll 4
                    for (int r = 0; r < inputs; ++r)
                        sums[r][k] += each.change[r] * block;
                }
            }
            for (int r = 0; r < inputs; ++r)
                for (int k = 0; k < count; ++k)
                    L::store(sums[r][k], gradient + r * 9 * lanes + k * laneBlock);
        }
}

template <int inputs = inputGroup, class Real>
void gatherChangesWith(
    std::span<const GroupChange<Real>> changes, const Real* output, Real* gradient, int there, int stride, int lanes)
{
    if (there == inputs)
        gatherGroup<inputs>(changes, output, gradient, stride, lanes);
    else if constexpr (inputs > 1)
        gatherChangesWith<inputs - 1>(changes, output, gradient, there, stride, lanes);
}

template <class Real>
void scatterChangesWith(
    std::span<const InputChange<Real>> changes, const Real* weights, Real* output, int stride, int lanes)
{
    if (lanes % (3 * laneBlock) == 0)
        scatterBlocks<9>(changes, weights, output, stride, lanes);
    else if (lanes % (2 * laneBlock) == 0)
        scatterBlocks<6>(changes, weights, output, stride, lanes);
    else
        scatterBlocks<3>(changes, weights, output, stride, lanes);
}

template <class Real>
void tileCurrentsWith(const Real* pixels, int stride, const Real* bias, const Real* weights, int wide, Real* x)
{
    using L = Lanes<Real>;
    typename L::Vector sums[4];
    for (auto& sum : sums)
        sum = L::load(bias);
#pragma GCC unroll 3
    for (int dy = 0; dy < 3; ++dy)
#pragma GCC unroll 3
        for (int dx = 0; dx < 3; ++dx, weights += wide) {
            const typename L::Vector w = L::load(weights);
#pragma GCC unroll 4
            for (int n = 0; n < 4; ++n)
                sums[n] += pixels[(dy + n / 2) * stride + dx + n % 2] * w;
        }
    for (int n = 0; n < 4; ++n)
        std::memcpy(x + n * laneBlock, &sums[n], sizeof sums[n]);
}

template <class Real>
void addTileGradientsWith(const Real* pixels, int stride, const Real* dx, Real* gradient, int wide)
{
    using L = Lanes<Real>;
    typename L::Vector d[4];
    for (int n = 0; n < 4; ++n)
        d[n] = L::load(dx + n * laneBlock);
    for (int k = 0; k < 10; ++k, gradient += wide) {
        typename L::Vector sum = L::load(gradient);
        for (int n = 0; n < 4; ++n)
            sum += (k < 9 ? pixels[(k / 3 + n / 2) * stride + k % 3 + n % 2] : Real(1)) * d[n];
        std::memcpy(gradient, &sum, sizeof sum);
    }
}

/// As many steps at once as there are registers to point at them.
constexpr int mostSteps = 8;

template <int steps, class Real>
void gatherSteps(const Real* patch, std::ptrdiff_t distance, const BackRuns& runs, const Real* weights, Real* out)
{
    using L = Lanes<Real>;
    typename L::Vector sums[steps] = {};
    for (const std::ptrdiff_t begin : runs.begins) {
        const Real* from = patch + begin;
        for (int i = 0; i < runs.length; ++i, ++from, weights += laneBlock) {
            const typename L::Vector w = L::load(weights);
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
    for (int turns = (steps + mostSteps - 1) / mostSteps; turns > 0; --turns) { // as long as each other
        const int count = (steps + turns - 1) / turns;
        gatherRest<mostSteps>(count, patch, distance, runs, weights, out);
        steps -= count;
        patch += count * distance;
        out += count * laneBlock;
    }
}

} // namespace

void tileCurrents(const float* pixels, int stride, const float* bias, const float* weights, int wide, float* x)
{
    tileCurrentsWith(pixels, stride, bias, weights, wide, x);
}

void addTileGradients(const float* pixels, int stride, const float* dx, float* gradient, int wide)
{
    addTileGradientsWith(pixels, stride, dx, gradient, wide);
}

void tileCurrents(const double* pixels, int stride, const double* bias, const double* weights, int wide, double* x)
{
    tileCurrentsWith(pixels, stride, bias, weights, wide, x);
}

void addTileGradients(const double* pixels, int stride, const double* dx, double* gradient, int wide)
{
    addTileGradientsWith(pixels, stride, dx, gradient, wide);
}

void scatterChanges(
    std::span<const InputChange<float>> changes, const float* weights, float* output, int stride, int lanes)
{
    scatterChangesWith(changes, weights, output, stride, lanes);
}

void gatherChanges(std::span<const GroupChange<float>> changes, const float* output, float* gradient, int inputs,
    int stride, int lanes)
{
    gatherChangesWith(changes, output, gradient, inputs, stride, lanes);
}

void scatterChanges(
    std::span<const InputChange<double>> changes, const double* weights, double* output, int stride, int lanes)
{
    scatterChangesWith(changes, weights, output, stride, lanes);
}

void gatherChanges(std::span<const GroupChange<double>> changes, const double* output, double* gradient, int inputs,
    int stride, int lanes)
{
    gatherChangesWith(changes, output, gradient, inputs, stride, lanes);
}

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
