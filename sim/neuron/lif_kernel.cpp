#include "sim/neuron/lif_kernel.h"

#include <cmath>

namespace endospike::lif {
namespace {

/// Current within one step, as a parabola through its three values; a constant for the Euler methods.
template <class T>
struct StepCurrent {
    T start, middle, end;

    T at(T fraction) const
    {
        const T slope = end - start, bend = 2 * (start - 2 * middle + end);
        return start + fraction * (slope + (fraction - 1) * bend);
    }
};

template <class T>
struct Cell {
    T rest, r, tau, threshold, reset, refractory;
};

/// Voltage after `h_ms`, from the fraction `from` to `to` of the step.
template <class T>
T integrated(const Cell<T>& c, Integrator integrator, T v, T h_ms, const StepCurrent<T>& current, T from, T to)
{
    const auto slope = [&](T at, T fraction) { return (c.rest - at + c.r * current.at(fraction)) / c.tau; };
    if (integrator == Integrator::forwardEuler)
        return v + h_ms * slope(v, 0);
    if (integrator == Integrator::exponentialEuler)
        return v - std::expm1(-h_ms / c.tau) * (c.rest + c.r * current.start - v);
    const T middle = (from + to) / 2;
    const T k1 = slope(v, from), k2 = slope(v + h_ms / 2 * k1, middle), k3 = slope(v + h_ms / 2 * k2, middle),
            k4 = slope(v + h_ms * k3, to);
    return v + h_ms / 6 * (k1 + 2 * (k2 + k3) + k4);
}

/// Time from a voltage below the threshold to the threshold: exact where the voltage is (exponential Euler), else by
/// linear interpolation.
template <class T>
T crossing_ms(const Cell<T>& c, Integrator integrator, T before, T after, T h_ms, T current)
{
    const T linear = h_ms * ((c.threshold - before) / (after - before));
    if (integrator != Integrator::exponentialEuler)
        return linear;
    const T exact = -c.tau * std::log1p((before - c.threshold) / (c.rest + c.r * current - before));
    return exact >= 0 && exact <= h_ms ? exact : linear;
}

template <class T>
struct State {
    T v, left_ms;
};

/// One step of one cell. Returns the time of its spike within the step, or a negative number.
template <class T>
T step(const Cell<T>& c, Integrator integrator, T dt_ms, const StepCurrent<T>& current, State<T>& s)
{
    if (s.left_ms >= dt_ms) {
        s.left_ms -= dt_ms;
        return -1;
    }
    const T waited_ms = s.left_ms;
    s.left_ms = 0;
    const T before = s.v, h_ms = dt_ms - waited_ms;
    T after_ms = 0; // from the end of the wait to the spike
    if (before < c.threshold) {
        s.v = integrated(c, integrator, before, h_ms, current, waited_ms / dt_ms, T(1));
        if (!(s.v >= c.threshold))
            return -1;
        after_ms = crossing_ms(c, integrator, before, s.v, h_ms, current.start);
    }
    s.v = c.reset;
    s.left_ms = c.refractory;
    const T rest_ms = h_ms - after_ms;
    if (s.left_ms >= rest_ms) {
        s.left_ms -= rest_ms;
    } else {
        const T resumed = 1 - (rest_ms - s.left_ms) / dt_ms;
        // a voltage that gets to the threshold again waits there for the next step
        if (s.v < c.threshold)
            s.v = integrated(c, integrator, s.v, rest_ms - s.left_ms, current, resumed, T(1));
        s.left_ms = 0;
    }
    return waited_ms + after_ms;
}

template <class T>
void advanceCell(const Advance<T>& work, int cell)
{
    auto& f = work.tile->value;
    const Cell<T> c = {f[fieldRest][cell], f[fieldR][cell], f[fieldTau][cell], f[fieldThreshold][cell],
        f[fieldReset][cell], f[fieldRefractory][cell]};
    State<T> s = {f[fieldV][cell], f[fieldLeft][cell]};
    for (int k = 0; k < work.steps; ++k) {
        const std::ptrdiff_t at = k * work.input.stepStride + (work.input.shared ? 0 : cell);
        StepCurrent<T> current = {work.input.start[at], work.input.start[at], work.input.start[at]};
        if (work.integrator == Integrator::rungeKutta4)
            current = {work.input.start[at], work.input.middle[at], work.input.end[at]};
        const T spike_ms = step(c, work.integrator, work.dt_ms, current, s);
        if (spike_ms >= 0)
            work.spikes.add(cell, k, static_cast<double>(spike_ms / work.dt_ms));
    }
    f[fieldV][cell] = s.v;
    f[fieldLeft][cell] = s.left_ms;
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

} // namespace endospike::lif
