// The figures of a training as lines of JSON, as in metrics.jsonl, in a checkpoint and from `endospike-cli train`:
//
//   {"event": "batch", "network", "seed", "epoch", "batch", "batches_per_epoch", "loss", "accuracy": [2],
//    "samples_per_s", "elapsed_s"}
//   {"event": "epoch", "network", "seed", "epoch", "train_loss", "train_accuracy": [2], "test_loss",
//    "test_accuracy": [2], "learning_rate", "samples_per_s", "elapsed_s", "operations", "peak_memory_bytes",
//    "layers": [{"name", "mean_rate", "neurons", "dead", "saturated"}]}
//   {"event": "run", "network", "seed", "outcome": "done", "stopped" or "failed", "epochs", "test_loss",
//    "test_accuracy": [2], "elapsed_s", "error"}      the end of one training, from the command line alone
//
// Epochs and batches count from 0, epoch -1 is the untrained network; what is not a number is null.
#pragma once

#include "sim/network/evaluation.h"
#include "sim/network/metrics.h"
#include "sim/runs/run_id.h"

#include <string>
#include <string_view>
#include <variant>

namespace endospike {

struct RunOutcome;

using TrainingEvent = std::variant<BatchMetrics, EpochMetrics>;

/// Without the newline. A number comes back to the bit.
std::string toJsonLine(const RunId& id, const BatchMetrics& metrics);
std::string toJsonLine(const RunId& id, const EpochMetrics& metrics);
std::string runLine(const RunOutcome& outcome, const std::string& error);

/// A whole document: what was evaluated, loss, accuracies, activity, and if asked for, both tables of confusion with
/// their class names; rows are what an image shows, columns what it was taken for.
std::string evaluationAsJson(const RunId& id, int epochsTrained, const Evaluation& evaluation,
    const std::array<std::vector<std::string>, taskCount>& classNames, bool withConfusion);

/// Throws DocumentError.
TrainingEvent eventFromJsonLine(std::string_view line);

/// Every line; `path` for messages. A last line without a newline is left out if it cannot be read: its writer was
/// interrupted. Throws DocumentError.
std::vector<TrainingEvent> eventsFromJsonLines(std::string_view text, const std::string& path);

} // namespace endospike
