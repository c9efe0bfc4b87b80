// What a training leaves in its folder, and how it is read back:
//
//   experiment.json          the document that repeats exactly this run: one network, one seed
//   metrics.jsonl            one JSON object a line: every epoch, and batches about 50 times an epoch or every second
//   checkpoint.safetensors   weights, optimiser and schedule (see checkpoint.h), written after every epoch and on stop
#pragma once

#include "sim/network/metrics.h"
#include "sim/network/training_plan.h"
#include "sim/runs/run_files.h"

#include <string>
#include <string_view>
#include <vector>

namespace endospike {

/// One run as it lies on the disk.
struct RunRecord {
    std::string folder;
    RunId id;
    TrainingPlan plan; ///< of this run alone: one network, one seed
    std::string title; ///< of the experiment
    std::vector<EpochMetrics> epochs; ///< epoch -1 (untrained) first; epochs count up without gaps
    std::vector<BatchMetrics> batches;
    bool hasCheckpoint = false;

    bool finished() const { return !epochs.empty() && epochs.back().epoch + 1 >= plan.epochs(); }
};

/// Also while the run is still going on, or after it was killed: a last line that is cut off is left out. Throws
/// FileError and DocumentError.
RunRecord readRunFolder(const std::string& folder);

/// Makes of a checkpoint from elsewhere, which stays as it is, the folder of a run below `parent`. The batches of a
/// metrics.jsonl beside it come along if they are of the same run. Throws FileError and DocumentError; then nothing is
/// left behind.
RunRecord adoptCheckpoint(const std::string& file, const std::string& parent);

struct RunList {
    std::vector<RunRecord> runs; ///< by folder name
    std::vector<std::string> problems; ///< a sentence for each folder that could not be read
};

/// Every folder directly below `parent` that holds an experiment.json of the training laboratory. Throws FileError if
/// `parent` itself cannot be read.
RunList readRunFolders(const std::string& parent);

/// Every trained network at or below one of `roots`, at most four folders deep: what a training keeps below
/// ROOT/WORK/RUN, a sweep below ROOT/WORK/runs/RUN. Hidden folders and those without a checkpoint are passed over.
/// Throws FileError if a root cannot be read.
RunList readTrainedBelow(const std::vector<std::string>& roots);

/// The three files as a training goes on. Every function throws FileError.
class RunFolder {
public:
    /// Takes the folder for a run that begins now: what an earlier one left there is removed.
    static RunFolder begin(const std::string& folder, const TrainingPlan& plan, const std::string& title = {});
    /// Goes on after `history`: batches stay as far as (epoch, batch), later lines go.
    static RunFolder resume(const std::string& folder, const TrainingPlan& plan, const RunId& id,
        const std::vector<EpochMetrics>& history, int epoch, int batch);

    /// At the end of metrics.jsonl, on the disk's way at once.
    void append(const std::string& line) const;

private:
    RunFolder(std::string folder, FolderLock lock);

    std::string m_folder;
    FolderLock m_lock;
};

} // namespace endospike
