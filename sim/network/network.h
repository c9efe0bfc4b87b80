// A network that can be trained: parameters, forward pass, gradient, and a look inside. Built from a NetworkPlan; what
// it computes is a function of plan, seed and input alone, the same to the bit with any number of threads.
#pragma once

#include "sim/network/canvas.h"
#include "sim/network/metrics.h"
#include "sim/network/network_kind.h"
#include "sim/network/workers.h"
#include "sim/neuron/neuron_model.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace endospike {

inline constexpr int bottleneck = 50;

/// One tensor among the parameters of a network. Row-major.
struct TensorPlace {
    std::string name; ///< as in a checkpoint: "input.weight", "readout.bias", "head.0.weight", "rates.a_n"
    std::vector<int> shape; ///< linear layers [outputs][inputs], convolutions [outputs][inputs][3][3]
    std::size_t offset = 0; ///< in values()
    bool trained = true; ///< false: frozen constants
    std::size_t size() const;
};

/// Gaussian noise on the currents of hidden neurons: added to every current of every neuron, other noise for each
/// canvas and constant over the steps of its presentation. A function of seed, draw and neuron alone.
struct CurrentNoise {
    double amplitude = 0; ///< standard deviation, in the unit of Network::currents()
    std::uint64_t seed = 1;
    std::uint64_t firstDraw = 0; ///< of the batch's first canvas; the others follow
};

/// Inputs and the right answers. Rows are canvases.
struct Batch {
    int size = 0;
    std::vector<float> pixels; ///< [size][1296], 0..255, noise included; before the plan's input scale
    std::vector<std::uint8_t> labels; ///< [size][2]
    CurrentNoise currentNoise = {}; ///< for networks that take it
};

/// Collects activity over many batches; made by Network::makeActivityCounter().
class ActivityCounter {
public:
    virtual ~ActivityCounter() = default;
    virtual std::vector<LayerActivity> result() const = 0;
};

struct BatchResult {
    double loss = 0; ///< sum of the two cross-entropies, mean over the batch, nats
    std::array<int, taskCount> correct{};
};

/// Memory for passes over batches; reused from batch to batch, by one caller at a time.
class Workspace {
public:
    virtual ~Workspace() = default;
    /// [size][2][10], of the last pass.
    std::vector<float> logits;
};

/// One quantity of one neuron over the steps of a presentation.
struct NeuronChannel {
    ChannelGroup group; ///< current, voltage or gate
    std::string label; ///< rich text
    std::string unit;
    std::vector<double> values = {};
    Hue hue = Hue::grey; ///< of a gate
};

/// Those of a Hodgkin-Huxley neuron without their values: `current`, potential, gates.
std::vector<NeuronChannel> hodgkinHuxleyChannels(NeuronChannel current);

/// One hidden neuron on one canvas.
struct NeuronRecord {
    std::string timeUnit; ///< "step", or "ms" for voltage-dependent HH
    std::vector<double> times;
    std::vector<NeuronChannel> channels; ///< current(s) first
    std::vector<std::vector<double>> spikes; ///< times, for each output of the neuron (four for s-LIF2HH)
    double threshold = 0; ///< of the potential; NaN if there is none to draw
    double output = 0; ///< mean spikes per step over all outputs (voltage-dependent HH: spikes in the window / most)
};

/// What the neuron weighs: pictures of `rows` x `columns`, one for each input map or current.
struct WeightPictures {
    int rows = 0;
    int columns = 0;
    std::vector<std::string> names;
    std::vector<std::vector<float>> pictures;
};

/// Output against a constant current, for one hidden neuron.
struct ResponseCurve {
    std::string currentLabel; ///< rich text, with unit where there is one
    std::vector<double> current;
    std::vector<double> output; ///< as the readout sees it, 0..1
    std::vector<double> slope; ///< what the backward pass takes for d output / d current
    std::vector<double> simulated; ///< step by step, at the same currents, for comparison; may be empty
};

struct HiddenLayer {
    std::string name; ///< "Hidden", "Layer 1"
    int channels = 0; ///< fully connected: neurons (or units of four)
    int rows = 1; ///< of the map; 1 for fully connected
    int columns = 1;
};

class Network {
public:
    virtual ~Network() = default;

    const NetworkPlan& plan() const { return m_plan; }
    const NetworkSettings& settings() const { return m_settings; }
    std::uint64_t seed() const { return m_seed; }
    std::span<const TensorPlace> tensors() const { return m_tensors; }
    const TensorPlace& tensor(std::string_view name) const; ///< throws std::out_of_range
    std::span<float> values() { return m_values; }
    std::span<const float> values() const { return m_values; }
    std::span<float> valuesOf(std::string_view tensor);
    std::span<const float> valuesOf(std::string_view tensor) const;
    /// Trained parameters; they come first in values(), frozen ones after them.
    std::size_t trainedCount() const { return m_trainedCount; }

    virtual std::unique_ptr<Network> clone() const = 0;
    virtual std::unique_ptr<Workspace> makeWorkspace() const = 0;
    virtual std::unique_ptr<ActivityCounter> makeActivityCounter() const = 0;
    /// Whether the batch's current noise has an effect. Fully connected networks take it.
    virtual bool takesCurrentNoise() const { return false; }
    /// Logits into workspace.logits. `activity` may be nullptr.
    virtual void forward(
        const Batch& batch, Workspace& workspace, Workers& workers, ActivityCounter* activity = nullptr) const = 0;
    /// Forward and backward. `gradient` [trainedCount()] is overwritten with the gradient of BatchResult::loss.
    virtual BatchResult backward(
        const Batch& batch, Workspace& workspace, Workers& workers, std::span<float> gradient) const = 0;

    // A look inside. `canvas` [1296] as in Batch. Layers and neurons count from 0; a neuron is
    // (channel * rows + row) * columns + column.
    virtual std::vector<HiddenLayer> layers() const = 0;
    virtual NeuronRecord record(std::span<const float> canvas, int layer, int neuron) const = 0;
    virtual WeightPictures weights(int layer, int neuron) const = 0;
    /// Over currents from `low` to `high` (in the neuron's own unit), `points` of them.
    virtual ResponseCurve responseCurve(int layer, int neuron, double low, double high, int points) const = 0;
    /// The currents that this neuron gets now, one or more for each canvas of the batch (mean over the steps).
    virtual std::vector<float> currents(const Batch& batch, int layer, int neuron) const = 0;

protected:
    Network(const NetworkPlan& plan, std::uint64_t seed);
    Network(const Network&) = default;
    /// Trained tensors first. `finishTensors` allocates.
    void addTensor(std::string name, std::vector<int> shape, bool trained = true);
    void finishTensors();
    /// The tensors of the readout (readout.h), in one row; and their initial values.
    void addReadout(int features);
    void fillReadout();
    /// Uniform in +-bound (or low..high), from the seed and the tensor's name alone.
    void fillUniform(std::string_view tensor, double low, double high);
    std::size_t offsetOf(std::string_view tensor) const { return this->tensor(tensor).offset; }

private:
    NetworkPlan m_plan;
    NetworkSettings m_settings;
    std::uint64_t m_seed;
    std::vector<TensorPlace> m_tensors;
    std::vector<float> m_values;
    std::size_t m_trainedCount = 0;
};

/// With its initial weights. Throws DocumentError if the settings cannot be run (too large for memory).
std::unique_ptr<Network> makeNetwork(const NetworkPlan& plan, std::uint64_t seed);

/// The two halves behind makeNetwork().
std::unique_ptr<Network> makeFullyConnected(const NetworkPlan& plan, std::uint64_t seed);
std::unique_ptr<Network> makeConvolutional(const NetworkPlan& plan, std::uint64_t seed);

} // namespace endospike
