// The fields of a robustness sweep on disk, as lines and as a table:
//
//   {"format": "endospike-sweep-cell", "version": 1, "network", "seed", "amplitude", "samples",
//    "repeats": [{"loss", "accuracy": [2]}], "error" (in place of repeats),
//    "settings": {"training": the plan of the one run, "noise": {"form", "seed", "repeats"}},
//    "made": {"date", "training_s", "test_s"}}
//
// All but "made" is the same wherever and whenever the field was computed.
#pragma once

#include "sim/robustness/sweep.h"

#include <optional>
#include <string>

namespace endospike {

std::string fieldPath(const std::string& folder, const SweepField& field);

/// Whole or not at all. Throws FileError.
void writeField(
    const std::string& folder, const Experiment& experiment, const SweepUnit& unit, const FieldResult& result);

struct FoundField {
    std::optional<FieldResult> result; ///< nothing if there is no such file, or it is damaged
    std::string problem; ///< what is wrong with a damaged one
};

/// Throws DocumentError if the file is a whole one, but of other settings than these, and FileError if it cannot be
/// read.
FoundField findField(
    const std::string& folder, const Experiment& experiment, const SweepUnit& unit, const SweepField& field);

/// A sweep as it lies in its folder.
struct SweepRecord {
    Experiment experiment;
    std::vector<FieldResult> fields; ///< the finished ones, in the order of the grid
    std::size_t of = 0; ///< fields of the whole grid
    std::vector<std::string> problems; ///< a sentence for each damaged file
};

/// FOLDER/experiment.json, from which readSweepFolder() knows the grid. Makes the folder. Throws FileError.
void writeSweepExperiment(const std::string& folder, const Experiment& experiment);
/// Throws FileError and DocumentError.
SweepRecord readSweepFolder(const std::string& folder);

/// {"event": "cell", "network", "seed", "amplitude", "samples", "loss", "accuracy": [2], "repeats": [[2]], "error",
///  "training_s", "test_s"}, without the newline; loss and accuracy are means over the repeats.
std::string toJsonLine(const FieldResult& result);

/// {"cells", "of", "points": [{"network", "amplitude", "seeds", "accuracy": [2], "spread": [2], "loss"}]}
std::string summaryAsJson(const Experiment& experiment, const std::vector<FieldResult>& fields);

} // namespace endospike
