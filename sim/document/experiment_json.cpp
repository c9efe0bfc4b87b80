// The document as JSON: strict on the way in, complete on the way out.
#include "sim/base/document_head.h"
#include "sim/control/plan_json.h"
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"
#include "sim/neuron/neuron_plan_json.h"

#include <algorithm>

namespace endospike {
namespace {

Json experimentToJson(const Experiment& experiment)
{
    const LaboratoryKind& laboratory = *experiment.laboratory;
    Json json = headToJson({std::string(laboratory.key), experiment.title, experiment.notes});
    neuronPlanToJson(json, experiment.neuron);
    if (laboratory.toJson)
        laboratory.toJson(json, experiment);
    if (!laboratory.own.empty())
        json[std::string(laboratory.key)] = valuesToJson(experiment.own);
    return json;
}

const LaboratoryKind& laboratoryOf(const DocumentHead& head)
{
    if (const LaboratoryKind* kind = findLaboratory(head.laboratory))
        return *kind;
    std::string list;
    for (const LaboratoryKind& known : laboratories())
        list += (list.empty() ? "" : ", ") + std::string(known.key);
    throw DocumentError("laboratory", "\"" + head.laboratory.substr(0, 60) + "\"", "must be one of " + list);
}

Experiment experimentFrom(const Json& json)
{
    ObjectReader reader(json, "");
    const DocumentHead head = headFromJson(reader, laboratories().front().key);
    const LaboratoryKind& laboratory = laboratoryOf(head);
    Experiment experiment(laboratory);
    experiment.title = head.title;
    experiment.notes = head.notes;
    experiment.neuron = neuronPlanFromJson(reader);
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
void keepIds(NeuronPlan& edited, const NeuronPlan& plan, bool comparisonEdited)
{
    std::vector<int> ids;
    for (const Cell& cell : plan.cells)
        ids.push_back(cell.id);
    for (int free = plan.freeCellId(); ids.size() < edited.cells.size(); ++free)
        ids.push_back(free);
    if (!comparisonEdited)
        edited.comparison = plan.comparison;
    else if (edited.comparison)
        edited.comparison = Comparison{
            ids[placeOf(edited, edited.comparison->firstId)], ids[placeOf(edited, edited.comparison->secondId)]};
    for (std::size_t i = 0; i < edited.cells.size(); ++i)
        edited.cells[i].id = ids[i];
}

} // namespace

std::string toJson(const Experiment& experiment) { return prettyJson(experimentToJson(experiment)); }

Experiment experimentFromJson(std::string_view text) { return experimentFrom(parseDocument(text)); }

Experiment experimentAt(ObjectReader& reader, std::string_view key)
{
    try {
        return experimentFromJson(reader.need(key).dump());
    } catch (const DocumentError& error) {
        throw DocumentError(join(reader.pathOf(key), error.path), error.value, error.why);
    }
}

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
    keepIds(edited.neuron, experiment.neuron, path.substr(0, path.find('.')) == "comparison");
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
