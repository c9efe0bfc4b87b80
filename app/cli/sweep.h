// The sweep command: a robustness grid to a folder, cell by cell; alone or as one of many processes under mpirun.
#pragma once

#include "sim/document/experiment.h"

#include <string>

namespace endospike {

struct SweepCommand {
    std::string folder;
    std::string checkpoints; ///< a folder of trainings whose networks may be used; may be empty
    int threads = 0; ///< 0: the processors of this machine, shared by the processes on it
};

/// One JSON object a line to stdout for every cell, a table to stderr, summary.json to the folder. The exit code.
int sweepDocument(const Experiment& experiment, const SweepCommand& command);

} // namespace endospike
