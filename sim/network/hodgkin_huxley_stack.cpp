#include "sim/network/hodgkin_huxley_stack.h"

#include "sim/network/conv.h"
#include "sim/network/weight_layout.h"
#include "sim/neuron/hodgkin_huxley.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

constexpr int secondSide = canvasSide / 2;
constexpr int featureSide = secondSide / 2;
constexpr int firstPositions = canvasSide * canvasSide;
constexpr int secondPositions = secondSide * secondSide;
constexpr BorderedMap secondMap{secondSide};
constexpr int stepsAtOnce = 32;

/// The tile of the second layer to which a position of the first belongs.
int tileOf(int position) { return position / canvasSide / 2 * secondSide + position % canvasSide / 2; }
int borderedPosition(int position) { return secondMap.position(position / secondSide, position % secondSide); }

class HodgkinHuxleyStack final : public HiddenStack {
public:
    HodgkinHuxleyStack(const NetworkSettings& settings, std::shared_ptr<const HodgkinHuxleyTables> tables)
        : HiddenStack(settings.hidden)
        , m_settings(settings)
        , m_tables(std::move(tables))
        , m_layout{m_channels, m_channels, 1, m_channels, 0}
        , m_weights(m_layout.size())
    {
    }

    int parts() const override { return 1; }
    int currents() const override { return 1; }
    double mostSpikes() const override { return 0.95 * m_tables->response.mostSpikes(); }
    double duration() const override { return m_settings.window_ms; }

    void load(const Network& network, int canvases, bool) override
    {
        m_places = m_layout.placesOf(network);
        for (std::size_t i = 0; i < m_places.size(); ++i)
            m_weights[m_places[i]] = network.values()[i];
        if (m_samples.size() < static_cast<std::size_t>(canvases))
            m_samples.resize(static_cast<std::size_t>(canvases));
    }

    void forward(int index, const float* canvas, std::span<float> features, std::uint32_t* spikes) override;
    void backward(
        int index, const float* canvas, std::span<const float> featureGradient, std::span<float> gradient) override;
    std::size_t gradientSize() const override { return m_layout.size(); }

    void unpackGradient(std::span<const float> gradient, std::span<float> values) const override
    {
        for (std::size_t i = 0; i < m_places.size(); ++i)
            values[i] = gradient[m_places[i]];
    }

    NeuronRecord record(const float* canvas, const NeuronPlace& place) override;
    std::vector<float> meanCurrents(const float* canvas, const NeuronPlace& place) override;
    ResponseCurve responseCurve(const NeuronPlace& place, double low, double high, int points) const override;

private:
    struct Sample {
        std::vector<float> first; ///< [position][channel], current
        std::vector<float> trace; ///< [tile][channel], mean over the window
        std::vector<float> second; ///< [position][channel], mean current
    };
    /// A spike of the first layer.
    struct Event {
        int step;
        int target; ///< tile * channels + channel
    };
    struct Memory {
        std::vector<Event> events;
        std::vector<std::size_t> firstOfStep; ///< and one more
        std::vector<float> map; ///< bordered, [position][channel]
        std::vector<double> rows; ///< [stepsAtOnce][position][channel], current
        std::unique_ptr<Population> cells;
        std::vector<SpikeEvent> spikes;
        std::vector<double> last; ///< time in steps of each cell's last spike
        std::vector<int> counts;
        std::vector<float> outputs, slopes, returned;
    };

    float gain() const { return static_cast<float>(m_settings.gain_ua_per_cm2); }
    int secondNeurons() const { return secondPositions * m_channels; }
    void driveFirst(const float* canvas, Sample& sample) const;
    void schedule(Sample& sample, Memory& memory, std::uint32_t* spikes) const;
    /// Calls f(step, count) after memory.rows hold the currents of `count` steps from `step` on.
    template <class F>
    void driveSecond(Sample& sample, Memory& memory, F&& f) const;
    void simulateSecond(Sample& sample, Memory& memory) const;
    std::vector<double> inputOf(const float* canvas, const NeuronPlace& place);

    NetworkSettings m_settings;
    std::shared_ptr<const HodgkinHuxleyTables> m_tables;
    WeightLayout m_layout;
    std::vector<float> m_weights;
    std::vector<std::size_t> m_places;
    std::vector<Sample> m_samples;
    Pool<Memory> m_pool;
};

void HodgkinHuxleyStack::driveFirst(const float* canvas, Sample& sample) const
{
    const int channels = m_channels;
    sample.first.resize(static_cast<std::size_t>(firstPositions * channels));
    for (int at = 0; at < firstPositions; ++at) {
        float* sums = sample.first.data() + at * channels;
        const float* patch = canvas + at / canvasSide * paddedCanvasSide + at % canvasSide;
        std::copy_n(m_weights.data() + m_layout.firstBias(0, 0), channels, sums);
        for (int k = 0; k < 9; ++k) {
            const float pixel = patch[k / 3 * paddedCanvasSide + k % 3];
            const float* w = m_weights.data() + m_layout.firstWeight(0, 0, 0, k);
            for (int c = 0; c < channels; ++c)
                sums[c] += pixel * w[c];
        }
    }
    for (float& current : sample.first)
        current *= gain();
}

/// The first layer's spikes in the order of their steps, and their mean traces.
void HodgkinHuxleyStack::schedule(Sample& sample, Memory& memory, std::uint32_t* spikes) const
{
    const int channels = m_channels;
    sample.trace.assign(static_cast<std::size_t>(secondNeurons()), 0);
    memory.firstOfStep.assign(static_cast<std::size_t>(m_tables->times.steps()) + 1, 0);
    std::vector<Event> found;
    for (int at = 0; at < firstPositions; ++at)
        for (int c = 0; c < channels; ++c) {
            const int target = tileOf(at) * channels + c;
            m_tables->times.forEachSpike(sample.first[static_cast<std::size_t>(at * channels + c)], [&](int step) {
                found.push_back({step, target});
                ++memory.firstOfStep[static_cast<std::size_t>(step) + 1];
                sample.trace[static_cast<std::size_t>(target)] += m_tables->times.traceOf(step) / 4;
                if (spikes)
                    ++spikes[c * firstPositions + at];
            });
        }
    for (std::size_t step = 1; step < memory.firstOfStep.size(); ++step)
        memory.firstOfStep[step] += memory.firstOfStep[step - 1];
    memory.events.resize(found.size());
    std::vector<std::size_t> next = memory.firstOfStep;
    for (const Event& event : found)
        memory.events[next[static_cast<std::size_t>(event.step)]++] = event;
}

template <class F>
void HodgkinHuxleyStack::driveSecond(Sample& sample, Memory& memory, F&& f) const
{
    const int channels = m_channels, steps = m_tables->times.steps(), neurons = secondNeurons();
    const auto left = static_cast<float>(std::exp(-m_settings.dt_ms / m_settings.synapseTau_ms));
    const float gainNow = gain();
    std::vector<float> bias; // of a row of positions
    for (int column = 0; column < secondSide; ++column)
        bias.insert(bias.end(), m_weights.begin() + m_layout.secondBias(0, 0),
            m_weights.begin() + m_layout.secondBias(0, channels));
    memory.map.assign(static_cast<std::size_t>(secondMap.positions() * channels), 0);
    memory.rows.resize(static_cast<std::size_t>(stepsAtOnce * neurons));
    sample.second.assign(static_cast<std::size_t>(neurons), 0);
    for (int begin = 0; begin < steps; begin += stepsAtOnce) {
        const int count = std::min(stepsAtOnce, steps - begin);
        for (int k = 0; k < count; ++k) {
            double* row = memory.rows.data() + k * neurons;
            for (int at = 0; at < secondPositions; at += secondSide) { // a row is without gaps
                const float* sums = memory.map.data() + borderedPosition(at) * channels;
                float* mean = sample.second.data() + at * channels;
                double* to = row + at * channels;
                for (int i = 0; i < secondSide * channels; ++i) {
                    const float current = gainNow * (bias[static_cast<std::size_t>(i)] + sums[i]);
                    mean[i] += current;
                    to[i] = static_cast<double>(current);
                }
            }
            for (float& sum : memory.map)
                sum *= left;
            const auto step = static_cast<std::size_t>(begin + k);
            for (std::size_t i = memory.firstOfStep[step]; i < memory.firstOfStep[step + 1]; ++i) {
                const int at = memory.events[i].target / channels, input = memory.events[i].target % channels;
                scatterChange(0.25f, m_weights.data() + m_layout.secondWeights() + input * 9 * channels,
                    memory.map.data() + (borderedPosition(at) - secondMap.stride() - 1) * channels, secondMap.stride(),
                    channels);
            }
        }
        f(begin, count);
    }
    for (float& mean : sample.second)
        mean /= static_cast<float>(steps);
}

void HodgkinHuxleyStack::simulateSecond(Sample& sample, Memory& memory) const
{
    const NeuronModel& model = hodgkinHuxleyModel();
    const int neurons = secondNeurons();
    if (!memory.cells)
        memory.cells = model.create(neurons, Integrator::exponentialEuler, Precision::float32, m_settings.dt_ms);
    memory.cells->reset();
    const double gap = ParameterValues(model.parameters)[hh::minimumGap] / m_settings.dt_ms;
    memory.last.assign(static_cast<std::size_t>(neurons), -gap);
    memory.counts.assign(static_cast<std::size_t>(neurons), 0);
    driveSecond(sample, memory, [&](int begin, int count) {
        const double* rows = memory.rows.data();
        memory.spikes.clear();
        memory.cells->advance(count, {rows, rows, rows, neurons, 1}, memory.spikes);
        for (const SpikeEvent& spike : memory.spikes) {
            const auto cell = static_cast<std::size_t>(spike.cell);
            const double time = begin + spike.step + spike.fraction;
            if (time - memory.last[cell] < gap)
                continue;
            memory.last[cell] = time;
            ++memory.counts[cell];
        }
    });
}

void HodgkinHuxleyStack::forward(int index, const float* canvas, std::span<float> features, std::uint32_t* spikes)
{
    const Pool<Memory>::Loan loan(m_pool);
    Memory& memory = *loan;
    Sample& sample = m_samples[static_cast<std::size_t>(index)];
    driveFirst(canvas, sample);
    schedule(sample, memory, spikes);
    simulateSecond(sample, memory);
    std::ranges::fill(features, 0.0f);
    const float share = 1.0f / static_cast<float>(4 * m_tables->response.mostSpikes());
    for (int at = 0; at < secondPositions; ++at) {
        const int tile = at / secondSide / 2 * featureSide + at % secondSide / 2;
        for (int c = 0; c < m_channels; ++c) {
            const int count = memory.counts[static_cast<std::size_t>(at * m_channels + c)];
            features[static_cast<std::size_t>(c * featureSide * featureSide + tile)] +=
                share * static_cast<float>(count);
            if (spikes)
                spikes[firstPositions * m_channels + c * secondPositions + at] += static_cast<std::uint32_t>(count);
        }
    }
}

void HodgkinHuxleyStack::backward(
    int index, const float* canvas, std::span<const float> featureGradient, std::span<float> gradient)
{
    const Pool<Memory>::Loan loan(m_pool);
    Memory& memory = *loan;
    const Sample& sample = m_samples[static_cast<std::size_t>(index)];
    const int channels = m_channels;
    memory.outputs.resize(sample.second.size());
    memory.slopes.resize(sample.second.size());
    m_tables->response.respond(sample.second.data(), secondNeurons(), 1, memory.outputs.data(), memory.slopes.data());
    memory.map.assign(static_cast<std::size_t>(secondMap.positions() * channels), 0);
    for (int at = 0; at < secondPositions; ++at) {
        const int tile = at / secondSide / 2 * featureSide + at % secondSide / 2;
        float* delta = memory.map.data() + borderedPosition(at) * channels;
        for (int c = 0; c < channels; ++c) {
            delta[c] = gain() * memory.slopes[static_cast<std::size_t>(at * channels + c)] / 4
                * featureGradient[static_cast<std::size_t>(c * featureSide * featureSide + tile)];
            gradient[m_layout.secondBias(0, c)] += delta[c];
        }
    }
    for (int i = 0; i < secondNeurons(); ++i) {
        const float trace = sample.trace[static_cast<std::size_t>(i)];
        if (trace != 0)
            gatherChange(trace,
                memory.map.data() + (borderedPosition(i / channels) - secondMap.stride() - 1) * channels,
                gradient.data() + m_layout.secondWeights() + i % channels * 9 * channels, secondMap.stride(), channels);
    }
    memory.returned.resize(static_cast<std::size_t>(secondSide * secondMap.stride() * channels));
    convolveBack(memory.map.data(), m_weights.data() + m_layout.secondWeights(), secondMap, channels, channels,
        channels, memory.returned.data());
    std::vector<float> delta(static_cast<std::size_t>(channels));
    for (int at = 0; at < firstPositions; ++at) {
        const int tile = tileOf(at);
        const float* g =
            memory.returned.data() + (tile / secondSide * secondMap.stride() + tile % secondSide) * channels;
        const float* patch = canvas + at / canvasSide * paddedCanvasSide + at % canvasSide;
        for (int c = 0; c < channels; ++c)
            delta[static_cast<std::size_t>(c)] = gain() * g[c] / 4
                * m_tables->times.traceSlope(sample.first[static_cast<std::size_t>(at * channels + c)]);
        for (int k = 0; k < 10; ++k) { // the bias stands behind the nine weights
            const float pixel = k < 9 ? patch[k / 3 * paddedCanvasSide + k % 3] : 1.0f;
            float* w = gradient.data() + m_layout.firstWeight(0, 0, 0, k);
            for (int c = 0; c < channels; ++c)
                w[c] += pixel * delta[static_cast<std::size_t>(c)];
        }
    }
}

/// The current in each step.
std::vector<double> HodgkinHuxleyStack::inputOf(const float* canvas, const NeuronPlace& place)
{
    const Pool<Memory>::Loan loan(m_pool);
    Memory& memory = *loan;
    Sample sample;
    driveFirst(canvas, sample);
    if (place.layer == 0)
        return std::vector<double>(static_cast<std::size_t>(m_tables->times.steps()),
            static_cast<double>(sample.first[static_cast<std::size_t>(
                (place.row * canvasSide + place.column) * m_channels + place.channel)]));
    schedule(sample, memory, nullptr);
    const int cell = (place.row * secondSide + place.column) * m_channels + place.channel;
    std::vector<double> input;
    driveSecond(sample, memory, [&](int, int count) {
        for (int k = 0; k < count; ++k)
            input.push_back(memory.rows[static_cast<std::size_t>(k * secondNeurons() + cell)]);
    });
    return input;
}

std::vector<float> HodgkinHuxleyStack::meanCurrents(const float* canvas, const NeuronPlace& place)
{
    double sum = 0;
    const std::vector<double> input = inputOf(canvas, place);
    for (const double current : input)
        sum += current;
    return {static_cast<float>(sum / static_cast<double>(input.size()))};
}

NeuronRecord HodgkinHuxleyStack::record(const float* canvas, const NeuronPlace& place)
{
    const NeuronModel& model = hodgkinHuxleyModel();
    const ParameterValues values(model.parameters);
    const auto cell = model.create(1, Integrator::exponentialEuler, Precision::float32, m_settings.dt_ms);
    NeuronRecord record{"ms", {}, hodgkinHuxleyChannels({ChannelGroup::current, "Current <i>I</i>", "µA/cm²"}), {{}},
        values[hh::spikeThreshold], 0};
    std::vector<SpikeEvent> events;
    int step = 0;
    for (const double current : inputOf(canvas, place)) {
        double state[4];
        cell->copyState(0, state);
        record.times.push_back(step * m_settings.dt_ms);
        record.channels[0].values.push_back(current);
        for (std::size_t k = 0; k < std::size(state); ++k)
            record.channels[k + 1].values.push_back(state[k]);
        events.clear();
        cell->advance(1, {&current, &current, &current, 0, 0}, events);
        for (const SpikeEvent& event : events) {
            const double time_ms = (step + event.fraction) * m_settings.dt_ms;
            if (record.spikes[0].empty() || time_ms - record.spikes[0].back() >= values[hh::minimumGap])
                record.spikes[0].push_back(time_ms);
        }
        ++step;
    }
    record.output = static_cast<double>(record.spikes[0].size()) / m_tables->response.mostSpikes();
    return record;
}

ResponseCurve HodgkinHuxleyStack::responseCurve(const NeuronPlace&, double low, double high, int points) const
{
    const auto count = static_cast<std::size_t>(std::max(points, 2));
    ResponseCurve curve{"Current <i>I</i> [µA/cm²]", {}, {}, {}, {}};
    std::vector<float> currents, outputs(count), slopes(count);
    for (std::size_t i = 0; i < count; ++i) {
        curve.current.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1));
        currents.push_back(static_cast<float>(curve.current[i]));
    }
    m_tables->response.respond(currents.data(), static_cast<int>(count), 1, outputs.data(), slopes.data());
    curve.output.assign(outputs.begin(), outputs.end());
    curve.slope.assign(slopes.begin(), slopes.end());
    for (const int spikes : simulatedSpikes(curve.current, m_settings.window_ms, m_settings.dt_ms))
        curve.simulated.push_back(static_cast<double>(spikes) / m_tables->response.mostSpikes());
    return curve;
}

} // namespace

HodgkinHuxleyTables::HodgkinHuxleyTables(const NetworkSettings& s)
    : times(s.window_ms, s.dt_ms, s.synapseTau_ms, s.smoothing_ua_per_cm2)
    , response(s.window_ms, s.dt_ms, s.smoothing_ua_per_cm2)
{
}

std::unique_ptr<HiddenStack> makeHodgkinHuxleyStack(
    const NetworkSettings& settings, std::shared_ptr<const HodgkinHuxleyTables> tables)
{
    return std::make_unique<HodgkinHuxleyStack>(settings, std::move(tables));
}

} // namespace endospike
