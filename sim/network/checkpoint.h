// A training on disk, in the safetensors format (little-endian length of the header, a JSON header, raw tensors):
// weights, optimiser state, schedule and random state, with the experiment in the header's metadata. Written whole or
// not at all.
#pragma once

#include "sim/network/trainer.h"

#include <memory>
#include <string>

namespace endospike {

struct Checkpoint {
    TrainingPlan plan; ///< with the one network that was trained
    RunId id;
    std::unique_ptr<Network> network;
    // Optimiser: moments [trainedCount()], steps taken.
    std::vector<float> firstMoment, secondMoment;
    std::uint64_t optimizerSteps = 0;
    int epoch = 0; ///< whole epochs done
    int batch = 0; ///< batches of the next epoch that are already done
    double epochLoss = 0; ///< sums over those batches
    std::array<double, taskCount> epochCorrect{};
    double elapsed_s = 0;
    std::vector<EpochMetrics> history;
};

/// Throws FileError.
void writeCheckpoint(const std::string& path, const Checkpoint& checkpoint);

/// Throws FileError (not readable, not this format, sizes that do not fit, not a checkpoint of Endospike) and
/// DocumentError.
Checkpoint readCheckpoint(const std::string& path);
/// From memory; `name` for messages.
Checkpoint parseCheckpoint(std::string_view bytes, const std::string& name);

} // namespace endospike
