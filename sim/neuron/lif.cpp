#include "sim/neuron/lif.h"

#include "sim/neuron/lif_kernel.h"
#include "sim/neuron/tiled_population.h"

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
    as(ParameterRole::initialState,
        {"v0_mv", "Initial voltage", "V<sub>0</sub>", "mV", -65, -200, 200, -90, -40,
            "Membrane potential at the beginning of a run; at or above the threshold the cell fires at once."}),
};
static_assert(std::size(table) == rows);

constexpr Channel channels[] = {
    {"v_mv", "Membrane potential", "V", "mV", ChannelGroup::voltage},
    {"i_l_ua_per_cm2", "Leak current", "I<sub>L</sub>", "µA/cm²", ChannelGroup::current},
};

constexpr std::string_view stateVariables[] = {"v_mv", "refractory_left_ms"};

template <class T>
class LifPopulation final : public TiledPopulation<T, Tile<T>, 2> {
    using Base = TiledPopulation<T, Tile<T>, 2>;
    using Base::at;

public:
    LifPopulation(int cells, Integrator integrator, double dt_ms, const ParameterValues& defaults)
        : Base(cells, integrator, dt_ms)
    {
        Base::fill(defaults);
    }

    void sample(std::span<double> out) const override
    {
        const int count = Base::size();
        for (int cell = 0; cell < count; ++cell) {
            const double v = static_cast<double>(at(cell, fieldV));
            out[cell] = v;
            out[count + cell] = (v - static_cast<double>(at(cell, fieldRest))) / static_cast<double>(at(cell, fieldR));
        }
    }

    void voltages(std::span<double> out) const override
    {
        for (int cell = 0; cell < Base::size(); ++cell)
            out[cell] = static_cast<double>(at(cell, fieldV));
    }

private:
    typename Base::State initialOf(const ParameterValues& values) const override { return {values[v0], 0}; }

    typename Base::Constants constantsOf(const ParameterValues& values) const override
    {
        const double x = Base::m_dt_ms / values[tau];
        // The part of the way to the steady voltage that one step covers
        const double part = Base::m_integrator == Integrator::exponentialEuler ? -std::expm1(-x) : x;
        return {values[rest], values[resistance], values[tau], values[threshold], values[lif::reset],
            values[refractory], part};
    }

    void advanceTile(
        Tile<T>& tile, int cells, int steps, const InputView<T>& input, const SpikeSink& spikes) const override
    {
        lif::advanceTile(
            Advance<T>{&tile, cells, steps, Base::m_integrator, static_cast<T>(Base::m_dt_ms), input, spikes});
    }
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
        Hue::blue, OperationCount{3, 3}, lif::table, lif::channels, lif::stateVariables, {-90, 50}, lif::referenceLines,
        lif::create};
    return model;
}

} // namespace endospike
