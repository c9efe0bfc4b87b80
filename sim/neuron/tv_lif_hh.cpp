#include "sim/neuron/tv_lif_hh.h"

#include "sim/neuron/hodgkin_huxley_population.h"
#include "sim/neuron/tv_lif_hh_kernel.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace endospike {
namespace tv_lif_hh {
namespace {

constexpr Choice orders[] = {
    {"old_values", "Old values (exact)",
        "Every right-hand side sees the values before the step: V follows the HH cell to rounding."},
    {"published", "New F in the soma unit (published)",
        "The soma unit sees the synaptic sum after the step, as in the published scripts: up to about 0.5 mV off at "
        "the upstroke."},
};

constexpr Parameter orderRow = as(ParameterRole::updateOrder,
    {"update_order", "Order of update", "", "", 0, 0, 1, 0, 1,
        "Which synaptic sum the soma unit sees in a step of the two Euler rules; Runge-Kutta 4 has no order.",
        ParameterKind::choice, orders});

std::array<Parameter, updateOrder + 1> makeTable()
{
    std::array<Parameter, updateOrder + 1> rows;
    std::ranges::copy(hodgkinHuxleyModel().parameters, rows.begin());
    rows[updateOrder] = orderRow;
    return rows;
}

ParameterTable table()
{
    static const std::array<Parameter, updateOrder + 1> rows = makeTable();
    return rows;
}

constexpr Channel unitChannels[] = {
    {"u1_mv", "Sodium unit", "u<sub>1</sub>", "mV", ChannelGroup::internal, Hue::vermilion},
    {"u2_mv", "Potassium unit", "u<sub>2</sub>", "mV", ChannelGroup::internal, Hue::green},
    {"u3_mv", "Leak unit", "u<sub>3</sub>", "mV", ChannelGroup::internal},
    {"f_mv", "Synaptic sum", "F", "mV", ChannelGroup::internal, Hue::neutral},
    {"u4_mv", "Soma unit", "u<sub>4</sub>", "mV", ChannelGroup::internal, Hue::blue},
};

std::span<const Channel> channels()
{
    static const std::vector<Channel> all = [] {
        const auto shared = hodgkinHuxleyModel().channels;
        std::vector<Channel> list(shared.begin(), shared.end());
        list.insert(list.end(), std::begin(unitChannels), std::end(unitChannels));
        return list;
    }();
    return all;
}

constexpr std::string_view stateVariables[] = {"u1_mv", "u2_mv", "u3_mv", "f_mv", "u4_mv", "m", "h", "n"};
static_assert(std::size(stateVariables) == variables);

template <class T>
class TvLifPopulation final : public TiledPopulation<T, Tile<T>, variables> {
    using Base = TiledPopulation<T, Tile<T>, variables>;
    using Base::at;

public:
    TvLifPopulation(int cells, Integrator integrator, double dt_ms, const ParameterValues& defaults)
        : Base(cells, integrator, dt_ms)
    {
        Base::fill(defaults);
    }

    void sample(std::span<double> out) const override
    {
        const int count = Base::size();
        for (int cell = 0; cell < count; ++cell) {
            const auto get = [&](Field field) { return static_cast<double>(at(cell, field)); };
            // The sum in the cell's own precision: what its gates and its threshold see.
            const double v = static_cast<double>(at(cell, fieldF) + at(cell, fieldU4));
            const double m = get(fieldM), h = get(fieldH), n = get(fieldN);
            const double gNa = get(fieldGNa) * m * m * m * h, gK = get(fieldGK) * n * n * n * n, gL = get(fieldGL);
            const double values[] = {v, m, h, n, gNa * (v - get(fieldENa)), gK * (v - get(fieldEK)),
                gL * (v - get(fieldEL)), gNa, gK, gL, get(fieldU1), get(fieldU2), get(fieldU3), get(fieldF),
                get(fieldU4)};
            for (std::size_t channel = 0; channel < std::size(values); ++channel)
                out[channel * count + cell] = values[channel];
        }
    }

    void voltages(std::span<double> out) const override
    {
        for (int cell = 0; cell < Base::size(); ++cell)
            out[cell] = static_cast<double>(at(cell, fieldF) + at(cell, fieldU4));
    }

private:
    typename Base::State initialOf(const ParameterValues& values) const override
    {
        const hh::State s = hh::initialState(values);
        return {0, 0, 0, 0, s.v_mv, s.m, s.h, s.n};
    }

    typename Base::Constants constantsOf(const ParameterValues& values) const override
    {
        const hh::Membrane p = hh::membraneOf(values);
        return {p.gNa, p.gK, p.gL, p.eNa, p.eK, p.eL, Base::m_dt_ms / values[hh::capacitance],
            Base::m_dt_ms * hh::temperatureFactor(values), values[updateOrder], values[hh::spikeThreshold]};
    }

    void advanceTile(
        Tile<T>& tile, int cells, int steps, const InputView<T>& input, const SpikeSink& spikes) const override
    {
        tv_lif_hh::advanceTile(Advance<T>{&tile, cells, steps, Base::m_integrator, input, spikes});
    }
};

std::unique_ptr<Population> create(int cells, Integrator integrator, Precision precision, double dt_ms)
{
    const ParameterValues defaults(table());
    if (precision == Precision::float32)
        return std::make_unique<TvLifPopulation<float>>(cells, integrator, dt_ms, defaults);
    return std::make_unique<TvLifPopulation<double>>(cells, integrator, dt_ms, defaults);
}

} // namespace
} // namespace tv_lif_hh

const NeuronModel& tvLifHhModel()
{
    static const NeuronModel model = {"tv_lif2hh", "Hodgkin-Huxley as four time-varying LIF units", "tv-LIF2HH",
        "Three channel units, one synapse and one soma unit, each a leaky integrator whose membrane changes in time; "
        "together they are exactly one Hodgkin-Huxley cell.",
        "L. He et al., Nature Computational Science 4, 584-599 (2024), doi:10.1038/s43588-024-00674-9", Hue::green,
        std::nullopt, tv_lif_hh::table(), tv_lif_hh::channels(), tv_lif_hh::stateVariables, {-90, 50},
        hodgkinHuxleyModel().referenceLines, tv_lif_hh::create};
    return model;
}

} // namespace endospike
