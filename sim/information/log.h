// The figures of the information plane as JSON. A line of metrics.jsonl, of a checkpoint's history and of
// `endospike-cli information`:
//
//   {"event": "epoch", "network", "seed", "epoch", "loss_nats", "train": {...}, "test": {...}, "learning_rate",
//    "samples_per_s", "elapsed_s"}
//
// "train" and "test" are {"i_zx_bits", "i_zy_bits": [2], "i_zy_joint_bits", "i_zy_published_counting_bits", "kl_nats",
// "cross_entropy_nats": [2], "accuracy": [2]}. Epochs count from 0, -1 is the untrained network; what is not a number
// is null.
#pragma once

#include "sim/information/run.h"

#include <string>
#include <string_view>
#include <vector>

namespace endospike {

/// Without the newline.
std::string toJsonLine(const RunId& id, const InformationEpoch& epoch);

/// A last line that is cut off is left out. Throws DocumentError: a line is wrong, or epochs do not count up from -1.
std::vector<InformationEpoch> informationFromJsonLines(std::string_view text);

/// result.json: the estimator, both ways of counting, every run, the experiment. Ends in a newline.
std::string informationResult(const Experiment& experiment, const std::vector<InformationRun>& runs);

/// One run as it lies on the disk. Throws FileError and DocumentError.
struct InformationRecord {
    Experiment experiment; ///< of this run alone
    InformationRun run;
};
InformationRecord readInformationFolder(const std::string& folder);

/// Every folder directly below `parent` (or `parent` itself) that holds such a run, by name; others are left out.
/// Throws FileError if `parent` cannot be read.
std::vector<InformationRecord> readInformationFolders(const std::string& parent);

} // namespace endospike
