// The policies of the control laboratory: what they are called, what can be set, and the published values. He et al.,
// Nature Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9, Fig. 4d, 4i. Every policy sees the last
// few observations, each for a few steps, through one layer of neurons, averages their output over all steps, and
// decides through two towers:
//
//   currents of observation k = W o_k + b  ->  neurons, T = observations x steps each  ->  mean spikes
//   mean spikes -> relu -> relu -> mean            (a tower of two hidden layers, and a linear end)
//   mean spikes -> relu -> relu -> log sigma, clamped to -20..2
//   action = limit tanh(mean + sigma n),  n standard normal
//
// How wide the towers are is not published. With 128, a half of what is customary and a third of its cost, every policy
// learns to hold the single pendulum.
#pragma once

#include "sim/base/hue.h"
#include "sim/base/parameter.h"

#include <span>
#include <string>
#include <string_view>

namespace endospike {

struct EnvironmentKind;

/// The neuron of the hidden layer.
enum class PolicyUnit {
    lif, ///< u[t] = decay u[t-1] (1 - s[t-1]) + x, s = [u > threshold]
    hh, ///< published: frozen rates and a time step of its own for each neuron
    sLifHh, ///< four LIF units; the fourth hears a learned linear map of the other three
    relu, ///< no spikes: mean over the observations of max(x, 0)
    hhVoltageDependent ///< Hodgkin-Huxley with the rates of 1952: each observation is shown for a window from rest
};

struct PolicyKind {
    std::string_view key; ///< "lif"
    std::string_view name; ///< "LIF"
    std::string_view summary;
    Hue hue;
    PolicyUnit unit;
    bool published; ///< one of the five of the paper
    ParameterTable parameters; ///< the values published for the single pendulum are the defaults
};

std::span<const PolicyKind> policyKinds();
const PolicyKind* findPolicyKind(std::string_view key); ///< nullptr if there is none

/// The values published for this environment.
ParameterValues publishedParameters(const PolicyKind& kind, const EnvironmentKind& environment);

/// One policy that is to be trained, as a document holds it.
struct PolicyPlan {
    explicit PolicyPlan(const PolicyKind& planned);

    const PolicyKind* kind;
    std::string name; ///< unique in the document
    ParameterValues parameters;

    friend bool operator==(const PolicyPlan&, const PolicyPlan&) = default;
};

/// What a plan says, as plain numbers. What a kind does not have keeps its initial value here.
struct PolicySettings {
    int hidden = 128; ///< neurons; for s-LIF2HH units of four
    int observations = 5; ///< the last so many are shown
    int stepsEach = 3;
    double threshold = 0.2;
    double surrogateWidth = 0.4;
    double decay = 0.2;
    double dtMost_ms = 0.2; ///< published HH: a neuron's time step is uniform in 0..this
    double rateScale = 0.1; ///< published HH: frozen rates are uniform in 0..this, 1/ms
    double window_ms = 50; ///< voltage-dependent HH: how long each observation is shown
    double dt_ms = 0.02; ///< voltage-dependent HH
    double smoothing_ua_per_cm2 = 4; ///< voltage-dependent HH: width of the smoothed slope
    double startCurrent_ua_per_cm2 = 10; ///< voltage-dependent HH: bias at the start
    double gain_ua_per_cm2 = 50; ///< voltage-dependent HH: current for a weighted sum of 1
    int towerWidth = 128;

    int steps() const { return observations * stepsEach; }
};
PolicySettings policySettings(const PolicyPlan& plan);

} // namespace endospike
