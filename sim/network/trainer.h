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

/// After every few batches.
struct BatchMetrics {
    int epoch = 0; ///< counts from 0
    int batch = 0; ///< within the epoch, counts from 0
    int batchesPerEpoch = 0;
    double loss = 0; ///< over the batches since the last report
    std::array<double, taskCount> accuracy{}; ///< 0..1, training
    double samples_per_s = 0;
    double elapsed_s = 0; ///< of training, over all sessions of this run
};

/// After every epoch; epoch -1 is the untrained network (its training figures are NaN).
struct EpochMetrics {
    int epoch = 0;
    double trainLoss = 0; ///< mean over the epoch as it went by
    std::array<double, taskCount> trainAccuracy{};
    double testLoss = 0;
    std::array<double, taskCount> testAccuracy{};
    double learningRate = 0;
    double samples_per_s = 0;
    double elapsed_s = 0; ///< of training alone, over all sessions
    double operations = 0; ///< additions and multiplications so far, by the published counting (3 x forward per sample)
    std::size_t peakMemory_bytes = 0; ///< of the process
    std::vector<LayerActivity> layers; ///< on the test set
};

/// One training of one network from one seed: what a run's folder, table row and curve stand for.
struct RunId {
    std::string network; ///< NetworkPlan::name
    std::uint64_t seed = 0;
    /// "LIF fc, seed 1"
    std::string label() const;
    /// As a folder's name, another one for every run of a plan: "LIF_fc-seed1".
    std::string folderName() const;
    friend bool operator==(const RunId&, const RunId&) = default;
};

/// All runs of a plan, network by network, seed by seed.
std::vector<RunId> runsOf(const TrainingPlan& plan);

/// The plan of one run alone: its network, one seed. Throws DocumentError if the plan has no such network.
TrainingPlan planOf(const TrainingPlan& plan, const RunId& id);

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

/// Loss, accuracy and activity over a set, in batches.
EpochMetrics evaluate(const Network& network, const PairedImages& set, Workers& workers, const JobContext& context);

/// Probabilities [pairs][2][10] for pairs [begin, end).
std::vector<float> predict(const Network& network, const PairedImages& set, int begin, int end, Workers& workers);

} // namespace endospike
