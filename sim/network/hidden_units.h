// The neurons of a fully connected hidden layer, as the network sees them: currents in, mean outputs and gradients out.
#pragma once

#include "sim/network/network.h"
#include "sim/spiking/spiking.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace endospike {

/// What the units derive from the network's parameters; kept with a workspace, up to date after prepare().
struct UnitConstants {
    spiking::Map<float> map{};
    std::vector<float> rates; ///< those for which the next two hold
    std::vector<float> gain, offset; ///< [steps][hidden]
};

/// Some neighbouring neurons on every canvas of a batch. Pointers are to the first of them on the first canvas.
struct UnitPanel {
    int batch;
    int first; ///< neuron of the layer
    int size; ///< neurons
    std::array<float*, 3> currents; ///< one for each current that a neuron has
    std::ptrdiff_t currentStride; ///< from canvas to canvas
    float* features; ///< [canvas][neuron][output]
    std::ptrdiff_t featureStride;
    float* slopes; ///< [canvas][neuron], rows featureStride apart; not used by units with several outputs
};

/// Frozen tensors [hidden] of published HH, 1/ms.
inline constexpr const char* frozenRateNames[] = {
    "rates.a_m", "rates.b_m", "rates.a_h", "rates.b_h", "rates.a_n", "rates.b_n"};

class HiddenUnits {
public:
    virtual ~HiddenUnits() = default;

    virtual int currents() const { return 1; } ///< that a neuron receives, 1 or 3
    virtual int outputs() const { return 1; } ///< of a neuron, 1 or 4
    /// Output 1 stands for so many spikes per step (voltage-dependent HH: per ms).
    virtual double rateOfFullOutput() const { return 1; }
    /// A neuron is saturated if its output is never below this.
    virtual double saturatedOutput() const { return 1; }

    virtual void prepare(const Network&, UnitConstants&) const { }
    /// Features, and slopes for the way back.
    virtual void respond(const UnitConstants& constants, const UnitPanel& panel) const = 0;
    /// After respond(): `gradient`, laid out as the features, is that of the features; that of the currents replaces
    /// them. The gradient of the units' own parameters (s-LIF2HH: the map's weights and bias) is added to `own`.
    virtual void goBack(const UnitConstants& constants, const UnitPanel& panel, const float* gradient,
        std::array<double, 4>& own) const;

    /// Step by step, by the equations; `currents` one for each that the neuron has.
    virtual NeuronRecord simulate(const Network& network, std::span<const float> currents, int neuron) const = 0;
    /// Current, in the neuron's own unit, for a weighted sum of 1. What is called current elsewhere here is the sum.
    virtual double currentOfSum() const { return 1; }
    virtual std::string currentLabel() const { return "Current <i>x</i>"; }
};

std::unique_ptr<const HiddenUnits> makeHiddenUnits(HiddenUnit unit, const NetworkSettings& settings);

} // namespace endospike
