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

template <int count>
void add(
    std::span<const Term<count>> terms, const PanelRow<count>* HWY_RESTRICT panel, PanelRow<count>* HWY_RESTRICT sums)
{
    constexpr D d;
    constexpr int lanes = static_cast<int>(hn::MaxLanes(d));
    constexpr int width = panelWidth<count>, together = std::min(8 / count, 4); // vectors side by side
    for (int at = 0; at < width; at += together * lanes) {
        V sum[count][together];
#pragma GCC unroll 4
        for (int r = 0; r < count; ++r)
#pragma GCC unroll 4
            for (int v = 0; v < together; ++v)
                sum[r][v] = hn::Load(d, sums[r].value + at + v * lanes);
        for (const Term<count>& term : terms) {
            const float* const row = panel[term.row].value + at;
            V x[together];
#pragma GCC unroll 4
            for (int v = 0; v < together; ++v)
                x[v] = hn::Load(d, row + v * lanes);
#pragma GCC unroll 4
            for (int r = 0; r < count; ++r) {
                const V factor = hn::Set(d, term.factor[r]);
#pragma GCC unroll 4
                for (int v = 0; v < together; ++v)
                    sum[r][v] = hn::MulAdd(factor, x[v], sum[r][v]);
            }
        }
#pragma GCC unroll 4
        for (int r = 0; r < count; ++r)
#pragma GCC unroll 4
            for (int v = 0; v < together; ++v)
                hn::Store(sum[r][v], d, sums[r].value + at + v * lanes);
    }
}

void add1(std::span<const Term<1>> terms, const PanelRow<1>* panel, PanelRow<1>* sums) { add(terms, panel, sums); }
void add2(std::span<const Term<2>> terms, const PanelRow<2>* panel, PanelRow<2>* sums) { add(terms, panel, sums); }
void add4(std::span<const Term<4>> terms, const PanelRow<4>* panel, PanelRow<4>* sums) { add(terms, panel, sums); }

} // namespace endospike::input_layer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace endospike::input_layer {

HWY_EXPORT(add1);
HWY_EXPORT(add2);
HWY_EXPORT(add4);

void addTerms(std::span<const Term<1>> terms, const PanelRow<1>* panel, PanelRow<1>* sums)
{
    HWY_DYNAMIC_DISPATCH(add1)(terms, panel, sums);
}

void addTerms(std::span<const Term<2>> terms, const PanelRow<2>* panel, PanelRow<2>* sums)
{
    HWY_DYNAMIC_DISPATCH(add2)(terms, panel, sums);
}

void addTerms(std::span<const Term<4>> terms, const PanelRow<4>* panel, PanelRow<4>* sums)
{
    HWY_DYNAMIC_DISPATCH(add4)(terms, panel, sums);
}

} // namespace endospike::input_layer
#endif
