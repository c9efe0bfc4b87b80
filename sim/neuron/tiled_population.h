// Storage and bookkeeping of a population whose cells stand in tiles, as the kernels want them. A tile holds one array
// for each number of a cell: first the state variables, in the order of NeuronModel::stateVariables, then what is
// constant in time.
#pragma once

#include "sim/neuron/input_rows.h"

#include <array>
#include <cmath>

namespace endospike {

template <class T, class Tile, int variables>
class TiledPopulation : public Population {
public:
    int size() const override { return m_cells; }

    void setParameters(int cell, const ParameterValues& values) override
    {
        putConstants(static_cast<std::size_t>(cell), constantsOf(values));
        m_initial[static_cast<std::size_t>(cell)] = initialOf(values);
    }

    void reset() override
    {
        for (std::size_t i = 0; i < m_initial.size(); ++i)
            putState(i, m_initial[i]);
    }

    void copyState(int cell, std::span<double> out) const override
    {
        for (std::size_t variable = 0; variable < variables; ++variable)
            out[variable] = static_cast<double>(at(cell, variable));
    }

    void setState(int cell, std::span<const double> state) override { putState(static_cast<std::size_t>(cell), state); }

    void advance(int steps, const InputBlock& input, std::vector<SpikeEvent>& spikes) override
    {
        for (std::size_t t = 0; t < m_tiles.size(); ++t) {
            const int first = static_cast<int>(t) * tileCells;
            const int cells = std::min(m_cells - first, tileCells);
            for (int done = 0; done < steps;) {
                const int count =
                    m_rows.load(input, done, steps, first, cells, m_integrator == Integrator::rungeKutta4);
                advanceTile(m_tiles[t], cells, count, m_rows.view(), {&spikes, first, done});
                done += count;
            }
        }
    }

    std::optional<NonFinite> nonFinite() const override
    {
        for (int cell = 0; cell < m_cells; ++cell)
            for (int variable = 0; variable < variables; ++variable)
                if (!std::isfinite(at(cell, variable)))
                    return NonFinite{cell, variable};
        return std::nullopt;
    }

protected:
    static constexpr int tileCells = std::extent_v<decltype(Tile::value), 1>;
    static constexpr std::size_t constants = std::extent_v<decltype(Tile::value)> - variables;
    using State = std::array<double, variables>;
    using Constants = std::array<double, constants>;

    TiledPopulation(int cells, Integrator integrator, double dt_ms)
        : m_integrator(integrator)
        , m_dt_ms(dt_ms)
        , m_cells(cells)
        , m_tiles((static_cast<std::size_t>(cells) + tileCells - 1) / tileCells)
    {
    }

    /// Every cell, and the lanes that pad the last tile, to the initial state of these parameters.
    void fill(const ParameterValues& values)
    {
        const Constants constant = constantsOf(values);
        const State state = initialOf(values);
        m_initial.assign(static_cast<std::size_t>(m_cells), state);
        for (std::size_t i = 0; i < m_tiles.size() * tileCells; ++i) {
            putConstants(i, constant);
            putState(i, state);
        }
    }

    virtual State initialOf(const ParameterValues& values) const = 0;
    virtual Constants constantsOf(const ParameterValues& values) const = 0;
    virtual void advanceTile(
        Tile& tile, int cells, int steps, const InputView<T>& input, const SpikeSink& spikes) const = 0;

    T& at(std::size_t cell, std::size_t field) { return m_tiles[cell / tileCells].value[field][cell % tileCells]; }
    T at(std::size_t cell, std::size_t field) const { return m_tiles[cell / tileCells].value[field][cell % tileCells]; }

    const Integrator m_integrator;
    const double m_dt_ms;

private:
    void putState(std::size_t cell, std::span<const double> state)
    {
        for (std::size_t variable = 0; variable < variables; ++variable)
            at(cell, variable) = static_cast<T>(state[variable]);
    }

    void putConstants(std::size_t cell, const Constants& constant)
    {
        for (std::size_t i = 0; i < constants; ++i)
            at(cell, variables + i) = static_cast<T>(constant[i]);
    }

    int m_cells;
    std::vector<Tile> m_tiles;
    std::vector<State> m_initial;
    InputRows<T> m_rows;
};

} // namespace endospike
