// What the training of a policy leaves in its folder (control_trainer.h), and how it is read back.
#pragma once

#include "sim/control/log.h"
#include "sim/runs/run_files.h"

#include <string>
#include <vector>

namespace endospike {

/// One run as it lies on the disk.
struct ControlRecord {
    std::string folder;
    RunId id;
    ControlPlan plan; ///< of this run alone: one policy, one seed
    std::string title;
    std::vector<EpisodeMetrics> episodes;
    std::vector<ControlProgress> progress;
    std::vector<ControlEvaluation> evaluations;
    bool hasCheckpoint = false;
    bool hasPolicy = false;

    std::int64_t step() const; ///< the last that was reported
};

/// Also while the run is still going on, or after it was killed: a last line that is cut off is left out. Throws
/// FileError and DocumentError.
ControlRecord readControlFolder(const std::string& folder);

struct ControlRecords {
    std::vector<ControlRecord> runs; ///< by folder name
    std::vector<std::string> problems; ///< a sentence for each folder that could not be read
};
/// Every folder directly below `parent` that holds an experiment.json. Throws FileError if `parent` cannot be read.
ControlRecords readControlFolders(const std::string& parent);

/// The files as a training goes on. Every function throws FileError.
class ControlFolder {
public:
    /// Takes the folder for a run that begins now: what an earlier one left there is removed.
    static ControlFolder begin(const std::string& folder, const ControlPlan& plan, const RunId& id);
    /// Goes on after `step`: later lines of metrics go. What was reported until then.
    static ControlFolder resume(
        const std::string& folder, const ControlPlan& plan, const RunId& id, std::int64_t step, ControlRecord& before);

    /// At the end of metrics.jsonl, on the disk's way at once.
    void append(const std::string& line) const;

private:
    ControlFolder(std::string folder, FolderLock lock);

    std::string m_folder;
    FolderLock m_lock;
};

} // namespace endospike
