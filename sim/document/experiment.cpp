#include "sim/document/experiment.h"

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

Experiment entitled(Laboratory laboratory, const char* title, const char* notes)
{
    Experiment experiment;
    experiment.laboratory = laboratory;
    experiment.title = title;
    experiment.notes = notes;
    return experiment;
}

void addCell(Experiment& experiment, std::string_view model)
{
    const int id = experiment.freeCellId();
    experiment.cells.emplace_back(*findNeuronModel(model)).id = id;
}

NetworkPlan& addNetwork(Experiment& experiment, std::string_view kind)
{
    return experiment.training.networks.emplace_back(*findNetworkKind(kind));
}

void addNetworkAtItsBest(Experiment& experiment, std::string_view kind)
{
    addNetwork(experiment, kind).parameters = ownBestParameters(*findNetworkKind(kind));
}

void setLength(Experiment& experiment, int trainPairs, int testPairs, int epochs)
{
    ParameterValues& settings = experiment.training.settings;
    settings.set(training::train_pairs, trainPairs);
    settings.set(training::test_pairs, testPairs);
    settings.set(training::epochs, epochs);
}

} // namespace

ParameterTable simulationTable() { return simulationRows; }

Cell::Cell(const NeuronModel& model_)
    : name(model_.shortName)
    , model(&model_)
    , parameters(model_.parameters)
{
}

Experiment::Experiment()
    : simulation(simulationTable())
    , equivalence(equivalenceTable())
    , information(informationTable())
    , robustness(robustnessTable())
{
}

Integrator Experiment::integrator() const
{
    return static_cast<Integrator>(static_cast<int>(simulation[simulation::integrator]));
}
Precision Experiment::precision() const
{
    return static_cast<Precision>(static_cast<int>(simulation[simulation::precision]));
}

int Experiment::stepsPerSample() const
{
    return static_cast<int>(std::clamp(std::round(simulation[simulation::record_interval_ms] / dt_ms()), 1.0, 1e6));
}

std::string Experiment::freeCellName(std::string_view base) const
{
    std::string name(base);
    for (int n = 2; std::ranges::find(cells, name, &Cell::name) != cells.end(); ++n)
        name = std::string(base) + " " + std::to_string(n);
    return name;
}

int Experiment::freeCellId() const
{
    int id = 1;
    for (const Cell& cell : cells)
        id = std::max(id, cell.id + 1);
    return id;
}

const Cell* Experiment::findCell(int id) const
{
    const auto cell = std::ranges::find(cells, id, &Cell::id);
    return cell == cells.end() ? nullptr : &*cell;
}

Experiment firstExperiment()
{
    Experiment experiment = entitled(Laboratory::neuron, "HH and LIF on the same step",
        "Both cells receive the same current. Change a conductance of the HH cell or the height of the "
        "step and watch both answer; hold the inject button to add a current by hand.");
    for (const char* key : {"hh", "lif"})
        addCell(experiment, key);
    experiment.stimulus.parts.emplace_back(*findStimulusKind("step"));
    experiment.simulation.set(simulation::endless, 1);
    return experiment;
}

Experiment firstEquivalence()
{
    Experiment experiment = entitled(Laboratory::equivalence, "One HH neuron is four LIF neurons",
        "Both cells stand alone, each with its own gates, and receive the same current. In double precision "
        "with forward Euler their difference stays at rounding level; change the integrator, the "
        "precision or the order of update to see where it breaks.");
    for (const char* key : {"hh", "tv_lif2hh"}) {
        addCell(experiment, key);
        experiment.cells.back().parameters.set("start", 1);
    }
    experiment.comparison = {1, 2};
    experiment.stimulus.parts.emplace_back(*findStimulusKind("constant")).values.set(0, 40);
    experiment.simulation.set(simulation::integrator, static_cast<int>(Integrator::forwardEuler));
    experiment.simulation.set(simulation::dt_ms, 0.001);
    experiment.simulation.set(simulation::record_interval_ms, 0.01);
    experiment.simulation.set(simulation::duration_ms, 40);
    return experiment;
}

Experiment firstTraining()
{
    Experiment experiment = entitled(Laboratory::training, "Three networks, two answers",
        "Each canvas shows two garments; every network names both. LIF, published HH and HH with its true rates learn "
        "a part of the data within half a minute. Watch the two accuracies rise, then look at single neurons.");
    for (const char* key : {"lif_fc", "hh_fc", "hh_vd_fc"})
        addNetworkAtItsBest(experiment, key);
    setLength(experiment, 20000, 2000, 5);
    return experiment;
}

Experiment firstInformation()
{
    Experiment experiment = entitled(Laboratory::information, "What the code keeps",
        "Each network squeezes a canvas into a noisy code Z and reads both answers from it. Follow how much Z tells "
        "about the canvas and about the answers, epoch by epoch. With weight of compression 0, as published, nothing "
        "makes the code forget; set it to 0.001 to see it compress. Pairs, epochs and weight averaging are shorter "
        "than in the paper.");
    for (const char* key : {"lif_fc", "hh_fc", "s_lif2hh_fc", "hh_vd_fc"})
        addNetwork(experiment, key);
    setLength(experiment, 10000, 2000, 5);
    experiment.information.set(information::measured_pairs, 2000);
    experiment.information.set(information::weight_averaging, 0.99); // a longer memory would hardly leave the start
    return experiment;
}

Experiment firstRobustness()
{
    Experiment experiment = entitled(Laboratory::robustness, "How much noise three networks bear",
        "Each network learns clean canvases from two seeds, then answers on canvases with Gaussian noise of growing "
        "amplitude, other noise on each. Compare with the published form, where one noise image is added to all "
        "canvases and can be learnt.");
    for (const char* key : {"lif_fc", "hh_fc", "hh_vd_fc"})
        addNetworkAtItsBest(experiment, key);
    setLength(experiment, 10000, 2000, 3);
    experiment.training.settings.set(training::seeds, 2);
    return experiment;
}

Experiment firstCost()
{
    Experiment experiment = entitled(Laboratory::cost, "What one answer costs",
        "Counted as in the paper, an HH network costs hardly more than a LIF network of the same size, and a quarter "
        "of one with four times the neurons. This program needs far fewer operations for the same answer, because the "
        "canvas does not change in time. Change the number of hidden neurons or of time steps and watch the counts.");
    for (const NetworkKind& kind : networkKinds())
        experiment.training.networks.emplace_back(kind);
    return experiment;
}

Experiment firstControl()
{
    Experiment experiment = entitled(Laboratory::control, "Balancing a pole with spikes",
        "Each policy pushes a cart so that the pole on it stays upright, and learns from what it did. For the first "
        "2000 steps the pushes are random; then the episodes grow longer, until the pole stands for all of the 1000 "
        "steps. Nudge the cart and watch it recover.");
    for (const char* key : {"lif", "hh"})
        experiment.control.policies.emplace_back(*findPolicyKind(key));
    experiment.control.settings.set(control::steps, 20000);
    return experiment;
}

} // namespace endospike
