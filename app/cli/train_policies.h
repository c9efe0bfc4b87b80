// The commands of the control laboratory: train a document's policies, several at once and over the processes that
// mpirun started; let a policy play.
#pragma once

#include "app/cli/train.h"
#include "sim/document/experiment.h"

#include <string>

namespace endospike {

/// JSON lines to stdout (sim/control/log.h), a table to stderr. options.networks names policies; with
/// options.threads as many trainings run at once. The exit code.
int trainPolicies(const Experiment& experiment, const TrainOptions& options);

struct PlayOptions {
    std::string checkpoint; ///< a checkpoint, a policy's file, or a run's folder
    int episodes = 10;
    double noise = -1; ///< of every observation; below 0: as in training
    std::uint64_t seed = 1;
    bool sampled = false; ///< actions drawn from the policy's Gaussian
};

/// Whether a file or a run's folder holds a policy rather than a network.
bool holdsPolicy(const std::string& checkpoint);

/// JSON to stdout. The exit code.
int playPolicy(const PlayOptions& options);

} // namespace endospike
