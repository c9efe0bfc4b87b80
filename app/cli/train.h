// The commands of the training laboratory: train a document's networks one after the other, evaluate a checkpoint.
#pragma once

#include "sim/document/experiment.h"

#include <string>
#include <vector>

namespace endospike {

struct TrainOptions {
    std::string folder; ///< one folder below it for each run; empty: keep nothing
    bool resume = false;
    int threads = 0; ///< 0: one for each processor
    std::vector<std::string> networks; ///< names or keys; empty: all of the document
};

/// JSON lines to stdout (sim/network/training_log.h), a table to stderr. The exit code.
int trainDocument(const Experiment& experiment, const TrainOptions& options);

struct EvaluateOptions {
    std::string checkpoint; ///< the file, or a run's folder
    std::string dataFolder; ///< in place of the checkpoint's
    std::string digitsFolder;
    int testPairs = 0; ///< 0: as many as in training
    int threads = 0;
    bool confusion = false;
};

/// JSON to stdout. The exit code.
int evaluateCheckpoint(const EvaluateOptions& options);

} // namespace endospike
