// A population of Hodgkin-Huxley cells; the arithmetic is in hodgkin_huxley_kernel.
#pragma once

#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/hodgkin_huxley_kernel.h"
#include "sim/neuron/tiled_population.h"

namespace endospike {
namespace hh {

/// Conductances with their blocked part taken off, and reversal potentials.
struct Membrane {
    double gNa, gK, gL, eNa, eK, eL;
};
Membrane membraneOf(const ParameterValues& values);
State initialState(const ParameterValues& values);

} // namespace hh

template <class T>
class HodgkinHuxleyPopulation final : public TiledPopulation<T, hh::Tile<T>, 4> {
    using Base = TiledPopulation<T, hh::Tile<T>, 4>;
    using Base::at;

public:
    HodgkinHuxleyPopulation(
        int cells, Integrator integrator, double dt_ms, double shift_mv, const ParameterValues& defaults)
        : Base(cells, integrator, dt_ms)
        , m_shift_mv(shift_mv)
    {
        Base::fill(defaults);
    }

    void sample(std::span<double> out) const override
    {
        const int count = Base::size();
        for (int cell = 0; cell < count; ++cell) {
            const auto get = [&](hh::Field field) { return static_cast<double>(at(cell, field)); };
            const double v = get(hh::fieldV), m = get(hh::fieldM), h = get(hh::fieldH), n = get(hh::fieldN);
            const double gNa = get(hh::fieldGNa) * m * m * m * h, gK = get(hh::fieldGK) * n * n * n * n;
            const double gL = get(hh::fieldGL);
            const double values[] = {v, m, h, n, gNa * (v - get(hh::fieldENa)), gK * (v - get(hh::fieldEK)),
                gL * (v - get(hh::fieldEL)), gNa, gK, gL};
            for (std::size_t channel = 0; channel < std::size(values); ++channel)
                out[channel * count + cell] = values[channel];
        }
    }

    void voltages(std::span<double> out) const override
    {
        for (int cell = 0; cell < Base::size(); ++cell)
            out[cell] = static_cast<double>(at(cell, hh::fieldV));
    }

private:
    typename Base::State initialOf(const ParameterValues& values) const override
    {
        const hh::State s = hh::initialState(values);
        return {s.v_mv, s.m, s.h, s.n};
    }

    typename Base::Constants constantsOf(const ParameterValues& values) const override
    {
        const hh::Membrane p = hh::membraneOf(values);
        return {p.gNa, p.gK, p.gL, p.eNa, p.eK, p.eL, Base::m_dt_ms / values[hh::capacitance],
            Base::m_dt_ms * hh::temperatureFactor(values), values[hh::spikeThreshold]};
    }

    void advanceTile(
        hh::Tile<T>& tile, int cells, int steps, const InputView<T>& input, const SpikeSink& spikes) const override
    {
        hh::advanceTile(
            hh::Advance<T>{&tile, cells, steps, Base::m_integrator, static_cast<T>(m_shift_mv), input, spikes});
    }

    double m_shift_mv;
};

} // namespace endospike
