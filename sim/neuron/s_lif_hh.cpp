#include "sim/neuron/s_lif_hh.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace s_lif_hh {

bool Unit::step(const std::array<double, 3>& x, double dt_ms, std::array<double, 4>* beforeReset)
{
    for (int i = 0; i < 3; ++i)
        u[i] += (x[i] - (1 - decay) * u[i]) * dt_ms;
    u[3] += (u[0] + u[1] + u[2] - (1 - decay) * u[3]) * dt_ms;
    if (beforeReset)
        *beforeReset = u;
    const bool fires = std::ranges::all_of(u, [this](double each) { return each > threshold; });
    if (fires)
        u.fill(reset);
    return fires;
}

namespace {

constexpr Parameter table[] = {
    {"step_ms", "Own step", "Δt<sub>s</sub>", "ms", 1, 1e-4, 100, 0.1, 5,
        "Time between two updates of the unit, rounded to whole simulation steps; the input is averaged over it.",
        ParameterKind::real, {}, true},
    {"decay", "Decay", "", "", 0.9, 0, 1, 0.5, 1, "What is left of each potential after 1 ms without input."},
    {"threshold_mv", "Threshold", "u<sub>th</sub>", "mV", 70, 0, 1e4, 10, 200,
        "The unit fires when all four potentials are above it in the same step."},
    {"reset_mv", "Reset potential", "u<sub>r</sub>", "mV", 0, -200, 200, -50, 50,
        "Value of all four potentials after a spike."},
    {"gain", "Input gain", "", "mV/(µA/cm²·ms)", 1, -1e3, 1e3, 0, 5, "Factor on the input current; 1 as published."},
};
static_assert(std::size(table) == rows);

constexpr Channel channels[] = {
    {"v_mv", "Fourth unit", "u<sub>4</sub>", "mV", ChannelGroup::voltage},
    {"u1_mv", "First unit", "u<sub>1</sub>", "mV", ChannelGroup::internal},
    {"u2_mv", "Second unit", "u<sub>2</sub>", "mV", ChannelGroup::internal},
    {"u3_mv", "Third unit", "u<sub>3</sub>", "mV", ChannelGroup::internal},
};

constexpr std::string_view stateVariables[] = {"u1_mv", "u2_mv", "u3_mv", "u4_mv", "input_sum", "steps_summed"};

struct Cell {
    Unit unit;
    double gain = 1;
    int stepsOfUpdate = 1;
    double inputSum = 0; ///< of the steps since the last update
    int stepsSummed = 0;
};

class SLifPopulation final : public Population {
public:
    SLifPopulation(int cells, double dt_ms)
        : m_dt_ms(dt_ms)
        , m_cells(static_cast<std::size_t>(cells))
    {
        const ParameterValues defaults{ParameterTable(table)};
        for (int cell = 0; cell < cells; ++cell)
            setParameters(cell, defaults);
    }

    int size() const override { return static_cast<int>(m_cells.size()); }

    void setParameters(int cell, const ParameterValues& values) override
    {
        Cell& c = m_cells[cell];
        c.unit.decay = values[s_lif_hh::decay];
        c.unit.threshold = values[s_lif_hh::threshold];
        c.unit.reset = values[s_lif_hh::reset];
        c.gain = values[s_lif_hh::gain];
        c.stepsOfUpdate = static_cast<int>(std::clamp(std::round(values[s_lif_hh::step] / m_dt_ms), 1.0, 1e9));
    }

    void reset() override
    {
        for (Cell& c : m_cells) {
            c.unit.u = {};
            c.inputSum = 0;
            c.stepsSummed = 0;
        }
    }

    void copyState(int cell, std::span<double> out) const override
    {
        const Cell& c = m_cells[cell];
        std::ranges::copy(c.unit.u, out.begin());
        out[4] = c.inputSum;
        out[5] = c.stepsSummed;
    }

    void setState(int cell, std::span<const double> state) override
    {
        Cell& c = m_cells[cell];
        std::ranges::copy(state.first(4), c.unit.u.begin());
        c.inputSum = state[4];
        c.stepsSummed = static_cast<int>(state[5]);
    }

    void advance(int steps, const InputBlock& input, std::vector<SpikeEvent>& spikes) override
    {
        for (int cell = 0; cell < size(); ++cell) {
            Cell& c = m_cells[cell];
            const double* current = input.start + cell * input.cellStride;
            for (int k = 0; k < steps; ++k) {
                c.inputSum += current[k * input.stepStride];
                if (++c.stepsSummed >= c.stepsOfUpdate && update(c))
                    spikes.push_back({cell, k, 1});
            }
        }
    }

    std::optional<NonFinite> nonFinite() const override
    {
        for (int cell = 0; cell < size(); ++cell) {
            for (int part = 0; part < 4; ++part)
                if (!std::isfinite(m_cells[cell].unit.u[part]))
                    return NonFinite{cell, part};
            if (!std::isfinite(m_cells[cell].inputSum))
                return NonFinite{cell, 4};
        }
        return std::nullopt;
    }

    void sample(std::span<double> out) const override
    {
        constexpr int order[] = {3, 0, 1, 2};
        for (int cell = 0; cell < size(); ++cell)
            for (int channel = 0; channel < 4; ++channel)
                out[channel * size() + cell] = m_cells[cell].unit.u[order[channel]];
    }

    void voltages(std::span<double> out) const override
    {
        for (int cell = 0; cell < size(); ++cell)
            out[cell] = m_cells[cell].unit.u[3];
    }

private:
    bool update(Cell& c) const
    {
        const double x = c.gain * c.inputSum / c.stepsSummed;
        const bool fires = c.unit.step({x, x, x}, c.stepsSummed * m_dt_ms);
        c.inputSum = 0;
        c.stepsSummed = 0;
        return fires;
    }

    double m_dt_ms;
    std::vector<Cell> m_cells;
};

std::vector<ReferenceLine> referenceLines(const ParameterValues& values)
{
    return {{"threshold", values[s_lif_hh::threshold]}, {"reset", values[s_lif_hh::reset]}};
}

std::unique_ptr<Population> create(int cells, Integrator, Precision, double dt_ms)
{
    return std::make_unique<SLifPopulation>(cells, dt_ms);
}

} // namespace
} // namespace s_lif_hh

const NeuronModel& sLifHhModel()
{
    static const NeuronModel model = {"s_lif2hh", "Simplified four-LIF unit", "s-LIF2HH",
        "Four plain leaky integrators, three in parallel in front of a fourth, that fire and reset only all together: "
        "the microstructure with its time-varying membranes frozen. It advances once a millisecond.",
        "L. He et al., Nature Computational Science 4, 584-599 (2024), doi:10.1038/s43588-024-00674-9", Hue::purple,
        OperationCount{14, 15}, s_lif_hh::table, s_lif_hh::channels, s_lif_hh::stateVariables, {-20, 400},
        s_lif_hh::referenceLines, s_lif_hh::create};
    return model;
}

} // namespace endospike
