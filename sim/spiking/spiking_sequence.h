// Neurons of a convolutional layer under an input that changes from step to step: one step forward, one step of
// back-propagation through time. Written so that T may be a plain number or a vector of the compiler's, a block of
// neighbouring channels. x: currents, u: potentials after the step, s: spikes.
//
//   LIF       u[t] = decay u[t-1] (1 - s[t-1]) + x[t],  s[t] = [u[t] > threshold]
//   HH        u[t] = u[t-1] + dt (x[t] - gNa[t] (u[t-1] - 115) - gK[t] (u[t-1] + 12) - 0.3 (u[t-1] - 10.6)), no reset;
//             rates frozen, so that gNa and gK are given functions of time; the gradient leaves the ionic currents out
//             (as published: d u[t] / d u[t-1] = 1)
//   s-LIF2HH  four LIF parts; x of the fourth is b + sum_i w_i u_i[t-1], with u = 0 before the first step
//   binary    u = x, s = [max(u, 0) > threshold], one step
//
// The gradient of a spike is 1 where |u - threshold| < width, else 0: that of the ramp
// clamp(u - threshold + width, 0, 2 width), with which tests replace the spike to compare with finite differences.
#pragma once

#include "sim/spiking/frozen_rates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace endospike {

template <class RealType>
struct Heaviside {
    using Real = RealType;
    RealType threshold, width;
    template <class T>
    T operator()(T u) const
    {
        return u > threshold ? RealType(1) : RealType(0);
    }
};

template <class RealType>
struct Ramp {
    using Real = RealType;
    RealType threshold, width;
    template <class T>
    T operator()(T u) const
    {
        const T above = u - threshold + width;
        const T cut = above > 2 * width ? T{} + 2 * width : above;
        return cut > 0 ? cut : T{};
    }
};

/// 1 where |u - threshold| < width, also of several u at once.
template <class Spike, class T>
T slopeOf(const Spike& spike, T u)
{
    using Real = typename Spike::Real;
    const T above = u - spike.threshold;
    return (above < spike.width) & (-above < spike.width) ? Real(1) : Real(0);
}

template <class Spike>
struct SpikeSlope {
    typename Spike::Real operator()(const Spike& spike, typename Spike::Real u) const
    {
        return std::abs(u - spike.threshold) < spike.width ? typename Spike::Real(1) : typename Spike::Real(0);
    }
};

/// A constant current of at most `never` leaves a neuron silent, one of at least `always` makes it spike in every step,
/// and either way no potential comes where a spike has a gradient.
template <class Real>
struct SettledCurrents {
    Real never = -std::numeric_limits<Real>::infinity();
    Real always = std::numeric_limits<Real>::infinity();
};

/// What a neuron is told apart from its input in one step, besides what all neurons share.
struct NoDrive { };

/// `gNa` and `gK` of one step, mS/cm^2.
template <class Real>
struct ConductanceDrive {
    Real gNa = 0, gK = 0;
};

template <class SpikeType>
struct LifUnit {
    using Spike = SpikeType;
    using Real = typename Spike::Real;
    using Drive = NoDrive;
    using Prepared = Drive;
    static constexpr bool linear = false;
    static constexpr bool needsPotentials = true; ///< to go back, not only where a spike has a gradient
    static constexpr int currents = 1;
    static constexpr int parts = 1;
    static constexpr int shared = 0; ///< trained numbers that all neurons share, in `map`

    Spike spike;
    Real decay;

    /// From the potentials of the step before to those of this step.
    template <class T>
    void advance(Drive, const T* x, T* u) const
    {
        u[0] = leaked(u[0]) + x[0];
    }

    /// Backward through the step with potentials `u`. `g`: gradient at each part's spike. `carry`: gradient at the
    /// potentials through the steps that follow, replaced by that for the step before. Writes the gradient at the
    /// currents to `dx`.
    template <class T>
    void retreat(Drive, const T* u, const T* g, T* carry, T* dx, T*) const
    {
        dx[0] = retreatPart(u[0], g[0], carry[0]);
        carry[0] = dx[0];
    }

    Prepared prepared(Drive drive) const { return drive; }
    template <class T>
    T leaked(T u) const
    {
        return u * decay * (1 - spike(u));
    }
    template <class T>
    T spikes(T u) const
    {
        return spike(u);
    }
    Real threshold() const { return spike.threshold; }
    template <class T>
    T slope(T u) const
    {
        return slopeOf(spike, u);
    }
    /// Gradient at u, from that at its spike and that at the next step's potential.
    template <class T>
    T retreatPart(T u, T g, T next) const
    {
        return slope(u) * (g - next * decay * u) + next * decay * (1 - spike(u));
    }
};

/// Conductances of one neuron over the steps; gates start at 0 and follow forward Euler with their frozen rates.
struct FrozenGates {
    double m = 0, h = 0, n = 0;

    void step(const FrozenRates& r, double dt_ms)
    {
        n += dt_ms * (r.aN * (1 - n) - r.bN * n);
        m += dt_ms * (r.aM * (1 - m) - r.bM * m);
        h += dt_ms * (r.aH * (1 - h) - r.bH * h);
    }
};
template <class Real>
std::vector<ConductanceDrive<Real>> frozenConductances(const FrozenRates& rates, double dt_ms, int steps)
{
    std::vector<ConductanceDrive<Real>> drives;
    FrozenGates g;
    for (int t = 0; t < steps; ++t) {
        drives.push_back(
            {static_cast<Real>(120 * g.h * g.m * g.m * g.m), static_cast<Real>(36 * g.n * g.n * g.n * g.n)});
        g.step(rates, dt_ms);
    }
    return drives;
}

template <class SpikeType>
struct FrozenHhUnit {
    using Spike = SpikeType;
    using Real = typename Spike::Real;
    using Drive = ConductanceDrive<Real>;
    static constexpr bool linear = true; ///< potentials are linear in a constant current
    static constexpr bool needsPotentials = false;
    /// The step as u[t] = keep u[t-1] + push + dt x[t].
    struct Prepared {
        Real keep, push;
    };
    static constexpr int currents = 1;
    static constexpr int parts = 1;
    static constexpr int shared = 0;

    Spike spike;
    Real dt_ms;

    template <class T>
    void advance(Drive g, const T* x, T* u) const
    {
        const T v = u[0];
        const T leak = Real(0.3) * (v - Real(10.6));
        u[0] = v + dt_ms * (x[0] - g.gNa * (v - 115) - g.gK * (v + 12) - leak);
    }

    Prepared prepared(Drive g) const
    {
        return {1 - dt_ms * (g.gNa + g.gK + Real(0.3)), dt_ms * (115 * g.gNa - 12 * g.gK + Real(0.3) * Real(10.6))};
    }
    template <class T>
    void advance(Prepared step, const T* x, T* u) const
    {
        u[0] = step.keep * u[0] + (step.push + dt_ms * x[0]);
    }

    template <class T>
    void retreat(Drive, const T* u, const T* g, T* carry, T* dx, T*) const
    {
        retreatSlope(slope(u[0]), g, carry, dx);
    }
    template <class T>
    void retreatSlope(T slopeNow, const T* g, T* carry, T* dx) const
    {
        carry[0] += slopeNow * g[0];
        dx[0] = dt_ms * carry[0];
    }
    /// What a gradient of 1 at the spike of step `step` adds to the sum of those at the currents, where it passes.
    Real reach(int step) const { return dt_ms * static_cast<Real>(step + 1); }

    template <class T>
    T spikes(T u) const
    {
        return spike(u);
    }
    Real threshold() const { return spike.threshold; }
    template <class T>
    T slope(T u) const
    {
        return slopeOf(spike, u);
    }
};

/// Of units that are not spoken of below, nothing is known.
template <class Unit>
SettledCurrents<typename Unit::Real> settledCurrents(const Unit&, const typename Unit::Drive*, int)
{
    return {};
}

/// Above, every step begins at 0 after a spike; below, every step leads further down.
template <class Real>
SettledCurrents<Real> settledCurrents(const LifUnit<Heaviside<Real>>& unit, const NoDrive*, int)
{
    return {std::min(unit.spike.threshold - unit.spike.width, Real(0)), unit.spike.threshold + unit.spike.width};
}

/// Without reset the potential is linear in a constant current, u[t] = gain[t] x + offset[t].
template <class Real>
struct LinearStep {
    Real gain = 0, offset = 0;
};
template <class Spike>
std::vector<LinearStep<double>> linearSteps(
    const FrozenHhUnit<Spike>& unit, const ConductanceDrive<typename Spike::Real>* drives, int steps)
{
    const auto dt = static_cast<double>(unit.dt_ms);
    std::vector<LinearStep<double>> all;
    LinearStep<double> now;
    for (int t = 0; t < steps; ++t) {
        const auto gNa = static_cast<double>(drives[t].gNa), gK = static_cast<double>(drives[t].gK);
        const double left = 1 - dt * (gNa + gK + 0.3);
        now = {left * now.gain + dt, left * now.offset + dt * (115 * gNa - 12 * gK + 0.3 * 10.6)};
        all.push_back(now);
    }
    return all;
}

template <class Real>
SettledCurrents<Real> settledCurrents(
    const FrozenHhUnit<Heaviside<Real>>& unit, const ConductanceDrive<Real>* drives, int steps)
{
    const auto threshold = static_cast<double>(unit.spike.threshold), width = static_cast<double>(unit.spike.width);
    double never = 1e30, always = -1e30;
    for (const auto& [gain, offset] : linearSteps(unit, drives, steps)) {
        if (gain <= 0)
            return {};
        never = std::min(never, (threshold - width - offset) / gain);
        always = std::max(always, (threshold + width - offset) / gain);
    }
    constexpr double margin = 1e-3; // for rounding
    return {static_cast<Real>(never - margin * (1 + std::abs(never))),
        static_cast<Real>(always + margin * (1 + std::abs(always)))};
}

template <class SpikeType>
struct FourLifUnit {
    using Spike = SpikeType;
    using Real = typename Spike::Real;
    using Drive = NoDrive;
    using Prepared = Drive;
    static constexpr bool linear = false;
    static constexpr bool needsPotentials = true; ///< to go back, not only where a spike has a gradient
    static constexpr int currents = 3;
    static constexpr int parts = 4;
    static constexpr int shared = 4; ///< the three weights of the map, then its bias

    LifUnit<Spike> lif;
    Real map[4] = {}; ///< trained

    template <class T>
    void advance(Drive, const T* x, T* u) const
    {
        const T fourth = map[0] * u[0] + map[1] * u[1] + map[2] * u[2] + map[3];
        for (int i = 0; i < 3; ++i)
            u[i] = lif.leaked(u[i]) + x[i];
        u[3] = lif.leaked(u[3]) + fourth;
    }

    /// Adds the gradient of the map to `sharedGradient`.
    template <class T>
    void retreat(Drive, const T* u, const T* g, T* carry, T* dx, T* sharedGradient) const
    {
        const T nextFourth = carry[3];
        carry[3] = lif.retreatPart(u[3], g[3], nextFourth);
        for (int i = 0; i < 3; ++i) {
            dx[i] = lif.retreatPart(u[i], g[i], carry[i]) + map[i] * nextFourth;
            carry[i] = dx[i];
            sharedGradient[i] += nextFourth * u[i];
        }
        sharedGradient[3] += carry[3];
    }

    Prepared prepared(Drive drive) const { return drive; }
    template <class T>
    T spikes(T u) const
    {
        return lif.spike(u);
    }
    Real threshold() const { return lif.spike.threshold; }
    template <class T>
    T slope(T u) const
    {
        return lif.slope(u);
    }
};

template <class SpikeType>
struct BinaryUnit {
    using Spike = SpikeType;
    using Real = typename Spike::Real;
    using Drive = NoDrive;
    using Prepared = Drive;
    static constexpr bool linear = false;
    static constexpr bool needsPotentials = true; ///< to go back, not only where a spike has a gradient
    static constexpr int currents = 1;
    static constexpr int parts = 1;
    static constexpr int shared = 0;

    Spike spike;

    template <class T>
    void advance(Drive, const T* x, T* u) const
    {
        u[0] = x[0] > 0 ? x[0] : T{};
    }

    template <class T>
    void retreat(Drive, const T* u, const T* g, T* carry, T* dx, T*) const
    {
        dx[0] = slope(u[0]) * g[0];
        carry[0] = T{};
    }

    Prepared prepared(Drive drive) const { return drive; }
    template <class T>
    T spikes(T u) const
    {
        return spike(u);
    }
    Real threshold() const { return spike.threshold; }
    /// Where u = max(x, 0) is 0 the gradient ends.
    template <class T>
    T slope(T u) const
    {
        return (u > 0) & (slopeOf(spike, u) > 0) ? Real(1) : Real(0);
    }
};

} // namespace endospike
