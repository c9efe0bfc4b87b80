#include "sim/control/log.h"

#include "sim/base/document_json.h"
#include "sim/runs/run_files.h"

#include <algorithm>
#include <numeric>
#include <type_traits>

namespace endospike {
namespace {

constexpr std::size_t maximumEpisodes = 100'000;
constexpr double mostSteps = 1e12;

Json numbersToJson(const std::vector<double>& values)
{
    Json json = Json::array();
    for (const double value : values)
        json.push_back(figureToJson(value));
    return json;
}

void addTo(Json& json, const EpisodeMetrics& m)
{
    json["episode"] = m.episode;
    json["step"] = m.step;
    json["length"] = m.length;
    json["reward"] = figureToJson(m.reward);
    json["terminated"] = m.terminated;
}

void addTo(Json& json, const ControlProgress& m)
{
    json["step"] = m.step;
    json["reward"] = figureToJson(m.reward);
    json["critic_loss"] = figureToJson(m.criticLoss);
    json["policy_loss"] = figureToJson(m.policyLoss);
    json["entropy"] = figureToJson(m.entropy);
    json["temperature"] = figureToJson(m.temperature);
    json["steps_per_s"] = figureToJson(m.steps_per_s);
    json["elapsed_s"] = figureToJson(m.elapsed_s);
}

void addTo(Json& json, const ControlEvaluation& m)
{
    json["step"] = m.step;
    json["lengths"] = m.lengths;
    json["rewards"] = numbersToJson(m.rewards);
    json["task_rewards"] = numbersToJson(m.taskRewards);
}

const char* nameOf(const EpisodeMetrics&) { return "episode"; }
const char* nameOf(const ControlProgress&) { return "progress"; }
const char* nameOf(const ControlEvaluation&) { return "evaluation"; }

std::int64_t stepFromJson(ObjectReader& reader)
{
    return static_cast<std::int64_t>(reader.whole("step", 0, mostSteps));
}

EpisodeMetrics episodeFromJson(ObjectReader& reader)
{
    EpisodeMetrics m;
    m.episode = reader.count("episode");
    m.step = stepFromJson(reader);
    m.length = reader.count("length", 1);
    m.reward = reader.figure("reward");
    reader.need("terminated");
    m.terminated = reader.flag("terminated", false);
    return m;
}

ControlProgress progressFromJson(ObjectReader& reader)
{
    ControlProgress m;
    m.step = stepFromJson(reader);
    m.reward = reader.figure("reward");
    m.criticLoss = reader.figure("critic_loss");
    m.policyLoss = reader.figure("policy_loss");
    m.entropy = reader.figure("entropy");
    m.temperature = reader.figure("temperature");
    m.steps_per_s = reader.figure("steps_per_s");
    m.elapsed_s = reader.figure("elapsed_s");
    return m;
}

std::vector<double> numbersFromJson(ObjectReader& reader, std::string_view key)
{
    std::vector<double> values;
    for (const Json& value : listOf(reader.need(key), maximumEpisodes, reader.pathOf(key)))
        values.push_back(figureFrom(value, reader.pathOf(key)));
    return values;
}

ControlEvaluation evaluationFromJson(ObjectReader& reader)
{
    ControlEvaluation m;
    m.step = stepFromJson(reader);
    for (const double length : numbersFromJson(reader, "lengths")) {
        if (!(length >= 1 && length <= 1e9))
            throw DocumentError(reader.pathOf("lengths"), "", "must be numbers of steps");
        m.lengths.push_back(static_cast<int>(length));
    }
    m.rewards = numbersFromJson(reader, "rewards");
    m.taskRewards = numbersFromJson(reader, "task_rewards");
    if (m.rewards.size() != m.lengths.size() || m.taskRewards.size() != m.lengths.size())
        throw DocumentError(reader.pathOf("rewards"), "", "must have a number for every episode");
    return m;
}

double meanOf(const auto& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

double ControlEvaluation::meanLength() const { return meanOf(lengths); }
double ControlEvaluation::meanReward() const { return meanOf(rewards); }

std::int64_t ControlOutcome::firstFullEpisode() const
{
    const auto at = std::ranges::find(episodes, false, &EpisodeMetrics::terminated);
    return at == episodes.end() ? -1 : at->step;
}

std::string toJsonLine(const RunId& id, const ControlEvent& event)
{
    return std::visit(
        [&](const auto& metrics) {
            Json json = {{"event", nameOf(metrics)}, {"policy", id.network}, {"seed", id.seed}};
            addTo(json, metrics);
            return lineOf(json);
        },
        event);
}

std::string runLine(const ControlOutcome& outcome, const std::string& error)
{
    const std::int64_t full = outcome.firstFullEpisode();
    return lineOf({{"event", "run"}, {"policy", outcome.id.network}, {"seed", outcome.id.seed},
        {"outcome",
            !error.empty()        ? "failed"
                : outcome.stopped ? "stopped"
                                  : "done"},
        {"steps", outcome.step}, {"episodes", outcome.episodes.size()},
        {"first_full_episode_step", full < 0 ? Json(nullptr) : Json(full)}, {"elapsed_s", outcome.elapsed_s},
        {"error", error}});
}

std::string evaluationAsJson(const Policy& policy, const ControlTest& test, const ControlEvaluation& evaluation)
{
    Json json = {{"policy", policy.id().network}, {"seed", policy.id().seed},
        {"environment", policy.plan().environment->key}, {"steps_trained", policy.stepsTrained()},
        {"state_noise", test.stateNoise}, {"episode_seed", test.seed}, {"deterministic", test.deterministic},
        {"episodes", evaluation.lengths.size()}, {"mean_length", figureToJson(evaluation.meanLength())},
        {"mean_reward", figureToJson(evaluation.meanReward())}, {"lengths", evaluation.lengths},
        {"rewards", numbersToJson(evaluation.rewards)}, {"task_rewards", numbersToJson(evaluation.taskRewards)}};
    return prettyJson(json);
}

std::int64_t stepOf(const ControlEvent& event)
{
    return std::visit([](const auto& metrics) { return metrics.step; }, event);
}

ControlEvent controlEventFromJsonLine(std::string_view line)
{
    const Json json = parseDocument(line);
    ObjectReader reader(json, "");
    const std::string event = reader.text("event", "");
    reader.text("policy", "");
    reader.whole("seed", 0, 0x1p53);
    ControlEvent result;
    if (event == "episode")
        result = episodeFromJson(reader);
    else if (event == "progress")
        result = progressFromJson(reader);
    else if (event == "evaluation")
        result = evaluationFromJson(reader);
    else
        throw DocumentError("event", "\"" + event.substr(0, 60) + "\"", "must be episode, progress or evaluation");
    reader.finish();
    return result;
}

std::vector<ControlEvent> controlEventsFromJsonLines(std::string_view text, const std::string& path)
{
    return eventsOfLines(text, path, controlEventFromJsonLine);
}

} // namespace endospike
