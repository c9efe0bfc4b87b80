#include "sim/neuron/hodgkin_huxley_kernel.h"

#include "sim/neuron/hodgkin_huxley.h"

#include <cmath>

namespace endospike::hh {
namespace {

template <class T>
struct Cell {
    T gNa, gK, gL, eNa, eK, eL, dtPerC, dtPhi, shift;
};

template <class T>
struct Slope {
    T v, m, h, n; // change over one step
};

template <class T>
T gain(T s)
{
    return s == 0 ? T(1) : -std::expm1(-s) / s;
}

template <class T>
Slope<T> slope(const Cell<T>& c, const Slope<T>& y, T current, bool exponential)
{
    const Rates r = plainRates(static_cast<double>(y.v - c.shift));
    const T gNa = c.gNa * y.m * y.m * y.m * y.h, gK = c.gK * y.n * y.n * y.n * y.n;
    const auto gate = [&](T a, T b, T x) {
        const T s = c.dtPhi * (a + b);
        return c.dtPhi * (a - (a + b) * x) * (exponential ? gain(s) : T(1));
    };
    const T sum = current - gNa * (y.v - c.eNa) - gK * (y.v - c.eK) - c.gL * (y.v - c.eL);
    const T s = c.dtPerC * (gNa + gK + c.gL);
    return {c.dtPerC * sum * (exponential ? gain(s) : T(1)), gate(T(r.aM), T(r.bM), y.m), gate(T(r.aH), T(r.bH), y.h),
        gate(T(r.aN), T(r.bN), y.n)};
}

template <class T>
Slope<T> moved(const Slope<T>& y, T by, const Slope<T>& d)
{
    return {y.v + by * d.v, y.m + by * d.m, y.h + by * d.h, y.n + by * d.n};
}

template <class T>
void advanceCell(const Advance<T>& work, int cell)
{
    auto& f = work.tile->value;
    const Cell<T> c = {f[fieldGNa][cell], f[fieldGK][cell], f[fieldGL][cell], f[fieldENa][cell], f[fieldEK][cell],
        f[fieldEL][cell], f[fieldDtPerC][cell], f[fieldDtPhi][cell], work.shift_mv};
    const T threshold = f[fieldThreshold][cell];
    Slope<T> y = {f[fieldV][cell], f[fieldM][cell], f[fieldH][cell], f[fieldN][cell]};
    for (int k = 0; k < work.steps; ++k) {
        const std::ptrdiff_t at = k * work.input.stepStride + (work.input.shared ? 0 : cell);
        const T before = y.v;
        if (work.integrator == Integrator::rungeKutta4) {
            const Slope<T> a = slope(c, y, work.input.start[at], false);
            const Slope<T> b = slope(c, moved(y, T(0.5), a), work.input.middle[at], false);
            const Slope<T> d = slope(c, moved(y, T(0.5), b), work.input.middle[at], false);
            const Slope<T> e = slope(c, moved(y, T(1), d), work.input.end[at], false);
            y = moved(moved(moved(y, T(1) / 6, a), T(1) / 3, b), T(1) / 3, d);
            y = moved(y, T(1) / 6, e);
        } else {
            const bool exponential = work.integrator == Integrator::exponentialEuler;
            y = moved(y, T(1), slope(c, y, work.input.start[at], exponential));
        }
        if (before < threshold && y.v >= threshold)
            work.spikes.add(cell, k, static_cast<double>((threshold - before) / (y.v - before)));
    }
    f[fieldV][cell] = y.v;
    f[fieldM][cell] = y.m;
    f[fieldH][cell] = y.h;
    f[fieldN][cell] = y.n;
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

} // namespace endospike::hh
