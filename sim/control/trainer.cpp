#include "sim/control/trainer.h"

#include "sim/base/errors.h"
#include "sim/base/random.h"
#include "sim/base/stopwatch.h"
#include "sim/control/checkpoint.h"
#include "sim/control/folder.h"
#include "sim/control/squashed_gaussian.h"
#include "sim/runs/run_files.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

namespace endospike {
namespace {

/// Episodes of tests begin elsewhere than those of training.
constexpr std::uint64_t firstTestEpisode = std::uint64_t{1} << 40;

/// With noise as the settings say: a function of seed and how many observations there were before.
std::vector<double> noisy(
    std::span<const double> exact, double deviation, std::uint64_t seed, RandomPurpose purpose, std::uint64_t index)
{
    std::vector<double> result(exact.begin(), exact.end());
    if (deviation <= 0)
        return result;
    std::vector<float> normals(exact.size());
    randomNormals(seed, purpose, index, normals);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] += deviation * static_cast<double>(normals[i]);
    return result;
}

class ControlTraining {
public:
    ControlTraining(
        ControlCheckpoint state, const ControlOptions& options, const ControlSinks& sinks, const JobContext& context)
        : m_state(std::move(state))
        , m_options(options)
        , m_sinks(sinks)
        , m_context(context)
        , m_environment(makeEnvironment(*m_state.plan.environment, m_state.plan.environmentParameters))
        , m_steps(m_state.plan.steps())
        , m_elapsedBefore_s(m_state.position.elapsed_s)
    {
    }

    ControlOutcome run(bool resumed);

private:
    double setting(control::Row row) const { return m_state.plan.settings[row]; }
    bool due(control::Row interval) const;
    void openFolder(bool resumed);
    void beginEpisode();
    void step();
    double chooseAction();
    void takeReward(double exact);
    void learn();
    void endEpisode(bool terminated);
    void report();
    void evaluate();
    void showPolicy(bool last);
    void save();
    void log(const ControlEvent& event) const
    {
        if (m_folder)
            m_folder->append(toJsonLine(m_state.id, event));
    }
    std::vector<float> seen() const;
    double elapsed_s() const { return m_elapsedBefore_s + m_watch.seconds() - m_tested_s; }

    ControlCheckpoint m_state;
    const ControlOptions& m_options;
    const ControlSinks& m_sinks;
    const JobContext& m_context;
    std::unique_ptr<Environment> m_environment;
    std::int64_t m_steps;
    double m_elapsedBefore_s;
    ControlRecord m_record; ///< what was reported so far
    std::optional<ControlFolder> m_folder;
    Stopwatch m_watch; ///< since this session began
    double m_tested_s = 0; ///< of which tests took
    Stopwatch m_sinceReport, m_sinceShown;
    int m_stepsSinceReport = 0;
};

ControlOutcome ControlTraining::run(bool resumed)
{
    ControlPosition& at = m_state.position;
    openFolder(resumed);
    if (!at.environment.empty())
        m_environment->setState(at.environment);
    showPolicy(false);
    while (at.step < m_steps && !m_context.stop.stop_requested()) {
        if (at.episodeLength == 0)
            beginEpisode();
        step();
        if (due(control::evaluation_interval) || at.step == m_steps)
            evaluate();
        if (due(control::checkpoint_interval) && at.step < m_steps)
            save();
    }
    save();
    showPolicy(true);
    return {m_state.id, at.step < m_steps, at.step, m_record.episodes, m_record.evaluations, at.elapsed_s,
        m_state.policy()};
}

bool ControlTraining::due(control::Row interval) const
{
    const auto steps = static_cast<std::int64_t>(setting(interval));
    return steps > 0 && m_state.position.step % steps == 0;
}

void ControlTraining::openFolder(bool resumed)
{
    if (m_options.folder.empty())
        return;
    if (resumed)
        m_folder = ControlFolder::resume(m_options.folder, m_state.plan, m_state.id, m_state.position.step, m_record);
    else
        m_folder = ControlFolder::begin(m_options.folder, m_state.plan, m_state.id);
}

/// The observation as the policy sees it.
std::vector<float> ControlTraining::seen() const
{
    const ControlPosition& at = m_state.position;
    const auto before = static_cast<std::uint64_t>(at.step + at.episode);
    const std::vector<double> observation = noisy(m_environment->observation(), setting(control::state_noise),
        m_state.id.seed, RandomPurpose::stateNoise, before);
    return {observation.begin(), observation.end()};
}

void ControlTraining::beginEpisode()
{
    ControlPosition& at = m_state.position;
    m_environment->reset(
        randomBits(m_state.id.seed, RandomPurpose::environment, static_cast<std::uint64_t>(at.episode)));
    const std::vector<float> first = seen();
    at.window.clear();
    for (int k = 0; k < m_state.learner->actor().shown(); ++k)
        at.window.insert(at.window.end(), first.begin(), first.end());
    at.episodeReward = 0;
    m_state.learner->replay().begin(first);
}

double ControlTraining::chooseAction()
{
    const ControlPosition& at = m_state.position;
    const auto index = static_cast<std::uint64_t>(at.step);
    const double limit = m_state.plan.environment->actionLimit;
    if (static_cast<double>(at.step) < setting(control::random_steps)) {
        const std::uint64_t bits = randomBits(m_state.id.seed, RandomPurpose::exploration, index);
        return limit * (2 * (static_cast<double>(bits >> 11) * 0x1p-53) - 1);
    }
    float mean = 0, logSigma = 0;
    m_state.learner->actor().forward(at.window.data(), 1, 1, &mean, &logSigma);
    const double normal = randomNormal(m_state.id.seed, RandomPurpose::exploration, index);
    return limit * static_cast<double>(SquashedGaussian<float>(mean, logSigma, static_cast<float>(normal)).action);
}

void ControlTraining::step()
{
    ControlPosition& at = m_state.position;
    const double action = chooseAction();
    if (!std::isfinite(action))
        throw TrainingError(m_state.id.label(), "the action", at.step + 1);
    const EnvironmentStep result = m_environment->step(action);
    double reward = result.reward;
    if (const double deviation = setting(control::reward_noise); deviation > 0)
        reward = shapedReward(*m_state.plan.environment, m_state.plan.environmentParameters,
            noisy(m_environment->observation(), deviation, m_state.id.seed, RandomPurpose::rewardNoise,
                static_cast<std::uint64_t>(at.step)),
            result.terminated);
    ++at.step;
    ++at.episodeLength;
    at.episodeReward += reward;
    const std::vector<float> next = seen();
    std::copy(at.window.begin() + std::ssize(next), at.window.end(), at.window.begin());
    std::ranges::copy(next, at.window.end() - std::ssize(next));
    m_state.learner->replay().add(next, action, reward, result.terminated);
    takeReward(result.reward);
    learn();
    if (result.terminated || result.truncated)
        endEpisode(result.terminated);
    ++m_stepsSinceReport;
    if (at.step % controlReportSteps == 0 || at.step == m_steps)
        report();
    if (m_sinks.snapshot && m_sinceShown.seconds() * m_sinks.snapshots_per_s >= 1)
        showPolicy(false);
}

void ControlTraining::takeReward(double exact)
{
    std::vector<double>& recent = m_state.position.recentRewards;
    if (recent.size() == controlRewardWindow)
        recent.erase(recent.begin());
    recent.push_back(exact);
}

void ControlTraining::learn()
{
    ControlPosition& at = m_state.position;
    if (!m_state.learner->canUpdate())
        return;
    for (int i = 0; i < static_cast<int>(setting(control::updates_per_step)); ++i) {
        const SacUpdate update = m_state.learner->update(at.updates++);
        if (!std::isfinite(update.criticLoss))
            throw TrainingError(m_state.id.label(), "the critics' loss", at.step);
        if (!std::isfinite(update.policyLoss))
            throw TrainingError(m_state.id.label(), "the policy's loss", at.step);
        ++at.reportUpdates;
        at.criticLoss += update.criticLoss;
        at.policyLoss += update.policyLoss;
        at.entropy += update.entropy;
    }
}

void ControlTraining::endEpisode(bool terminated)
{
    ControlPosition& at = m_state.position;
    const EpisodeMetrics metrics{at.episode, at.step, at.episodeLength, at.episodeReward, terminated};
    ++at.episode;
    at.episodeLength = 0;
    m_record.episodes.push_back(metrics);
    log(metrics);
    if (m_sinks.episode)
        m_sinks.episode(metrics);
}

void ControlTraining::report()
{
    ControlPosition& at = m_state.position;
    ControlProgress metrics;
    metrics.step = at.step;
    double sum = 0;
    for (const double reward : at.recentRewards)
        sum += reward;
    metrics.reward = sum / static_cast<double>(at.recentRewards.size());
    const double updates = at.reportUpdates; // 0 / 0 before the first
    metrics.criticLoss = at.criticLoss / updates;
    metrics.policyLoss = at.policyLoss / updates;
    metrics.entropy = at.entropy / updates;
    metrics.temperature = m_state.learner->temperature();
    metrics.steps_per_s = std::exchange(m_stepsSinceReport, 0) / std::max(m_sinceReport.seconds(), 1e-9);
    metrics.elapsed_s = elapsed_s();
    m_sinceReport.restart();
    at.reportUpdates = 0;
    at.criticLoss = at.policyLoss = at.entropy = 0;
    log(metrics);
    if (m_sinks.progress)
        m_sinks.progress(metrics);
    const auto done = static_cast<double>(at.step), all = static_cast<double>(m_steps);
    m_context.report(done / all,
        m_state.id.label() + ": step " + std::to_string(at.step) + " of " + std::to_string(m_steps) + ", "
            + std::to_string(std::llround(metrics.steps_per_s)) + " steps/s, "
            + secondsInWords((all - done) * metrics.elapsed_s / done) + " left");
}

void ControlTraining::evaluate()
{
    if (setting(control::evaluation_interval) <= 0)
        return;
    const Stopwatch watch;
    const ControlTest test{static_cast<int>(setting(control::evaluation_episodes)), setting(control::state_noise),
        randomBits(m_state.id.seed, RandomPurpose::environment, firstTestEpisode), true};
    const ControlEvaluation evaluation = evaluateControl(m_state.policy(), test, m_context);
    m_tested_s += watch.seconds();
    m_sinceReport.restart();
    m_stepsSinceReport = 0;
    if (m_context.stop.stop_requested())
        return; // not all episodes were played
    m_record.evaluations.push_back(evaluation);
    log(evaluation);
    if (m_sinks.evaluation)
        m_sinks.evaluation(evaluation);
}

void ControlTraining::showPolicy(bool last)
{
    if (!m_sinks.snapshot || (last && m_state.position.step == 0))
        return;
    m_sinks.snapshot(m_state.policy());
    m_sinceShown.restart();
}

void ControlTraining::save()
{
    ControlPosition& at = m_state.position;
    at.elapsed_s = elapsed_s();
    if (!m_folder)
        return;
    at.environment = at.episodeLength > 0 ? m_environment->state() : std::vector<double>();
    writeControlCheckpoint(checkpointPath(m_options.folder), m_state);
    writePolicy(policyPath(m_options.folder), *m_state.policy());
}

} // namespace

std::vector<RunId> runsOf(const ControlPlan& plan)
{
    std::vector<RunId> runs;
    for (const PolicyPlan& policy : plan.policies)
        for (int i = 0; i < plan.seeds(); ++i)
            runs.push_back({policy.name, (plan.firstSeed() + static_cast<std::uint64_t>(i)) & 0xffffffff});
    return runs;
}

ControlPlan planOf(const ControlPlan& plan, const RunId& id)
{
    const auto at = std::ranges::find(plan.policies, id.network, &PolicyPlan::name);
    if (at == plan.policies.end())
        throw DocumentError("control.policies." + id.network, "", "there is no such policy");
    ControlPlan own = plan;
    own.policies = {*at};
    own.settings.set(control::seeds, 1);
    own.settings.set(control::first_seed, static_cast<double>(id.seed));
    return own;
}

ControlOutcome trainControl(const ControlPlan& plan, const RunId& id, const ControlOptions& options,
    const ControlSinks& sinks, const JobContext& context)
{
    std::error_code ignored;
    const std::string path = checkpointPath(options.folder);
    const bool resumed = !options.folder.empty() && options.resume && std::filesystem::exists(path, ignored);
    if (!resumed)
        return ControlTraining(ControlCheckpoint(plan, id), options, sinks, context).run(false);
    ControlCheckpoint state = readControlCheckpoint(path);
    ControlPlan asked = planOf(plan, id);
    checkSamePlan(state, asked);
    state.plan = std::move(asked); // more steps, other tests
    state.id = id;
    return ControlTraining(std::move(state), options, sinks, context).run(true);
}

ControlEvaluation evaluateControl(
    std::shared_ptr<const Policy> policy, const ControlTest& test, const JobContext& context)
{
    const ControlPlan& plan = policy->plan();
    const auto environment = makeEnvironment(*plan.environment, plan.environmentParameters);
    ControlEvaluation result;
    result.step = policy->stepsTrained();
    PolicyPlayer player(std::move(policy));
    std::uint64_t seen = 0, decided = 0;
    const auto observation = [&] {
        return noisy(environment->observation(), test.stateNoise, test.seed, RandomPurpose::stateNoise, seen++);
    };
    for (int episode = 0; episode < test.episodes; ++episode) {
        environment->reset(randomBits(test.seed, RandomPurpose::environment, static_cast<std::uint64_t>(episode)));
        player.begin(observation());
        int length = 0;
        double reward = 0, taskReward = 0;
        for (bool over = false; !over; ++length) {
            if (context.stop.stop_requested())
                return result;
            const double normal =
                test.deterministic ? 0 : randomNormal(test.seed, RandomPurpose::exploration, decided++);
            const EnvironmentStep step = environment->step(player.actWith(normal));
            player.observe(observation());
            reward += step.reward;
            taskReward += step.taskReward;
            over = step.terminated || step.truncated;
        }
        result.lengths.push_back(length);
        result.rewards.push_back(reward);
        result.taskRewards.push_back(taskReward);
    }
    return result;
}

} // namespace endospike
