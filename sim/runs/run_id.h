// Which training of a plan a folder, a row of a table or a curve stands for.
#pragma once

#include <cstdint>
#include <string>

namespace endospike {

/// One training of one network or policy from one seed: what a run's folder, table row and curve stand for.
struct RunId {
    std::string network; ///< NetworkPlan::name
    std::uint64_t seed = 0;
    /// "LIF fc, seed 1"
    std::string label() const;
    /// As a folder's name, another one for every run of a plan: "LIF_fc-seed1".
    std::string folderName() const;
    friend bool operator==(const RunId&, const RunId&) = default;
};

} // namespace endospike
