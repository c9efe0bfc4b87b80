#include "sim/cost/laboratory.h"

#include "sim/document/caption.h"
#include "sim/document/plan_laboratories.h"

namespace endospike {
namespace {

/// The networks are named in the figure.
std::vector<std::string> caption(const Experiment& experiment)
{
    std::vector<std::string> sentences;
    for (const NetworkPlan& network : experiment.training.networks)
        if (const auto values = differences(network.parameters); !values.empty())
            sentences.push_back(sentence(network.name, values));
    sentences.push_back(
        sentences.empty() ? "networks with the published values" : "the other networks with the published values");
    return sentences;
}

} // namespace

LaboratoryKind costLaboratory()
{
    LaboratoryKind kind;
    kind.key = cost::key;
    kind.name = "Cost";
    kind.summary = "Counts the operations, parameters and memory of a forward pass, and measures its time.";
    kind.command = "cost";
    kind.first = firstCost;
    kind.toJson = trainingPlanToJson;
    kind.fromJson = trainingPlanFromJson;
    kind.caption = caption;
    return kind;
}

Experiment firstCost()
{
    Experiment experiment(*findLaboratory(cost::key));
    experiment.title = "What one answer costs";
    experiment.notes =
        "Counted as in the paper, an HH network costs hardly more than a LIF network of the same size, and a quarter "
        "of one with four times the neurons. This program needs far fewer operations for the same answer, because the "
        "canvas does not change in time. Change the number of hidden neurons or of time steps and watch the counts.";
    for (const NetworkKind& kind : networkKinds())
        experiment.training.networks.emplace_back(kind);
    return experiment;
}

} // namespace endospike
