// Compiled once for each instruction set; the best one of the machine is chosen when the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/neuron/hodgkin_huxley_kernel.cpp"
#include "sim/neuron/highway_targets.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/hodgkin_huxley_kernel.h"
#include "sim/neuron/hodgkin_huxley_rates-inl.h"

HWY_BEFORE_NAMESPACE();
namespace endospike::hh::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The state of a vector of cells, or its rate of change without the factors dt / C and dt phi.
template <class V>
struct Cells {
    V v, m, h, n;
};

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
