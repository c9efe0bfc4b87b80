// Vector code for the rates of the Hodgkin-Huxley gates, shared by the kernels of every model that has these gates.
// Included by a kernel once for each instruction set, hence no usual guard.
#if defined(ENDOSPIKE_HODGKIN_HUXLEY_RATES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENDOSPIKE_HODGKIN_HUXLEY_RATES_INL_H
#undef ENDOSPIKE_HODGKIN_HUXLEY_RATES_INL_H
#else
#define ENDOSPIKE_HODGKIN_HUXLEY_RATES_INL_H
#endif

#include <hwy/highway.h>

#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/hodgkin_huxley_tables.h"

HWY_BEFORE_NAMESPACE();
namespace endospike::hh::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
using Element = hn::TFromD<D>;

template <class D>
inline constexpr int lanesOf = static_cast<int>(hn::MaxLanes(D()));

template <class V>
struct VectorRates {
    V aM, bM, aH, bH, aN, bN;
};

template <std::size_t first, class D, std::size_t count, class V = hn::Vec<D>>
HWY_INLINE V everyOther(D d, const std::array<Element<D>, count>& c, V square)
{
    if constexpr (first + 2 < count)
        return hn::MulAdd(everyOther<first + 2>(d, c, square), square, hn::Set(d, c[first]));
    else
        return hn::Set(d, c[first]);
}

/// The odd and the even coefficients apart, so that a single cell waits half as long.
template <class D, std::size_t count, class V = hn::Vec<D>>
HWY_INLINE V polynomial(D d, const std::array<Element<D>, count>& c, V x)
{
    const V square = hn::Mul(x, x);
    return hn::MulAdd(everyOther<1>(d, c, square), x, everyOther<0>(d, c, square));
}

/// table[index] in each lane, index within 0..nodes-1.
template <class D, class VI, class V = hn::Vec<D>>
HWY_INLINE V lookUp(D d, const Element<D>* table, VI index)
{
    constexpr int lanes = lanesOf<D>;
    if constexpr (lanes == 1)
        return hn::Set(d, table[hn::GetLane(index)]);
#if HWY_TARGET == HWY_AVX3
    else if constexpr (lanes == nodes)
        return V{_mm512_permutexvar_ps(index.raw, hn::Load(d, table).raw)};
    else if constexpr (lanes == nodes / 2)
        return V{_mm512_permutex2var_pd(hn::Load(d, table).raw, index.raw, hn::Load(d, table + lanes).raw)};
#endif
    else
        return hn::GatherIndex(d, table, index);
}

/// Beyond the nodes: the plain formulas, lane by lane.
template <class D, class V = hn::Vec<D>>
HWY_NOINLINE VectorRates<V> replacedOutside(D d, hn::Mask<D> inside, V u, VectorRates<V> rates)
{
    using T = Element<D>;
    HWY_ALIGN T lane[7][lanesOf<D>];
    const auto store = [&](int row, V value) { hn::Store(value, d, lane[row]); };
    V* const all[] = {&rates.aM, &rates.bM, &rates.aH, &rates.bH, &rates.aN, &rates.bN};
    for (int row = 0; row < 6; ++row)
        store(row, *all[row]);
    store(6, hn::IfThenElse(inside, hn::Zero(d), u));
    for (int i = 0; i < lanesOf<D>; ++i) {
        if (lane[6][i] == 0)
            continue;
        const Rates plain = plainRates(static_cast<double>(lane[6][i]));
        const double values[] = {plain.aM, plain.bM, plain.aH, plain.bH, plain.aN, plain.bN};
        for (int row = 0; row < 6; ++row)
            lane[row][i] = static_cast<T>(values[row]);
    }
    for (int row = 0; row < 6; ++row)
        *all[row] = hn::Load(d, lane[row]);
    return rates;
}

/// Two exponentials, of r/80 and r/18, and one division serve all six rates: 20 and 10 mV follow by squaring.
template <class D, class V = hn::Vec<D>>
HWY_INLINE VectorRates<V> ratesAt(D d, const RateTables<Element<D>>& tables, V u)
{
    using T = Element<D>;
    const hn::RebindToSigned<D> di;
    const auto set = [&](double x) { return hn::Set(d, static_cast<T>(x)); };
    // Adding this rounds to a whole number, which then stands in the lowest bits.
    const V magic = set(std::is_same_v<T, float> ? 0x1.8p23 : 0x1.8p52);
    const V rounded = hn::MulAdd(hn::Sub(u, set(firstNode_mv)), set(1 / nodeDistance_mv), magic);
    const auto index = hn::And(hn::BitCast(di, rounded), hn::Set(di, nodes - 1));
    const V node = hn::Sub(rounded, magic);
    const V r = hn::Sub(u, hn::MulAdd(node, set(nodeDistance_mv), set(firstNode_mv)));

    const V two = set(2);
    const V p80 = hn::Mul(r, polynomial(d, tables.slow, r)); // exp(-r/80) - 1
    const V p40 = hn::Mul(p80, hn::Add(p80, two));
    const V p20 = hn::Mul(p40, hn::Add(p40, two));
    const V p10 = hn::Mul(p20, hn::Add(p20, two));
    const V change = hn::Mul(lookUp(d, tables.eM, index), p10);
    const V dM = hn::Sub(lookUp(d, tables.dM, index), change);
    const V dN = hn::NegMulAdd(set(0.22313016014842982893), change, lookUp(d, tables.dN, index)); // exp(-1.5)
    const V dH = hn::NegMulAdd(set(1.64872127070012814685), dM, set(2.64872127070012814685)); // exp(0.5)
    const V xM = hn::MulAdd(set(0.1), hn::Add(u, set(40)), hn::Set(d, tiny<T>));
    const V xN = hn::MulAdd(set(0.01), hn::Add(u, set(55)), hn::Set(d, tiny<T> / 10));
    const V product = hn::Mul(dM, dN);
    const V inverse = hn::Div(set(1), hn::Mul(product, dH));
    const V shared = hn::Mul(dH, inverse);
    const V bN = lookUp(d, tables.bN, index), aH = lookUp(d, tables.aH, index), bM = lookUp(d, tables.bM, index);
    const VectorRates<V> rates = {hn::Mul(hn::Mul(xM, dN), shared), hn::Mul(bM, polynomial(d, tables.fast, r)),
        hn::MulAdd(aH, p20, aH), hn::Mul(product, inverse), hn::Mul(hn::Mul(xN, dM), shared), hn::MulAdd(bN, p80, bN)};

    const auto inside = hn::Le(hn::Abs(hn::Sub(node, set((nodes - 1) / 2.0))), set((nodes - 1) / 2.0));
    if (HWY_UNLIKELY(!hn::AllTrue(d, inside)))
        return replacedOutside(d, inside, u, rates);
    return rates;
}

/// (1 - exp(-s)) / s for s >= 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V gain(D d, const RateTables<Element<D>>& tables, V s)
{
    using T = Element<D>;
    const V range = hn::Set(d, static_cast<T>(gainRange));
    const V near = polynomial(d, tables.gain, s);
    const auto isNear = hn::Le(s, range);
    if (HWY_LIKELY(hn::AllTrue(d, isNear)))
        return near;
    // From 1 - exp(-x) to 1 - exp(-2x), seven times; beyond 64 nothing is left of exp(-s).
    const V x = hn::Mul(hn::Min(s, hn::Set(d, T(64))), hn::Set(d, T(1) / 128));
    V risen = hn::Mul(x, polynomial(d, tables.gain, x));
    for (int doubling = 0; doubling < 7; ++doubling)
        risen = hn::Mul(risen, hn::Sub(hn::Set(d, T(2)), risen));
    return hn::IfThenElse(isNear, near, hn::Div(risen, s));
}

} // namespace endospike::hh::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
