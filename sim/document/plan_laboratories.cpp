#include "sim/document/plan_laboratories.h"

#include "sim/control/plan_json.h"
#include "sim/document/caption.h"
#include "sim/network/training_plan_json.h"
#include "sim/neuron/neuron_plan_json.h"

namespace endospike {
namespace {

void neuronTables(Json& tables)
{
    tables["models"] = modelTablesToJson();
    tables["stimuli"] = stimulusTablesToJson();
    tables["simulation"] = rowsToJson(simulationTable());
}

void trainingTables(Json& tables)
{
    tables["networks"] = networkTablesToJson();
    tables["training"] = rowsToJson(trainingTable());
}

void controlTables(Json& tables)
{
    tables["environments"] = environmentTablesToJson();
    tables["policies"] = policyTablesToJson();
    tables["control"] = rowsToJson(controlTable());
}

void controlPlanToJson(Json& document, const Experiment& experiment)
{
    document["control"] = controlToJson(experiment.control);
}

void controlPlanFromJson(ObjectReader& document, Experiment& experiment)
{
    if (const Json* plan = document.find("control"))
        experiment.control = controlFromJson(*plan, "control");
}

std::vector<std::string> controlSentences(const Experiment& experiment)
{
    const ControlPlan& plan = experiment.control;
    std::vector<std::string> sentences{sentence(plan.environment->name, differences(plan.environmentParameters))};
    for (const PolicyPlan& policy : plan.policies)
        sentences.push_back(sentence(policy.name, differences(policy.parameters)));
    sentences.push_back(joined(differences(plan.settings, {control::steps, control::first_seed}), ", "));
    return sentences;
}

} // namespace

void trainingPlanToJson(Json& document, const Experiment& experiment)
{
    document["training"] = trainingToJson(experiment.training);
}

void trainingPlanFromJson(ObjectReader& document, Experiment& experiment)
{
    if (const Json* plan = document.find("training"))
        experiment.training = trainingFromJson(*plan, "training");
}

LaboratoryKind neuronLaboratory()
{
    LaboratoryKind kind;
    kind.key = neuron::key;
    kind.name = "Neuron";
    kind.summary = "Runs cells of any model on injected currents, live or to an end.";
    kind.command = "run";
    kind.first = firstExperiment;
    kind.tables = neuronTables;
    kind.caption = cellSentences;
    return kind;
}

LaboratoryKind trainingLaboratory()
{
    LaboratoryKind kind;
    kind.key = training::key;
    kind.name = "Training";
    kind.summary = "Trains networks of spiking neurons to name two images at once.";
    kind.command = "train";
    kind.first = firstTraining;
    kind.toJson = trainingPlanToJson;
    kind.fromJson = trainingPlanFromJson;
    kind.tables = trainingTables;
    kind.caption = trainingSentences;
    return kind;
}

LaboratoryKind controlLaboratory()
{
    LaboratoryKind kind;
    kind.key = control::key;
    kind.name = "Control";
    kind.summary = "Teaches spiking policies to balance a pole on a cart.";
    kind.command = "train";
    kind.first = firstControl;
    kind.toJson = controlPlanToJson;
    kind.fromJson = controlPlanFromJson;
    kind.tables = controlTables;
    kind.caption = controlSentences;
    return kind;
}

Experiment firstExperiment()
{
    Experiment experiment(*findLaboratory(neuron::key));
    experiment.title = "HH and LIF on the same step";
    experiment.notes = "Both cells receive the same current. Change a conductance of the HH cell or the height of the "
                       "step and watch both answer; hold the inject button to add a current by hand.";
    for (const char* key : {"hh", "lif"})
        experiment.neuron.addCell(*findNeuronModel(key));
    experiment.neuron.stimulus.parts.emplace_back(*findStimulusKind("step"));
    experiment.neuron.simulation.set(simulation::endless, 1);
    return experiment;
}

Experiment firstTraining()
{
    Experiment experiment(*findLaboratory(training::key));
    experiment.title = "Three networks, two answers";
    experiment.notes =
        "Each canvas shows two garments; every network names both. LIF, published HH and HH with its true rates learn "
        "a part of the data within half a minute. Watch the two accuracies rise, then look at single neurons.";
    for (const char* key : {"lif_fc", "hh_fc", "hh_vd_fc"})
        experiment.training.addAtItsBest(*findNetworkKind(key));
    experiment.training.setLength(20000, 2000, 5);
    return experiment;
}

Experiment firstControl()
{
    Experiment experiment(*findLaboratory(control::key));
    experiment.title = "Balancing a pole with spikes";
    experiment.notes =
        "Each policy pushes a cart so that the pole on it stays upright, and learns from what it did. For the first "
        "2000 steps the pushes are random; then the episodes grow longer, until the pole stands for all of the 1000 "
        "steps. Nudge the cart and watch it recover.";
    for (const char* key : {"lif", "hh"})
        experiment.control.policies.emplace_back(*findPolicyKind(key));
    experiment.control.settings.set(control::steps, 20000);
    return experiment;
}

} // namespace endospike
