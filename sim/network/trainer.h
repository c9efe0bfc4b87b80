// Trains one network of a plan from one seed: epochs, order, schedule, test, checkpoints. The same bits with any number
// of threads, and whether or not it was stopped and resumed in between.
#pragma once

#include "sim/base/job.h"
#include "sim/network/multi_fashion.h"
#include "sim/network/network.h"
#include "sim/network/training_plan.h"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace endospike {

struct RunSinks {
    std::function<void(const BatchMetrics&)> batch; ///< at most about 20 times a second; may be empty
    /// After each test; the snapshot does not change any more and may be kept.
    std::function<void(const EpochMetrics&, std::shared_ptr<const Network> snapshot)> epoch;
};

struct TrainingOptions {
    int threads = 1;
    std::string folder; ///< where checkpoint.safetensors and metrics.jsonl are kept; empty: nowhere
    bool resume = false; ///< go on from the folder's checkpoint if there is one
    std::string title = {}; ///< of the experiment that a new run belongs to; empty: the run's own name
};

struct RunOutcome {
    RunId id;
    bool stopped = false; ///< asked to, before the last epoch; the checkpoint holds the last whole step
    std::vector<EpochMetrics> epochs;
    std::shared_ptr<const Network> network;
};

/// Throws FileError, DocumentError (a checkpoint of another net), TrainingError (loss or weights not finite: names
/// epoch and batch; the last good checkpoint stays).
RunOutcome trainNetwork(const TrainingPlan& plan, const RunId& id, const TrainingData& data,
    const TrainingOptions& options, const RunSinks& sinks, const JobContext& context);

} // namespace endospike
