#include "sim/control/policy_kind.h"

#include "sim/control/environment.h"

#include <vector>

namespace endospike {
namespace {

using enum ParameterKind;

/// The rows that differ between kinds in their published value.
struct Published {
    int hidden = 128;
    double threshold = 0.2;
    int observations = 5;
};

void addSpiking(std::vector<Parameter>& rows, const Published& p, PolicyUnit unit)
{
    rows.push_back({"steps_each", "Steps for each observation", "", "", 3, 1, 20, 1, 10,
        "Steps for which each observation is shown; the outputs are averaged over all steps.", integer});
    const char* unitOfThreshold = unit == PolicyUnit::hh ? "mV" : "";
    rows.push_back({"threshold", "Threshold", "θ", unitOfThreshold, p.threshold, -100, 100, 0, 5,
        "A neuron spikes in every step in which it is above this."});
    rows.push_back({"surrogate_width", "Surrogate width", "w", unitOfThreshold, 0.4, 1e-3, 100, 0.1, 5,
        "The gradient of a spike is 1 within this distance of the threshold, else 0.", real, {}, true});
    if (unit != PolicyUnit::hh) {
        rows.push_back({"decay", "Decay", "", "", 0.2, 0, 1, 0, 1,
            "What is left of the potential after one step without a spike."});
        return;
    }
    rows.push_back({"dt_most_ms", "Time steps up to", "Δt", "ms", 0.2, 1e-3, 1, 0.01, 0.5,
        "Forward Euler step of each neuron, drawn uniformly between 0 and this.", real, {}, true});
    rows.push_back({"rate_scale_per_ms", "Frozen rates up to", "", "1/ms", 0.1, 0, 10, 1e-3, 1,
        "The six rates of the gates are constants, drawn for each neuron uniformly between 0 and this."});
}

void addVoltageDependent(std::vector<Parameter>& rows)
{
    rows.push_back({"window_ms", "Window", "", "ms", 50, 5, 200, 20, 100,
        "How long each observation is shown, from rest; the output is the number of spikes in this time, mean over the "
        "observations."});
    rows.push_back({"dt_ms", "Time step", "Δt", "ms", 0.02, 1e-3, 0.1, 0.01, 0.1,
        "Step of the Hodgkin-Huxley equations.", real, {}, true});
    rows.push_back({"smoothing_ua_per_cm2", "Smoothing", "σ", "µA/cm²", 4, 0.05, 50, 0.5, 10,
        "The backward pass uses the response smoothed by a Gaussian of this width in current.", real, {}, true});
    rows.push_back({"start_current_ua_per_cm2", "Current at the start", "", "µA/cm²", 10, -100, 100, 0, 20,
        "Mean bias of the hidden neurons before training; they are spread uniformly between 0 and twice this."});
    rows.push_back({"gain_ua_per_cm2", "Current gain", "", "µA/cm²", 50, 1e-3, 1e3, 1, 200,
        "Current for a weighted sum of 1.", real, {}, true});
}

PolicyKind makeKind(std::string_view key, std::string_view name, std::string_view summary, Hue hue, PolicyUnit unit,
    bool published, const Published& p, std::vector<Parameter>& rows)
{
    rows.push_back({"hidden", "Hidden neurons", "", "", double(p.hidden), 1, 4096, 16, 1024,
        "Neurons of the hidden layer (for s-LIF2HH: units of four).", integer, {}, true});
    rows.push_back({"observations", "Observations shown", "", "", double(p.observations), 1, 16, 1, 10,
        "How many of the last observations the policy sees, the oldest first; at an episode's start the first one "
        "fills the places.",
        integer});
    if (unit == PolicyUnit::hhVoltageDependent)
        addVoltageDependent(rows);
    else if (unit != PolicyUnit::relu)
        addSpiking(rows, p, unit);
    rows.push_back({"tower_width", "Tower width", "", "", 128, 1, 1024, 32, 512,
        "Neurons of each of the two layers of rectified units between the hidden layer and the mean of the action, and "
        "of as many before its spread. Not published.",
        integer, {}, true});
    return {key, name, summary, hue, unit, published, rows};
}

/// Builds every table once; they live as long as the program.
std::vector<PolicyKind> makeKinds()
{
    using enum PolicyUnit;
    static std::vector<Parameter> rows[6];
    return {
        makeKind("lif", "LIF", "128 leaky integrate-and-fire neurons.", Hue::blue, lif, true, {}, rows[0]),
        makeKind("4lif", "4LIF", "Four times as many leaky integrate-and-fire neurons.", Hue::sky, lif, true,
            {.hidden = 512}, rows[1]),
        makeKind("hh", "HH (published)",
            "128 Hodgkin-Huxley neurons with frozen rates and a time step of its own for each: leaky integrators "
            "without reset.",
            Hue::vermilion, hh, true, {.threshold = 2}, rows[2]),
        makeKind("s_lif2hh", "s-LIF2HH", "128 units of four LIF neurons.", Hue::purple, sLifHh, true,
            {.threshold = 0.8}, rows[3]),
        makeKind("ann", "ANN", "128 rectified units that see the latest observation, no time and no spikes.", Hue::grey,
            relu, true, {.observations = 1}, rows[4]),
        makeKind("hh_vd", "HH (voltage-dependent)",
            "128 Hodgkin-Huxley neurons with the rates of 1952, started from rest and shown each observation long "
            "enough to fire.",
            Hue::orange, hhVoltageDependent, false, {}, rows[5]),
    };
}

} // namespace

std::span<const PolicyKind> policyKinds()
{
    static const std::vector<PolicyKind> kinds = makeKinds();
    return kinds;
}

const PolicyKind* findPolicyKind(std::string_view key)
{
    for (const PolicyKind& kind : policyKinds())
        if (kind.key == key)
            return &kind;
    return nullptr;
}

ParameterValues publishedParameters(const PolicyKind& kind, const EnvironmentKind& environment)
{
    ParameterValues values(kind.parameters);
    if (kind.unit == PolicyUnit::hh && environment.poles == 2) {
        values.set("threshold", 2.3);
        values.set("rate_scale_per_ms", 0.01);
    }
    return values;
}

PolicyPlan::PolicyPlan(const PolicyKind& planned)
    : kind(&planned)
    , name(planned.name)
    , parameters(planned.parameters)
{
}

PolicySettings policySettings(const PolicyPlan& plan)
{
    const ParameterValues& v = plan.parameters;
    PolicySettings s;
    s.hidden = static_cast<int>(v["hidden"]);
    s.observations = static_cast<int>(v["observations"]);
    s.stepsEach = static_cast<int>(v.valueOr("steps_each", 1));
    s.threshold = v.valueOr("threshold", s.threshold);
    s.surrogateWidth = v.valueOr("surrogate_width", s.surrogateWidth);
    s.decay = v.valueOr("decay", s.decay);
    s.dtMost_ms = v.valueOr("dt_most_ms", s.dtMost_ms);
    s.rateScale = v.valueOr("rate_scale_per_ms", s.rateScale);
    s.window_ms = v.valueOr("window_ms", s.window_ms);
    s.dt_ms = v.valueOr("dt_ms", s.dt_ms);
    s.smoothing_ua_per_cm2 = v.valueOr("smoothing_ua_per_cm2", s.smoothing_ua_per_cm2);
    s.startCurrent_ua_per_cm2 = v.valueOr("start_current_ua_per_cm2", s.startCurrent_ua_per_cm2);
    s.gain_ua_per_cm2 = v.valueOr("gain_ua_per_cm2", s.gain_ua_per_cm2);
    s.towerWidth = static_cast<int>(v["tower_width"]);
    return s;
}

} // namespace endospike
