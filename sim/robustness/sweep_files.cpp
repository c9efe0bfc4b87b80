#include "sim/robustness/sweep_files.h"

#include "sim/base/document_json.h"
#include "sim/base/whole_file.h"
#include "sim/network/training_plan_json.h"
#include "sim/robustness/settings.h"

#include <cmath>
#include <filesystem>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view formatName = "endospike-sweep-cell";
constexpr int formatVersion = 1;
constexpr std::size_t maximumFieldBytes = 1u << 20;
constexpr std::size_t maximumRepeats = 1000;

/// All that the figures of a field depend on, beside network, seed and amplitude. Where the data lie is left out: that
/// differs from machine to machine.
Json settingsToJson(const Experiment& experiment, const SweepUnit& unit, const SweepField& field)
{
    TrainingPlan plan = unit.plan;
    plan.dataFolder.clear();
    plan.digitsFolder.clear();
    const ParameterValues& values = experiment.own;
    const auto form = static_cast<std::size_t>(values[robustness::noise]);
    return {{"training", trainingToJson(plan)},
        {"noise",
            {{"form", values.table()[robustness::noise].choices[form].key},
                {"seed", noiseOf(experiment, field, 0).seed}, {"repeats", repeatsOf(experiment, field)}}}};
}

SweepRepeat repeatFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    SweepRepeat repeat;
    repeat.loss = reader.number("loss", 0, 1e300);
    const Json* accuracy = reader.find("accuracy");
    const std::string place = reader.pathOf("accuracy");
    if (!accuracy || !accuracy->is_array() || accuracy->size() != taskCount)
        throw DocumentError(place, "", "must be a list of two numbers");
    for (std::size_t task = 0; task < taskCount; ++task)
        repeat.accuracy[task] = numberFrom((*accuracy)[task], join(place, std::to_string(task)), 0, 1);
    reader.finish();
    return repeat;
}

/// Throws DocumentError if a figure is missing or cannot be.
FieldResult resultFromJson(ObjectReader& reader, const SweepField& field, int samples, int repeats)
{
    FieldResult result;
    result.field = field;
    result.samples = static_cast<int>(reader.number("samples", samples, samples));
    result.error = reader.text("error", "");
    if (const Json* list = reader.find("repeats"))
        for (const Json& repeat : listOf(*list, maximumRepeats, "repeats"))
            result.repeats.push_back(repeatFromJson(repeat, "repeats." + std::to_string(result.repeats.size())));
    if (std::ssize(result.repeats) != (result.error.empty() ? repeats : 0))
        throw DocumentError("repeats", "", "must be as many as the settings ask for");
    ObjectReader how(reader.need("made"), "made");
    result.date = how.text("date", "");
    result.training_s = how.number("training_s", 0, 1e12);
    result.test_s = how.number("test_s", 0, 1e12);
    how.finish();
    reader.finish();
    return result;
}

/// The place of the first value that the two do not share.
std::string firstDifference(const Json& made, const Json& asked)
{
    const Json before = made.flatten();
    const Json after = asked.flatten();
    for (const auto& [place, value] : after.items())
        if (!before.contains(place) || before[place] != value)
            return place.substr(1) + " is " + brief(value) + " here, "
                + (before.contains(place) ? brief(before[place]) : "nothing") + " there";
    return "it holds settings that are not known here";
}

/// Throws DocumentError unless the file is the field that is asked for.
void checkSameField(ObjectReader& reader, const SweepField& field, const Json& settings, const std::string& path)
{
    const Json* version = reader.find("version");
    if (reader.text("format", "") != formatName || !version)
        throw DocumentError(path, "", "is not a cell of a robustness sweep; choose another folder");
    if (*version != formatVersion)
        throw DocumentError(path, "", "was written by another version of Endospike; choose another folder");
    const Json asked = {{"network", field.run.network}, {"seed", field.run.seed}, {"amplitude", field.amplitude},
        {"settings", settings}};
    Json made = Json::object();
    for (const auto& [key, value] : asked.items())
        if (const Json* found = reader.find(key))
            made[key] = *found;
    if (made != asked)
        throw DocumentError(path, "",
            "was made with other settings (" + firstDifference(made, asked)
                + "); choose another folder, or repeat them");
}

} // namespace

std::string fieldPath(const std::string& folder, const SweepField& field)
{
    return (fs::path(folder) / "cells" / field.fileName()).string();
}

void writeField(
    const std::string& folder, const Experiment& experiment, const SweepUnit& unit, const FieldResult& result)
{
    const SweepField& field = result.field;
    Json json = {{"format", formatName}, {"version", formatVersion}, {"network", field.run.network},
        {"seed", field.run.seed}, {"amplitude", field.amplitude}, {"samples", result.samples}};
    if (result.error.empty()) {
        json["repeats"] = Json::array();
        for (const SweepRepeat& repeat : result.repeats)
            json["repeats"].push_back({{"loss", repeat.loss}, {"accuracy", figuresToJson(repeat.accuracy)}});
    } else {
        json["error"] = result.error;
    }
    json["settings"] = settingsToJson(experiment, unit, field);
    json["made"] = {{"date", result.date}, {"training_s", result.training_s}, {"test_s", result.test_s}};
    const std::string path = fieldPath(folder, field);
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    if (error)
        throw FileError(path, error.message());
    writeWholeFile(path, prettyJson(json));
}

FoundField findField(
    const std::string& folder, const Experiment& experiment, const SweepUnit& unit, const SweepField& field)
{
    const std::string path = fieldPath(folder, field);
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return {};
    const std::string text = readWholeFile(path, maximumFieldBytes);
    Json json;
    try {
        json = parseDocument(text);
    } catch (const DocumentError& error) {
        return {std::nullopt, path + ": " + error.what() + "; this cell is done again"};
    }
    if (!json.is_object())
        json = Json::object(); // which has no format, and is refused for that
    ObjectReader reader(json, "");
    checkSameField(reader, field, settingsToJson(experiment, unit, field), path);
    const bool validation = unit.plan.settings[training::validation_pairs] > 0;
    const int samples =
        static_cast<int>(unit.plan.settings[validation ? training::validation_pairs : training::test_pairs]);
    try {
        return {resultFromJson(reader, field, samples, repeatsOf(experiment, field)), {}};
    } catch (const DocumentError& error) {
        return {std::nullopt, path + ": " + error.what() + "; this cell is done again"};
    }
}

void writeSweepExperiment(const std::string& folder, const Experiment& experiment)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw FileError(folder, error.message());
    writeWholeFile((fs::path(folder) / "experiment.json").string(), toJson(experiment));
}

SweepRecord readSweepFolder(const std::string& folder)
{
    SweepRecord record;
    record.experiment =
        experimentFromJson(readWholeFile((fs::path(folder) / "experiment.json").string(), maximumDocumentBytes));
    for (const SweepUnit& unit : sweepUnits(record.experiment))
        for (const SweepField& field : unit.fields) {
            ++record.of;
            FoundField found = findField(folder, record.experiment, unit, field);
            if (found.result)
                record.fields.push_back(std::move(*found.result));
            if (!found.problem.empty())
                record.problems.push_back(std::move(found.problem));
        }
    return record;
}

std::string toJsonLine(const FieldResult& result)
{
    const SweepRepeat mean = result.mean();
    Json json = {{"event", "cell"}, {"network", result.field.run.network}, {"seed", result.field.run.seed},
        {"amplitude", result.field.amplitude}, {"samples", result.samples}};
    if (result.error.empty()) {
        json["loss"] = mean.loss;
        json["accuracy"] = figuresToJson(mean.accuracy);
        json["repeats"] = Json::array();
        for (const SweepRepeat& repeat : result.repeats)
            json["repeats"].push_back(figuresToJson(repeat.accuracy));
    } else {
        json["error"] = result.error;
    }
    json["training_s"] = result.training_s;
    json["test_s"] = result.test_s;
    return lineOf(json);
}

std::string summaryAsJson(const Experiment& experiment, const std::vector<FieldResult>& fields)
{
    std::size_t all = 0;
    for (const SweepUnit& unit : sweepUnits(experiment))
        all += unit.fields.size();
    Json points = Json::array();
    for (const SweepPoint& point : summarise(experiment, fields))
        points.push_back({{"network", point.network}, {"amplitude", point.amplitude}, {"seeds", point.seeds},
            {"accuracy", figuresToJson(point.mean)}, {"spread", figuresToJson(point.spread)}, {"loss", point.loss}});
    return prettyJson({{"cells", fields.size()}, {"of", all}, {"points", std::move(points)}});
}

} // namespace endospike
