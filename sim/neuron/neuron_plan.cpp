#include "sim/neuron/neuron_plan.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

constexpr Choice integrators[] = {
    {"forward_euler", "Forward Euler",
        "First order; the plainest rule, and the one in which four time-varying LIF units equal an HH neuron step by "
        "step."},
    {"exponential_euler", "Exponential Euler (Rush-Larsen)",
        "First order; exact for each variable while the others stand still, hence stable at larger steps."},
    {"runge_kutta_4", "Runge-Kutta 4",
        "Fourth order; the most accurate of the three at small steps, four evaluations a step."},
};

constexpr Choice precisions[] = {
    {"float64", "Double (64 bit)", "About 16 digits."},
    {"float32", "Single (32 bit)", "About 7 digits; twice as many cells at once."},
};

constexpr Parameter simulationRows[] = {
    {"integrator", "Integrator", "", "", 1, 0, 2, 0, 2, "Rule by which the equations are stepped in time.",
        ParameterKind::choice, integrators},
    {"precision", "Precision", "", "", 0, 0, 1, 0, 1, "Width of the numbers that the cells compute with.",
        ParameterKind::choice, precisions},
    {"dt_ms", "Time step", "Δt", "ms", 0.01, 1e-4, 1, 1e-3, 0.1,
        "Length of one step; halve it to see whether a result depends on it.", ParameterKind::real, {}, true},
    {"record_interval_ms", "Record every", "", "ms", 0.05, 1e-4, 100, 0.01, 1,
        "Time between recorded samples, rounded to whole steps. Spikes are detected at every step.",
        ParameterKind::real, {}, true},
    {"endless", "Endless", "", "", 0, 0, 1, 0, 1,
        "A live run goes on until it is stopped; runs to an end and exports still use the duration.",
        ParameterKind::flag},
    {"duration_ms", "Duration", "T", "ms", 200, 1e-2, 1e7, 10, 10000, "Simulated time of a run.", ParameterKind::real,
        {}, true},
};
static_assert(std::size(simulationRows) == simulation::duration_ms + 1);

} // namespace

ParameterTable simulationTable() { return simulationRows; }

Cell::Cell(const NeuronModel& model_)
    : name(model_.shortName)
    , model(&model_)
    , parameters(model_.parameters)
{
}

NeuronPlan::NeuronPlan()
    : simulation(simulationTable())
{
}

Integrator NeuronPlan::integrator() const
{
    return static_cast<Integrator>(static_cast<int>(simulation[simulation::integrator]));
}
Precision NeuronPlan::precision() const
{
    return static_cast<Precision>(static_cast<int>(simulation[simulation::precision]));
}

int NeuronPlan::stepsPerSample() const
{
    return static_cast<int>(std::clamp(std::round(simulation[simulation::record_interval_ms] / dt_ms()), 1.0, 1e6));
}

std::string NeuronPlan::freeCellName(std::string_view base) const
{
    std::string name(base);
    for (int n = 2; std::ranges::find(cells, name, &Cell::name) != cells.end(); ++n)
        name = std::string(base) + " " + std::to_string(n);
    return name;
}

int NeuronPlan::freeCellId() const
{
    int id = 1;
    for (const Cell& cell : cells)
        id = std::max(id, cell.id + 1);
    return id;
}

Cell& NeuronPlan::addCell(const NeuronModel& model)
{
    const int id = freeCellId();
    Cell& cell = cells.emplace_back(model);
    cell.id = id;
    return cell;
}

const Cell* NeuronPlan::findCell(int id) const
{
    const auto cell = std::ranges::find(cells, id, &Cell::id);
    return cell == cells.end() ? nullptr : &*cell;
}

} // namespace endospike
