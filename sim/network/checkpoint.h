// A training on disk, as a safetensors file: the network's tensors under their names, the optimiser's as
// "optimizer.first_moment.<name>" and "optimizer.second_moment.<name>", and under "__metadata__":
//
//   format "endospike-checkpoint", version "1", run "LIF fc, seed 1"
//   experiment   the document that repeats this run
//   progress     {"epoch", "batch", "epoch_loss", "epoch_correct": [2], "epoch_s", "elapsed_s", "optimizer_steps"}
//   history      a JSON line for every test, as in training_log.h
//
// Random numbers are functions of seed, epoch and place: no state of a generator needs to be kept.
#pragma once

#include "sim/network/metrics.h"
#include "sim/network/network.h"
#include "sim/network/optimizer.h"
#include "sim/network/training_plan.h"
#include "sim/runs/safetensors.h"

#include <memory>
#include <string>
#include <string_view>

namespace endospike {

struct Checkpoint {
    /// Before the first step, with initial weights.
    explicit Checkpoint(const TrainingPlan& plan, const RunId& id);

    TrainingPlan plan; ///< of this run alone: one network, one seed
    RunId id;
    std::unique_ptr<Network> network;
    Optimizer optimizer;
    int epoch = 0; ///< whole epochs done, with their tests
    int batch = 0; ///< batches of the next epoch that are already done
    double epochLoss = 0; ///< sum over the pairs of those batches
    std::array<double, taskCount> epochCorrect{};
    double epoch_s = 0; ///< time spent on those batches
    double elapsed_s = 0; ///< time spent on training so far
    std::vector<EpochMetrics> history;
};

inline constexpr std::string_view checkpointFormat = "endospike-checkpoint";
inline constexpr std::size_t maximumCheckpointBytes = std::size_t{2} << 30;

/// Written whole or not at all. Throws FileError.
void writeCheckpoint(const std::string& path, const Checkpoint& checkpoint);

/// Throws FileError (not readable, not this format, sizes that do not fit, not a checkpoint of Endospike, numbers that
/// are not finite) and DocumentError (its experiment is not a right one).
Checkpoint readCheckpoint(const std::string& path);
/// From memory; `name` for messages.
Checkpoint parseCheckpoint(std::string_view bytes, const std::string& name);

/// Throws DocumentError that names the first difference if a training under `plan` (of one run) would not go on as the
/// checkpoint began. The number of epochs and the folders of the data may differ.
void checkSamePlan(const Checkpoint& checkpoint, const TrainingPlan& plan);

// Parts that every file of this kind is made of. Errors name the file `name`.
std::vector<std::uint64_t> shapeOf(const TensorPlace& place);
/// As takeFloats(), into its place among `all`.
void takeTensor(const SafeTensors& file, const std::string& tensor, const TensorPlace& place, std::span<float> all,
    const std::string& name);

} // namespace endospike
