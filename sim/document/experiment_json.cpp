// The document as JSON: strict on the way in, complete on the way out.
#include "sim/base/document_json.h"
#include "sim/control/plan_json.h"
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

constexpr std::string_view formatName = "endospike-experiment";

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

int placeOf(const Experiment& experiment, int cellId)
{
    return static_cast<int>(std::ranges::find(experiment.cells, cellId, &Cell::id) - experiment.cells.begin());
}

/// Cells are named by their place in the list.
Comparison comparisonFromJson(const Json& json, const Experiment& experiment)
{
    ObjectReader reader(json, "comparison");
    const auto idAt = [&](std::string_view key) {
        const Json* place = reader.find(key);
        if (!place || !place->is_number_integer() || *place < 0 || *place >= experiment.cells.size())
            throw DocumentError(
                reader.pathOf(key), place ? brief(*place) : "", "must be the place of a cell, counted from 0");
        return experiment.cells[place->get<std::size_t>()].id;
    };
    const Comparison comparison{idAt("first"), idAt("second")};
    reader.finish();
    return comparison;
}

Json experimentToJson(const Experiment& experiment)
{
    Json cells = Json::array();
    for (const Cell& cell : experiment.cells)
        cells.push_back(cellToJson(cell));
    Json json = {{"format", formatName}, {"version", documentVersion}, {"laboratory", experiment.laboratory->key},
        {"title", experiment.title}, {"notes", experiment.notes}, {"cells", std::move(cells)},
        {"stimulus", stimulusToJson(experiment.stimulus)}, {"simulation", valuesToJson(experiment.simulation)}};
    if (const auto& comparison = experiment.comparison;
        comparison && experiment.findCell(comparison->firstId) && experiment.findCell(comparison->secondId))
        json["comparison"] = {
            {"first", placeOf(experiment, comparison->firstId)}, {"second", placeOf(experiment, comparison->secondId)}};
    const LaboratoryKind& laboratory = *experiment.laboratory;
    if (laboratory.toJson)
        laboratory.toJson(json, experiment);
    if (!laboratory.own.empty())
        json[std::string(laboratory.key)] = valuesToJson(experiment.own);
    return json;
}

void checkHeader(ObjectReader& reader)
{
    if (reader.text("format", "") != formatName)
        throw DocumentError(
            "format", "", "this is not an Endospike experiment (\"format\": \"endospike-experiment\" is missing)");
    const Json* version = reader.find("version");
    if (!version || !version->is_number_integer() || version->get<double>() < 1)
        throw DocumentError("version", version ? brief(*version) : "", "must be a whole number from 1");
    if (version->get<double>() > documentVersion)
        refuse("version", *version,
            "was written by a newer Endospike; this one reads up to version " + std::to_string(documentVersion));
}

const LaboratoryKind& laboratoryFrom(ObjectReader& reader)
{
    const std::string key = reader.text("laboratory", std::string(laboratories().front().key));
    if (const LaboratoryKind* kind = findLaboratory(key))
        return *kind;
    std::string list;
    for (const LaboratoryKind& known : laboratories())
        list += (list.empty() ? "" : ", ") + std::string(known.key);
    throw DocumentError("laboratory", "\"" + key.substr(0, 60) + "\"", "must be one of " + list);
}

Experiment experimentFrom(const Json& json)
{
    ObjectReader reader(json, "");
    checkHeader(reader);
    const LaboratoryKind& laboratory = laboratoryFrom(reader);
    Experiment experiment(laboratory);
    experiment.title = reader.text("title", "");
    experiment.notes = reader.text("notes", "");
    if (const Json* cells = reader.find("cells"))
        for (const Json& cell : listOf(*cells, maximumCells, "cells")) {
            experiment.cells.push_back(cellFromJson(cell, "cells." + std::to_string(experiment.cells.size())));
            experiment.cells.back().id = static_cast<int>(experiment.cells.size());
        }
    if (const Json* stimulus = reader.find("stimulus"))
        experiment.stimulus = stimulusFromJson(*stimulus, "stimulus");
    experiment.simulation = valuesFromJson(simulationTable(), reader.find("simulation"), "simulation");
    if (const Json* comparison = reader.find("comparison"))
        experiment.comparison = comparisonFromJson(*comparison, experiment);
    if (laboratory.fromJson)
        laboratory.fromJson(reader, experiment);
    if (!laboratory.own.empty()) {
        const std::string key(laboratory.key);
        experiment.own = valuesFromJson(laboratory.own, reader.find(key), key);
    }
    reader.finish();
    return experiment;
}

bool isUtf8(std::string_view text)
{
    try {
        static_cast<void>(Json(text).dump());
        return true;
    } catch (const Json::exception&) {
        return false;
    }
}

/// The element that a path segment names: a key, an index, or the "name" of a list's element.
Json* child(Json& json, const std::string& segment)
{
    if (json.is_object()) {
        const auto at = json.find(segment);
        return at == json.end() ? nullptr : &*at;
    }
    if (!json.is_array())
        return nullptr;
    for (Json& element : json)
        if (element.is_object() && element.contains("name") && element["name"] == segment)
            return &element;
    const bool isIndex = !segment.empty() && segment.size() < 6
        && std::ranges::all_of(segment, [](char c) { return c >= '0' && c <= '9'; });
    const std::size_t index = isIndex ? std::stoul(segment) : json.size();
    return index < json.size() ? &json[index] : nullptr;
}

/// Cells of an edited document keep the ids that they have in the window; new ones get free ids. The comparison is kept
/// too, unless it is what was edited.
void keepIds(Experiment& edited, const Experiment& experiment, bool comparisonEdited)
{
    std::vector<int> ids;
    for (const Cell& cell : experiment.cells)
        ids.push_back(cell.id);
    for (int free = experiment.freeCellId(); ids.size() < edited.cells.size(); ++free)
        ids.push_back(free);
    if (!comparisonEdited)
        edited.comparison = experiment.comparison;
    else if (edited.comparison)
        edited.comparison = Comparison{
            ids[placeOf(edited, edited.comparison->firstId)], ids[placeOf(edited, edited.comparison->secondId)]};
    for (std::size_t i = 0; i < edited.cells.size(); ++i)
        edited.cells[i].id = ids[i];
}

} // namespace

std::string toJson(const Experiment& experiment) { return prettyJson(experimentToJson(experiment)); }

Experiment experimentFromJson(std::string_view text) { return experimentFrom(parseDocument(text)); }

Experiment withValue(const Experiment& experiment, std::string_view path, std::string_view value)
{
    // The published values of the policies and of the reward go with their environment, as in the window.
    if (const EnvironmentKind* kind = findEnvironmentKind(value); kind && path == "control.environment.kind") {
        Experiment edited = experiment;
        changeEnvironment(edited.control, *kind);
        return edited;
    }
    Json json = experimentToJson(experiment);
    Json* at = &json;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        at = child(*at, std::string(path.substr(begin, end - begin)));
        if (!at)
            throw DocumentError(std::string(path), "",
                "there is no such place in the document (stopped at \"" + std::string(path.substr(begin, end - begin))
                    + "\")");
        begin = end + 1;
    }
    if (!isUtf8(value))
        throw DocumentError(std::string(path), "", "is not valid UTF-8 text");
    Json replacement = at->is_string() ? Json(std::string(value)) : Json::parse(value, nullptr, false);
    if (replacement.is_discarded())
        replacement = std::string(value);
    *at = std::move(replacement);
    Experiment edited = experimentFrom(json);
    keepIds(edited, experiment, path.substr(0, path.find('.')) == "comparison");
    return edited;
}

std::string tablesAsJson()
{
    Json tables;
    for (const LaboratoryKind& laboratory : laboratories()) {
        if (laboratory.tables)
            laboratory.tables(tables);
        if (!laboratory.own.empty())
            tables[std::string(laboratory.key)] = rowsToJson(laboratory.own);
    }
    return tables.dump(2) + "\n";
}

} // namespace endospike
