// Compiled once for each instruction set; the best one of the machine is chosen when the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/network/input_layer_kernel.cpp"
#include "sim/neuron/highway_targets.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "sim/network/input_layer_kernel.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace endospike::input_layer::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr int lanes = static_cast<int>(hn::MaxLanes(D()));
constexpr int together = std::min(2, panelWidth / lanes); ///< vectors side by side
constexpr int most = lanes == 16 ? 16 : 4; ///< rows at once: as many sums as there are registers for

/// `rows` rows: each number of `a` meets a row of the panel, each vector of which meets `rows` numbers.
template <int rows>
HWY_INLINE void tile(const float* HWY_RESTRICT a, std::ptrdiff_t aStride, const PanelRow* HWY_RESTRICT panel,
    std::span<const int> used, float* HWY_RESTRICT out, std::ptrdiff_t outStride)
{
    const D d;
    for (int at = 0; at < panelWidth; at += together * lanes) {
        V sums[rows][together];
#pragma GCC unroll 16
        for (int r = 0; r < rows; ++r)
            for (int v = 0; v < together; ++v)
                sums[r][v] = hn::Zero(d);
        for (const int k : used)
#pragma GCC unroll 2
            for (int v = 0; v < together; ++v) {
                const V row = hn::Load(d, panel[k].value + at + v * lanes);
                const float* factors = a + k;
#pragma GCC unroll 16
                for (int r = 0; r < rows; ++r) {
                    sums[r][v] = hn::MulAdd(hn::Set(d, factors[r % 4 * aStride]), row, sums[r][v]);
                    if (r % 4 == 3) // few enough addresses to stay in registers
                        factors += 4 * aStride;
                }
            }
#pragma GCC unroll 16
        for (int r = 0; r < rows; ++r)
            for (int v = 0; v < together; ++v)
                hn::StoreU(sums[r][v], d, out + r * outStride + at + v * lanes);
    }
}

template <int rows>
HWY_INLINE void tiles(const float* a, std::ptrdiff_t aStride, int left, const PanelRow* panel,
    std::span<const int> used, float* out, std::ptrdiff_t outStride)
{
    for (; left >= rows; left -= rows, a += rows * aStride, out += rows * outStride)
        tile<rows>(a, aStride, panel, used, out, outStride);
    if constexpr (rows > 1)
        if (left > 0)
            tiles<rows / 2>(a, aStride, left, panel, used, out, outStride);
}

void multiply(const float* a, std::ptrdiff_t aStride, int rows, const PanelRow* panel, std::span<const int> used,
    float* out, std::ptrdiff_t outStride)
{
    tiles<most>(a, aStride, rows, panel, used, out, outStride);
}

void add(std::span<const Term> terms, const PanelRow* HWY_RESTRICT panel, const PanelRow* HWY_RESTRICT other,
    float* out, float* otherOut)
{
    constexpr std::size_t turns = 4;
    const D d;
    for (int at = 0; at < panelWidth; at += lanes) {
        V sums[turns][2];
        const auto take = [&](std::size_t turn, const Term& term) {
            const V factor = hn::Set(d, term.factor);
            sums[turn][0] = hn::MulAdd(factor, hn::Load(d, panel[term.row].value + at), sums[turn][0]);
            sums[turn][1] = hn::MulAdd(factor, hn::Load(d, other[term.row].value + at), sums[turn][1]);
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
        const auto total = [&](int v) {
            return hn::Add(hn::Add(sums[0][v], sums[1][v]), hn::Add(sums[2][v], sums[3][v]));
        };
        hn::StoreU(total(0), d, out + at);
        hn::StoreU(total(1), d, otherOut + at);
    }
}

} // namespace endospike::input_layer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace endospike::input_layer {

HWY_EXPORT(multiply);
HWY_EXPORT(add);

void multiplyPanel(const float* a, std::ptrdiff_t aStride, int rows, const PanelRow* panel, std::span<const int> used,
    float* out, std::ptrdiff_t outStride)
{
    HWY_DYNAMIC_DISPATCH(multiply)(a, aStride, rows, panel, used, out, outStride);
}

void addTerms(std::span<const Term> terms, const PanelRow* panel, const PanelRow* other, float* out, float* otherOut)
{
    HWY_DYNAMIC_DISPATCH(add)(terms, panel, other, out, otherOut);
}

} // namespace endospike::input_layer
#endif
