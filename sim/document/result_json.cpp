#include "sim/document/result_json.h"

#include "endospike_version.h"
#include "sim/base/document_head.h"
#include "sim/document/experiment.h"
#include "sim/trace/spike_train.h"

namespace endospike {
namespace {

void collectSeeds(const Stimulus& stimulus, const std::string& path, Json& seeds)
{
    for (std::size_t i = 0; i < stimulus.parts.size(); ++i) {
        const ParameterValues& values = stimulus.parts[i].values;
        if (const int row = rowOf(values.table(), ParameterRole::seed); row >= 0)
            seeds[path + "." + std::to_string(i) + ".parameters.seed"] = static_cast<std::int64_t>(values[row]);
    }
}

Json seedsOf(const NeuronPlan& plan)
{
    Json seeds = Json::object();
    collectSeeds(plan.stimulus, "stimulus", seeds);
    for (std::size_t i = 0; i < plan.cells.size(); ++i)
        if (plan.cells[i].ownStimulus)
            collectSeeds(*plan.cells[i].ownStimulus, "cells." + std::to_string(i) + ".stimulus", seeds);
    return seeds;
}

/// NaN becomes null when it is written.
Json cellAsJson(const SpikeSummary& cell)
{
    return {{"cell", cell.cellName}, {"spikes", cell.times_ms.size()}, {"mean_rate_hz", cell.meanRate_hz},
        {"mean_interval_ms", cell.meanInterval_ms},
        {"interval_coefficient_of_variation", cell.intervalCoefficientOfVariation}, {"spike_times_ms", cell.times_ms},
        {"intervals_ms", interSpikeIntervals(cell.times_ms)}};
}

} // namespace

std::string resultAsJson(
    const Experiment& experiment, const Result& result, const std::vector<std::string>& files, const std::string& error)
{
    Json cells = Json::array();
    for (const SpikeSummary& cell : result.spikes)
        cells.push_back(cellAsJson(cell));
    Json json = {{"format", "endospike-result"}, {"version", 1},
        {"versions", {{"endospike", ENDOSPIKE_VERSION}, {"document", documentVersion}, {"compiler", __VERSION__}}},
        {"outcome",
            !error.empty()       ? "failed"
                : result.stopped ? "stopped"
                                 : "done"}};
    if (!error.empty())
        json["error"] = error;
    json["simulated_ms"] = result.simulated_ms;
    json["duration_ms"] = experiment.neuron.duration_ms();
    json["seeds"] = seedsOf(experiment.neuron);
    json["files"] = files;
    json["cells"] = std::move(cells);
    json["experiment"] = Json::parse(toJson(experiment));
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace endospike
