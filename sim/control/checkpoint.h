// A training of a policy on disk, as a safetensors file that holds all that decides its future, so that it goes on to
// the bit:
//
//   policy         its tensors under their names (policy.h), moments of Adam under "first_moment." and "second_moment."
//   critics        "critic.0.0.weight" ... and "target.0.0.weight" ..., moments of the critics likewise
//   replay         "replay.observations" [moments][numbers], "replay.actions", "replay.rewards", "replay.ages",
//                  "replay.terminated"
//   environment    "environment.state", "window", "recent_rewards"
//   __metadata__   format "endospike-control", version "1", run, experiment (the document that repeats this run),
//                  progress (counters and sums as JSON)
//
// Random numbers are functions of seed, purpose and counters: no state of a generator needs to be kept.
#pragma once

#include "sim/control/soft_actor_critic.h"
#include "sim/control/trainer.h"
#include "sim/runs/safetensors.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace endospike {

inline constexpr std::string_view controlCheckpointFormat = "endospike-control";

/// Where a training stands, besides what it has learnt.
struct ControlPosition {
    std::int64_t step = 0; ///< of the environment, done
    std::uint64_t updates = 0;
    int episode = 0; ///< whole ones done
    int episodeLength = 0; ///< steps of the one that is under way; 0: it has not begun
    double episodeReward = 0;
    // Sums over the updates since the last report.
    int reportUpdates = 0;
    double criticLoss = 0;
    double policyLoss = 0;
    double entropy = 0;
    double elapsed_s = 0;

    std::vector<double> environment; ///< Environment::state(); empty before the first episode
    std::vector<float> window; ///< observations as the policy sees them
    std::vector<double> recentRewards; ///< exact, the last 1000 or fewer, the oldest first
};

struct ControlCheckpoint {
    /// Before the first step. `plan` may hold more than this run.
    ControlCheckpoint(const ControlPlan& plan, const RunId& id);

    ControlPlan plan; ///< of this run alone: one policy, one seed
    RunId id;
    std::unique_ptr<SoftActorCritic> learner;
    ControlPosition position;

    std::shared_ptr<const Policy> policy() const; ///< a copy that does not change
};

std::string policyPath(const std::string& folder); ///< "FOLDER/policy.safetensors"

/// Written whole or not at all. Throws FileError.
void writeControlCheckpoint(const std::string& path, const ControlCheckpoint& checkpoint);
/// Throws FileError (not readable, not this format, sizes that do not fit, numbers that are not finite) and
/// DocumentError (its experiment is not a right one).
ControlCheckpoint readControlCheckpoint(const std::string& path);
ControlCheckpoint parseControlCheckpoint(std::string_view bytes, const std::string& name);

/// Throws DocumentError that names the first difference if a training under `plan` (of one run) would not go on as the
/// checkpoint began. Its number of steps, tests and checkpoints may differ.
void checkSamePlan(const ControlCheckpoint& checkpoint, const ControlPlan& plan);

// Parts that files of this kind are made of. Errors name the file `name`.
/// Plan and run of the document in a file, checked against what the file can hold.
std::pair<ControlPlan, RunId> planOfExperimentText(
    const std::string& text, const SafeTensors& file, const std::string& name);
/// Views of the tensors, which must live as long as the file's description.
void addTensors(SafeTensors& file, const std::string& prefix, std::span<const ControlTensor> tensors);
/// Reads tensors of the given names and shapes and hands them on; how many they were. Throws FileError.
std::size_t takeTensors(const SafeTensors& file, const std::string& prefix, std::vector<ControlTensor> wanted,
    const std::function<void(std::span<const ControlTensor>)>& take, const std::string& name);

} // namespace endospike
