#include "sim/network/fully_connected_network.h"

#include "sim/base/random.h"
#include "sim/network/input_layer.h"
#include "sim/network/matrix.h"
#include "sim/network/readout.h"

#include <cmath>

namespace endospike {
namespace {

/// Neurons that are worked on together, whatever the number of threads.
constexpr int panelNeurons = 64;

class OutputCounter final : public ActivityCounter {
public:
    OutputCounter(std::size_t outputs, double rateOfFullOutput, double saturatedOutput)
        : m_least(outputs, 1.0f)
        , m_most(outputs, 0.0f)
        , m_rate(rateOfFullOutput)
        , m_saturated(saturatedOutput)
    {
    }

    void add(std::span<const float> features)
    {
        const std::size_t width = m_most.size();
        for (std::size_t at = 0; at < features.size(); at += width, ++m_canvases) {
            double sum = 0;
            for (std::size_t j = 0; j < width; ++j) {
                const float output = features[at + j];
                m_least[j] = std::min(m_least[j], output);
                m_most[j] = std::max(m_most[j], output);
                sum += static_cast<double>(output);
            }
            m_sum += sum;
        }
    }

    std::vector<LayerActivity> result() const override
    {
        LayerActivity activity{"Hidden", 0, static_cast<int>(m_most.size())};
        if (m_canvases == 0)
            return {activity};
        activity.meanRate = m_rate * m_sum / static_cast<double>(m_canvases * m_most.size());
        activity.dead = static_cast<int>(std::ranges::count(m_most, 0.0f));
        activity.saturated = static_cast<int>(
            std::ranges::count_if(m_least, [this](float least) { return static_cast<double>(least) >= m_saturated; }));
        return {activity};
    }

private:
    std::vector<float> m_least, m_most;
    double m_rate, m_saturated;
    double m_sum = 0;
    std::size_t m_canvases = 0;
};

} // namespace

FullyConnectedEncoder::FullyConnectedEncoder(const NetworkPlan& plan, std::uint64_t seed)
    : Network(plan, seed)
    , m_units(makeHiddenUnits(plan.kind->unit, settings()))
    , m_hidden(settings().hidden)
{
}

std::unique_ptr<ActivityCounter> FullyConnectedEncoder::makeActivityCounter() const
{
    return std::make_unique<OutputCounter>(featureCount(), m_units->rateOfFullOutput(), m_units->saturatedOutput());
}

std::string FullyConnectedEncoder::inputName(int current, const char* part) const
{
    return currentsPerNeuron() == 1 ? std::string("input.") + part : "input." + std::to_string(current) + "." + part;
}

void FullyConnectedEncoder::addInput()
{
    for (const auto& [part, shape] :
        {std::pair{"weight", std::vector{m_hidden, canvasPixels}}, std::pair{"bias", std::vector{m_hidden}}})
        for (int k = 0; k < currentsPerNeuron(); ++k)
            addTensor(inputName(k, part), shape);
    if (plan().kind->unit == HiddenUnit::sLifHh) {
        addTensor("map.weight", {1, 3});
        addTensor("map.bias", {1});
    }
}

void FullyConnectedEncoder::addFrozen()
{
    if (plan().kind->unit == HiddenUnit::hh)
        for (const char* name : frozenRateNames)
            addTensor(name, {m_hidden}, false);
}

void FullyConnectedEncoder::fillInput()
{
    const double bound = 1 / std::sqrt(static_cast<double>(canvasPixels));
    for (int k = 0; k < currentsPerNeuron(); ++k) {
        const double scaled = bound * settings().weightScale;
        fillUniform(inputName(k, "weight"), -scaled, scaled);
        fillUniform(inputName(k, "bias"), -bound, bound);
    }
    switch (plan().kind->unit) {
    case HiddenUnit::sLifHh: {
        const double mapBound = 1 / std::sqrt(3.0);
        fillUniform("map.weight", 0, mapBound);
        fillUniform("map.bias", -mapBound, mapBound);
        break;
    }
    case HiddenUnit::hh:
        for (const char* name : frozenRateNames)
            fillUniform(name, 0, settings().rateScale);
        break;
    case HiddenUnit::hhVoltageDependent:
        std::ranges::fill(valuesOf("input.bias"),
            static_cast<float>(settings().startCurrent_ua_per_cm2 / settings().gain_ua_per_cm2));
        break;
    default:
        break;
    }
}

UnitPanel FullyConnectedEncoder::panelOf(EncoderMemory& w, int batch, int first, int size) const
{
    UnitPanel panel{};
    panel.batch = batch;
    panel.first = first;
    panel.size = size;
    for (int k = 0; k < currentsPerNeuron(); ++k)
        panel.currents[k] = w.currents.data() + static_cast<std::ptrdiff_t>(k) * m_hidden + first;
    panel.currentStride = static_cast<std::ptrdiff_t>(m_hidden) * currentsPerNeuron();
    panel.features = w.features.data() + static_cast<std::ptrdiff_t>(first) * m_units->outputs();
    panel.slopes = w.slopes.data() + first;
    panel.featureStride = static_cast<std::ptrdiff_t>(featureCount());
    return panel;
}

void FullyConnectedEncoder::drawNoise(const CurrentNoise& noise, int batch, EncoderMemory& w, Workers& workers) const
{
    w.noise.clear();
    if (!(noise.amplitude > 0))
        return;
    const auto width = static_cast<std::size_t>(m_hidden) * currentsPerNeuron();
    w.noise.resize(width * static_cast<std::size_t>(batch));
    const auto scale = static_cast<float>(noise.amplitude / m_units->currentOfSum());
    workers.forEach(batch, [&](int canvas) {
        const std::span row = std::span(w.noise).subspan(width * static_cast<std::size_t>(canvas), width);
        randomNormals(
            noise.seed, RandomPurpose::currentNoise, noise.firstDraw + static_cast<std::uint64_t>(canvas), row);
        for (float& value : row)
            value *= scale;
    });
}

void FullyConnectedEncoder::encode(
    const Batch& batch, EncoderMemory& w, Workers& workers, ActivityCounter* activity) const
{
    const auto size = static_cast<std::size_t>(batch.size);
    w.currents.resize(size * m_hidden * currentsPerNeuron());
    w.features.resize(size * featureCount());
    w.slopes.resize(m_units->outputs() == 1 ? w.features.size() : 0);
    m_units->prepare(*this, w.constants);
    w.input.take(batch.pixels.data(), batch.size, canvasPixels, static_cast<float>(settings().inputScale), workers);
    const float* const weight = values().data();
    const float* const bias = weight + inputWeights();
    const Pieces panels{m_hidden, panelNeurons};
    drawNoise(batch.currentNoise, batch.size, w, workers);
    workers.forEach(panels.count(), [&](int piece) {
        const int first = panels.begin(piece), count = panels.size(piece);
        const UnitPanel panel = panelOf(w, batch.size, first, count);
        for (int k = 0; k < currentsPerNeuron(); ++k) {
            const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(k) * m_hidden + first;
            inputLayerForward(
                w.input, weight + at * canvasPixels, bias + at, {panel.currents[k], panel.currentStride, count});
            if (!w.noise.empty())
                for (std::ptrdiff_t i = 0; i < batch.size; ++i)
                    for (std::ptrdiff_t j = 0; j < count; ++j)
                        panel.currents[k][i * panel.currentStride + j] += w.noise[i * panel.currentStride + at + j];
        }
        m_units->respond(w.constants, panel);
    });
    if (activity)
        static_cast<OutputCounter&>(*activity).add(w.features);
}

void FullyConnectedEncoder::encodeBackward(
    const Batch& batch, EncoderMemory& w, Workers& workers, std::span<float> gradient) const
{
    float* const weight = gradient.data();
    float* const bias = weight + inputWeights();
    const Pieces panels{m_hidden, panelNeurons};
    w.ownGradients.assign(static_cast<std::size_t>(panels.count()), {});
    workers.forEach(panels.count(), [&](int piece) {
        const int first = panels.begin(piece), count = panels.size(piece);
        const UnitPanel panel = panelOf(w, batch.size, first, count);
        m_units->goBack(
            w.constants, panel, w.featureGradient.data() + first * m_units->outputs(), w.ownGradients[piece]);
        for (int k = 0; k < currentsPerNeuron(); ++k) {
            const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(k) * m_hidden + first;
            inputLayerGradient(
                w.input, {panel.currents[k], panel.currentStride, count}, weight + at * canvasPixels, bias + at);
        }
    });
    if (plan().kind->unit == HiddenUnit::sLifHh)
        for (std::size_t k = 0; k < 4; ++k) {
            double sum = 0;
            for (const auto& own : w.ownGradients)
                sum += own[k];
            gradient[offsetOf("map.weight") + k] = static_cast<float>(sum); // the bias follows the three weights
        }
}

std::vector<float> FullyConnectedEncoder::sums(std::span<const float> canvas, int neuron) const
{
    const auto scale = static_cast<float>(settings().inputScale);
    std::vector<float> result;
    for (int k = 0; k < currentsPerNeuron(); ++k) {
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(k) * m_hidden + neuron;
        const ConstRowView weight(values().data() + at * canvasPixels, canvasPixels);
        result.push_back(weight.dot(scale * ConstRowView(canvas.data(), canvasPixels)) + values()[inputWeights() + at]);
    }
    return result;
}

NeuronRecord FullyConnectedEncoder::record(std::span<const float> canvas, int, int neuron) const
{
    return m_units->simulate(*this, sums(canvas, neuron), neuron);
}

WeightPictures FullyConnectedEncoder::weights(int, int neuron) const
{
    WeightPictures result{canvasSide, canvasSide, {}, {}};
    for (int k = 0; k < currentsPerNeuron(); ++k) {
        const auto row =
            valuesOf(inputName(k, "weight")).subspan(static_cast<std::size_t>(neuron) * canvasPixels, canvasPixels);
        result.names.push_back(currentsPerNeuron() == 1 ? "Current" : "Current " + std::to_string(k + 1));
        result.pictures.emplace_back(row.begin(), row.end());
    }
    return result;
}

ResponseCurve FullyConnectedEncoder::responseCurve(int, int neuron, double low, double high, int points) const
{
    const auto count = static_cast<std::size_t>(std::max(points, 2));
    const int outputs = m_units->outputs();
    ResponseCurve curve{m_units->currentLabel(), {}, {}, {}, {}};
    std::array<std::vector<float>, 3> sums;
    for (std::size_t i = 0; i < count; ++i) {
        curve.current.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1));
        sums[0].push_back(static_cast<float>(curve.current[i] / m_units->currentOfSum()));
    }
    sums[1] = sums[2] = sums[0];
    UnitConstants constants;
    m_units->prepare(*this, constants);
    std::vector<float> features(count * outputs), slopes(count * outputs);
    const UnitPanel panel{static_cast<int>(count), neuron, 1, {sums[0].data(), sums[1].data(), sums[2].data()}, 1,
        features.data(), outputs, slopes.data()};
    m_units->respond(constants, panel);
    for (std::size_t i = 0; i < count; ++i) {
        const std::vector<float> x(static_cast<std::size_t>(currentsPerNeuron()), sums[0][i]);
        curve.output.push_back(static_cast<double>(ConstRowView(&features[i * outputs], outputs).mean()));
        curve.simulated.push_back(m_units->simulate(*this, x, neuron).output);
    }
    const std::vector<float> gradient(features.size(), 1.0f / static_cast<float>(outputs));
    std::array<double, 4> own{};
    m_units->goBack(constants, panel, gradient.data(), own);
    for (std::size_t i = 0; i < count; ++i) {
        double slope = 0;
        for (int k = 0; k < currentsPerNeuron(); ++k)
            slope += static_cast<double>(sums[k][i]);
        curve.slope.push_back(slope / m_units->currentOfSum());
    }
    return curve;
}

std::vector<float> FullyConnectedEncoder::currents(const Batch& batch, int, int neuron) const
{
    std::vector<float> result;
    for (int i = 0; i < batch.size; ++i)
        for (const float sum : sums(std::span(batch.pixels).subspan(i * canvasPixels, canvasPixels), neuron))
            result.push_back(static_cast<float>(m_units->currentOfSum()) * sum);
    return result;
}

namespace {

struct FullyConnectedWorkspace final : Workspace {
    EncoderMemory encoder;
    ReadoutMemory readout;
};

class FullyConnectedNetwork final : public FullyConnectedEncoder {
public:
    FullyConnectedNetwork(const NetworkPlan& plan, std::uint64_t seed)
        : FullyConnectedEncoder(plan, seed)
    {
        addInput();
        addReadout(featureCount());
        addFrozen();
        finishTensors();
        fillInput();
        fillReadout();
    }

    std::unique_ptr<Network> clone() const override { return std::make_unique<FullyConnectedNetwork>(*this); }
    std::unique_ptr<Workspace> makeWorkspace() const override { return std::make_unique<FullyConnectedWorkspace>(); }

    void forward(const Batch& batch, Workspace& workspace, Workers& workers, ActivityCounter* activity) const override
    {
        auto& w = static_cast<FullyConnectedWorkspace&>(workspace);
        encode(batch, w.encoder, workers, activity);
        readoutForward(readoutParameters(), w.encoder.features, batch.size, w.readout, w.logits, workers);
    }

    BatchResult backward(
        const Batch& batch, Workspace& workspace, Workers& workers, std::span<float> gradient) const override
    {
        auto& w = static_cast<FullyConnectedWorkspace&>(workspace);
        forward(batch, workspace, workers, nullptr);
        const BatchResult result = readoutLoss(w.logits, batch.labels, batch.size, w.readout);
        w.encoder.featureGradient.resize(w.encoder.features.size());
        readoutBackward(readoutParameters(), w.encoder.features, batch.size, w.readout,
            gradient.subspan(offsetOf("readout.weight")), w.encoder.featureGradient, workers);
        encodeBackward(batch, w.encoder, workers, gradient);
        return result;
    }

private:
    std::span<const float> readoutParameters() const
    {
        return values().subspan(offsetOf("readout.weight"), readoutSize(featureCount()));
    }
};

} // namespace

std::unique_ptr<Network> makeFullyConnected(const NetworkPlan& plan, std::uint64_t seed)
{
    return std::make_unique<FullyConnectedNetwork>(plan, seed);
}

} // namespace endospike
