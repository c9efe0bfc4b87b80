// What a document of the training laboratory holds: which networks, on which pairs of images, for how long, with which
// seeds.
#pragma once

#include "sim/network/network_kind.h"
#include "sim/runs/run_id.h"

#include <cstdint>
#include <string>
#include <vector>

namespace endospike {

/// Rows of trainingTable(), in its order.
namespace training {
inline constexpr std::string_view key = "training"; ///< of the documents that hold nothing else
enum Row {
    source,
    train_pairs,
    test_pairs,
    validation_pairs,
    pairing_seed,
    epochs,
    batch,
    seeds,
    first_seed,
    noise_amplitude,
    noise,
    noise_seed
};
enum Source { fashion, fashionAndDigits };
enum Noise { freshNoise, oneNoiseImage };
} // namespace training
ParameterTable trainingTable();

inline constexpr std::size_t maximumNetworks = 24;

struct TrainingPlan {
    TrainingPlan(); ///< no networks, default settings

    std::vector<NetworkPlan> networks;
    ParameterValues settings;
    std::string dataFolder; ///< in place of the package; empty for the usual places (see idx.h)
    std::string digitsFolder; ///< four MNIST files, for the digit pairing

    int epochs() const { return static_cast<int>(settings[training::epochs]); }
    int batch() const { return static_cast<int>(settings[training::batch]); }
    int seeds() const { return static_cast<int>(settings[training::seeds]); }
    std::uint64_t firstSeed() const { return static_cast<std::uint64_t>(settings[training::first_seed]); }
    void setLength(int trainPairs, int testPairs, int epochs);
    NetworkPlan& addAtItsBest(const NetworkKind& kind); ///< with ownBestParameters()

    friend bool operator==(const TrainingPlan&, const TrainingPlan&) = default;
};

/// All runs of a plan, network by network, seed by seed.
std::vector<RunId> runsOf(const TrainingPlan& plan);

/// The plan of one run alone: its network, one seed. Throws DocumentError if the plan has no such network.
TrainingPlan planOf(const TrainingPlan& plan, const RunId& id);

} // namespace endospike
