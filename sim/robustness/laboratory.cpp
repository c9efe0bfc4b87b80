#include "sim/robustness/laboratory.h"

#include "sim/document/caption.h"
#include "sim/document/plan_laboratories.h"
#include "sim/robustness/settings.h"

namespace endospike {
namespace {

std::vector<std::string> caption(const Experiment& experiment)
{
    std::vector<std::string> sentences = trainingSentences(experiment);
    sentences.push_back(joined(differences(experiment.own, {robustness::noise, robustness::noise_seed}), ", "));
    return sentences;
}

} // namespace

LaboratoryKind robustnessLaboratory()
{
    LaboratoryKind kind;
    kind.key = robustness::key;
    kind.name = "Robustness";
    kind.summary = "Tests trained networks on images with more and more noise.";
    kind.command = "sweep";
    kind.own = robustnessTable();
    kind.first = firstRobustness;
    kind.toJson = trainingPlanToJson;
    kind.fromJson = trainingPlanFromJson;
    kind.caption = caption;
    return kind;
}

Experiment firstRobustness()
{
    Experiment experiment(*findLaboratory(robustness::key));
    experiment.title = "How much noise three networks bear";
    experiment.notes =
        "Each network learns clean canvases from two seeds, then answers on canvases with Gaussian noise of growing "
        "amplitude, other noise on each. Compare with the published form, where one noise image is added to all "
        "canvases and can be learnt.";
    for (const char* key : {"lif_fc", "hh_fc", "hh_vd_fc"})
        experiment.training.addAtItsBest(*findNetworkKind(key));
    experiment.training.setLength(10000, 2000, 3);
    experiment.training.settings.set(training::seeds, 2);
    return experiment;
}

} // namespace endospike
