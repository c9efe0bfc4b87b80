// The information plane: every network of a plan is trained with a bottleneck (sim/network/bottleneck_network.h), and
// after each epoch it is measured how much its code tells about the canvas and about the answers
// (sim/information/bounds.h). The same bits with any number of threads, and whether or not it was stopped and resumed
// between two epochs. A run's folder holds
//
//   experiment.json          the document that repeats exactly this run: one network, one seed
//   metrics.jsonl            one JSON object a line for every epoch (information_log.h)
//   checkpoint.safetensors   see information_checkpoint.h; written after every epoch
#pragma once

#include "sim/base/job.h"
#include "sim/document/experiment.h"
#include "sim/information/bounds.h"
#include "sim/network/bottleneck_network.h"
#include "sim/network/trainer.h"

#include <functional>
#include <string>
#include <vector>

namespace endospike {

/// After every epoch; epoch -1 is the untrained network (its training figures are NaN). The figures are of the averaged
/// weights.
struct InformationEpoch {
    int epoch = 0;
    double loss_nats = 0; ///< of training, with one draw of the code: mean over the epoch as it went by
    InformationPoint train; ///< on the first pairs of the training set
    InformationPoint test;
    double learningRate = 0;
    double samples_per_s = 0; ///< of training alone
    double elapsed_s = 0; ///< of training alone, over all sessions
};

struct InformationRun {
    RunId id;
    const NetworkKind* kind = nullptr;
    bool stopped = false; ///< asked to, before the last epoch; the epoch that was under way is lost
    std::vector<InformationEpoch> epochs;
};

using InformationSink = std::function<void(const RunId&, const InformationEpoch&)>;

BottleneckSettings bottleneckSettings(const ParameterValues& information);

/// The document of one run alone: its network, one seed. Throws DocumentError if there is no such network.
Experiment experimentOf(const Experiment& experiment, const RunId& id);

/// One network from one seed; options.folder is the run's own. Throws FileError, DocumentError (resumed with other
/// settings), TrainingError (loss or weights not finite; the last good checkpoint stays).
InformationRun trainBottleneck(const Experiment& experiment, const RunId& id, const TrainingData& data,
    const TrainingOptions& options, const InformationSink& sink, const JobContext& context);

/// All runs, one after the other; options.folder gets a folder for each (RunId::folderName()) and result.json. With
/// options.resume, runs that are finished are read back, not redone; their epochs go to the sink too.
std::vector<InformationRun> runInformation(const Experiment& experiment, const TrainingOptions& options,
    const InformationSink& sink, const JobContext& context);

} // namespace endospike
