#include "sim/neuron/lif.h"

#include "sim/neuron/lif_kernel.h"

#include <cmath>

namespace endospike {
namespace lif {
namespace {

constexpr Parameter table[] = {
    {"tau_ms", "Membrane time constant", "τ", "ms", 10, 0.01, 1000, 1, 50,
        "How long the cell remembers: after a change the voltage covers 63 % of the way in this time.",
        ParameterKind::real, {}, true},
    {"resistance_kohm_cm2", "Membrane resistance", "R", "kΩ·cm²", 1.5, 0.001, 1000, 0.1, 10,
        "Voltage gained per current: at rest plus R times the current the voltage would settle.", ParameterKind::real,
        {}, true},
    {"rest_mv", "Resting potential", "E", "mV", -65, -200, 200, -90, -40,
        "Voltage to which the cell leaks when no current flows."},
    {"threshold_mv", "Threshold", "V<sub>th</sub>", "mV", -55, -200, 200, -65, -30,
        "The cell fires when its voltage gets here."},
    {"reset_mv", "Reset potential", "V<sub>r</sub>", "mV", -65, -200, 200, -90, -40,
        "Voltage after a spike; a reset at or above the threshold fires again as soon as the refractory period ends."},
    {"refractory_ms", "Refractory period", "t<sub>ref</sub>", "ms", 3, 0, 1000, 0, 20,
        "Time after a spike in which the voltage is held at reset and no current counts."},
    {"v0_mv", "Initial voltage", "V<sub>0</sub>", "mV", -65, -200, 200, -90, -40,
        "Membrane potential at the beginning of a run; at or above the threshold the cell fires at once."},
};
static_assert(std::size(table) == rows);

constexpr Channel channels[] = {
    {"v_mv", "Membrane potential", "V", "mV", ChannelGroup::voltage},
    {"i_l_ua_per_cm2", "Leak current", "I<sub>L</sub>", "µA/cm²", ChannelGroup::current},
};

constexpr std::string_view stateVariables[] = {"v_mv", "refractory_left_ms"};

template <class T>
class LifPopulation final : public Population {
public:
    LifPopulation(int cells, Integrator integrator, double dt_ms, const ParameterValues& defaults)
        : m_cells(cells)
        , m_integrator(integrator)
        , m_dt_ms(dt_ms)
        , m_tiles((static_cast<std::size_t>(cells) + tileCells - 1) / tileCells)
        , m_initial_mv(static_cast<std::size_t>(cells), defaults[v0])
    {
        for (std::size_t i = 0; i < m_tiles.size() * tileCells; ++i) {
            setConstants(i, defaults);
            at(i, fieldV) = static_cast<T>(defaults[v0]);
            at(i, fieldLeft) = 0;
        }
    }

    int size() const override { return m_cells; }

    void setParameters(int cell, const ParameterValues& values) override
    {
        setConstants(static_cast<std::size_t>(cell), values);
        m_initial_mv[cell] = values[v0];
    }

    void reset() override
    {
        for (int cell = 0; cell < m_cells; ++cell) {
            at(cell, fieldV) = static_cast<T>(m_initial_mv[cell]);
            at(cell, fieldLeft) = 0;
        }
    }

    void copyState(int cell, std::span<double> out) const override
    {
        out[0] = static_cast<double>(at(cell, fieldV));
        out[1] = static_cast<double>(at(cell, fieldLeft));
    }

    void setState(int cell, std::span<const double> state) override
    {
        at(cell, fieldV) = static_cast<T>(state[0]);
        at(cell, fieldLeft) = static_cast<T>(state[1]);
    }

    void advance(int steps, const InputBlock& input, std::vector<SpikeEvent>& spikes) override
    {
        const bool all = m_integrator == Integrator::rungeKutta4;
        for (std::size_t t = 0; t < m_tiles.size(); ++t) {
            const int first = static_cast<int>(t) * tileCells;
            const int cells = std::min(m_cells - first, tileCells);
            for (int done = 0; done < steps;) {
                const int count = m_rows.load(input, done, steps, first, cells, all);
                advanceTile(Advance<T>{&m_tiles[t], cells, count, m_integrator, static_cast<T>(m_dt_ms), m_rows.view(),
                    {&spikes, first, done}});
                done += count;
            }
        }
    }

    std::optional<NonFinite> nonFinite() const override
    {
        for (int cell = 0; cell < m_cells; ++cell)
            for (const Field field : {fieldV, fieldLeft})
                if (!std::isfinite(at(cell, field)))
                    return NonFinite{cell, field};
        return std::nullopt;
    }

    void sample(std::span<double> out) const override
    {
        for (int cell = 0; cell < m_cells; ++cell) {
            const double v = static_cast<double>(at(cell, fieldV));
            out[cell] = v;
            out[m_cells + cell] =
                (v - static_cast<double>(at(cell, fieldRest))) / static_cast<double>(at(cell, fieldR));
        }
    }

    void voltages(std::span<double> out) const override
    {
        for (int cell = 0; cell < m_cells; ++cell)
            out[cell] = static_cast<double>(at(cell, fieldV));
    }

private:
    T& at(std::size_t cell, std::size_t field) { return m_tiles[cell / tileCells].value[field][cell % tileCells]; }
    T at(std::size_t cell, std::size_t field) const { return m_tiles[cell / tileCells].value[field][cell % tileCells]; }

    void setConstants(std::size_t cell, const ParameterValues& values)
    {
        const double x = m_dt_ms / values[tau];
        // The part of the way to the steady voltage that one step covers
        const double part = m_integrator == Integrator::exponentialEuler ? -std::expm1(-x) : x;
        const double constants[] = {values[rest], values[resistance], values[tau], values[threshold],
            values[lif::reset], values[refractory], part};
        for (std::size_t i = 0; i < std::size(constants); ++i)
            at(cell, fieldRest + i) = static_cast<T>(constants[i]);
    }

    int m_cells;
    Integrator m_integrator;
    double m_dt_ms;
    std::vector<Tile<T>> m_tiles;
    std::vector<double> m_initial_mv;
    InputRows<T> m_rows;
};

std::vector<ReferenceLine> referenceLines(const ParameterValues& values)
{
    return {{"rest", values[rest]}, {"threshold", values[threshold]}, {"reset", values[lif::reset]}};
}

std::unique_ptr<Population> create(int cells, Integrator integrator, Precision precision, double dt_ms)
{
    const ParameterValues defaults{ParameterTable(table)};
    if (precision == Precision::float32)
        return std::make_unique<LifPopulation<float>>(cells, integrator, dt_ms, defaults);
    return std::make_unique<LifPopulation<double>>(cells, integrator, dt_ms, defaults);
}

} // namespace
} // namespace lif

const NeuronModel& lifModel()
{
    static const NeuronModel model = {"lif", "Leaky integrate-and-fire", "LIF",
        "A leaky capacitor with a threshold: it adds up current, leaks, and is reset when it fires. "
        "The defaults fire at about the rate of the Hodgkin-Huxley axon.",
        "L. Lapicque, J. Physiol. Pathol. Gen. 9, 620-635 (1907), translated in Biol. Cybern. 97, 341-349 (2007), "
        "doi:10.1007/s00422-007-0189-6",
        lif::table, lif::channels, lif::stateVariables, {-90, 50}, lif::referenceLines, lif::create};
    return model;
}

} // namespace endospike
