// Compiled once for each instruction set; the best one of the machine is chosen when the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/network/input_layer_kernel.cpp"
#include "sim/neuron/highway_targets.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "sim/network/input_layer_kernel.h"

HWY_BEFORE_NAMESPACE();
namespace endospike::input_layer::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr int lanes = static_cast<int>(hn::MaxLanes(D()));
constexpr int vectors = 2; ///< side by side
constexpr int most = lanes == 16 ? 8 : 4; ///< rows at once: as many sums as there are registers for

/// `rows` rows: each number of `a` meets `vectors` vectors of the panel, which meet `rows` numbers each.
template <int rows>
HWY_INLINE void tile(const float* HWY_RESTRICT a, std::ptrdiff_t aStride, const PanelRow* HWY_RESTRICT panel, int depth,
    float* HWY_RESTRICT out, std::ptrdiff_t outStride)
{
    const D d;
    for (int at = 0; at < panelWidth; at += vectors * lanes) {
        V sums[rows][vectors];
#pragma GCC unroll 8
        for (int r = 0; r < rows; ++r)
            sums[r][0] = sums[r][1] = hn::Zero(d);
        for (int k = 0; k < depth; ++k) {
            const V first = hn::Load(d, panel[k].value + at), second = hn::Load(d, panel[k].value + at + lanes);
#pragma GCC unroll 8
            for (int r = 0; r < rows; ++r) {
                const V factor = hn::Set(d, a[r * aStride + k]);
                sums[r][0] = hn::MulAdd(factor, first, sums[r][0]);
                sums[r][1] = hn::MulAdd(factor, second, sums[r][1]);
            }
        }
#pragma GCC unroll 8
        for (int r = 0; r < rows; ++r) {
            hn::StoreU(sums[r][0], d, out + r * outStride + at);
            hn::StoreU(sums[r][1], d, out + r * outStride + at + lanes);
        }
    }
}

template <int rows>
HWY_INLINE void tiles(const float* a, std::ptrdiff_t aStride, int left, const PanelRow* panel, int depth, float* out,
    std::ptrdiff_t outStride)
{
    for (; left >= rows; left -= rows, a += rows * aStride, out += rows * outStride)
        tile<rows>(a, aStride, panel, depth, out, outStride);
    if constexpr (rows > 1)
        if (left > 0)
            tiles<rows / 2>(a, aStride, left, panel, depth, out, outStride);
}

void multiply(const float* a, std::ptrdiff_t aStride, int rows, const PanelRow* panel, int depth, float* out,
    std::ptrdiff_t outStride)
{
    tiles<most>(a, aStride, rows, panel, depth, out, outStride);
}

void add(std::span<const Term> terms, const PanelRow* HWY_RESTRICT panel, float* HWY_RESTRICT out)
{
    constexpr std::size_t turns = 4;
    const D d;
    for (int at = 0; at < panelWidth; at += vectors * lanes) {
        V sums[turns][vectors];
        const auto take = [&](std::size_t turn, const Term& term) {
            const float* const row = panel[term.row].value + at;
            const V factor = hn::Set(d, term.factor);
            sums[turn][0] = hn::MulAdd(factor, hn::Load(d, row), sums[turn][0]);
            sums[turn][1] = hn::MulAdd(factor, hn::Load(d, row + lanes), sums[turn][1]);
        };
#pragma GCC unroll 4
        for (std::size_t turn = 0; turn < turns; ++turn)
            sums[turn][0] = sums[turn][1] = hn::Zero(d);
        std::size_t i = 0;
        for (; i + turns <= terms.size(); i += turns)
#pragma GCC unroll 4
            for (std::size_t turn = 0; turn < turns; ++turn)
                take(turn, terms[i + turn]);
        for (; i < terms.size(); ++i)
            take(0, terms[i]);
#pragma GCC unroll 2
        for (int v = 0; v < vectors; ++v)
            hn::StoreU(
                hn::Add(hn::Add(sums[0][v], sums[1][v]), hn::Add(sums[2][v], sums[3][v])), d, out + at + v * lanes);
    }
}

} // namespace endospike::input_layer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace endospike::input_layer {

HWY_EXPORT(multiply);
HWY_EXPORT(add);

void multiplyPanel(const float* a, std::ptrdiff_t aStride, int rows, const PanelRow* panel, int depth, float* out,
    std::ptrdiff_t outStride)
{
    HWY_DYNAMIC_DISPATCH(multiply)(a, aStride, rows, panel, depth, out, outStride);
}

void addTerms(std::span<const Term> terms, const PanelRow* panel, float* out)
{
    HWY_DYNAMIC_DISPATCH(add)(terms, panel, out);
}

} // namespace endospike::input_layer
#endif
