// The trained networks: what they are called, what can be set, and the published values. He et al., Nature
// Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9, Fig. 4c. Every network sees a canvas of 36 x 36
// pixels, passes it through one hidden layer of neurons (fully connected) or two (convolutional, 3 x 3 with padding,
// each followed by 2 x 2 average pooling), averages their output over T steps, and reads two answers from it:
//
//   features [F] -> linear to 50 -> two linear heads of 10    (no non-linearity between)
#pragma once

#include "sim/base/hue.h"
#include "sim/base/operations.h"
#include "sim/base/parameter.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace endospike {

/// The neuron of the hidden layers.
enum class HiddenUnit {
    lif, ///< u[t] = decay u[t-1] (1 - s[t-1]) + x, s = [u > threshold]
    hh, ///< published: V += dt (x - gNa m^3 h (V - 115) - gK n^4 (V + 12) - 0.3 (V - 10.6)), gates with frozen rates
    sLifHh, ///< four LIF units; the fourth hears a learned linear map of the other three
    binary, ///< [relu(x) > threshold], no time
    hhVoltageDependent ///< Hodgkin-Huxley with the rates of 1952
};

struct NetworkKind {
    std::string_view key; ///< "lif_fc"
    std::string_view name; ///< "LIF fc"
    std::string_view summary;
    Hue hue;
    HiddenUnit unit;
    bool convolutional;
    bool published; ///< one of the ten of the paper
    /// What the paper prints for a forward pass with the published parameters (in millions, to 10 operations); it
    /// prints two.
    std::optional<OperationCount> printed;
    ParameterTable parameters; ///< the published values are the defaults
};

/// Fully connected ones first.
std::span<const NetworkKind> networkKinds();
const NetworkKind* findNetworkKind(std::string_view key); ///< nullptr if there is none

/// One network that is to be trained, as a document holds it.
struct NetworkPlan {
    explicit NetworkPlan(const NetworkKind& kind);

    const NetworkKind* kind;
    std::string name; ///< unique in the document
    ParameterValues parameters;

    friend bool operator==(const NetworkPlan&, const NetworkPlan&) = default;
};

/// The values with which this kind did best on a validation split, as far as they were searched; the published ones
/// where nothing better is known.
ParameterValues ownBestParameters(const NetworkKind& kind);

enum class OptimizerKind { adam, sgd };

/// What a plan says, as plain numbers. What a kind does not have keeps its initial value here.
struct NetworkSettings {
    int hidden = 512; ///< neurons of the hidden layer, or channels of each of the two
    int steps = 15;
    double threshold = 0.3;
    double surrogateWidth = 0.5;
    double decay = 0.2;
    double dt_ms = 0.01; ///< of the HH kinds
    double rateScale = 0.01; ///< frozen rates are uniform in 0..this
    double inputScale = 1; ///< factor on the pixels 0..255
    double weightScale = 1; ///< factor on the initial weights of the first layer
    double window_ms = 50; ///< voltage-dependent HH: how long each sample is shown
    double smoothing_ua_per_cm2 = 2; ///< voltage-dependent HH: width of the smoothed slope
    double startCurrent_ua_per_cm2 = 5; ///< voltage-dependent HH: bias at the start
    double gain_ua_per_cm2 = 1; ///< voltage-dependent HH: current for a weighted sum of 1
    double synapseTau_ms = 5; ///< voltage-dependent HH, convolutional: decay of what a spike passes on
    OptimizerKind optimizer = OptimizerKind::adam;
    double learningRate = 1e-4;
    double weightDecay = 1e-5;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double decayFactor = 0.1;
    int decayEpochs[3] = {10, 20, 30}; ///< the learning rate is multiplied after so many epochs; 0: never

    /// In epoch 0, 1, ...
    double learningRateIn(int epoch) const;
};
NetworkSettings networkSettings(const NetworkPlan& plan);

} // namespace endospike
