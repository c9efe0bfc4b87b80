#include "sim/network/network_kind.h"

#include <vector>

namespace endospike {
namespace {

using enum ParameterKind;

constexpr Choice optimizers[] = {
    {"adam", "Adam", "Adaptive moments (Kingma & Ba 2015), with the weight decay added to the gradient."},
    {"sgd", "SGD", "Gradient descent with momentum beta1."},
};

/// The rows that differ between kinds in their published value.
struct Published {
    int hidden = 512;
    int steps = 15;
    double threshold = 0.3;
    double width = 0.5;
    double decay = 0.2;
    double dt_ms = 0.01;
    double weightScale = 1;
    double inputScale = 1;
    double learningRate = 1e-4;
    double weightDecay = 1e-5;
    int firstDecay = 10;
    int secondDecay = 20;
    int thirdDecay = 30;
    std::optional<OperationCount> printed = {};
};

void addHidden(std::vector<Parameter>& rows, const Published& p, bool convolutional)
{
    if (convolutional)
        rows.push_back({"hidden", "Channels", "", "", double(p.hidden), 1, 256, 4, 64,
            "Channels of each of the two convolutional layers.", integer, {}, true});
    else
        rows.push_back({"hidden", "Hidden neurons", "", "", double(p.hidden), 1, 16384, 64, 4096,
            "Neurons of the hidden layer (for s-LIF2HH: units of four).", integer, {}, true});
}

void addSpiking(std::vector<Parameter>& rows, const Published& p, HiddenUnit unit)
{
    if (unit != HiddenUnit::binary)
        rows.push_back({"steps", "Steps", "T", "", double(p.steps), 1, 200, 5, 50,
            "Steps for which each canvas is shown; the outputs are averaged over them.", integer});
    const char* unitOfThreshold = unit == HiddenUnit::hh ? "mV" : "";
    rows.push_back({"threshold", "Threshold", "θ", unitOfThreshold, p.threshold, -100, 100, 0, 5,
        "A neuron spikes in every step in which it is above this."});
    rows.push_back({"surrogate_width", "Surrogate width", "w", unitOfThreshold, p.width, 1e-3, 100, 0.1, 5,
        "The gradient of a spike is 1 within this distance of the threshold, else 0.", real, {}, true});
    if (unit == HiddenUnit::lif || unit == HiddenUnit::sLifHh)
        rows.push_back({"decay", "Decay", "", "", p.decay, 0, 1, 0, 1,
            "What is left of the potential after one step without a spike."});
    if (unit == HiddenUnit::hh) {
        rows.push_back({"dt_ms", "Time step", "Δt", "ms", p.dt_ms, 1e-4, 1, 1e-3, 0.2,
            "Forward Euler step; one step is one presentation of the input.", real, {}, true});
        rows.push_back({"rate_scale", "Frozen rates up to", "", "1/ms", 0.01, 0, 10, 1e-3, 1,
            "The six rates of the gates are constants, drawn uniformly between 0 and this."});
    }
}

void addVoltageDependent(std::vector<Parameter>& rows, const Published& p, bool convolutional)
{
    rows.push_back({"window_ms", "Window", "", "ms", convolutional ? 20.0 : 50.0, 5, 200, 20, 50,
        "How long each canvas is shown; the output is the number of spikes in this time."});
    rows.push_back({"dt_ms", "Time step", "Δt", "ms", p.dt_ms, 1e-3, 0.1, 0.01, 0.1,
        "Step of the Hodgkin-Huxley equations.", real, {}, true});
    rows.push_back({"smoothing_ua_per_cm2", "Smoothing", "σ", "µA/cm²", 2, 0.05, 50, 0.5, 10,
        "The backward pass uses the response smoothed by a Gaussian of this width in current.", real, {}, true});
    rows.push_back({"start_current_ua_per_cm2", "Current at the start", "", "µA/cm²", 5, -100, 100, 0, 20,
        "Bias of every hidden neuron before training."});
    rows.push_back({"gain_ua_per_cm2", "Current gain", "", "µA/cm²", 20, 1e-3, 1e3, 1, 100,
        "Current for a weighted sum of 1.", real, {}, true});
    if (convolutional)
        rows.push_back({"synapse_tau_ms", "Synaptic time constant", "τ", "ms", 5, 0.1, 100, 1, 20,
            "A spike of the first layer counts as 1 in the second layer's weighted sums and decays with this time.",
            real, {}, true});
}

void addLearning(std::vector<Parameter>& rows, const Published& p)
{
    rows.push_back({"input_scale", "Input scale", "", "", p.inputScale, 1e-6, 10, 1e-3, 1,
        "Factor on the pixels, which lie between 0 and 255. Published: 1.", real, {}, true});
    rows.push_back({"weight_scale", "Weights at the start", "", "", p.weightScale, 0, 1000, 1e-3, 10,
        "Factor on the initial weights of the first layer, which are uniform in ±1/√(inputs).", real});
    rows.push_back({"optimizer", "Optimiser", "", "", 0, 0, 1, 0, 1, "How the weights follow the gradient.",
        ParameterKind::choice, optimizers});
    rows.push_back({"learning_rate", "Learning rate", "", "", p.learningRate, 1e-8, 10, 1e-5, 0.1,
        "Size of a step of the optimiser.", real, {}, true});
    rows.push_back({"weight_decay", "Weight decay", "", "", p.weightDecay, 0, 1, 0, 1e-3,
        "This much of every weight is added to its gradient."});
    rows.push_back(
        {"beta1", "Beta 1", "β<sub>1</sub>", "", 0.9, 0, 0.99999, 0.5, 0.99, "Memory of the mean of the gradient."});
    rows.push_back(
        {"beta2", "Beta 2", "β<sub>2</sub>", "", 0.999, 0, 0.9999999, 0.9, 0.9999, "Memory of its square (Adam)."});
    rows.push_back({"decay_factor", "Learning rate factor", "", "", 0.1, 1e-3, 1, 0.01, 1,
        "The learning rate is multiplied by this after each of the next three epochs.", real, {}, true});
    rows.push_back({"decay_epoch_1", "First after epoch", "", "", double(p.firstDecay), 0, 10000, 0, 100,
        "Epochs after which the learning rate first falls; 0 for never.", integer});
    rows.push_back({"decay_epoch_2", "Then after epoch", "", "", double(p.secondDecay), 0, 10000, 0, 100,
        "Epochs after which it falls again; 0 for never.", integer});
    rows.push_back({"decay_epoch_3", "And after epoch", "", "", double(p.thirdDecay), 0, 10000, 0, 100,
        "Epochs after which it falls the third time; 0 for never.", integer});
}

NetworkKind makeKind(std::string_view key, std::string_view name, std::string_view summary, Hue hue, HiddenUnit unit,
    bool convolutional, bool published, const Published& p, std::vector<Parameter>& rows)
{
    addHidden(rows, p, convolutional);
    if (unit == HiddenUnit::hhVoltageDependent)
        addVoltageDependent(rows, p, convolutional);
    else
        addSpiking(rows, p, unit);
    addLearning(rows, p);
    return {key, name, summary, hue, unit, convolutional, published, p.printed, rows};
}

constexpr Published spikingConv(int channels, int steps, double threshold, double width, double dt_ms)
{
    return {channels, steps, threshold, width, 0.2, dt_ms, 1, 1, 3e-3, 3e-4, 20, 30, 0};
}

/// Builds every table once; they live as long as the program.
std::vector<NetworkKind> makeKinds()
{
    using enum HiddenUnit;
    static std::vector<Parameter> rows[12];
    return {
        makeKind("lif_fc", "LIF fc", "512 leaky integrate-and-fire neurons.", Hue::blue, lif, false, true,
            {.printed = OperationCount{9.99419e6, 10.00192e6}}, rows[0]),
        makeKind("4lif_fc", "4LIF fc", "Four times as many leaky integrate-and-fire neurons.", Hue::sky, lif, false,
            true, {.hidden = 2048}, rows[1]),
        makeKind("hh_fc", "HH fc (published)",
            "512 Hodgkin-Huxley neurons with frozen rates: within 15 steps of 0.01 ms their gates hardly leave zero, "
            "so each is a leaky integrator without reset.",
            Hue::vermilion, hh, false, true,
            {.threshold = 0.2, .width = 0.3, .weightScale = 0.01, .printed = OperationCount{10.09403e6, 10.15552e6}},
            rows[2]),
        makeKind("s_lif2hh_fc", "s-LIF2HH fc", "512 units of four LIF neurons.", Hue::purple, sLifHh, false, true,
            {.threshold = 2, .width = 0.4, .decay = 0.5}, rows[3]),
        makeKind("ann_fc", "ANN fc", "512 binary units, no time.", Hue::grey, binary, false, true,
            {.threshold = 0.5, .width = 0.5}, rows[4]),
        makeKind("hh_vd_fc", "HH fc (voltage-dependent)",
            "512 Hodgkin-Huxley neurons with the rates of 1952, started from rest and shown each canvas long enough to "
            "fire.",
            Hue::orange, hhVoltageDependent, false, false,
            {.dt_ms = 0.02, .inputScale = 1.0 / 255, .learningRate = 1e-3}, rows[5]),
        makeKind("lif_conv", "LIF conv", "Two layers of 10 channels of LIF neurons.", Hue::blue, lif, true, true,
            spikingConv(10, 15, 0.3, 0.5, 0.1), rows[6]),
        makeKind("4lif_conv", "4LIF conv", "Four times as many channels.", Hue::sky, lif, true, true,
            spikingConv(40, 15, 0.3, 0.5, 0.1), rows[7]),
        makeKind("hh_conv", "HH conv (published)",
            "Two layers of 10 channels of Hodgkin-Huxley neurons with frozen rates, one set for each column of the "
            "map.",
            Hue::vermilion, hh, true, true, spikingConv(10, 15, 2.3, 0.5, 0.1), rows[8]),
        makeKind("s_lif2hh_conv", "s-LIF2HH conv", "Two layers of 10 channels of units of four LIF neurons.",
            Hue::purple, sLifHh, true, true, spikingConv(10, 10, 0.3, 0.4, 0.1), rows[9]),
        makeKind("cnn", "CNN", "Two layers of 10 channels of binary units, no time.", Hue::grey, binary, true, true,
            {.hidden = 10, .threshold = 0.5, .width = 0.5, .learningRate = 1e-3, .weightDecay = 1e-4}, rows[10]),
        makeKind("hh_vd_conv", "HH conv (voltage-dependent)",
            "Two layers of 10 channels of Hodgkin-Huxley neurons with the rates of 1952; spikes pass between the "
            "layers in time.",
            Hue::orange, hhVoltageDependent, true, false,
            {.hidden = 10, .dt_ms = 0.05, .inputScale = 1.0 / 255, .learningRate = 1e-3, .weightDecay = 1e-4},
            rows[11]),
    };
}

/// Found on a validation split (5000 pairs of training images that were held back), never on the test set: 4 epochs of
/// 30000 pairs, seed 1, over input scale, weights at the start, learning rate and smoothing, one or two at a time.
struct Better {
    std::string_view network;
    std::string_view parameter;
    double value;
};
constexpr double unitPixels = 1.0 / 255;
constexpr Better betterValues[] = {
    {"lif_fc", "input_scale", unitPixels},
    {"lif_fc", "learning_rate", 5e-4},
    {"4lif_fc", "input_scale", unitPixels},
    {"4lif_fc", "learning_rate", 5e-4},
    {"hh_fc", "input_scale", unitPixels},
    {"hh_fc", "weight_scale", 5},
    {"hh_fc", "learning_rate", 2e-3},
    {"s_lif2hh_fc", "input_scale", unitPixels},
    {"s_lif2hh_fc", "weight_scale", 3},
    {"s_lif2hh_fc", "learning_rate", 5e-4},
    {"ann_fc", "input_scale", unitPixels},
    {"ann_fc", "learning_rate", 5e-4},
    {"hh_vd_fc", "smoothing_ua_per_cm2", 8},
};

} // namespace

std::span<const NetworkKind> networkKinds()
{
    static const std::vector<NetworkKind> kinds = makeKinds();
    return kinds;
}

const NetworkKind* findNetworkKind(std::string_view key)
{
    for (const NetworkKind& kind : networkKinds())
        if (kind.key == key)
            return &kind;
    return nullptr;
}

NetworkPlan::NetworkPlan(const NetworkKind& planned)
    : kind(&planned)
    , name(planned.name)
    , parameters(planned.parameters)
{
}

ParameterValues ownBestParameters(const NetworkKind& kind)
{
    ParameterValues values(kind.parameters);
    for (const Better& better : betterValues)
        if (better.network == kind.key)
            values.set(better.parameter, better.value);
    return values;
}

double NetworkSettings::learningRateIn(int epoch) const
{
    double rate = learningRate;
    for (const int after : decayEpochs)
        if (after > 0 && epoch >= after)
            rate *= decayFactor;
    return rate;
}

NetworkSettings networkSettings(const NetworkPlan& plan)
{
    const ParameterValues& v = plan.parameters;
    NetworkSettings s;
    s.hidden = static_cast<int>(v["hidden"]);
    s.steps = static_cast<int>(v.valueOr("steps", 1));
    s.threshold = v.valueOr("threshold", s.threshold);
    s.surrogateWidth = v.valueOr("surrogate_width", s.surrogateWidth);
    s.decay = v.valueOr("decay", s.decay);
    s.dt_ms = v.valueOr("dt_ms", s.dt_ms);
    s.rateScale = v.valueOr("rate_scale", s.rateScale);
    s.inputScale = v["input_scale"];
    s.weightScale = v["weight_scale"];
    s.window_ms = v.valueOr("window_ms", s.window_ms);
    s.smoothing_ua_per_cm2 = v.valueOr("smoothing_ua_per_cm2", s.smoothing_ua_per_cm2);
    s.startCurrent_ua_per_cm2 = v.valueOr("start_current_ua_per_cm2", s.startCurrent_ua_per_cm2);
    s.gain_ua_per_cm2 = v.valueOr("gain_ua_per_cm2", s.gain_ua_per_cm2);
    s.synapseTau_ms = v.valueOr("synapse_tau_ms", s.synapseTau_ms);
    s.optimizer = static_cast<OptimizerKind>(static_cast<int>(v["optimizer"]));
    s.learningRate = v["learning_rate"];
    s.weightDecay = v["weight_decay"];
    s.beta1 = v["beta1"];
    s.beta2 = v["beta2"];
    s.decayFactor = v["decay_factor"];
    s.decayEpochs[0] = static_cast<int>(v["decay_epoch_1"]);
    s.decayEpochs[1] = static_cast<int>(v["decay_epoch_2"]);
    s.decayEpochs[2] = static_cast<int>(v["decay_epoch_3"]);
    return s;
}

} // namespace endospike
