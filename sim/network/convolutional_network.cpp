// canvas [36][36] -> conv 3x3 -> neurons -> 2x2 mean -> conv 3x3 -> neurons -> 2x2 mean -> [9][9] -> readout, for every
// kind of neuron; the hidden layers themselves are a HiddenStack.
#include "sim/network/conv.h"
#include "sim/network/hodgkin_huxley_stack.h"
#include "sim/network/readout.h"
#include "sim/network/weight_layout.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

constexpr int canvasesPerChunk = 8;
constexpr int sides[] = {canvasSide, canvasSide / 2};

int currentsOf(HiddenUnit unit) { return unit == HiddenUnit::sLifHh ? 3 : 1; }
int partsOf(HiddenUnit unit) { return unit == HiddenUnit::sLifHh ? 4 : 1; }

std::vector<float> padded(std::span<const float> canvas, double scale)
{
    std::vector<float> result(paddedCanvasSide * paddedCanvasSide);
    for (int i = 0; i < canvasPixels; ++i)
        result[static_cast<std::size_t>((i / canvasSide + 1) * paddedCanvasSide + i % canvasSide + 1)] =
            canvas[static_cast<std::size_t>(i)] * static_cast<float>(scale);
    return result;
}

class ConvolutionalActivity final : public ActivityCounter {
public:
    ConvolutionalActivity(int channels, const HiddenStack& stack)
        : m_channels(channels)
        , m_parts(stack.parts())
        , m_most(stack.mostSpikes())
        , m_duration(stack.duration())
        , m_spikes(static_cast<std::size_t>(neurons(0) + neurons(1)))
    {
    }

    std::size_t size() const { return m_spikes.size(); }

    void add(std::span<const std::uint32_t> spikes, int canvases)
    {
        const std::lock_guard lock(m_mutex);
        m_canvases += canvases;
        for (std::size_t i = 0; i < spikes.size(); ++i)
            m_spikes[i] += spikes[i];
    }

    std::vector<LayerActivity> result() const override
    {
        std::vector<LayerActivity> layers;
        auto first = m_spikes.begin();
        for (int layer = 0; layer < 2; ++layer) {
            LayerActivity activity{"Layer " + std::to_string(layer + 1), 0, neurons(layer), 0, 0};
            double sum = 0;
            for (int i = 0; i < activity.neurons; ++i, ++first) {
                sum += static_cast<double>(*first);
                activity.dead += *first == 0;
                activity.saturated += m_canvases > 0 && static_cast<double>(*first) >= m_most * m_canvases;
            }
            if (m_canvases > 0)
                activity.meanRate = sum / (m_duration * m_canvases * activity.neurons);
            layers.push_back(activity);
        }
        return layers;
    }

private:
    int neurons(int layer) const { return m_channels * m_parts * sides[layer] * sides[layer]; }

    int m_channels;
    int m_parts;
    double m_most, m_duration;
    int m_canvases = 0;
    std::vector<std::uint64_t> m_spikes;
    std::mutex m_mutex;
};

struct ConvolutionalWorkspace final : Workspace {
    std::unique_ptr<HiddenStack> stack;
    std::vector<std::vector<float>> canvases;
    std::vector<float> features, featureGradient;
    std::vector<LineVector<float>> gradients; ///< of each chunk
    ReadoutMemory readout;
};

class ConvolutionalNetwork final : public Network {
public:
    ConvolutionalNetwork(const NetworkPlan& plan, std::uint64_t seed)
        : Network(plan, seed)
        , m_channels(settings().hidden)
        , m_features(m_channels * 81 * partsOf(plan.kind->unit))
    {
        if (plan.kind->unit == HiddenUnit::hhVoltageDependent)
            m_tables = std::make_shared<HodgkinHuxleyTables>(settings());
        addTensors();
        finishTensors();
        fillTensors();
    }

    std::unique_ptr<Network> clone() const override { return std::make_unique<ConvolutionalNetwork>(*this); }

    std::unique_ptr<Workspace> makeWorkspace() const override
    {
        auto workspace = std::make_unique<ConvolutionalWorkspace>();
        workspace->stack = makeStack();
        return workspace;
    }

    std::unique_ptr<ActivityCounter> makeActivityCounter() const override
    {
        return std::make_unique<ConvolutionalActivity>(m_channels, *makeStack());
    }

    void forward(const Batch& batch, Workspace& workspace, Workers& workers, ActivityCounter* activity) const override
    {
        auto& memory = static_cast<ConvolutionalWorkspace&>(workspace);
        passForward(batch, memory, workers, activity, false);
    }

    BatchResult backward(
        const Batch& batch, Workspace& workspace, Workers& workers, std::span<float> gradient) const override
    {
        auto& memory = static_cast<ConvolutionalWorkspace&>(workspace);
        passForward(batch, memory, workers, nullptr, true);
        const BatchResult result = readoutLoss(memory.logits, batch.labels, batch.size, memory.readout);
        memory.featureGradient.resize(memory.features.size());
        readoutBackward(readoutValues(), memory.features, batch.size, memory.readout, gradient.subspan(readoutOffset()),
            memory.featureGradient, workers);
        passBackward(batch.size, memory, workers, gradient);
        return result;
    }

    std::vector<HiddenLayer> layers() const override
    {
        return {{"Layer 1", m_channels, sides[0], sides[0]}, {"Layer 2", m_channels, sides[1], sides[1]}};
    }

    NeuronRecord record(std::span<const float> canvas, int layer, int neuron) const override
    {
        const auto stack = makeStack();
        stack->load(*this, 1, false);
        return stack->record(padded(canvas, settings().inputScale).data(), placeOf(layer, neuron));
    }

    WeightPictures weights(int layer, int neuron) const override;

    ResponseCurve responseCurve(int layer, int neuron, double low, double high, int points) const override
    {
        const auto stack = makeStack();
        stack->load(*this, 1, false);
        return stack->responseCurve(placeOf(layer, neuron), low, high, points);
    }

    std::vector<float> currents(const Batch& batch, int layer, int neuron) const override
    {
        const auto stack = makeStack();
        stack->load(*this, 1, false);
        std::vector<float> all;
        for (int i = 0; i < batch.size; ++i) {
            const auto canvas =
                std::span(batch.pixels).subspan(static_cast<std::size_t>(i) * canvasPixels, canvasPixels);
            const auto each = stack->meanCurrents(padded(canvas, settings().inputScale).data(), placeOf(layer, neuron));
            all.insert(all.end(), each.begin(), each.end());
        }
        return all;
    }

private:
    std::unique_ptr<HiddenStack> makeStack() const
    {
        return m_tables ? makeHodgkinHuxleyStack(settings(), m_tables) : makeSpikingStack(*this);
    }
    void addTensors();
    void fillTensors();
    void passForward(const Batch& batch, ConvolutionalWorkspace& memory, Workers& workers, ActivityCounter* activity,
        bool backward) const;
    void passBackward(int batch, ConvolutionalWorkspace& memory, Workers& workers, std::span<float> gradient) const;

    std::size_t readoutOffset() const { return offsetOf("readout.weight"); }
    std::span<const float> readoutValues() const { return values().subspan(readoutOffset(), readoutSize(m_features)); }

    NeuronPlace placeOf(int layer, int neuron) const
    {
        const int side = sides[layer];
        return {layer, neuron / (side * side), neuron / side % side, neuron % side};
    }

    int m_channels;
    int m_features;
    std::shared_ptr<const HodgkinHuxleyTables> m_tables; ///< for the voltage-dependent kind
};

void ConvolutionalNetwork::addTensors()
{
    const HiddenUnit unit = plan().kind->unit;
    for (int layer = 0; layer < 2; ++layer)
        for (int i = 0; i < currentsOf(unit); ++i) {
            const std::string name = convolutionName(layer, i, currentsOf(unit));
            addTensor(name + ".weight", {m_channels, layer == 0 ? 1 : m_channels, 3, 3});
            addTensor(name + ".bias", {m_channels});
        }
    if (unit == HiddenUnit::sLifHh) {
        addTensor("map.weight", {1, 3});
        addTensor("map.bias", {1});
    }
    addReadout(m_features);
    if (unit == HiddenUnit::hh)
        for (int layer = 0; layer < 2; ++layer)
            for (const char* rate : {"a_n", "b_n", "a_m", "b_m", "a_h", "b_h"})
                addTensor("rates" + std::to_string(layer + 1) + "." + rate, {sides[layer]}, false);
}

void ConvolutionalNetwork::fillTensors()
{
    for (const TensorPlace& place : tensors()) {
        const bool weight = place.name.ends_with(".weight");
        if (place.name.starts_with("conv")) {
            const bool first = place.name.starts_with("conv1");
            const double bound = 1 / std::sqrt(first ? 9.0 : 9.0 * m_channels);
            const double scale = first && weight ? settings().weightScale : 1;
            if (m_tables && !weight)
                std::ranges::fill(valuesOf(place.name),
                    static_cast<float>(settings().startCurrent_ua_per_cm2 / settings().gain_ua_per_cm2));
            else
                fillUniform(place.name, -bound * scale, bound * scale);
        } else if (place.name.starts_with("map")) {
            fillUniform(place.name, -1 / std::sqrt(3.0), 1 / std::sqrt(3.0));
        } else if (place.name.starts_with("rates")) {
            fillUniform(place.name, 0, settings().rateScale);
        }
    }
    fillReadout();
}

void ConvolutionalNetwork::passForward(const Batch& batch, ConvolutionalWorkspace& memory, Workers& workers,
    ActivityCounter* activity, bool backward) const
{
    auto* counter = static_cast<ConvolutionalActivity*>(activity);
    memory.stack->load(*this, batch.size, backward);
    memory.features.resize(static_cast<std::size_t>(batch.size) * m_features);
    memory.canvases.resize(static_cast<std::size_t>(batch.size));
    const int chunks = (batch.size + canvasesPerChunk - 1) / canvasesPerChunk;
    workers.forEach(chunks, [&](int chunk) {
        std::vector<std::uint32_t> spikes(counter ? counter->size() : 0);
        const int begin = chunk * canvasesPerChunk, end = std::min(batch.size, begin + canvasesPerChunk);
        for (int i = begin; i < end; ++i) {
            const auto at = static_cast<std::size_t>(i);
            memory.canvases[at] =
                padded(std::span(batch.pixels).subspan(at * canvasPixels, canvasPixels), settings().inputScale);
            memory.stack->forward(i, memory.canvases[at].data(),
                std::span(memory.features).subspan(at * m_features, m_features), counter ? spikes.data() : nullptr);
        }
        if (counter)
            counter->add(spikes, end - begin);
    });
    readoutForward(readoutValues(), memory.features, batch.size, memory.readout, memory.logits, workers);
}

void ConvolutionalNetwork::passBackward(
    int batch, ConvolutionalWorkspace& memory, Workers& workers, std::span<float> gradient) const
{
    const int chunks = (batch + canvasesPerChunk - 1) / canvasesPerChunk;
    memory.gradients.resize(static_cast<std::size_t>(chunks));
    workers.forEach(chunks, [&](int chunk) {
        auto& sum = memory.gradients[static_cast<std::size_t>(chunk)];
        sum.assign(memory.stack->gradientSize(), 0.0f);
        for (int i = chunk * canvasesPerChunk; i < std::min(batch, (chunk + 1) * canvasesPerChunk); ++i) {
            const auto at = static_cast<std::size_t>(i);
            memory.stack->backward(i, memory.canvases[at].data(),
                std::span(memory.featureGradient).subspan(at * m_features, m_features), sum);
        }
    });
    auto& total = memory.gradients.front();
    for (std::size_t chunk = 1; chunk < memory.gradients.size(); ++chunk)
        for (std::size_t i = 0; i < total.size(); ++i)
            total[i] += memory.gradients[chunk][i];
    memory.stack->unpackGradient(total, gradient.first(readoutOffset()));
}

WeightPictures ConvolutionalNetwork::weights(int layer, int neuron) const
{
    const int currents = currentsOf(plan().kind->unit);
    const int inputs = layer == 0 ? 1 : m_channels;
    const int channel = placeOf(layer, neuron).channel;
    WeightPictures result{3, 3, {}, {}};
    for (int i = 0; i < currents; ++i) {
        const auto all = valuesOf(convolutionName(layer, i, currents) + ".weight");
        for (int input = 0; input < inputs; ++input) {
            const auto kernel = all.subspan(static_cast<std::size_t>((channel * inputs + input) * 9), 9);
            std::string name = layer == 0 ? "Canvas" : "Channel " + std::to_string(input + 1);
            if (currents > 1)
                name += ", part " + std::to_string(i + 1);
            result.names.push_back(std::move(name));
            result.pictures.emplace_back(kernel.begin(), kernel.end());
        }
    }
    return result;
}

} // namespace

std::unique_ptr<Network> makeConvolutional(const NetworkPlan& plan, std::uint64_t seed)
{
    return std::make_unique<ConvolutionalNetwork>(plan, seed);
}

} // namespace endospike
