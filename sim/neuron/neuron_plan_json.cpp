#include "sim/neuron/neuron_plan_json.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

std::vector<double> numbersFromJson(const Json* json, const std::string& path)
{
    if (!json)
        throw DocumentError(path, "", "is missing");
    if (!json->is_array() || json->size() > maximumRecordedSamples)
        refuse(path, *json, "must be a list of at most 1000000 numbers");
    std::vector<double> numbers;
    numbers.reserve(json->size());
    for (std::size_t i = 0; i < json->size(); ++i) {
        const Json& value = (*json)[i];
        if (!value.is_number() || std::abs(value.get<double>()) > 1e9)
            refuse(join(path, std::to_string(i)), value, "must be a number within ±1e9");
        numbers.push_back(value.get<double>());
    }
    return numbers;
}

std::shared_ptr<const RecordedCurrent> recordingFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    RecordedCurrent recording;
    recording.time_ms = numbersFromJson(reader.find("time_ms"), reader.pathOf("time_ms"));
    recording.current_ua_per_cm2 =
        numbersFromJson(reader.find("current_ua_per_cm2"), reader.pathOf("current_ua_per_cm2"));
    reader.finish();
    if (recording.time_ms.size() < 2 || recording.time_ms.size() != recording.current_ua_per_cm2.size())
        throw DocumentError(path, "", "needs two or more times and as many currents");
    if (!std::ranges::is_sorted(recording.time_ms, std::less_equal()))
        throw DocumentError(join(path, "time_ms"), "", "must rise from sample to sample");
    return std::make_shared<const RecordedCurrent>(std::move(recording));
}

Json partToJson(const StimulusPart& part)
{
    Json json = {{"kind", part.kind->key}, {"parameters", valuesToJson(part.values)}};
    if (part.recording)
        json["recording"] = {
            {"time_ms", part.recording->time_ms}, {"current_ua_per_cm2", part.recording->current_ua_per_cm2}};
    return json;
}

StimulusPart partFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    const std::string key = reader.text("kind", "");
    const StimulusKind* kind = findStimulusKind(key);
    if (!kind) {
        std::string list;
        for (const StimulusKind& known : stimulusKinds())
            list += (list.empty() ? "" : ", ") + std::string(known.key);
        throw DocumentError(reader.pathOf("kind"), "\"" + key.substr(0, 60) + "\"", "must be one of " + list);
    }
    StimulusPart part(*kind);
    part.values = valuesFromJson(kind->parameters, reader.find("parameters"), reader.pathOf("parameters"));
    if (kind->hasSamples)
        if (const Json* recording = reader.find("recording"))
            part.recording = recordingFromJson(*recording, reader.pathOf("recording"));
    reader.finish();
    return part;
}

Json stimulusToJson(const Stimulus& stimulus)
{
    Json json = Json::array();
    for (const StimulusPart& part : stimulus.parts)
        json.push_back(partToJson(part));
    return json;
}

Stimulus stimulusFromJson(const Json& json, const std::string& path)
{
    Stimulus stimulus;
    for (const Json& part : listOf(json, maximumStimulusParts, path))
        stimulus.parts.push_back(partFromJson(part, join(path, std::to_string(stimulus.parts.size()))));
    return stimulus;
}

Json cellToJson(const Cell& cell)
{
    Json json = {{"name", cell.name}, {"model", cell.model->key}, {"visible", cell.visible},
        {"parameters", valuesToJson(cell.parameters)}};
    if (cell.ownStimulus)
        json["stimulus"] = stimulusToJson(*cell.ownStimulus);
    return json;
}

Cell cellFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    const std::string key = reader.text("model", "");
    const NeuronModel* model = findNeuronModel(key);
    if (!model) {
        std::string list;
        for (const NeuronModel& known : neuronModels())
            list += (list.empty() ? "" : ", ") + std::string(known.key);
        throw DocumentError(reader.pathOf("model"), "\"" + key.substr(0, 60) + "\"", "must be one of " + list);
    }
    Cell cell(*model);
    cell.name = reader.text("name", cell.name);
    if (cell.name.empty() || cell.name.size() > 60)
        throw DocumentError(reader.pathOf("name"), "", "must be 1 to 60 bytes long");
    cell.visible = reader.flag("visible", true);
    cell.parameters = valuesFromJson(model->parameters, reader.find("parameters"), reader.pathOf("parameters"));
    if (const Json* own = reader.find("stimulus"))
        cell.ownStimulus = stimulusFromJson(*own, reader.pathOf("stimulus"));
    reader.finish();
    return cell;
}

/// Cells are named by their place in the list.
Comparison comparisonFromJson(const Json& json, const NeuronPlan& plan)
{
    ObjectReader reader(json, "comparison");
    const auto idAt = [&](std::string_view key) {
        const Json* place = reader.find(key);
        if (!place || !place->is_number_integer() || *place < 0 || *place >= plan.cells.size())
            throw DocumentError(
                reader.pathOf(key), place ? brief(*place) : "", "must be the place of a cell, counted from 0");
        return plan.cells[place->get<std::size_t>()].id;
    };
    const Comparison comparison{idAt("first"), idAt("second")};
    reader.finish();
    return comparison;
}

} // namespace

int placeOf(const NeuronPlan& plan, int cellId)
{
    return static_cast<int>(std::ranges::find(plan.cells, cellId, &Cell::id) - plan.cells.begin());
}

void neuronPlanToJson(Json& document, const NeuronPlan& plan)
{
    Json cells = Json::array();
    for (const Cell& cell : plan.cells)
        cells.push_back(cellToJson(cell));
    document["cells"] = std::move(cells);
    document["stimulus"] = stimulusToJson(plan.stimulus);
    document["simulation"] = valuesToJson(plan.simulation);
    if (const auto& comparison = plan.comparison;
        comparison && plan.findCell(comparison->firstId) && plan.findCell(comparison->secondId))
        document["comparison"] = {
            {"first", placeOf(plan, comparison->firstId)}, {"second", placeOf(plan, comparison->secondId)}};
}

NeuronPlan neuronPlanFromJson(ObjectReader& document)
{
    NeuronPlan plan;
    if (const Json* cells = document.find("cells"))
        for (const Json& cell : listOf(*cells, maximumCells, "cells")) {
            plan.cells.push_back(cellFromJson(cell, "cells." + std::to_string(plan.cells.size())));
            plan.cells.back().id = static_cast<int>(plan.cells.size());
        }
    if (const Json* stimulus = document.find("stimulus"))
        plan.stimulus = stimulusFromJson(*stimulus, "stimulus");
    plan.simulation = valuesFromJson(simulationTable(), document.find("simulation"), "simulation");
    if (const Json* comparison = document.find("comparison"))
        plan.comparison = comparisonFromJson(*comparison, plan);
    return plan;
}

Json modelTablesToJson()
{
    Json models = Json::array();
    for (const NeuronModel& model : neuronModels()) {
        Json channels = Json::array();
        for (const Channel& channel : model.channels)
            channels.push_back({{"key", channel.key}, {"label", channel.label}, {"unit", channel.unit}});
        models.push_back({{"key", model.key}, {"name", model.name}, {"summary", model.summary},
            {"source", model.source}, {"parameters", rowsToJson(model.parameters)}, {"channels", std::move(channels)}});
    }
    return models;
}

Json stimulusTablesToJson()
{
    Json stimuli = Json::array();
    for (const StimulusKind& kind : stimulusKinds())
        stimuli.push_back({{"key", kind.key}, {"name", kind.name}, {"meaning", kind.meaning},
            {"parameters", rowsToJson(kind.parameters)}});
    return stimuli;
}

} // namespace endospike
