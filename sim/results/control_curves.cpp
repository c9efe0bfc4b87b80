#include "sim/results/control_curves.h"

#include "sim/base/csv.h"
#include "sim/base/document_json.h"
#include "sim/control/plan.h"
#include "sim/document/laboratory.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace endospike {
namespace {

constexpr std::size_t maximumSettings = 16;
constexpr std::size_t maximumPoints = 1000;
constexpr std::size_t maximumSeeds = 100;
constexpr std::size_t maximumEpisodes = 1000;
constexpr double mostReward = 1e9;

double numberOrNone(const Json& json, const std::string& path, double least, double most)
{
    return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : numberFrom(json, path, least, most);
}

/// A number or null for every step.
std::vector<double> seriesFrom(ObjectReader& reader, std::string_view key, std::size_t count, double least, double most)
{
    const Json& list = listOf(reader.need(key), maximumPoints, reader.pathOf(key));
    if (list.size() != count)
        throw DocumentError(reader.pathOf(key), "", "must have a value for every step");
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(numberOrNone(list[i], join(reader.pathOf(key), std::to_string(i)), least, most));
    return values;
}

CurveBand bandFrom(ObjectReader& reader, const std::string& key, std::size_t count, double least, double most)
{
    CurveBand band{
        seriesFrom(reader, key, count, least, most), seriesFrom(reader, key + "_spread", count, 0, 2 * most)};
    for (std::size_t i = 0; i < count; ++i)
        if (std::isnan(band.mean[i]) && !std::isnan(band.spread[i]))
            throw DocumentError(
                join(reader.pathOf(key + "_spread"), std::to_string(i)), "", "must be null where there is no mean");
    return band;
}

TrainedSeed seedFromJson(const Json& json, const std::string& path, const ControlPlan& plan)
{
    ObjectReader reader(json, path);
    TrainedSeed run;
    const auto first = static_cast<double>(plan.firstSeed());
    run.seed = static_cast<std::uint64_t>(reader.whole("seed", first, first + plan.seeds() - 1));
    if (!reader.need("held_step").is_null())
        run.heldStep = static_cast<std::int64_t>(reader.whole("held_step", 1, static_cast<double>(plan.steps())));
    const Json& lengths = listOf(reader.need("lengths"), maximumEpisodes, reader.pathOf("lengths"));
    const Json& rewards = listOf(reader.need("rewards"), maximumEpisodes, reader.pathOf("rewards"));
    if (lengths.empty() || lengths.size() != rewards.size())
        throw DocumentError(reader.pathOf("rewards"), "", "must have a value for every one of the lengths");
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const std::string place = join(reader.pathOf("lengths"), std::to_string(i));
        const double length = numberFrom(lengths[i], place, 1, plan.environment->maximumSteps);
        if (length != std::floor(length))
            refuse(place, lengths[i], "must be a whole number");
        run.lengths.push_back(static_cast<int>(length));
        run.rewards.push_back(
            numberFrom(rewards[i], join(reader.pathOf("rewards"), std::to_string(i)), -mostReward, mostReward));
    }
    reader.finish();
    return run;
}

PolicyCurves policyFromJson(const Json& json, const std::string& path, const ControlSetting& setting)
{
    ObjectReader reader(json, path);
    const ControlPlan& plan = setting.document.control;
    const std::size_t points = setting.steps.size();
    PolicyCurves curves;
    curves.policy = reader.words("policy");
    if (std::ranges::find(plan.policies, curves.policy, &PolicyPlan::name) == plan.policies.end())
        refuse(reader.pathOf("policy"), reader.need("policy"), "must be the name of a policy in the document");
    curves.reward = bandFrom(reader, "reward", points, -mostReward, mostReward);
    curves.length = bandFrom(reader, "length", points, 1, plan.environment->maximumSteps);
    const Json& runs = listOf(reader.need("runs"), maximumSeeds, reader.pathOf("runs"));
    if (runs.empty())
        refuse(reader.pathOf("runs"), runs, "must not be empty");
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const std::string place = join(reader.pathOf("runs"), std::to_string(i));
        const TrainedSeed next = seedFromJson(runs[i], place, plan);
        if (std::ranges::find(curves.runs, next.seed, &TrainedSeed::seed) != curves.runs.end())
            refuse(join(place, "seed"), runs[i]["seed"], "must stand there once");
        curves.runs.push_back(next);
    }
    reader.finish();
    return curves;
}

std::vector<double> stepsFrom(ObjectReader& reader, const ControlPlan& plan)
{
    const Json& list = listOf(reader.need("steps"), maximumPoints, reader.pathOf("steps"));
    std::vector<double> steps;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string place = join(reader.pathOf("steps"), std::to_string(i));
        steps.push_back(numberFrom(list[i], place, 1, static_cast<double>(plan.steps())));
        if (i > 0 && !(steps[i] > steps[i - 1]))
            refuse(place, list[i], "must be more than the one before");
    }
    return steps;
}

ControlSetting controlSettingFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    ControlSetting setting;
    setting.document = experimentAt(reader, "document");
    if (setting.document.laboratory->key != control::key)
        refuse(reader.pathOf("document.laboratory"), json, "must be control");
    const ControlPlan& plan = setting.document.control;
    setting.steps = stepsFrom(reader, plan);
    const Json& policies = listOf(reader.need("policies"), maximumPolicies, reader.pathOf("policies"));
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const std::string place = join(reader.pathOf("policies"), std::to_string(i));
        PolicyCurves next = policyFromJson(policies[i], place, setting);
        if (std::ranges::find(setting.policies, next.policy, &PolicyCurves::policy) != setting.policies.end())
            refuse(join(place, "policy"), policies[i]["policy"], "must stand there once");
        setting.policies.push_back(std::move(next));
    }
    reader.finish();
    const auto kindOf = [&](const PolicyCurves& curves) { return setting.planOf(curves).kind; };
    std::ranges::stable_sort(setting.policies, {}, kindOf);
    return setting;
}

double meanOf(const auto& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

ControlNoise noiseOf(const ControlPlan& plan)
{
    const bool state = plan.settings[control::state_noise] > 0;
    const bool reward = plan.settings[control::reward_noise] > 0;
    return state && reward ? ControlNoise::both
        : state            ? ControlNoise::state
        : reward           ? ControlNoise::reward
                           : ControlNoise::none;
}

bool TrainedSeed::heldEvery(int steps) const
{
    return std::ranges::all_of(lengths, [&](int length) { return length >= steps; });
}

double TrainedSeed::meanLength() const { return meanOf(lengths); }
double TrainedSeed::meanReward() const { return meanOf(rewards); }

const PolicyPlan& ControlSetting::planOf(const PolicyCurves& curves) const
{
    return *std::ranges::find(document.control.policies, curves.policy, &PolicyPlan::name);
}

const ControlSetting* ControlCurves::find(std::string_view environment, ControlNoise noise) const
{
    const auto at = std::ranges::find_if(settings, [&](const ControlSetting& setting) {
        return setting.document.control.environment->key == environment && noiseOf(setting.document.control) == noise;
    });
    return at == settings.end() ? nullptr : &*at;
}

ControlCurves controlCurvesFromJson(std::string_view text)
{
    if (text.size() > maximumCurveBytes)
        throw DocumentError("", "", "is longer than a file of curves may be");
    const Json json = parseDocument(text);
    ObjectReader reader(json, "");
    if (reader.words("format") != "endospike-control-curves")
        refuse("format", reader.need("format"), "must be endospike-control-curves");
    if (reader.whole("version", 1, std::numeric_limits<int>::max()) != 1)
        refuse("version", reader.need("version"), "must be 1; a newer program wrote this");
    ControlCurves curves{
        reader.words("program"), reader.words("date"), reader.words("machine"), reader.words("command"), {}};
    const Json& settings = listOf(reader.need("settings"), maximumSettings, "settings");
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const std::string place = join("settings", std::to_string(i));
        ControlSetting next = controlSettingFromJson(settings[i], place);
        const ControlPlan& plan = next.document.control;
        if (curves.find(plan.environment->key, noiseOf(plan)))
            throw DocumentError(place, "", "must not repeat an environment and kind of noise");
        curves.settings.push_back(std::move(next));
    }
    reader.finish();
    return curves;
}

std::string curvesAsCsv(const ControlSetting& setting)
{
    CsvTable table;
    table.addRow(
        "policy", "seeds", "step", "reward_per_step", "reward_sd", "episode_length_steps", "episode_length_sd");
    for (const PolicyCurves& curves : setting.policies)
        for (std::size_t i = 0; i < setting.steps.size(); ++i)
            table.addRow(curves.policy, curves.runs.size(), setting.steps[i], curves.reward.mean[i],
                curves.reward.spread[i], curves.length.mean[i], curves.length.spread[i]);
    return table.text();
}

} // namespace endospike
