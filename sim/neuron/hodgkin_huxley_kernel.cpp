// Compiled once for each instruction set; the best one of the machine is chosen when the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/neuron/hodgkin_huxley_kernel.cpp"
#include "sim/neuron/highway_targets.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/hodgkin_huxley_kernel.h"
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

/// The state of a vector of cells, or its rate of change without the factors dt / C and dt phi.
template <class V>
struct Cells {
    V v, m, h, n;
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

/// What is constant in time, of a vector of cells.
template <class D>
struct Constants {
    hn::Vec<D> shift;
    const Element<D>* first; ///< where the tile's arrays hold these cells

    HWY_INLINE hn::Vec<D> operator[](Field field) const { return hn::Load(D(), first + field * tileCells); }
};

/// How the cells change: `slope` is what dt / C and dt phi multiply, `decay` the factor of -x in it.
template <class V>
struct Change {
    Cells<V> slope, decay;
};

template <class D, class V = hn::Vec<D>>
HWY_INLINE Change<V> changeOf(
    D d, const RateTables<Element<D>>& tables, const Constants<D>& c, const Cells<V>& y, V input)
{
    const VectorRates<V> r = ratesAt(d, tables, hn::Sub(y.v, c.shift));
    const V n2 = hn::Mul(y.n, y.n);
    const V gNa = hn::Mul(hn::Mul(c[fieldGNa], y.h), hn::Mul(hn::Mul(y.m, y.m), y.m));
    const V gK = hn::Mul(c[fieldGK], hn::Mul(n2, n2));
    const V gL = c[fieldGL];
    V sum = hn::NegMulAdd(gL, hn::Sub(y.v, c[fieldEL]), input);
    sum = hn::NegMulAdd(gK, hn::Sub(y.v, c[fieldEK]), sum);
    sum = hn::NegMulAdd(gNa, hn::Sub(y.v, c[fieldENa]), sum);
    const V m = hn::Add(r.aM, r.bM), h = hn::Add(r.aH, r.bH), n = hn::Add(r.aN, r.bN);
    return {{sum, hn::NegMulAdd(m, y.m, r.aM), hn::NegMulAdd(h, y.h, r.aH), hn::NegMulAdd(n, y.n, r.aN)},
        {hn::Add(hn::Add(gNa, gK), gL), m, h, n}};
}

template <class V>
HWY_INLINE Cells<V> moved(const Cells<V>& y, V forV, V forGates, const Cells<V>& by)
{
    return {hn::MulAdd(forV, by.v, y.v), hn::MulAdd(forGates, by.m, y.m), hn::MulAdd(forGates, by.h, y.h),
        hn::MulAdd(forGates, by.n, y.n)};
}

/// Input of one step: at its beginning, middle and end.
template <class V>
struct StepInput {
    V start, middle, end;
};

template <Integrator integrator, class D, class V = hn::Vec<D>>
HWY_INLINE Cells<V> stepped(
    D d, const RateTables<Element<D>>& tables, const Constants<D>& c, const Cells<V>& y, const StepInput<V>& input)
{
    const V dtPerC = c[fieldDtPerC], dtPhi = c[fieldDtPhi];
    const Change<V> first = changeOf(d, tables, c, y, input.start);
    if constexpr (integrator == Integrator::forwardEuler) {
        return moved(y, dtPerC, dtPhi, first.slope);
    } else if constexpr (integrator == Integrator::exponentialEuler) {
        const auto approached = [&](V x, V dt, V slope, V decay) {
            return hn::MulAdd(hn::Mul(dt, slope), gain(d, tables, hn::Mul(dt, decay)), x);
        };
        const auto& [slope, decay] = first;
        return {approached(y.v, dtPerC, slope.v, decay.v), approached(y.m, dtPhi, slope.m, decay.m),
            approached(y.h, dtPhi, slope.h, decay.h), approached(y.n, dtPhi, slope.n, decay.n)};
    } else {
        const auto part = [&](double fraction, V x) {
            return hn::Mul(hn::Set(d, static_cast<Element<D>>(fraction)), x);
        };
        const V one = hn::Set(d, Element<D>(1)), two = hn::Set(d, Element<D>(2));
        const V halfV = part(0.5, dtPerC), halfGates = part(0.5, dtPhi);
        const Cells<V> b = changeOf(d, tables, c, moved(y, halfV, halfGates, first.slope), input.middle).slope;
        const Cells<V> e = changeOf(d, tables, c, moved(y, halfV, halfGates, b), input.middle).slope;
        const Cells<V> f = changeOf(d, tables, c, moved(y, dtPerC, dtPhi, e), input.end).slope;
        const Cells<V> sum = moved(moved(moved(first.slope, two, two, b), two, two, e), one, one, f);
        return moved(y, part(1.0 / 6, dtPerC), part(1.0 / 6, dtPhi), sum);
    }
}

template <class D, class V = hn::Vec<D>>
HWY_NOINLINE void recordSpikes(D d, const Advance<Element<D>>& work, int lane, int step, V before, V after)
{
    using T = Element<D>;
    HWY_ALIGN T from[lanesOf<D>], to[lanesOf<D>];
    hn::Store(before, d, from);
    hn::Store(after, d, to);
    for (int i = 0; i < lanesOf<D> && lane + i < work.cells; ++i) {
        const T threshold = work.tile->value[fieldThreshold][lane + i];
        if (from[i] < threshold && to[i] >= threshold)
            work.spikes.add(lane + i, step, static_cast<double>((threshold - from[i]) / (to[i] - from[i])));
    }
}

/// All steps of `vectors` neighbouring vectors from `lane` on; several keep the processor busy while each waits for its
/// own last result.
template <Integrator integrator, int vectors, class D>
HWY_INLINE void advanceVectors(D d, const RateTables<Element<D>>& tables, const Advance<Element<D>>& work, int lane)
{
    using T = Element<D>;
    using V = hn::Vec<D>;
    constexpr int lanes = lanesOf<D>;
    constexpr bool all = integrator == Integrator::rungeKutta4;
    auto& tile = work.tile->value;
    const auto& input = work.input;
    const V shift = hn::Set(d, work.shift_mv);
    Cells<V> cells[vectors];
    for (int i = 0; i < vectors; ++i) {
        const int at = lane + i * lanes;
        cells[i] = {hn::Load(d, &tile[fieldV][at]), hn::Load(d, &tile[fieldM][at]), hn::Load(d, &tile[fieldH][at]),
            hn::Load(d, &tile[fieldN][at])};
    }
    for (int k = 0; k < work.steps; ++k) {
        HWY_FENCE; // constants are read from memory where they are used: kept in registers they would push each other
                   // out
        const std::ptrdiff_t row = k * input.stepStride;
#pragma GCC unroll 8
        for (int i = 0; i < vectors; ++i) {
            const int at = lane + i * lanes;
            const auto current = [&](const T* rows) {
                return input.shared ? hn::Set(d, rows[row]) : hn::LoadU(d, rows + row + at);
            };
            const V start = current(input.start);
            const StepInput<V> step = {start, all ? current(input.middle) : start, all ? current(input.end) : start};
            const Constants<D> c = {shift, &tile[0][at]};
            const V before = cells[i].v;
            cells[i] = stepped<integrator>(d, tables, c, cells[i], step);
            const V threshold = c[fieldThreshold];
            const auto crossed = hn::And(hn::Lt(before, threshold), hn::Ge(cells[i].v, threshold));
            if (HWY_UNLIKELY(!hn::AllFalse(d, crossed)))
                recordSpikes(d, work, at, k, before, cells[i].v);
        }
    }
    for (int i = 0; i < vectors; ++i) {
        const int at = lane + i * lanes;
        hn::Store(cells[i].v, d, &tile[fieldV][at]);
        hn::Store(cells[i].m, d, &tile[fieldM][at]);
        hn::Store(cells[i].h, d, &tile[fieldH][at]);
        hn::Store(cells[i].n, d, &tile[fieldN][at]);
    }
}

template <Integrator integrator, class T>
HWY_INLINE void advanceWith(const Advance<T>& work)
{
    const auto& tables = RateTables<T>::get();
    const hn::CappedTag<T, 1> single;
    const hn::CappedTag<T, 16> d;
    if (work.cells == 1)
        return advanceVectors<integrator, 1>(single, tables, work, 0);
    constexpr int lanes = lanesOf<decltype(d)>;
    constexpr int together = 2;
    int lane = 0;
    for (; lane + (together - 1) * lanes < work.cells; lane += together * lanes)
        advanceVectors<integrator, together>(d, tables, work, lane);
    for (; lane < work.cells; lane += lanes)
        advanceVectors<integrator, 1>(d, tables, work, lane);
}

template <class T>
HWY_INLINE void advance(const Advance<T>& work)
{
    switch (work.integrator) {
    case Integrator::forwardEuler:
        return advanceWith<Integrator::forwardEuler>(work);
    case Integrator::exponentialEuler:
        return advanceWith<Integrator::exponentialEuler>(work);
    case Integrator::rungeKutta4:
        return advanceWith<Integrator::rungeKutta4>(work);
    }
}

void advanceDouble(const Advance<double>& work) { advance(work); }
void advanceFloat(const Advance<float>& work) { advance(work); }

template <class T>
HWY_INLINE void rates(std::span<const T> u_mv, std::span<Rates> out)
{
    const hn::CappedTag<T, 1> d;
    for (std::size_t i = 0; i < u_mv.size(); ++i) {
        const auto r = ratesAt(d, RateTables<T>::get(), hn::Set(d, u_mv[i]));
        const auto number = [](auto vector) { return static_cast<double>(hn::GetLane(vector)); };
        out[i] = {number(r.aM), number(r.bM), number(r.aH), number(r.bH), number(r.aN), number(r.bN)};
    }
}

void ratesDouble(std::span<const double> u_mv, std::span<Rates> out) { rates(u_mv, out); }
void ratesFloat(std::span<const float> u_mv, std::span<Rates> out) { rates(u_mv, out); }

} // namespace endospike::hh::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace endospike::hh {

HWY_EXPORT(advanceDouble);
HWY_EXPORT(advanceFloat);
HWY_EXPORT(ratesDouble);
HWY_EXPORT(ratesFloat);

void advanceTile(const Advance<double>& work) { HWY_DYNAMIC_DISPATCH(advanceDouble)(work); }
void advanceTile(const Advance<float>& work) { HWY_DYNAMIC_DISPATCH(advanceFloat)(work); }
void fastRates(std::span<const double> u_mv, std::span<Rates> out) { HWY_DYNAMIC_DISPATCH(ratesDouble)(u_mv, out); }
void fastRates(std::span<const float> u_mv, std::span<Rates> out) { HWY_DYNAMIC_DISPATCH(ratesFloat)(u_mv, out); }

} // namespace endospike::hh
#endif
