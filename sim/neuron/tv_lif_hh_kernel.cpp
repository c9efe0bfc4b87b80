#include "sim/neuron/tv_lif_hh_kernel.h"

#include "sim/neuron/hodgkin_huxley.h"

#include <cmath>

namespace endospike::tv_lif_hh {
namespace {

template <class T>
struct Cell {
    T gNa, gK, gL, eNa, eK, eL, dtPerC, dtPhi, newF;
};

template <class T>
struct Units {
    T u1, u2, u3, f, u4, m, h, n;
};

template <class T>
T gain(T s)
{
    return s == 0 ? T(1) : -std::expm1(-s) / s;
}

/// Change of every variable over one step.
template <class T>
Units<T> change(const Cell<T>& c, const Units<T>& y, T current, bool exponential, T newF)
{
    const hh::Rates r = hh::plainRates(static_cast<double>(y.f + y.u4));
    const T g1 = c.gNa * y.m * y.m * y.m * y.h, g2 = c.gK * y.n * y.n * y.n * y.n, g3 = c.gL;
    const T gs = g1 + g2 + g3, drive = current / gs;
    const T channel = c.dtPerC * (exponential ? gain(c.dtPerC) : T(1));
    const T d1 = channel * (drive - (y.u1 - c.eNa)), d2 = channel * (drive - (y.u2 - c.eK)),
            d3 = channel * (drive - (y.u3 - c.eL));
    const T dF = g1 * d1 + g2 * d2 + g3 * d3;
    const T sum = g1 * y.u1 + g2 * y.u2 + g3 * y.u3 - gs * (y.u4 + (y.f + newF * dF));
    const auto gate = [&](T a, T b, T x) {
        const T s = c.dtPhi * (a + b);
        return c.dtPhi * (a - (a + b) * x) * (exponential ? gain(s) : T(1));
    };
    return {d1, d2, d3, dF, c.dtPerC * sum * (exponential ? gain(c.dtPerC * gs) : T(1)), gate(T(r.aM), T(r.bM), y.m),
        gate(T(r.aH), T(r.bH), y.h), gate(T(r.aN), T(r.bN), y.n)};
}

template <class T>
Units<T> moved(const Units<T>& y, T by, const Units<T>& d)
{
    return {y.u1 + by * d.u1, y.u2 + by * d.u2, y.u3 + by * d.u3, y.f + by * d.f, y.u4 + by * d.u4, y.m + by * d.m,
        y.h + by * d.h, y.n + by * d.n};
}

template <class T>
Units<T> stepped(const Cell<T>& c, const Units<T>& y, const Advance<T>& work, std::ptrdiff_t at)
{
    if (work.integrator != Integrator::rungeKutta4)
        return moved(
            y, T(1), change(c, y, work.input.start[at], work.integrator == Integrator::exponentialEuler, c.newF));
    const Units<T> a = change(c, y, work.input.start[at], false, T(0));
    const Units<T> b = change(c, moved(y, T(0.5), a), work.input.middle[at], false, T(0));
    const Units<T> d = change(c, moved(y, T(0.5), b), work.input.middle[at], false, T(0));
    const Units<T> e = change(c, moved(y, T(1), d), work.input.end[at], false, T(0));
    return moved(moved(moved(moved(y, T(1) / 6, a), T(1) / 3, b), T(1) / 3, d), T(1) / 6, e);
}

template <class T>
void advanceCell(const Advance<T>& work, int cell)
{
    auto& f = work.tile->value;
    const Cell<T> c = {f[fieldGNa][cell], f[fieldGK][cell], f[fieldGL][cell], f[fieldENa][cell], f[fieldEK][cell],
        f[fieldEL][cell], f[fieldDtPerC][cell], f[fieldDtPhi][cell], f[fieldNewF][cell]};
    const T threshold = f[fieldThreshold][cell];
    Units<T> y = {f[fieldU1][cell], f[fieldU2][cell], f[fieldU3][cell], f[fieldF][cell], f[fieldU4][cell],
        f[fieldM][cell], f[fieldH][cell], f[fieldN][cell]};
    for (int k = 0; k < work.steps; ++k) {
        const T before = y.f + y.u4;
        y = stepped(c, y, work, k * work.input.stepStride + (work.input.shared ? 0 : cell));
        const T after = y.f + y.u4;
        if (before < threshold && after >= threshold)
            work.spikes.add(cell, k, static_cast<double>((threshold - before) / (after - before)));
    }
    const T state[] = {y.u1, y.u2, y.u3, y.f, y.u4, y.m, y.h, y.n};
    for (int variable = 0; variable < 8; ++variable)
        f[variable][cell] = state[variable];
}

} // namespace

void advanceTile(const Advance<float>& work)
{
    for (int cell = 0; cell < work.cells; ++cell)
        advanceCell(work, cell);
}

void advanceTile(const Advance<double>& work)
{
    for (int cell = 0; cell < work.cells; ++cell)
        advanceCell(work, cell);
}

} // namespace endospike::tv_lif_hh
