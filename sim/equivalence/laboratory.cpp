#include "sim/equivalence/laboratory.h"

#include "sim/document/caption.h"
#include "sim/equivalence/settings.h"

namespace endospike {
namespace {

std::vector<std::string> caption(const Experiment& experiment)
{
    std::vector<std::string> sentences = cellSentences(experiment);
    if (const auto own = differences(experiment.own); !own.empty())
        sentences.push_back(joined(own, ", "));
    return sentences;
}

} // namespace

LaboratoryKind equivalenceLaboratory()
{
    LaboratoryKind kind;
    kind.key = equivalence::key;
    kind.name = "Equivalence";
    kind.summary = "Compares one Hodgkin-Huxley neuron with a microstructure of four integrate-and-fire units.";
    kind.command = "run";
    kind.own = equivalenceTable();
    kind.first = firstEquivalence;
    kind.caption = caption;
    return kind;
}

Experiment firstEquivalence()
{
    Experiment experiment(*findLaboratory(equivalence::key));
    experiment.title = "One HH neuron is four LIF neurons";
    experiment.notes =
        "Both cells stand alone, each with its own gates, and receive the same current. In double precision "
        "with forward Euler their difference stays at rounding level; change the integrator, the "
        "precision or the order of update to see where it breaks.";
    for (const char* key : {"hh", "tv_lif2hh"})
        experiment.neuron.addCell(*findNeuronModel(key)).parameters.set("start", 1);
    experiment.neuron.comparison = {1, 2};
    experiment.neuron.stimulus.parts.emplace_back(*findStimulusKind("constant")).values.set(0, 40);
    experiment.neuron.simulation.set(simulation::integrator, static_cast<int>(Integrator::forwardEuler));
    experiment.neuron.simulation.set(simulation::dt_ms, 0.001);
    experiment.neuron.simulation.set(simulation::record_interval_ms, 0.01);
    experiment.neuron.simulation.set(simulation::duration_ms, 40);
    return experiment;
}

} // namespace endospike
