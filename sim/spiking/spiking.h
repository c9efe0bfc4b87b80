// Neurons whose input x is constant over the T steps of a presentation: mean output and its gradient.
//
// With one constant current the mean output is a function of one number, so for LIF, frozen HH and binary units the
// gradient that back-propagation through time would give is carried along with the state (forward mode). s-LIF2HH
// units have three currents and a learned map, and go back through time.
//
// The code is a template of the scalar and of the spike function, so that tests can run it in double precision with a
// spike whose true derivative is the surrogate. Loops over `lanes` neighbouring neurons have a fixed length and no
// branches: the compiler makes vectors of them.
#pragma once

#include "sim/spiking/frozen_rates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

namespace endospike::spiking {

inline constexpr int lanes = 32;

/// The published spike: 1 above the threshold; its gradient is taken as 1 within `width` of it.
template <class T>
struct Threshold {
    T threshold, width;
    T value(T u) const { return u > threshold ? T(1) : T(0); }
    T slope(T u) const { return std::abs(u - threshold) < width ? T(1) : T(0); }
    /// Under a constant current x a LIF neuron spikes either in every step or never, and never comes within `width` of
    /// the threshold: far above it at once, or below zero, where every step takes it further down.
    bool settled(T x) const { return (x - threshold >= width) | ((x <= 0) & (x - threshold <= -width)); }
};

template <class T>
using Lanes = std::array<T, lanes>;

/// Calls block(at, length) for neighbouring neurons, `lanes` or fewer at a time.
template <class Block>
void forBlocks(int count, const Block& block)
{
    for (int at = 0; at < count; at += lanes)
        block(at, std::min(lanes, count - at));
}

template <class T>
Lanes<T> loaded(const T* from, int count)
{
    Lanes<T> x{};
    if (count == lanes) // a length that the compiler knows: a few vector loads, no call
        std::copy_n(from, lanes, x.data());
    else
        std::copy_n(from, count, x.data());
    return x;
}

/// u[t] = decay u[t-1] (1 - s[t-1]) + x from u = 0; output = mean s, slope = d output / dx.
template <class T, class Spike>
void lif(const T* x, int count, int steps, T decay, const Spike& spike, T* output, T* slope)
{
    const T share = T(1) / static_cast<T>(steps);
    forBlocks(count, [&](int at, int length) {
        const Lanes<T> in = loaded(x + at, length);
        int open = 0;
        for (int i = 0; i < lanes; ++i)
            open |= spike.settled(in[i]) ? 0 : 1;
        if (!open) { // most blocks of a network as published
            for (int i = 0; i < length; ++i) {
                output[at + i] = spike.value(in[i]);
                slope[at + i] = 0;
            }
            return;
        }
        Lanes<T> u{}, s{}, du{}, ds{}, sum{}, dsum{};
        for (int t = 0; t < steps; ++t)
            for (int i = 0; i < lanes; ++i) {
                du[i] = decay * ((1 - s[i]) * du[i] - u[i] * ds[i]) + 1;
                u[i] = u[i] * decay * (1 - s[i]) + in[i];
                s[i] = spike.value(u[i]);
                ds[i] = spike.slope(u[i]) * du[i];
                sum[i] += s[i];
                dsum[i] += ds[i];
            }
        for (int i = 0; i < length; ++i) {
            output[at + i] = sum[i] / static_cast<T>(steps);
            slope[at + i] = dsum[i] * share;
        }
    });
}

/// output = spike(max(x, 0)).
template <class T, class Spike>
void binary(const T* x, int count, const Spike& spike, T* output, T* slope)
{
    for (int i = 0; i < count; ++i) {
        const T r = std::max(x[i], T(0));
        output[i] = spike.value(r);
        slope[i] = x[i] > 0 ? spike.slope(r) : T(0);
    }
}

/// Without reset and with conductances that do not depend on V, V[t] = gain[t] x + offset[t]; see FrozenHh.
/// `gain` and `offset` [steps] rows of `stride`, of the neurons of x.
template <class T, class Spike>
void linear(const T* x, int count, int steps, const T* gain, const T* offset, std::ptrdiff_t stride, const Spike& spike,
    T* output, T* slope)
{
    const T share = T(1) / static_cast<T>(steps);
    forBlocks(count, [&](int at, int length) {
        const Lanes<T> in = loaded(x + at, length);
        Lanes<T> sum{}, dsum{};
        const auto add = [&](const T* g, const T* o) {
            for (int i = 0; i < lanes; ++i) {
                const T v = g[i] * in[i] + o[i];
                sum[i] += spike.value(v);
                dsum[i] += spike.slope(v) * g[i];
            }
        };
        for (const T *g = gain + at, *o = offset + at, *end = g + steps * stride; g != end; g += stride, o += stride)
            if (length == lanes)
                add(g, o);
            else
                add(loaded(g, length).data(), loaded(o, length).data());
        for (int i = 0; i < length; ++i) {
            output[at + i] = sum[i] / static_cast<T>(steps);
            slope[at + i] = dsum[i] * share;
        }
    });
}

/// Conductances mS/cm^2 and reversal potentials mV, rest at 0; 1 uF/cm^2.
struct FrozenMembrane {
    double gNa = 120, gK = 36, gL = 0.3;
    double eNa = 115, eK = -12, eL = 10.6;
};

/// Published HH: V' = V + dt (x - gNa m^3 h (V - ENa) - gK n^4 (V - EK) - gL (V - EL)) with the gates of the step
/// before, then gates by forward Euler with constant rates; all start at 0. Writes V[t] = gain[t] x + offset[t] for
/// t < steps, at distances of `stride`.
template <class T>
void frozenHh(const FrozenRates& rates, const FrozenMembrane& membrane, double dt_ms, int steps, T* gain, T* offset,
    std::ptrdiff_t stride)
{
    double m = 0, h = 0, n = 0, g = 0, o = 0;
    for (int t = 0; t < steps; ++t) {
        const double gNa = membrane.gNa * m * m * m * h, gK = membrane.gK * n * n * n * n;
        const double factor = 1 - dt_ms * (gNa + gK + membrane.gL);
        g = factor * g + dt_ms;
        o = factor * o + dt_ms * (gNa * membrane.eNa + gK * membrane.eK + membrane.gL * membrane.eL);
        gain[t * stride] = static_cast<T>(g);
        offset[t * stride] = static_cast<T>(o);
        m += dt_ms * (rates.aM * (1 - m) - rates.bM * m);
        h += dt_ms * (rates.aH * (1 - h) - rates.bH * h);
        n += dt_ms * (rates.aN * (1 - n) - rates.bN * n);
    }
}

/// s-LIF2HH: parts 1..3 hear one current each, part 4 hears bias + sum_k weight_k u_k[t-1] (0 before the first step).
/// Each is a LIF neuron with its own spike and reset.
template <class T>
struct Map {
    std::array<T, 3> weight;
    T bias;
};
inline constexpr int parts = 4;

/// Potentials of the four parts of `lanes` units.
template <class T>
using Potentials = std::array<Lanes<T>, parts>;

template <class T>
using Currents = std::array<const T*, 3>;

/// What the four parts do in one step; `u` from the step before to this one.
template <class T, class Spike>
void stepUnits(const std::array<Lanes<T>, 3>& x, T decay, const Map<T>& map, const Spike& spike, Potentials<T>& u)
{
    Lanes<T> heard;
    for (int i = 0; i < lanes; ++i)
        heard[i] = map.bias + map.weight[0] * u[0][i] + map.weight[1] * u[1][i] + map.weight[2] * u[2][i];
    for (int k = 0; k < parts; ++k) {
        const Lanes<T>& in = k < 3 ? x[k] : heard;
        for (int i = 0; i < lanes; ++i)
            u[k][i] = u[k][i] * decay * (1 - spike.value(u[k][i])) + in[i];
    }
}

template <class T>
std::array<Lanes<T>, 3> loadedCurrents(const Currents<T>& x, int at, int length)
{
    return {loaded(x[0] + at, length), loaded(x[1] + at, length), loaded(x[2] + at, length)};
}

/// output [count][4].
template <class T, class Spike>
void sLifHh(const Currents<T>& x, int count, int steps, T decay, const Map<T>& map, const Spike& spike, T* output)
{
    forBlocks(count, [&](int at, int length) {
        const auto in = loadedCurrents(x, at, length);
        Potentials<T> u{}, sum{};
        for (int t = 0; t < steps; ++t) {
            stepUnits(in, decay, map, spike, u);
            for (int k = 0; k < parts; ++k)
                for (int i = 0; i < lanes; ++i)
                    sum[k][i] += spike.value(u[k][i]);
        }
        for (int i = 0; i < length; ++i)
            for (int k = 0; k < parts; ++k)
                output[(at + i) * parts + k] = sum[k][i] / static_cast<T>(steps);
    });
}

/// One step back. `to` is the gradient of the potentials: of the step after this one before, of this one afterwards.
/// `given` is that of every spike; weightSum gathers what the map's weights get.
template <class T, class Spike>
void stepBack(const Potentials<T>& u, const Potentials<T>& given, T decay, const Map<T>& map, const Spike& spike,
    Potentials<T>& to, std::array<Lanes<T>, 3>& weightSum)
{
    const Lanes<T> heard = to[3];
    for (int k = 0; k < parts; ++k)
        for (int i = 0; i < lanes; ++i) {
            const T later = to[k][i] * decay;
            to[k][i] = spike.slope(u[k][i]) * (given[k][i] - later * u[k][i]) + later * (1 - spike.value(u[k][i]));
        }
    for (int k = 0; k < 3; ++k)
        for (int i = 0; i < lanes; ++i) {
            weightSum[k][i] += heard[i] * u[k][i];
            to[k][i] += map.weight[k] * heard[i];
        }
}

/// The way back: from outputGradient [count][4] to the gradient of the three currents, and of the map (weights, then
/// bias), which is added to `mapGradient`. `toCurrents` may be the memory of the currents. `trace` is memory to use.
template <class T, class Spike>
void sLifHhBack(const Currents<T>& x, int count, int steps, T decay, const Map<T>& map, const Spike& spike,
    std::vector<Potentials<T>>& trace, const T* outputGradient, const std::array<T*, 3>& toCurrents,
    std::array<double, 4>& mapGradient)
{
    trace.resize(static_cast<std::size_t>(steps));
    forBlocks(count, [&](int at, int length) {
        const auto in = loadedCurrents(x, at, length);
        Potentials<T> u{}, given{}, to{}, sum{};
        std::array<Lanes<T>, 3> weightSum{};
        for (auto& now : trace) {
            stepUnits(in, decay, map, spike, u);
            now = u;
        }
        for (int i = 0; i < length; ++i)
            for (int k = 0; k < parts; ++k)
                given[k][i] = outputGradient[(at + i) * parts + k] / static_cast<T>(steps);
        for (int t = steps - 1; t >= 0; --t) {
            stepBack(trace[t], given, decay, map, spike, to, weightSum);
            for (int k = 0; k < parts; ++k)
                for (int i = 0; i < lanes; ++i)
                    sum[k][i] += to[k][i];
        }
        for (int i = 0; i < length; ++i) {
            for (int k = 0; k < 3; ++k) {
                toCurrents[k][at + i] = sum[k][i];
                mapGradient[k] += static_cast<double>(weightSum[k][i]);
            }
            mapGradient[3] += static_cast<double>(sum[3][i]);
        }
    });
}

} // namespace endospike::spiking
