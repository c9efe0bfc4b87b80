// The run command: an experiment to an end, its tables to a folder, Ctrl-C as its stop.
#pragma once

#include "sim/experiment.h"

#include <string>
#include <string_view>

namespace endospike {

/// Exit codes. A run stopped by a signal ends with 128 + the signal's number, as a shell reports it.
inline constexpr int done = 0;
inline constexpr int badInput = 2;
inline constexpr int runFailed = 3;

struct RunOptions {
    std::string folder; ///< empty: print the result, write no tables
    bool npy = false;
};

/// The exit code. Says on stderr what went wrong.
int runDocument(const Experiment& experiment, const RunOptions& options);

/// To standard output; the exit code.
int print(std::string_view text);

} // namespace endospike
