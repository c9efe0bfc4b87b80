// What a training leaves in its folder, and how it is read back:
//
//   experiment.json          the document that repeats exactly this run: one network, one seed
//   metrics.jsonl            one JSON object a line: every epoch, and batches at most about 20 times a second
//   checkpoint.safetensors   weights, optimiser and schedule (see checkpoint.h), written after every epoch and on stop
#pragma once

#include "sim/network/trainer.h"

#include <string>
#include <string_view>
#include <vector>

namespace endospike {

/// One run as it lies on the disk.
struct RunRecord {
    std::string folder;
    RunId id;
    TrainingPlan plan; ///< of this run alone: one network, one seed
    std::string title; ///< of the experiment
    std::vector<EpochMetrics> epochs; ///< epoch -1 (untrained) first; epochs count up without gaps
    std::vector<BatchMetrics> batches;
    bool hasCheckpoint = false;

    bool finished() const { return !epochs.empty() && epochs.back().epoch + 1 >= plan.epochs(); }
};

std::string checkpointPath(const std::string& folder);
std::string metricsPath(const std::string& folder);
std::string experimentPath(const std::string& folder);

/// Also while the run is still going on, or after it was killed: a last line that is cut off is left out. Throws
/// FileError and DocumentError.
RunRecord readRunFolder(const std::string& folder);

struct RunList {
    std::vector<RunRecord> runs; ///< by folder name
    std::vector<std::string> problems; ///< a sentence for each folder that could not be read
};

/// Every folder directly below `parent` that holds an experiment.json of the training laboratory. Throws FileError if
/// `parent` itself cannot be read.
RunList readRunFolders(const std::string& parent);

/// One line of metrics.jsonl and of `endospike-cli train`, without the newline:
///   {"event": "batch", "network", "seed", "epoch", "batch", "batches_per_epoch", "loss", "accuracy": [2],
///    "samples_per_s", "elapsed_s"}
///   {"event": "epoch", "network", "seed", "epoch", "train_loss", "train_accuracy": [2], "test_loss",
///    "test_accuracy": [2], "learning_rate", "samples_per_s", "elapsed_s", "operations", "peak_memory_bytes",
///    "layers": [{"name", "mean_rate", "neurons", "dead", "saturated"}]}
/// Epochs and batches count from 0, epoch -1 is the untrained network; what is not a number is null.
std::string toJsonLine(const RunId& id, const BatchMetrics& metrics);
std::string toJsonLine(const RunId& id, const EpochMetrics& metrics);

} // namespace endospike
