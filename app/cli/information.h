// The information command: the information plane of a document's networks.
#pragma once

#include "sim/document/experiment.h"
#include "sim/network/trainer.h"

namespace endospike {

/// JSON lines to stdout (sim/information/log.h), a table to stderr. The
/// exit code.
int planeOfDocument(const Experiment& experiment, const TrainingOptions& options);

} // namespace endospike
