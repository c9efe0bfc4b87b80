// Compiled once for each instruction set; the best one of the machine is chosen when the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/control/product_kernel.cpp"
#include "sim/neuron/highway_targets.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "sim/control/product_kernel.h"
#include "sim/network/transpose_kernel.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace endospike::product::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// As many sums at once as there are registers for.
constexpr int mostRows = HWY_MAX_BYTES >= 64 ? 8 : 4;

template <class T>
using Tag = hn::CappedTag<T, columnUnit>;
template <class T>
constexpr int lanes = static_cast<int>(hn::MaxLanes(Tag<T>()));

template <int rows, int vectors, class T>
HWY_INLINE void tile(const Product<T>& p, int row, int column)
{
    const Tag<T> d;
    using V = hn::Vec<Tag<T>>;
    const T* HWY_RESTRICT a = p.a + row * p.aRow;
    const T* HWY_RESTRICT b = p.b + column;
    V sums[rows][vectors];
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; ++v)
            sums[r][v] = hn::Zero(d);
    for (int k = 0; k < p.depth; ++k, a += p.aDepth, b += p.bStride) {
        V factors[vectors];
#pragma GCC unroll 2
        for (int v = 0; v < vectors; ++v)
            factors[v] = hn::LoadU(d, b + v * lanes<T>);
#pragma GCC unroll 8
        for (int r = 0; r < rows; ++r) {
            const V factor = hn::Set(d, a[r * p.aRow]);
#pragma GCC unroll 2
            for (int v = 0; v < vectors; ++v)
                sums[r][v] = hn::MulAdd(factor, factors[v], sums[r][v]);
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; ++v) {
            const int at = column + v * lanes<T>;
            const std::ptrdiff_t place = (row + r) * p.outStride + at;
            V sum = sums[r][v];
            if (p.bias)
                sum = hn::Add(sum, hn::LoadU(d, p.bias + at));
            if (p.relu)
                sum = hn::Max(sum, hn::Zero(d));
            if (p.mask)
                sum = hn::IfThenElseZero(hn::Gt(hn::LoadU(d, p.mask + place), hn::Zero(d)), sum);
            if (p.add)
                sum = hn::Add(sum, hn::LoadU(d, p.out + place));
            hn::StoreU(sum, d, p.out + place);
        }
}

template <int rows, int vectors, class T>
HWY_INLINE void tiles(const Product<T>& p, int row, int column)
{
    for (; row + rows <= p.rows; row += rows)
        tile<rows, vectors>(p, row, column);
    if constexpr (rows > 1)
        if (row < p.rows)
            tiles<rows / 2, vectors>(p, row, column);
}

/// A panel of columns at a time, which stays in the nearest cache while all rows pass.
template <class T>
HWY_INLINE void multiplyAny(const Product<T>& p)
{
    int column = 0;
    for (; column + 2 * lanes<T> <= p.columns; column += 2 * lanes<T>)
        tiles<mostRows, 2>(p, 0, column);
    for (; column < p.columns; column += lanes<T>)
        tiles<mostRows, 1>(p, 0, column);
}

void multiplyFloats(const Product<float>& p) { multiplyAny(p); }
void multiplyDoubles(const Product<double>& p) { multiplyAny(p); }

} // namespace endospike::product::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace endospike::product {

HWY_EXPORT(multiplyFloats);
HWY_EXPORT(multiplyDoubles);

void multiply(const Product<float>& product) { HWY_DYNAMIC_DISPATCH(multiplyFloats)(product); }
void multiply(const Product<double>& product) { HWY_DYNAMIC_DISPATCH(multiplyDoubles)(product); }

void transpose(const float* in, int rows, int columns, std::ptrdiff_t stride, float* out)
{
    const std::ptrdiff_t outStride = padded(rows);
    endospike::transpose(in, stride, rows, columns, out, outStride);
    for (int column = 0; column < columns; ++column)
        std::fill(out + column * outStride + rows, out + (column + 1) * outStride, 0.0f);
}

void transpose(const double* in, int rows, int columns, std::ptrdiff_t stride, double* out)
{
    const std::ptrdiff_t outStride = padded(rows);
    for (int column = 0; column < columns; ++column)
        for (int row = 0; row < outStride; ++row)
            out[column * outStride + row] = row < rows ? in[row * stride + column] : 0.0;
}

} // namespace endospike::product
#endif
