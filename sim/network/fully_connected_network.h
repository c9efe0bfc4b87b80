// Canvas -> linear -> hidden neurons under constant currents: what every fully connected network is made of, whatever
// reads their mean outputs. The currents are constant in time, so the linear layer is applied once for each canvas, not
// once for each step, and so is its gradient.
#pragma once

#include "sim/network/hidden_units.h"
#include "sim/network/input_layer.h"
#include "sim/network/network.h"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace endospike {

/// What a pass through the neurons leaves for the way back.
struct EncoderMemory {
    PackedInput input; ///< pixels times the input scale
    std::vector<float> currents; ///< [batch][currents of a neuron][hidden]; on the way back their gradient
    std::vector<float> noise; ///< as currents, where there is any
    std::vector<float> features, featureGradient; ///< [batch][hidden][outputs]
    std::vector<float> slopes; ///< as features
    std::vector<std::array<double, 4>> ownGradients; ///< of each panel
    UnitConstants constants;
};

/// A network without what reads the features; derived classes add that.
class FullyConnectedEncoder : public Network {
public:
    std::unique_ptr<ActivityCounter> makeActivityCounter() const override;
    std::vector<HiddenLayer> layers() const override { return {{"Hidden", m_hidden}}; }
    NeuronRecord record(std::span<const float> canvas, int layer, int neuron) const override;
    WeightPictures weights(int layer, int neuron) const override;
    ResponseCurve responseCurve(int layer, int neuron, double low, double high, int points) const override;
    std::vector<float> currents(const Batch& batch, int layer, int neuron) const override;
    bool takesCurrentNoise() const override { return true; }

protected:
    FullyConnectedEncoder(const NetworkPlan& plan, std::uint64_t seed);

    /// The tensors of input and neurons stand first, then those of the derived class, then the frozen ones.
    void addInput();
    void addFrozen();
    /// Initial values, after finishTensors().
    void fillInput();
    int featureCount() const { return m_hidden * m_units->outputs(); }

    /// To memory.features. `activity` may be nullptr.
    void encode(const Batch& batch, EncoderMemory& memory, Workers& workers, ActivityCounter* activity = nullptr) const;
    /// After encode(), from memory.featureGradient: writes the gradient of the tensors of addInput().
    void encodeBackward(const Batch& batch, EncoderMemory& memory, Workers& workers, std::span<float> gradient) const;

private:
    std::string inputName(int current, const char* part) const;
    int currentsPerNeuron() const { return m_units->currents(); }
    /// Weighted sums to add, to memory.noise.
    void drawNoise(const CurrentNoise& noise, int batch, EncoderMemory& memory, Workers& workers) const;
    UnitPanel panelOf(EncoderMemory& memory, int batch, int first, int size) const;
    /// Every current of every neuron, from the first weight on, lies in one row.
    std::size_t inputWeights() const { return static_cast<std::size_t>(m_hidden) * currentsPerNeuron() * canvasPixels; }
    /// The weighted sums [current] of one neuron.
    std::vector<float> sums(std::span<const float> canvas, int neuron) const;

    std::shared_ptr<const HiddenUnits> m_units; // clones share it: it does not change
    int m_hidden;
};

} // namespace endospike
