// The figures of a policy's training as lines of JSON, as in metrics.jsonl and from `endospike-cli train`:
//
//   {"event": "episode", "policy", "seed", "episode", "step", "length", "reward", "terminated"}
//   {"event": "progress", "policy", "seed", "step", "reward", "critic_loss", "policy_loss", "entropy", "temperature",
//    "steps_per_s", "elapsed_s"}
//   {"event": "evaluation", "policy", "seed", "step", "lengths": [], "rewards": [], "task_rewards": []}
//   {"event": "run", "policy", "seed", "outcome": "done", "stopped" or "failed", "steps", "episodes",
//    "first_full_episode_step", "elapsed_s", "error"}      the end of one training, from the command line alone
//
// Episodes count from 0; what is not a number is null.
#pragma once

#include "sim/control/trainer.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace endospike {

using ControlEvent = std::variant<EpisodeMetrics, ControlProgress, ControlEvaluation>;

/// Without the newline. A number comes back to the bit.
std::string toJsonLine(const RunId& id, const ControlEvent& event);
std::string runLine(const ControlOutcome& outcome, const std::string& error);
/// A whole document: what was played and how it went.
std::string evaluationAsJson(const Policy& policy, const ControlTest& test, const ControlEvaluation& evaluation);

/// Environment steps of the training when it happened.
std::int64_t stepOf(const ControlEvent& event);

/// Throws DocumentError.
ControlEvent controlEventFromJsonLine(std::string_view line);
/// Every line; `path` for messages. A last line without a newline is left out if it cannot be read: its writer was
/// interrupted. Throws DocumentError.
std::vector<ControlEvent> controlEventsFromJsonLines(std::string_view text, const std::string& path);

} // namespace endospike
