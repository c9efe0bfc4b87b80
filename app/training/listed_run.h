// One line of the training laboratory's list of runs: what is known of a training, and how far it is.
#pragma once

#include "sim/network/run_folder.h"

#include <QString>

namespace endospike {

enum class RunState { waiting, running, paused, stopped, finished, failed };

struct ListedRun {
    RunRecord record;
    RunState state = RunState::waiting;
    QString failure; ///< a sentence, when failed
    bool current = false; ///< belongs to the present queue, else an earlier run kept on disk
};

enum class RunExport { csv, tensorBoard };

} // namespace endospike
