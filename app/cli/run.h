// The run command: an experiment to an end, its tables to a folder, Ctrl-C as its stop.
#pragma once

#include "sim/document/experiment.h"

#include <string>

namespace endospike {

struct RunOptions {
    std::string folder; ///< empty: print the result, write no tables
    bool npy = false;
};

/// The exit code. Says on stderr what went wrong.
int runDocument(const Experiment& experiment, const RunOptions& options);

} // namespace endospike
