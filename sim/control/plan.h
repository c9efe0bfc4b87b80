// What a document of the control laboratory holds: which environment, which policies, how they learn (soft
// actor-critic, Haarnoja et al. 2018, arXiv:1812.05905), for how long, with which seeds.
#pragma once

#include "sim/control/environment.h"
#include "sim/control/policy_kind.h"

#include <cstdint>
#include <string>
#include <vector>

namespace endospike {

/// Rows of controlTable(), in its order.
namespace control {
inline constexpr std::string_view key = "control"; ///< of its documents
enum Row {
    steps,
    seeds,
    first_seed,
    discount,
    target_rate,
    learning_rate,
    temperature,
    automatic_temperature,
    target_entropy,
    batch,
    replay,
    random_steps,
    updates_per_step,
    critic_width,
    state_noise,
    reward_noise,
    evaluation_interval,
    evaluation_episodes,
    checkpoint_interval
};
} // namespace control
ParameterTable controlTable();

inline constexpr std::size_t maximumPolicies = 24;

struct ControlPlan {
    ControlPlan(); ///< the first environment, no policies, default settings

    const EnvironmentKind* environment;
    ParameterValues environmentParameters;
    std::vector<PolicyPlan> policies;
    ParameterValues settings;

    std::int64_t steps() const { return static_cast<std::int64_t>(settings[control::steps]); }
    int seeds() const { return static_cast<int>(settings[control::seeds]); }
    std::uint64_t firstSeed() const { return static_cast<std::uint64_t>(settings[control::first_seed]); }
    /// Another environment with its published values; the policies keep theirs.
    void setEnvironment(const EnvironmentKind& kind);

    friend bool operator==(const ControlPlan&, const ControlPlan&) = default;
};

} // namespace endospike
