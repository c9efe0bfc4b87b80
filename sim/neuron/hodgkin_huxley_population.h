// Storage and bookkeeping of a population of Hodgkin-Huxley cells; the arithmetic is in hodgkin_huxley_kernel.
#pragma once

#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/hodgkin_huxley_kernel.h"
#include "sim/neuron/input_rows.h"

#include <cmath>

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
class HodgkinHuxleyPopulation final : public Population {
public:
    HodgkinHuxleyPopulation(
        int cells, Integrator integrator, double dt_ms, double shift_mv, const ParameterValues& defaults)
        : m_cells(cells)
        , m_integrator(integrator)
        , m_dt_ms(dt_ms)
        , m_shift_mv(shift_mv)
        , m_tiles((static_cast<std::size_t>(cells) + hh::tileCells - 1) / hh::tileCells)
        , m_initial(static_cast<std::size_t>(cells))
    {
        const hh::State initial = hh::initialState(defaults);
        for (std::size_t i = 0; i < m_tiles.size() * hh::tileCells; ++i) {
            setConstants(i, defaults);
            put(i, initial); // the lanes that pad the last tile stay at rest
        }
        m_initial.assign(m_initial.size(), initial);
    }

    int size() const override { return m_cells; }

    void setParameters(int cell, const ParameterValues& values) override
    {
        setConstants(static_cast<std::size_t>(cell), values);
        m_initial[cell] = hh::initialState(values);
    }

    void reset() override
    {
        for (std::size_t i = 0; i < m_initial.size(); ++i)
            put(i, m_initial[i]);
    }

    void copyState(int cell, std::span<double> out) const override
    {
        for (std::size_t variable = 0; variable < 4; ++variable)
            out[variable] = static_cast<double>(at(cell, variable));
    }

    void setState(int cell, std::span<const double> state) override
    {
        put(static_cast<std::size_t>(cell), {state[0], state[1], state[2], state[3]});
    }

    void advance(int steps, const InputBlock& input, std::vector<SpikeEvent>& spikes) override
    {
        for (std::size_t t = 0; t < m_tiles.size(); ++t) {
            const int first = static_cast<int>(t) * hh::tileCells;
            const int cells = std::min(m_cells - first, hh::tileCells);
            for (int done = 0; done < steps;) {
                const int count =
                    m_rows.load(input, done, steps, first, cells, m_integrator == Integrator::rungeKutta4);
                hh::Advance<T> work = {&m_tiles[t], cells, count, m_integrator, static_cast<T>(m_shift_mv),
                    m_rows.view(), {&spikes, first, done}};
                hh::advanceTile(work);
                done += count;
            }
        }
    }

    std::optional<NonFinite> nonFinite() const override
    {
        for (int cell = 0; cell < m_cells; ++cell)
            for (int variable = 0; variable < 4; ++variable)
                if (!std::isfinite(at(cell, variable)))
                    return NonFinite{cell, variable};
        return std::nullopt;
    }

    void sample(std::span<double> out) const override
    {
        for (int cell = 0; cell < m_cells; ++cell) {
            const auto get = [&](hh::Field field) { return static_cast<double>(at(cell, field)); };
            const double v = get(hh::fieldV), m = get(hh::fieldM), h = get(hh::fieldH), n = get(hh::fieldN);
            const double gNa = get(hh::fieldGNa) * m * m * m * h, gK = get(hh::fieldGK) * n * n * n * n;
            const double gL = get(hh::fieldGL);
            const double values[] = {v, m, h, n, gNa * (v - get(hh::fieldENa)), gK * (v - get(hh::fieldEK)),
                gL * (v - get(hh::fieldEL)), gNa, gK, gL};
            for (std::size_t channel = 0; channel < std::size(values); ++channel)
                out[channel * m_cells + cell] = values[channel];
        }
    }

    void voltages(std::span<double> out) const override
    {
        for (int cell = 0; cell < m_cells; ++cell)
            out[cell] = static_cast<double>(at(cell, hh::fieldV));
    }

private:
    T& at(std::size_t cell, std::size_t field)
    {
        return m_tiles[cell / hh::tileCells].value[field][cell % hh::tileCells];
    }
    T at(std::size_t cell, std::size_t field) const
    {
        return m_tiles[cell / hh::tileCells].value[field][cell % hh::tileCells];
    }

    void put(std::size_t cell, const hh::State& state)
    {
        at(cell, hh::fieldV) = static_cast<T>(state.v_mv);
        at(cell, hh::fieldM) = static_cast<T>(state.m);
        at(cell, hh::fieldH) = static_cast<T>(state.h);
        at(cell, hh::fieldN) = static_cast<T>(state.n);
    }

    void setConstants(std::size_t cell, const ParameterValues& values)
    {
        const hh::Membrane p = hh::membraneOf(values);
        const double constants[] = {p.gNa, p.gK, p.gL, p.eNa, p.eK, p.eL, m_dt_ms / values[hh::capacitance],
            m_dt_ms * hh::temperatureFactor(values), values[hh::spikeThreshold]};
        for (std::size_t i = 0; i < std::size(constants); ++i)
            at(cell, hh::fieldGNa + i) = static_cast<T>(constants[i]);
    }

    int m_cells;
    Integrator m_integrator;
    double m_dt_ms;
    double m_shift_mv;
    std::vector<hh::Tile<T>> m_tiles;
    std::vector<hh::State> m_initial;
    InputRows<T> m_rows;
};

} // namespace endospike
