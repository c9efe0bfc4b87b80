// Measured results of full-length trainings, as they travel with the program, and what they say about the paper's
// claims (He et al. 2024, Fig. 4c). The file is put together by bench/assemble_training_results.py from the folders
// that `endospike-cli train --out` leaves:
//
//   {
//     "format": "endospike-training-results",
//     "version": 1,
//     "program": "Endospike 0.4.0",            what measured
//     "date": "2026-11-24",                    of the last run
//     "machine": "2 cores of ...",
//     "command": "endospike-cli train ...",    how to repeat it
//     "settings": [                            one or both, each once
//       {
//         "setting": "as_published",           or "own_best"
//         "document": { ... },                 a whole document of the training laboratory: networks, data, epochs,
//                                              seeds; what differs from the defaults is read from it
//         "runs": [                            at most one for each network and seed of the document
//           {
//             "network": "LIF fc",             its name in the document
//             "seed": 1,
//             "epochs": 40,                    done, 1 .. the document's
//             "test_accuracy": [0.7, 0.66],    after the last epoch, top left and bottom right, 0..1
//             "best_test_accuracy": [..],      of the epoch with the best mean of both (the test set chose it)
//             "test_loss": 1.9,                after the last epoch, sum of both cross-entropies, nats
//             "seconds": 812.5                 of training
//           }
//         ]
//       }
//     ]
//   }
//
// Every key is required; an unknown key, a wrong type or a value out of its range is refused.
#pragma once

#include "sim/document/experiment.h"
#include "sim/network/network.h"
#include "sim/results/verdict.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

enum class ResultSetting { asPublished, ownBest };

struct MeasuredRun {
    std::string network;
    std::uint64_t seed = 0;
    int epochs = 0;
    std::array<double, taskCount> accuracy{}; ///< 0..1
    std::array<double, taskCount> bestAccuracy{};
    double loss = 0;
    double seconds = 0;
};

struct MeasuredSetting {
    ResultSetting setting = ResultSetting::asPublished;
    Experiment document;
    std::vector<MeasuredRun> runs;
};

struct PublishedResults {
    std::string program, date, machine, command;
    std::vector<MeasuredSetting> settings;

    const MeasuredSetting* find(ResultSetting setting) const; ///< nullptr if it was not measured
};

inline constexpr std::size_t maximumResultBytes = 4u << 20;

/// Throws DocumentError.
PublishedResults publishedResultsFromJson(std::string_view text);

/// One row for each run.
std::string runsAsCsv(const PublishedResults& results);

/// Over the seeds of one network, in percent.
struct Spread {
    int seeds = 0;
    double mean = 0;
    double standardError = 0; ///< of the mean; 0 with one seed, which says nothing about it
};
Spread spreadOf(const MeasuredSetting& setting, std::string_view network, int task);

/// What the paper says about the mean accuracies of two networks.
struct Ordering {
    std::string_view first; ///< keys of network kinds
    Relation relation;
    std::string_view second;
};
std::span<const Ordering> paperOrderings();

/// The larger of 0.5 points and the sum of the two standard errors.
double tolerance(const Spread& first, const Spread& second);

struct MeasuredOrdering {
    std::string firstName, secondName; ///< of the networks in the document
    Relation relation = Relation::about;
    std::array<Spread, taskCount> first, second;
    std::array<double, taskCount> difference{}; ///< of the means, points
    std::array<double, taskCount> tolerance{};
    std::array<bool, taskCount> holds{};

    Verdict verdict() const; ///< over the tasks
};
/// Empty if one of the two networks was not measured in this setting.
std::optional<MeasuredOrdering> measuredOrdering(const MeasuredSetting& setting, const Ordering& ordering);

enum class NetworkForm { fullyConnected, convolutional };
bool isOf(const NetworkKind& kind, NetworkForm form);

/// Those of the paper between networks of this form that were measured in one setting.
std::vector<MeasuredOrdering> measuredOrderings(const MeasuredSetting& setting, NetworkForm form);
/// An ordering holds if it holds in both tasks.
Verdict verdictOf(std::span<const MeasuredOrdering> orderings);

} // namespace endospike
