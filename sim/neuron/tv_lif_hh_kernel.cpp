// Compiled once for each instruction set; the best one of the machine is chosen when the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/neuron/tv_lif_hh_kernel.cpp"
#include "sim/neuron/highway_targets.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "sim/neuron/hodgkin_huxley_rates-inl.h"
#include "sim/neuron/tv_lif_hh_kernel.h"

HWY_BEFORE_NAMESPACE();
namespace endospike::tv_lif_hh::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace rates = endospike::hh::HWY_NAMESPACE;

template <class D>
using Element = hn::TFromD<D>;
template <class D>
using Tables = hh::RateTables<Element<D>>;
template <class D>
inline constexpr int lanesOf = static_cast<int>(hn::MaxLanes(D()));

/// The state of a vector of cells, or its change over one step.
template <class V>
struct Units {
    V u1, u2, u3, f, u4, m, h, n;
};

/// What is constant in time, of a vector of cells.
template <class D>
struct Constants {
    const Element<D>* first; ///< where the tile's arrays hold these cells

    HWY_INLINE hn::Vec<D> operator[](Field field) const { return hn::Load(D(), first + field * tileCells); }
};

/// Change of every variable over one step with old values on the right, but for the share `newF` of the synaptic sum's
/// own change that the soma unit sees already.
template <bool exponential, class D, class V = hn::Vec<D>>
HWY_INLINE Units<V> change(D d, const Tables<D>& tables, const Constants<D>& c, const Units<V>& y, V input, V newF)
{
    const auto r = rates::ratesAt(d, tables, hn::Add(y.f, y.u4));
    const V dtPerC = c[fieldDtPerC], dtPhi = c[fieldDtPhi];
    const auto relaxed = [&](V slope, V s) {
        if constexpr (exponential)
            return hn::Mul(slope, rates::gain(d, tables, s));
        else
            return slope;
    };
    const auto gate = [&](V a, V b, V x) {
        const V sum = hn::Add(a, b);
        return relaxed(hn::Mul(dtPhi, hn::NegMulAdd(sum, x, a)), hn::Mul(dtPhi, sum));
    };
    const V n2 = hn::Mul(y.n, y.n);
    const V g1 = hn::Mul(hn::Mul(c[fieldGNa], y.h), hn::Mul(hn::Mul(y.m, y.m), y.m));
    const V g2 = hn::Mul(c[fieldGK], hn::Mul(n2, n2));
    const V g3 = c[fieldGL];
    const V gs = hn::Add(hn::Add(g1, g2), g3), drive = hn::Div(input, gs);

    const V channel = relaxed(dtPerC, dtPerC);
    const auto unit = [&](V u, V e) { return hn::Mul(channel, hn::Sub(drive, hn::Sub(u, e))); };
    const V d1 = unit(y.u1, c[fieldENa]), d2 = unit(y.u2, c[fieldEK]), d3 = unit(y.u3, c[fieldEL]);
    const V dF = hn::MulAdd(g1, d1, hn::MulAdd(g2, d2, hn::Mul(g3, d3)));
    const V pull = hn::MulAdd(g1, y.u1, hn::MulAdd(g2, y.u2, hn::Mul(g3, y.u3)));
    const V heard = hn::Add(y.u4, hn::MulAdd(newF, dF, y.f));
    const V soma = relaxed(hn::Mul(dtPerC, hn::NegMulAdd(gs, heard, pull)), hn::Mul(dtPerC, gs));
    return {d1, d2, d3, dF, soma, gate(r.aM, r.bM, y.m), gate(r.aH, r.bH, y.h), gate(r.aN, r.bN, y.n)};
}

template <class V>
HWY_INLINE Units<V> moved(const Units<V>& y, V by, const Units<V>& d)
{
    return {hn::MulAdd(by, d.u1, y.u1), hn::MulAdd(by, d.u2, y.u2), hn::MulAdd(by, d.u3, y.u3),
        hn::MulAdd(by, d.f, y.f), hn::MulAdd(by, d.u4, y.u4), hn::MulAdd(by, d.m, y.m), hn::MulAdd(by, d.h, y.h),
        hn::MulAdd(by, d.n, y.n)};
}

/// Input of one step: at its beginning, middle and end.
template <class V>
struct StepInput {
    V start, middle, end;
};

template <Integrator integrator, class D, class V = hn::Vec<D>>
HWY_INLINE Units<V> stepped(
    D d, const Tables<D>& tables, const Constants<D>& c, const Units<V>& y, const StepInput<V>& input)
{
    const auto number = [&](double x) { return hn::Set(d, static_cast<Element<D>>(x)); };
    if constexpr (integrator != Integrator::rungeKutta4) {
        constexpr bool exponential = integrator == Integrator::exponentialEuler;
        return moved(y, number(1), change<exponential>(d, tables, c, y, input.start, c[fieldNewF]));
    } else {
        const V none = hn::Zero(d), half = number(0.5), one = number(1), two = number(2);
        const Units<V> a = change<false>(d, tables, c, y, input.start, none);
        const Units<V> b = change<false>(d, tables, c, moved(y, half, a), input.middle, none);
        const Units<V> e = change<false>(d, tables, c, moved(y, half, b), input.middle, none);
        const Units<V> f = change<false>(d, tables, c, moved(y, one, e), input.end, none);
        return moved(y, number(1.0 / 6), moved(moved(moved(a, two, b), two, e), one, f));
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

/// All steps of one vector of cells.
template <Integrator integrator, class D>
HWY_INLINE void advanceVector(D d, const Tables<D>& tables, const Advance<Element<D>>& work, int lane)
{
    using T = Element<D>;
    using V = hn::Vec<D>;
    constexpr bool all = integrator == Integrator::rungeKutta4;
    auto& tile = work.tile->value;
    const auto& input = work.input;
    const Constants<D> c = {&tile[0][lane]};
    Units<V> y = {c[fieldU1], c[fieldU2], c[fieldU3], c[fieldF], c[fieldU4], c[fieldM], c[fieldH], c[fieldN]};
    for (int k = 0; k < work.steps; ++k) {
        HWY_FENCE; // constants are read from memory where they are used, so that the state can stay in registers
        const auto current = [&](const T* rows) {
            const T* at = rows + k * input.stepStride;
            return input.shared ? hn::Set(d, *at) : hn::LoadU(d, at + lane);
        };
        const V start = current(input.start);
        const StepInput<V> step = {start, all ? current(input.middle) : start, all ? current(input.end) : start};
        const V before = hn::Add(y.f, y.u4);
        y = stepped<integrator>(d, tables, c, y, step);
        const V after = hn::Add(y.f, y.u4), threshold = c[fieldThreshold];
        const auto crossed = hn::And(hn::Lt(before, threshold), hn::Ge(after, threshold));
        if (HWY_UNLIKELY(!hn::AllFalse(d, crossed)))
            recordSpikes(d, work, lane, k, before, after);
    }
    const V state[] = {y.u1, y.u2, y.u3, y.f, y.u4, y.m, y.h, y.n};
    for (int variable = 0; variable < 8; ++variable)
        hn::Store(state[variable], d, &tile[variable][lane]);
}

template <Integrator integrator, class T>
HWY_INLINE void advanceWith(const Advance<T>& work)
{
    const auto& tables = hh::RateTables<T>::get();
    const hn::CappedTag<T, 1> single;
    const hn::CappedTag<T, 16> d;
    if (work.cells == 1)
        return advanceVector<integrator>(single, tables, work, 0);
    for (int lane = 0; lane < work.cells; lane += lanesOf<decltype(d)>)
        advanceVector<integrator>(d, tables, work, lane);
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

} // namespace endospike::tv_lif_hh::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace endospike::tv_lif_hh {

HWY_EXPORT(advanceDouble);
HWY_EXPORT(advanceFloat);

void advanceTile(const Advance<double>& work) { HWY_DYNAMIC_DISPATCH(advanceDouble)(work); }
void advanceTile(const Advance<float>& work) { HWY_DYNAMIC_DISPATCH(advanceFloat)(work); }

} // namespace endospike::tv_lif_hh
#endif
