// A network small enough for tests of the window: it reads the bars of numberedImages() and so knows every answer, but
// takes class 5 at the top left for 3 and class 7 at the bottom right for 2. Its hidden neurons are LIF neurons with
// weights that tests can set.
#pragma once

#include "sim/network/trainer.h"

#include <algorithm>
#include <cmath>

namespace endospike {

class FakeNetwork : public Network {
public:
    explicit FakeNetwork(std::string_view kind = "lif_fc", int neurons = 24)
        : Network(planOf(kind), 1)
        , m_neurons(neurons)
    {
        addTensor("input.weight", {neurons, canvasPixels});
        finishTensors();
        fillUniform("input.weight", -0.02, 0.02);
    }

    std::unique_ptr<Network> clone() const override { return std::make_unique<FakeNetwork>(*this); }
    std::unique_ptr<Workspace> makeWorkspace() const override { return std::make_unique<Workspace>(); }
    std::unique_ptr<ActivityCounter> makeActivityCounter() const override { return nullptr; }

    static int answerFor(int task, int label)
    {
        return task == 0 && label == 5 ? 3 : task == 1 && label == 7 ? 2 : label;
    }

    void forward(const Batch& batch, Workspace& workspace, Workers&, ActivityCounter*) const override
    {
        workspace.logits.assign(static_cast<std::size_t>(batch.size) * taskCount * classCount, 0);
        for (int i = 0; i < batch.size; ++i)
            for (int task = 0; task < taskCount; ++task)
                for (int label = 0; label < classCount; ++label) {
                    // A place of the bar that the other image does not reach.
                    const int row = 4 + 2 * label + (task == 0 ? 0 : 8);
                    const int column = task == 0 ? 5 : 30;
                    const float seen =
                        batch.pixels[static_cast<std::size_t>((i * canvasSide + row) * canvasSide + column)];
                    const int answer = answerFor(task, label);
                    workspace.logits[static_cast<std::size_t>((i * taskCount + task) * classCount + answer)] +=
                        seen / 40;
                }
    }
    BatchResult backward(const Batch&, Workspace&, Workers&, std::span<float>) const override { return {}; }

    std::vector<HiddenLayer> layers() const override
    {
        if (plan().kind->convolutional)
            return {{"Layer 1", 4, 36, 36}, {"Layer 2", 6, 18, 18}};
        return {{"Hidden", m_neurons, 1, 1}};
    }
    NeuronRecord record(std::span<const float> canvas, int layer, int neuron) const override
    {
        const double x = current(canvas, layer, neuron);
        NeuronRecord record;
        record.timeUnit = "step";
        record.threshold = settings().threshold;
        record.channels = {{ChannelGroup::current, "<i>x</i>", ""}, {ChannelGroup::voltage, "<i>u</i>", ""}};
        record.spikes.resize(1);
        double u = 0;
        bool spike = false;
        for (int step = 0; step < settings().steps; ++step) {
            u = settings().decay * u * (spike ? 0 : 1) + x;
            spike = u > settings().threshold;
            record.times.push_back(step);
            record.channels[0].values.push_back(x);
            record.channels[1].values.push_back(u);
            if (spike)
                record.spikes[0].push_back(step);
        }
        record.output = static_cast<double>(record.spikes[0].size()) / settings().steps;
        return record;
    }
    WeightPictures weights(int layer, int neuron) const override
    {
        const auto row = weightsOf(layer, neuron);
        return {canvasSide, canvasSide, {"input"}, {{row.begin(), row.end()}}};
    }
    ResponseCurve responseCurve(int, int, double low, double high, int points) const override
    {
        ResponseCurve curve{"Current <i>x</i>", {}, {}, {}, {}};
        for (int i = 0; i < points; ++i) {
            const double x = low + (high - low) * i / (points - 1);
            curve.current.push_back(x);
            curve.output.push_back(x > settings().threshold ? 1 : 0);
            curve.slope.push_back(std::abs(x - settings().threshold) < settings().surrogateWidth ? 1 : 0);
        }
        curve.simulated = curve.output;
        return curve;
    }
    std::vector<float> currents(const Batch& batch, int layer, int neuron) const override
    {
        std::vector<float> result;
        for (int i = 0; i < batch.size; ++i)
            result.push_back(static_cast<float>(
                current(std::span(batch.pixels).subspan(static_cast<std::size_t>(i) * canvasPixels, canvasPixels),
                    layer, neuron)));
        return result;
    }

private:
    static NetworkPlan planOf(std::string_view kind) { return NetworkPlan(*findNetworkKind(kind)); }
    std::span<const float> weightsOf(int layer, int neuron) const
    {
        const HiddenLayer shape = layers()[static_cast<std::size_t>(layer)];
        const auto channel = static_cast<std::size_t>(neuron / (shape.rows * shape.columns) % m_neurons);
        return valuesOf("input.weight").subspan(channel * canvasPixels, canvasPixels);
    }
    double current(std::span<const float> canvas, int layer, int neuron) const
    {
        const auto row = weightsOf(layer, neuron);
        double sum = 0;
        for (std::size_t i = 0; i < row.size(); ++i)
            sum += static_cast<double>(row[i]) * static_cast<double>(canvas[i]);
        return sum;
    }

    int m_neurons;
};

} // namespace endospike
