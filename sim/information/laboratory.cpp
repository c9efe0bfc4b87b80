#include "sim/information/laboratory.h"

#include "sim/document/caption.h"
#include "sim/document/plan_laboratories.h"
#include "sim/information/settings.h"

namespace endospike {
namespace {

void fromJson(ObjectReader& document, Experiment& experiment)
{
    trainingPlanFromJson(document, experiment);
    checkInformationPlan(experiment.training, "training");
}

std::vector<std::string> caption(const Experiment& experiment)
{
    std::vector<std::string> sentences = trainingSentences(experiment);
    sentences.push_back(joined(differences(experiment.own, {information::code_size, information::beta}), ", "));
    return sentences;
}

} // namespace

LaboratoryKind informationLaboratory()
{
    LaboratoryKind kind;
    kind.key = information::key;
    kind.name = "Information";
    kind.summary = "Follows how much the code of a network tells about what it saw and about what it is to answer.";
    kind.command = "information";
    kind.own = informationTable();
    kind.first = firstInformation;
    kind.toJson = trainingPlanToJson;
    kind.fromJson = fromJson;
    kind.caption = caption;
    return kind;
}

Experiment firstInformation()
{
    Experiment experiment(*findLaboratory(information::key));
    experiment.title = "What the code keeps";
    experiment.notes =
        "Each network squeezes a canvas into a noisy code Z and reads both answers from it. Follow how much Z tells "
        "about the canvas and about the answers, epoch by epoch. With weight of compression 0, as published, nothing "
        "makes the code forget; set it to 0.001 to see it compress. Pairs, epochs and weight averaging are shorter "
        "than in the paper.";
    for (const char* key : {"lif_fc", "hh_fc", "s_lif2hh_fc", "hh_vd_fc"})
        experiment.training.networks.emplace_back(*findNetworkKind(key));
    experiment.training.setLength(10000, 2000, 5);
    experiment.own.set(information::measured_pairs, 2000);
    experiment.own.set(information::weight_averaging, 0.99); // a longer memory would hardly leave the start
    return experiment;
}

} // namespace endospike
