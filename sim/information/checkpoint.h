// A training for the information plane on disk, as a safetensors file: the network's tensors under their names, the
// averaged ones as "average.<name>", the optimiser's as "optimizer.first_moment.<name>" and
// "optimizer.second_moment.<name>", and under "__metadata__":
//
//   format "endospike-information-checkpoint", version "1", run "LIF fc, seed 1"
//   experiment   the document that repeats this run
//   progress     {"epoch", "elapsed_s", "optimizer_steps"}
//   history      a JSON line for every epoch (information_log.h)
#pragma once

#include "sim/information/run.h"
#include "sim/network/optimizer.h"

#include <string>
#include <string_view>
#include <vector>

namespace endospike {

struct InformationCheckpoint {
    /// Before the first step, with initial weights. `experiment` has one network and one seed.
    explicit InformationCheckpoint(const Experiment& experiment);

    Experiment experiment;
    RunId id;
    BottleneckNetwork network;
    BottleneckNetwork average; ///< with which predictions are made
    Optimizer optimizer;
    int epoch = 0; ///< whole epochs done
    double elapsed_s = 0; ///< of training
    std::vector<InformationEpoch> history;
};

/// Throws FileError.
void writeCheckpoint(const std::string& path, const InformationCheckpoint& checkpoint);

/// Throws FileError (not readable, not this format, tensors that do not fit, numbers that are not finite) and
/// DocumentError. `name` for messages.
InformationCheckpoint parseInformationCheckpoint(std::string_view bytes, const std::string& name);

/// Throws DocumentError unless the settings are the same but for the number of epochs.
void checkSameExperiment(const Experiment& begun, const Experiment& asked);

} // namespace endospike
