// Trains one policy of a plan from one seed by soft actor-critic (soft_actor_critic.h). The same bits however many
// trainings run beside it, and whether or not it was stopped and resumed in between. A run's folder holds
//
//   experiment.json          the document that repeats exactly this run: one policy, one seed
//   metrics.jsonl            one JSON object a line (control_log.h)
//   checkpoint.safetensors   everything, see control_checkpoint.h; at an interval and on stop
//   policy.safetensors       the policy alone, see policy.h; beside each checkpoint
#pragma once

#include "sim/base/job.h"
#include "sim/control/plan.h"
#include "sim/control/policy.h"
#include "sim/runs/run_id.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace endospike {

/// After every episode.
struct EpisodeMetrics {
    int episode = 0; ///< counts from 0
    std::int64_t step = 0; ///< environment steps of the training so far
    int length = 0; ///< steps of this episode
    double reward = 0; ///< sum over the episode of what the policy learns from, noise included
    bool terminated = false; ///< fallen; else it was held for the most steps that there are
    friend bool operator==(const EpisodeMetrics&, const EpisodeMetrics&) = default;
};

/// Regularly, every `controlReportSteps` environment steps.
inline constexpr int controlReportSteps = 200;
/// The moving mean of the reward runs over so many steps.
inline constexpr std::size_t controlRewardWindow = 1000;
struct ControlProgress {
    std::int64_t step = 0;
    double reward = 0; ///< mean over the last 1000 steps (fewer at the start), exact, per step
    double criticLoss = 0; ///< sum of both, mean over the updates since the last report; NaN before the first
    double policyLoss = 0;
    double entropy = 0; ///< of the action as part of its limit, mean, nats
    double temperature = 0;
    double steps_per_s = 0;
    double elapsed_s = 0; ///< of training, over all sessions
};

/// The policy as it is, without noise in its action: its mean action.
struct ControlEvaluation {
    std::int64_t step = 0;
    std::vector<int> lengths; ///< of each episode
    std::vector<double> rewards; ///< shaped, exact, sum over the episode
    std::vector<double> taskRewards; ///< the public task's own
    double meanLength() const;
    double meanReward() const;
    friend bool operator==(const ControlEvaluation&, const ControlEvaluation&) = default;
};

/// All runs of a plan, policy by policy, seed by seed. RunId::network is the policy's name.
std::vector<RunId> runsOf(const ControlPlan& plan);
/// The plan of one run alone: its policy, one seed. Throws DocumentError if the plan has no such policy.
ControlPlan planOf(const ControlPlan& plan, const RunId& id);

/// Called from the training thread; each may be empty.
struct ControlSinks {
    std::function<void(const EpisodeMetrics&)> episode;
    std::function<void(const ControlProgress&)> progress;
    std::function<void(const ControlEvaluation&)> evaluation;
    /// The policy as it is now, for watching; at most about `snapshots_per_s` times a second, and once at the end. It
    /// does not change any more and may be kept.
    std::function<void(std::shared_ptr<const Policy>)> snapshot;
    double snapshots_per_s = 2;
};

struct ControlOptions {
    std::string folder; ///< the run's own; empty: nothing is kept
    bool resume = false; ///< go on from the folder's checkpoint if there is one
};

struct ControlOutcome {
    RunId id;
    bool stopped = false; ///< asked to, before the last step
    std::int64_t step = 0;
    std::vector<EpisodeMetrics> episodes;
    std::vector<ControlEvaluation> evaluations;
    double elapsed_s = 0;
    std::shared_ptr<const Policy> policy;

    /// Environment steps when an episode was first held to its end; -1 if none was.
    std::int64_t firstFullEpisode() const;
};

/// Throws FileError, DocumentError (a checkpoint of another policy), TrainingError (not finite: names the step; the
/// last good checkpoint stays), MissingLibraryError (no MuJoCo).
ControlOutcome trainControl(const ControlPlan& plan, const RunId& id, const ControlOptions& options,
    const ControlSinks& sinks, const JobContext& context);

struct ControlTest {
    int episodes = 10;
    double stateNoise = 0; ///< standard deviation added to every observation that the policy sees
    std::uint64_t seed = 1;
    bool deterministic = true; ///< the mean action, else one drawn from the policy's Gaussian
};

/// Lets a policy play whole episodes. Stops early, with fewer episodes, if asked to.
ControlEvaluation evaluateControl(
    std::shared_ptr<const Policy> policy, const ControlTest& test, const JobContext& context);

} // namespace endospike
