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

/// [column][step] for one layer of the published HH kind.
std::vector<ConductanceDrive<float>> drivesOf(const Network& network, int layer)
{
    const std::string prefix = "rates" + std::to_string(layer + 1) + ".";
    const auto rate = [&](const char* name, std::size_t column) {
        return static_cast<double>(network.valuesOf(prefix + name)[column]);
    };
    std::vector<ConductanceDrive<float>> all;
    for (std::size_t i = 0; i < network.valuesOf(prefix + "a_n").size(); ++i) {
        const FrozenRates rates = {
            rate("a_n", i), rate("b_n", i), rate("a_m", i), rate("b_m", i), rate("a_h", i), rate("b_h", i)};
        const auto drives = frozenConductances<float>(rates, network.settings().dt_ms, network.settings().steps);
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
        if constexpr (std::is_same_v<Unit, FrozenHh>)
            m_pass.setDrives(drivesOf(network, 0), drivesOf(network, 1));
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

    int m_steps;
    ConvolutionalPass<Unit> m_pass;
    std::vector<std::size_t> m_places; ///< where each of the network's values before the readout stands in the pass
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
    if constexpr (std::is_same_v<Unit, FrozenHh>)
        return {{"current", "I", "", {}}, {"v_mv", "V", "mV", {}}};
    else if constexpr (std::is_same_v<Unit, FourLif>)
        return {{"current1", "x<sub>1</sub>", "", {}}, {"current2", "x<sub>2</sub>", "", {}},
            {"current3", "x<sub>3</sub>", "", {}}, {"u1", "u<sub>1</sub>", "", {}}, {"u2", "u<sub>2</sub>", "", {}},
            {"u3", "u<sub>3</sub>", "", {}}, {"u4", "u<sub>4</sub>", "", {}}};
    else
        return {{"current", "x", "", {}}, {"u", "u", "", {}}};
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
        record.times.push_back(t);
        for (std::size_t i = 0; i < Unit::currents; ++i)
            record.channels[i].values.push_back(x[i]);
        for (std::size_t i = 0; i < Unit::parts; ++i) {
            record.channels[Unit::currents + i].values.push_back(u[i]);
            if (m_pass.unit().spikes(u[i]) > 0) {
                record.spikes[i].push_back(t);
                record.output += 1.0 / (m_steps * Unit::parts);
            }
        }
    }
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
