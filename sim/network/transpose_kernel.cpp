// Compiled once for each instruction set; the best one of the machine is chosen when the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/network/transpose_kernel.cpp"
#include "sim/neuron/highway_targets.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "sim/network/transpose_kernel.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace endospike::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR
/// Without vectors a square is one number.
constexpr int square = 1;
HWY_INLINE void turnSquare(const float* from, std::ptrdiff_t, float* to, std::ptrdiff_t) { *to = *from; }
#else
constexpr int square = 4;
HWY_INLINE void turnSquare(
    const float* HWY_RESTRICT from, std::ptrdiff_t fromStride, float* HWY_RESTRICT to, std::ptrdiff_t toStride)
{
    constexpr hn::FixedTag<float, square> d;
    const auto x0 = hn::LoadU(d, from), x1 = hn::LoadU(d, from + fromStride);
    const auto x2 = hn::LoadU(d, from + 2 * fromStride), x3 = hn::LoadU(d, from + 3 * fromStride);
    const auto even = hn::InterleaveLower(d, x0, x2), odd = hn::InterleaveLower(d, x1, x3);
    const auto evenRest = hn::InterleaveUpper(d, x0, x2), oddRest = hn::InterleaveUpper(d, x1, x3);
    hn::StoreU(hn::InterleaveLower(d, even, odd), d, to);
    hn::StoreU(hn::InterleaveUpper(d, even, odd), d, to + toStride);
    hn::StoreU(hn::InterleaveLower(d, evenRest, oddRest), d, to + 2 * toStride);
    hn::StoreU(hn::InterleaveUpper(d, evenRest, oddRest), d, to + 3 * toStride);
}
#endif

/// In tiles whose lines stay in the nearest cache; what is left over, one by one.
void turn(const float* from, std::ptrdiff_t fromStride, int rows, int columns, float* to, std::ptrdiff_t toStride)
{
    constexpr int tile = 16;
    const int wholeRows = rows / square * square, wholeColumns = columns / square * square;
    for (int row = 0; row < wholeRows; row += tile)
        for (int column = 0; column < wholeColumns; column += tile)
            for (int c = column; c < std::min(column + tile, wholeColumns); c += square)
                for (int r = row; r < std::min(row + tile, wholeRows); r += square)
                    turnSquare(from + r * fromStride + c, fromStride, to + c * toStride + r, toStride);
    for (int r = 0; r < rows; ++r)
        for (int c = r < wholeRows ? wholeColumns : 0; c < columns; ++c)
            to[c * toStride + r] = from[r * fromStride + c];
}

} // namespace endospike::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace endospike {

HWY_EXPORT(turn);

void transpose(const float* from, std::ptrdiff_t fromStride, int rows, int columns, float* to, std::ptrdiff_t toStride)
{
    HWY_DYNAMIC_DISPATCH(turn)(from, fromStride, rows, columns, to, toStride);
}

} // namespace endospike
#endif
