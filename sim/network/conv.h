// 3 x 3 convolutions with padding 1 whose input changes little from step to step. Maps stand position by position with
// the channels innermost, in lanes padded to a multiple of eight. A map that is written or read beyond its edge has a
// border: each row is followed by one more position, which also stands before the next row, and the rows by one more
// row. So three neighbours in a row are contiguous and no edge needs a special case.
//
// Weights [inputs][3][3][lanes of the output], turned: the one at (dy, dx) leads from the input at (r, c) to the output
// at (r + dy - 1, c + dx - 1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace endospike {

/// A square map with its border.
struct BorderedMap {
    int side;
    int stride() const { return side + 1; }
    /// Rows and columns from -1 to side. Maps may stand one behind the other, sharing a border row: map t begins
    /// t * distance() further on.
    int position(int row, int column) const { return 1 + (row + 1) * stride() + column; }
    int distance() const { return stride() * stride(); }
    int positions(int maps = 1) const { return maps * distance() + stride() + 2; }
};

/// Calls f(position, lane, change) wherever `now` [positions][lanes] differs from `before`.
template <class Real, class Count, class F>
inline void forEachChange(const Count* before, const Count* now, int positions, int lanes, F&& f)
{
    constexpr int block = 8;
    for (int i = 0; i < positions * lanes; i += block) {
        if (std::memcmp(before + i, now + i, block * sizeof(Count)) == 0)
            continue;
        for (int k = i; k < i + block; ++k)
            if (before[k] != now[k])
                f(k / lanes, k % lanes, static_cast<Real>(now[k]) - static_cast<Real>(before[k]));
    }
}

/// What a change of one input does to the outputs. `output` points at the output position above and left of it.
template <class Real>
inline void scatterChange(Real change, const Real* __restrict weights, Real* __restrict output, int stride, int lanes)
{
    for (int dy = 0; dy < 3; ++dy)
        for (int i = 0; i < 3 * lanes; ++i)
            output[dy * stride * lanes + i] += change * weights[dy * 3 * lanes + i];
}

/// The gradient at the weights of one input that changed, from the gradient at the outputs since then.
template <class Real>
inline void gatherChange(Real change, const Real* __restrict output, Real* __restrict gradient, int stride, int lanes)
{
    for (int dy = 0; dy < 3; ++dy)
        for (int i = 0; i < 3 * lanes; ++i)
            gradient[dy * 3 * lanes + i] += change * output[dy * stride * lanes + i];
}

/// The gradient at the inputs, [side * stride()][inputLanes] (one position of border after each row), from `output`,
/// the bordered gradient at the outputs [positions()][lanes].
void convolveBack(const float* output, const float* weights, const BorderedMap& map, int inputs, int inputLanes,
    int lanes, float* input);
void convolveBack(const double* output, const double* weights, const BorderedMap& map, int inputs, int inputLanes,
    int lanes, double* input);

/// Channels of the input are worked on in blocks of so many.
inline constexpr int backBlock = 8;

/// The gradient at one position of the input, for one block of its channels, in `steps` steps: out[step][backBlock] =
/// sum over runs r and i < length of patch[step * distance + runs[r] + i] * weights[r * length + i][backBlock].
struct BackRuns {
    std::vector<std::ptrdiff_t> begins;
    int length;
};
void gatherBack(
    const float* patch, std::ptrdiff_t distance, int steps, const BackRuns& runs, const float* weights, float* out);
void gatherBack(
    const double* patch, std::ptrdiff_t distance, int steps, const BackRuns& runs, const double* weights, double* out);

} // namespace endospike
