// The information command: the information plane of a document's networks.
#pragma once

#include "sim/experiment.h"
#include "sim/network/trainer.h"

namespace endospike {

/// JSON lines to stdout (sim/analysis/information_log.h), a table to stderr. The
/// exit code.
int planeOfDocument(const Experiment& experiment, const TrainingOptions& options);

} // namespace endospike
