// The claims of the paper (He et al., Nature Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9), what
// was measured about each, and whether it holds. What is claimed and by which rules it is judged stands here; a file
// holds measured values alone, so that no verdict can be typed in. The file is put together from results of the command
// line by bench/assemble_claims.py:
//
//   {
//     "format": "endospike-claims",
//     "version": 1,
//     "measurements": [                       at most one for each claim, in any order
//       {
//         "claim": "equivalence",             its key
//         "setting": "dt 0.001 ms, ...",      how it was measured, in words
//         "date": "2026-11-25",
//         "machine": "2 cores of ...",
//         "program": "Endospike 0.1.0",
//         "command": "endospike-cli run ...", how to repeat it
//         "document": { ... },                the experiment, whole; null if there is none
//         "rows": [
//           {
//             "key": "maximum_mv",            which the rules name; unique here
//             "name": "Largest |ΔV|",
//             "unit": "mV",                   may be empty
//             "value": 2.4e-11,
//             "spread": null,                 standard deviation over seeds; null with one seed
//             "seeds": 1                      0 for what no seed can change
//           }
//         ]
//       }
//     ]
//   }
//
// Every key is required; an unknown key, a wrong type or a value out of its range is refused. The trainings on two
// tasks have a file of their own (published_results.h), from which their claims are judged.
#pragma once

#include "sim/results/published_results.h"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

/// The tolerance is `least`, or the sum of both standard errors of the mean where that is larger.
struct ClaimRule {
    std::string_view first; ///< key of a row
    Relation relation = Relation::equal;
    std::string_view second; ///< key of another row; empty: the constant
    double constant = 0;
    double least = 0; ///< tolerance
};

struct PaperClaim {
    std::string_view key;
    std::string_view title;
    std::string_view statement; ///< what the paper says, in our words
    std::string_view place; ///< where in the paper
    std::string_view rule; ///< by which it is judged, in words
    std::string_view howTo; ///< how it is measured
    std::vector<ClaimRule> rules; ///< none for what is judged from the file of trainings
    std::optional<NetworkForm> trainings = {}; ///< judged from those of such networks
    std::string_view environment = {}; ///< whose learning curves belong to it; empty: none
};

std::span<const PaperClaim> claimTable();
const PaperClaim* findClaim(std::string_view key); ///< nullptr if there is none

struct MeasuredValue {
    std::string key, name, unit;
    double value = 0;
    double spread = std::numeric_limits<double>::quiet_NaN(); ///< standard deviation over seeds
    int seeds = 1;

    /// Of the mean; 0 where it is not known.
    double standardError() const;
};

struct Measurement {
    std::string claim, setting, date, machine, program, command;
    std::optional<Experiment> document;
    std::vector<MeasuredValue> rows;

    const MeasuredValue* find(std::string_view key) const; ///< nullptr if it was not measured
};

struct Measurements {
    std::vector<Measurement> all;
    const Measurement* find(std::string_view claim) const; ///< nullptr if there is none
};

/// Throws DocumentError.
Measurements measurementsFromJson(std::string_view text);

/// One row for each value.
std::string valuesAsCsv(const Measurement& measurement);

/// One rule and what the values say to it.
struct Finding {
    const MeasuredValue* first = nullptr; ///< in the measurement
    const MeasuredValue* second = nullptr; ///< nullptr: the constant
    ClaimRule rule;
    double difference = 0; ///< first minus second, or minus the constant
    double tolerance = 0;
    bool holds = false;
};

/// Rules whose rows were measured.
std::vector<Finding> findingsOf(const PaperClaim& claim, const Measurement& measurement);

Verdict verdictOf(const PaperClaim& claim, const Measurement& measurement);

} // namespace endospike
