// The hidden layers of the kinds whose neurons are simulated in a few steps of their own.
#include "sim/network/convolutional_pass.h"
#include "sim/network/hidden_stack.h"

#include <cmath>
#include <numeric>

namespace endospike {
namespace {

using Spike = Heaviside<float>;
using Lif = LifUnit<Spike>;
using FrozenHh = FrozenHhUnit<Spike>;
using FourLif = FourLifUnit<Spike>;
using Binary = BinaryUnit<Spike>;

/// At most so much is kept from the forward for the backward pass; beyond it, the forward pass is done again.
constexpr std::size_t keptBytes = std::size_t{256} << 20;

template <class Unit>
Unit unitOf(const NetworkSettings& s)
{
    const Spike spike{static_cast<float>(s.threshold), static_cast<float>(s.surrogateWidth)};
    if constexpr (std::is_same_v<Unit, Lif>)
        return {spike, static_cast<float>(s.decay)};
    else if constexpr (std::is_same_v<Unit, FrozenHh>)
        return {spike, static_cast<float>(s.dt_ms)};
    else if constexpr (std::is_same_v<Unit, FourLif>)
        return {{spike, static_cast<float>(s.decay)}};
    else
        return {spike};
}

/// [column] for one layer of the published HH kind.
std::vector<FrozenRates> ratesOf(const Network& network, int layer)
{
    const std::string prefix = "rates" + std::to_string(layer + 1) + ".";
    std::vector<FrozenRates> all;
    for (std::size_t i = 0; i < network.valuesOf(prefix + "a_n").size(); ++i)
        all.push_back(
            FrozenRates([&](const char* name) { return static_cast<double>(network.valuesOf(prefix + name)[i]); }));
    return all;
}

/// [column][step]
std::vector<ConductanceDrive<float>> drivesOf(const std::vector<FrozenRates>& rates, const NetworkSettings& settings)
{
    std::vector<ConductanceDrive<float>> all;
    for (const FrozenRates& each : rates) {
        const auto drives = frozenConductances<float>(each, settings.dt_ms, settings.steps);
        all.insert(all.end(), drives.begin(), drives.end());
    }
    return all;
}

template <class Unit>
class SpikingStack final : public HiddenStack {
public:
    explicit SpikingStack(const Network& network)
        : HiddenStack(network.settings().hidden)
        , m_steps(network.settings().steps)
        , m_pass(unitOf<Unit>(network.settings()), m_channels, m_steps)
        , m_places(m_pass.layout().placesOf(network))
    {
    }

    int parts() const override { return Unit::parts; }
    int currents() const override { return Unit::currents; }
    double mostSpikes() const override { return m_steps; }
    double duration() const override { return m_steps; }

    void load(const Network& network, int canvases, bool backward) override
    {
        for (std::size_t i = 0; i < m_places.size(); ++i)
            m_pass.weights()[m_places[i]] = network.values()[i];
        if constexpr (std::is_same_v<Unit, FrozenHh>) {
            for (int layer = 0; layer < 2; ++layer)
                m_rates[layer] = ratesOf(network, layer);
            m_pass.setDrives(drivesOf(m_rates[0], network.settings()), drivesOf(m_rates[1], network.settings()));
        }
        m_pass.weightsChanged();
        m_keep = backward && m_pass.sampleBytes() * static_cast<std::size_t>(canvases) <= keptBytes;
        if (m_keep && m_samples.size() < static_cast<std::size_t>(canvases))
            m_samples.resize(static_cast<std::size_t>(canvases));
    }

    void forward(int index, const float* canvas, std::span<float> features, std::uint32_t* spikes) override
    {
        const typename Pool<Memory>::Loan loan(m_pool);
        Memory& memory = *loan;
        auto& sample = m_keep ? m_samples[static_cast<std::size_t>(index)] : memory.sample;
        m_pass.forward(canvas, sample, memory.scratch, features.data());
        if (spikes)
            m_pass.addSpikes(canvas, sample, spikes);
    }

    void backward(
        int index, const float* canvas, std::span<const float> featureGradient, std::span<float> gradient) override
    {
        const typename Pool<Memory>::Loan loan(m_pool);
        Memory& memory = *loan;
        if (!m_keep) {
            memory.features.resize(featureGradient.size());
            m_pass.forward(canvas, memory.sample, memory.scratch, memory.features.data());
        }
        m_pass.backward(canvas, m_keep ? m_samples[static_cast<std::size_t>(index)] : memory.sample,
            featureGradient.data(), memory.scratch, gradient.data());
    }

    std::size_t gradientSize() const override { return m_pass.layout().size(); }

    void unpackGradient(std::span<const float> gradient, std::span<float> values) const override
    {
        for (std::size_t i = 0; i < m_places.size(); ++i)
            values[i] = gradient[m_places[i]];
    }

    NeuronRecord record(const float* canvas, const NeuronPlace& place) override;
    std::vector<float> meanCurrents(const float* canvas, const NeuronPlace& place) override;
    ResponseCurve responseCurve(const NeuronPlace& place, double low, double high, int points) const override;

private:
    struct Memory {
        typename ConvolutionalPass<Unit>::Sample sample;
        typename ConvolutionalPass<Unit>::Scratch scratch;
        std::vector<float> features;
    };

    std::vector<float> inputOf(const float* canvas, const NeuronPlace& place);
    void recordGates(NeuronRecord& record, const NeuronPlace& place) const;

    int m_steps;
    ConvolutionalPass<Unit> m_pass;
    std::vector<std::size_t> m_places; ///< where each of the network's values before the readout stands in the pass
    std::vector<FrozenRates> m_rates[2]; ///< [layer][column], of the published HH kind
    bool m_keep = false;
    std::vector<typename ConvolutionalPass<Unit>::Sample> m_samples;
    Pool<Memory> m_pool;
};

/// [step][current]
template <class Unit>
std::vector<float> SpikingStack<Unit>::inputOf(const float* canvas, const NeuronPlace& place)
{
    const typename Pool<Memory>::Loan loan(m_pool);
    Memory& memory = *loan;
    memory.features.resize(static_cast<std::size_t>(features()));
    m_pass.forward(canvas, memory.sample, memory.scratch, memory.features.data());
    std::vector<float> input;
    for (int t = 0; t < m_steps; ++t)
        for (int i = 0; i < Unit::currents; ++i)
            input.push_back(
                m_pass.currentAt(canvas, memory.sample, place.layer, t, i, place.channel, place.row, place.column));
    return input;
}

template <class Unit>
std::vector<float> SpikingStack<Unit>::meanCurrents(const float* canvas, const NeuronPlace& place)
{
    const std::vector<float> input = inputOf(canvas, place);
    std::vector<float> mean(Unit::currents);
    for (std::size_t i = 0; i < input.size(); ++i)
        mean[i % Unit::currents] += input[i] / static_cast<float>(m_steps);
    return mean;
}

/// Rows of a record, but for their values.
template <class Unit>
std::vector<NeuronChannel> channelsOf()
{
    using enum ChannelGroup;
    if constexpr (std::is_same_v<Unit, FrozenHh>)
        return hodgkinHuxleyChannels({current, "Current <i>I</i>", ""});
    else if constexpr (std::is_same_v<Unit, FourLif>)
        return {{current, "<i>x</i><sub>1</sub>", ""}, {current, "<i>x</i><sub>2</sub>", ""},
            {current, "<i>x</i><sub>3</sub>", ""}, {voltage, "<i>u</i><sub>1</sub>", ""},
            {voltage, "<i>u</i><sub>2</sub>", ""}, {voltage, "<i>u</i><sub>3</sub>", ""},
            {voltage, "<i>u</i><sub>4</sub>", ""}};
    else
        return {{current, "<i>x</i>", ""}, {voltage, "<i>u</i>", ""}};
}

/// As they stand after each step.
template <class Unit>
void SpikingStack<Unit>::recordGates(NeuronRecord& record, const NeuronPlace& place) const
{
    const FrozenRates& rates = m_rates[place.layer][static_cast<std::size_t>(place.column)];
    FrozenGates gates;
    for (int t = 0; t < m_steps; ++t) {
        gates.step(rates, static_cast<double>(m_pass.unit().dt_ms));
        const double now[] = {gates.m, gates.h, gates.n};
        for (std::size_t i = 0; i < std::size(now); ++i)
            record.channels[Unit::currents + Unit::parts + i].values.push_back(now[i]);
    }
}

template <class Unit>
NeuronRecord SpikingStack<Unit>::record(const float* canvas, const NeuronPlace& place)
{
    const std::vector<float> input = inputOf(canvas, place);
    NeuronRecord record{"step", {}, channelsOf<Unit>(), {}, m_pass.unit().threshold(), 0};
    record.spikes.resize(Unit::parts);
    float u[Unit::parts] = {};
    for (int t = 0; t < m_steps; ++t) {
        const float* x = input.data() + t * Unit::currents;
        m_pass.unit().advance(m_pass.drive(place.layer, place.column, t), x, u);
        record.times.push_back(t + 1);
        for (std::size_t i = 0; i < Unit::currents; ++i)
            record.channels[i].values.push_back(x[i]);
        for (std::size_t i = 0; i < Unit::parts; ++i) {
            record.channels[Unit::currents + i].values.push_back(u[i]);
            if (m_pass.unit().spikes(u[i]) > 0) {
                record.spikes[i].push_back(t + 1);
                record.output += 1.0 / (m_steps * Unit::parts);
            }
        }
    }
    if constexpr (std::is_same_v<Unit, FrozenHh>)
        recordGates(record, place);
    return record;
}

template <class Unit>
ResponseCurve SpikingStack<Unit>::responseCurve(const NeuronPlace& place, double low, double high, int points) const
{
    const Unit& unit = m_pass.unit();
    constexpr std::size_t parts = Unit::parts;
    const float share = 1.0f / static_cast<float>(m_steps * Unit::parts);
    ResponseCurve curve{"Current", {}, {}, {}, {}};
    std::vector<float> history(parts * static_cast<std::size_t>(m_steps));
    for (int point = 0; point < points; ++point) {
        const double current = points == 1 ? low : low + (high - low) * point / (points - 1);
        float x[Unit::currents], u[parts] = {}, g[parts], carry[parts] = {}, dx[Unit::currents];
        float mapGradient[Unit::shared + 1] = {};
        std::fill_n(x, Unit::currents, static_cast<float>(current));
        std::fill_n(g, parts, share);
        double output = 0, slope = 0;
        for (int t = 0; t < m_steps; ++t) {
            unit.advance(m_pass.drive(place.layer, place.column, t), x, u);
            std::copy_n(u, parts, history.begin() + t * Unit::parts);
            for (const float each : u)
                output += unit.spikes(each) * share;
        }
        for (int t = m_steps - 1; t >= 0; --t) {
            unit.retreat(m_pass.drive(place.layer, place.column, t), history.data() + t * Unit::parts, g, carry, dx,
                mapGradient);
            slope += std::accumulate(dx, dx + Unit::currents, 0.0);
        }
        curve.current.push_back(current);
        curve.output.push_back(output);
        curve.slope.push_back(slope);
    }
    return curve;
}

} // namespace

std::unique_ptr<HiddenStack> makeSpikingStack(const Network& network)
{
    switch (network.plan().kind->unit) {
    case HiddenUnit::lif:
        return std::make_unique<SpikingStack<Lif>>(network);
    case HiddenUnit::hh:
        return std::make_unique<SpikingStack<FrozenHh>>(network);
    case HiddenUnit::sLifHh:
        return std::make_unique<SpikingStack<FourLif>>(network);
    default:
        return std::make_unique<SpikingStack<Binary>>(network);
    }
}

} // namespace endospike
