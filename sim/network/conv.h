// 3 x 3 convolutions with padding 1 whose input changes little from step to step. Maps stand position by position with
// the channels innermost, those of all currents together padded to whole blocks of lanes. A map that is written or read
// beyond its edge has a border: each row is followed by one more position, which also stands before the next row, and
// the rows by one more row. So three neighbours in a row are contiguous and no edge needs a special case.
//
// Weights [inputs][3][3][lanes of the output], turned: the one at (dy, dx) leads from the input at (r, c) to the output
// at (r + dy - 1, c + dx - 1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
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

/// Memory that begins where a line of the cache does.
template <class T>
struct LineAllocator {
    using value_type = T;
    static constexpr std::align_val_t line{64};

    LineAllocator() = default;
    template <class U>
    LineAllocator(const LineAllocator<U>&)
    {
    }
    T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), line)); }
    void deallocate(T* memory, std::size_t) { ::operator delete(memory, line); }
    friend bool operator==(LineAllocator, LineAllocator) { return true; }
};
template <class T>
using LineVector = std::vector<T, LineAllocator<T>>;

/// Lanes are worked on in blocks of so many.
inline constexpr int laneBlock = 16;
template <class Real>
struct Lanes {
    using Vector [[gnu::vector_size(laneBlock * sizeof(Real))]] = Real;
    static Vector load(const Real* from)
    {
        Vector v;
        std::memcpy(&v, from, sizeof v);
        return v;
    }
    static void store(const Vector& v, Real* to) { std::memcpy(to, &v, sizeof v); }
};

/// By how much an input has changed, and where its weights begin.
template <class Real>
struct InputChange {
    std::ptrdiff_t weights;
    Real change;
};

/// The positions at which `now` [positions][inputLanes] differs from `before`.
template <class Count>
inline void listPositions(
    const Count* before, const Count* now, int positions, int inputLanes, std::vector<int>& changed)
{
    changed.resize(static_cast<std::size_t>(positions));
    std::size_t count = 0;
    for (int position = 0; position < positions; ++position) {
        changed[count] = position; // written first, counted then: no branch to mispredict
        bool differs = false;
        for (int i = 0; i < inputLanes; i += laneBlock, before += laneBlock, now += laneBlock)
            differs |= std::memcmp(before, now, laneBlock * sizeof(Count)) != 0;
        count += differs;
    }
    changed.resize(count);
}

/// `factor` times the differences between `now` [inputs] and `before`, at one position, where there are any. The
/// weights of each input take up `weightsEach`. In `changes` [inputs].
template <class Real, class Count>
inline std::span<const InputChange<Real>> listChanges(const Count* before, const Count* now, int inputs, Real factor,
    int weightsEach, std::span<InputChange<Real>> changes)
{
    std::size_t count = 0;
    for (int i = 0; i < inputs; ++i) {
        const Real change = static_cast<Real>(now[i]) - static_cast<Real>(before[i]);
        changes[count] = {std::ptrdiff_t{i} * weightsEach, factor * change};
        count += change != 0;
    }
    return changes.first(count);
}

/// Neighbouring inputs whose weights' gradient is gathered together.
inline constexpr int inputGroup = 4;
static_assert(laneBlock % inputGroup == 0);
template <class Real>
struct GroupChange {
    std::ptrdiff_t place; ///< of the output above and left of the position, among the outputs
    Real change[inputGroup];
};

/// Where `now` [positions][inputLanes] differs from `before` in the group of inputs at `now`, of the positions that
/// have `changed`: `factor` times the differences. `places` [positions].
template <class Real, class Count>
inline void listChanges(const Count* before, const Count* now, std::span<const int> changed,
    std::span<const std::ptrdiff_t> places, int inputLanes, Real factor, std::vector<GroupChange<Real>>& changes)
{
    changes.resize(changed.size());
    std::size_t count = 0;
    for (const int position : changed) {
        const Count* from = before + position * inputLanes;
        const Count* to = now + position * inputLanes;
        GroupChange<Real>& next = changes[count];
        next.place = places[static_cast<std::size_t>(position)];
        for (int i = 0; i < inputGroup; ++i)
            next.change[i] = factor * (static_cast<Real>(to[i]) - static_cast<Real>(from[i]));
        count += std::memcmp(from, to, inputGroup * sizeof(Count)) != 0;
    }
    changes.resize(count);
}

/// What changes of the inputs at one position do to the outputs. `output` points at the output position above and left
/// of it, [3][stride][lanes].
void scatterChanges(
    std::span<const InputChange<float>> changes, const float* weights, float* output, int stride, int lanes);
void scatterChanges(
    std::span<const InputChange<double>> changes, const double* weights, double* output, int stride, int lanes);
/// The gradient at the weights [9][lanes] of each of the first `inputs` of a group, from that at the outputs since the
/// changes.
void gatherChanges(std::span<const GroupChange<float>> changes, const float* output, float* gradient, int inputs,
    int stride, int lanes);
void gatherChanges(std::span<const GroupChange<double>> changes, const double* output, double* gradient, int inputs,
    int stride, int lanes);

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

/// Currents of the four neurons of a tile in one block of lanes, x[4][laneBlock]: the bias, and the weights
/// [9 at distances of `wide`] times the pixels [4][stride] that they see.
void tileCurrents(const float* pixels, int stride, const float* bias, const float* weights, int wide, float* x);
void tileCurrents(const double* pixels, int stride, const double* bias, const double* weights, int wide, double* x);
/// Adds to the gradient at these weights, and behind them at the bias, from that at the currents.
void addTileGradients(const float* pixels, int stride, const float* dx, float* gradient, int wide);
void addTileGradients(const double* pixels, int stride, const double* dx, double* gradient, int wide);

/// The gradient at one position of the input, for one block of its channels, in `steps` steps: out[step][laneBlock] =
/// sum over runs r and i < length of patch[step * distance + runs[r] + i] * weights[r * length + i][laneBlock].
struct BackRuns {
    std::vector<std::ptrdiff_t> begins;
    int length;
};
void gatherBack(
    const float* patch, std::ptrdiff_t distance, int steps, const BackRuns& runs, const float* weights, float* out);
void gatherBack(
    const double* patch, std::ptrdiff_t distance, int steps, const BackRuns& runs, const double* weights, double* out);

} // namespace endospike
