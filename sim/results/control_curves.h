// How policies learned to balance in full-length trainings, as it travels with the program: curves over the environment
// steps, and how the finished policies played. The file is put together by bench/assemble_control_curves.py from the
// folders that `endospike-cli train --out` leaves:
//
//   {
//     "format": "endospike-control-curves",
//     "version": 1,
//     "program": "Endospike 0.1.0",            what trained
//     "date": "2026-11-26",                    of the last run
//     "machine": "2 cores of ...",
//     "command": "endospike-cli train ...",    how to repeat it
//     "settings": [                            at most one for each environment and kind of noise
//       {
//         "document": { ... },                 a whole document of the control laboratory: environment, noise, policies
//                                              and seeds are read from it
//         "steps": [400, 800, ...],            rising environment steps at which every curve has a point
//         "policies": [                        at most one for each policy of the document
//           {
//             "policy": "LIF",                 its name in the document
//             "reward": [5.3, ...],            mean over the seeds of the reward in a step, over the last 1000 steps
//             "reward_spread": [0.1, ...],     one standard deviation over the seeds; null with one seed
//             "length": [null, 21.5, ...],     the same of the length of the episodes that ended in the last 1000
//             "length_spread": [null, ...],    steps, else of the last that ended; null before the first
//             "runs": [                        at most one for each seed of the document, 1 at least
//               {
//                 "seed": 1,
//                 "held_step": 21444,          steps of training when an episode was first held to its end; null: never
//                 "lengths": [1000, ...],      of the test episodes after the last step
//                 "rewards": [9047.87, ...]    of the same, summed over the episode
//               }
//             ]
//           }
//         ]
//       }
//     ]
//   }
//
// Every key is required; an unknown key, a wrong type or a value out of its range is refused. Rewards are those of the
// exact state, also where the policy learned from noisy ones.
#pragma once

#include "sim/document/experiment.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

enum class ControlNoise { none, state, reward, both };
ControlNoise noiseOf(const ControlPlan& plan);

/// NaN: not known.
struct CurveBand {
    std::vector<double> mean;
    std::vector<double> spread;
};

struct TrainedSeed {
    std::uint64_t seed = 0;
    std::int64_t heldStep = -1; ///< -1: no episode was held to its end
    std::vector<int> lengths;
    std::vector<double> rewards; ///< as many

    bool heldEvery(int steps) const; ///< test episode was as long as that
    double meanLength() const;
    double meanReward() const;
};

struct PolicyCurves {
    std::string policy;
    CurveBand reward;
    CurveBand length;
    std::vector<TrainedSeed> runs;
};

struct ControlSetting {
    Experiment document;
    std::vector<double> steps;
    std::vector<PolicyCurves> policies; ///< in the order of the document

    const PolicyPlan& planOf(const PolicyCurves& curves) const;
};

struct ControlCurves {
    std::string program, date, machine, command;
    std::vector<ControlSetting> settings;

    const ControlSetting* find(std::string_view environment, ControlNoise noise) const; ///< nullptr if there is none
};

inline constexpr std::size_t maximumCurveBytes = 1u << 20;

/// Throws DocumentError.
ControlCurves controlCurvesFromJson(std::string_view text);

/// One line for each policy and step: policy, seeds, step, reward and length with their spreads; empty: not known.
std::string curvesAsCsv(const ControlSetting& setting);

} // namespace endospike
