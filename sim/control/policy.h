// A policy that can act: its parameters, what it decides, and a look inside. What it does is a function of plan, seed
// and observations alone. See policy_kind.h for the equations.
//
//   file.safetensors   tensors under their names, and under "__metadata__"
//     format "endospike-policy", version "1"
//     experiment   the document of the training that it comes from: one policy, one seed
//     steps        environment steps of training behind it
#pragma once

#include "sim/control/plan.h"
#include "sim/runs/run_id.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

inline constexpr std::string_view policyFormat = "endospike-policy";

/// One tensor of a policy or critic, as a file shows it: row-major, without gaps.
struct ControlTensor {
    std::string name; ///< "input.weight", "mean.0.bias", "sigma.2.weight", "map.weight", "rates.a_n"
    std::vector<int> shape; ///< linear layers [outputs][inputs]
    std::vector<float> values;
    friend bool operator==(const ControlTensor&, const ControlTensor&) = default;
};

/// One decision, for drawing.
struct PolicyRecord {
    int steps = 0; ///< for which the neurons were simulated: observations x steps each
    int neurons = 0; ///< hidden neurons (for s-LIF2HH: four for each unit)
    /// [steps][neurons], in the neuron's own unit; relu: its output for each observation; voltage-dependent HH: the
    /// current that it gets for each observation, uA/cm^2.
    std::vector<float> potentials;
    /// [steps][neurons], 0 or 1; voltage-dependent HH: spikes for each observation; relu: empty, it has none.
    std::vector<std::uint8_t> spikes;
    std::vector<float> output; ///< [neurons], as the towers see it
    double threshold = 0; ///< of the potential; NaN if there is none to draw
    double mean = 0; ///< before tanh
    double logSigma = 0;
    double action = 0;
};

template <class T>
class Actor; // actor.h

/// Does not change; may be seen from several threads.
class Policy {
public:
    /// `plan` of this policy alone: one policy, one seed (planOf).
    Policy(ControlPlan plan, RunId id, std::int64_t stepsTrained, std::shared_ptr<const Actor<float>> actor);

    const ControlPlan& plan() const { return m_plan; }
    const RunId& id() const { return m_id; }
    std::int64_t stepsTrained() const { return m_stepsTrained; }
    std::vector<ControlTensor> tensors() const;

    const PolicyPlan& policyPlan() const { return m_plan.policies.front(); }
    const Actor<float>& actor() const { return *m_actor; }

private:
    ControlPlan m_plan;
    RunId m_id;
    std::int64_t m_stepsTrained;
    std::shared_ptr<const Actor<float>> m_actor;
};

/// Keeps the last observations of an episode and lets a policy act on them. Not for two threads at once.
class PolicyPlayer {
public:
    explicit PolicyPlayer(std::shared_ptr<const Policy> policy);
    ~PolicyPlayer();
    PolicyPlayer(const PolicyPlayer&) = delete;
    PolicyPlayer& operator=(const PolicyPlayer&) = delete;

    const Policy& policy() const { return *m_policy; }
    /// Another one for the same environment. If it sees as many observations, it goes on in the same episode, else the
    /// latest observation fills its window. Throws std::invalid_argument for another environment.
    void setPolicy(std::shared_ptr<const Policy> policy);

    /// An episode's first observation fills the window.
    void begin(std::span<const double> observation);
    /// What came of the last action.
    void observe(std::span<const double> observation);
    double act(PolicyRecord* record = nullptr) { return actWith(0, record); }
    /// Drawn from the policy's Gaussian with this standard normal number.
    double actWith(double normal, PolicyRecord* record = nullptr);

private:
    void fill(std::vector<float> observation);

    std::shared_ptr<const Policy> m_policy;
    std::unique_ptr<Actor<float>> m_actor;
    std::vector<float> m_window; ///< [shown][numbers], the oldest first; empty before the first observation
};

/// With its initial weights: one policy, one seed (planOf). Throws DocumentError if the settings cannot be run.
std::shared_ptr<const Policy> makePolicy(const ControlPlan& plan, const RunId& id);

/// Weights alone, some hundred kilobytes; written whole or not at all. Throws FileError.
void writePolicy(const std::string& path, const Policy& policy);
/// From such a file or from a whole checkpoint (control_checkpoint.h); given a folder, from its policy.safetensors.
/// Throws FileError and DocumentError.
std::shared_ptr<const Policy> readPolicy(const std::string& path);
/// From memory; `name` for messages.
std::shared_ptr<const Policy> parsePolicy(std::string_view bytes, const std::string& name);

} // namespace endospike
