#include "sim/network/hidden_units.h"

#include "sim/neuron/hodgkin_huxley.h"
#include "sim/spiking/response_curve.h"

#include <cmath>
#include <limits>

namespace endospike {
namespace {

spiking::Threshold<float> thresholdOf(const NetworkSettings& s)
{
    return {static_cast<float>(s.threshold), static_cast<float>(s.surrogateWidth)};
}

/// Steps 1..T and the threshold, no channels yet.
NeuronRecord recordOfSteps(int steps, int outputs, double threshold)
{
    NeuronRecord record;
    record.timeUnit = "step";
    for (int t = 1; t <= steps; ++t)
        record.times.push_back(t);
    record.spikes.resize(static_cast<std::size_t>(outputs));
    record.threshold = threshold;
    return record;
}

/// Sets the output to the mean of the spikes per step.
void finish(NeuronRecord& record)
{
    std::size_t spikes = 0;
    for (const auto& train : record.spikes)
        spikes += train.size();
    record.output = static_cast<double>(spikes) / static_cast<double>(record.times.size() * record.spikes.size());
}

std::vector<double> constant(const NeuronRecord& record, float value)
{
    return std::vector<double>(record.times.size(), static_cast<double>(value));
}

class LifUnits final : public HiddenUnits {
public:
    explicit LifUnits(const NetworkSettings& s)
        : m_spike(thresholdOf(s))
        , m_decay(static_cast<float>(s.decay))
        , m_steps(s.steps)
    {
    }

    void respond(const UnitConstants&, const UnitPanel& p) const override
    {
        for (int i = 0; i < p.batch; ++i)
            spiking::lif(p.currents[0] + i * p.currentStride, p.size, m_steps, m_decay, m_spike,
                p.features + i * p.featureStride, p.slopes + i * p.featureStride);
    }

    NeuronRecord simulate(const Network&, std::span<const float> currents, int) const override
    {
        NeuronRecord record = recordOfSteps(m_steps, 1, static_cast<double>(m_spike.threshold));
        record.channels = {{ChannelGroup::current, currentLabel(), "", constant(record, currents[0])},
            {ChannelGroup::voltage, "Potential <i>u</i>", ""}};
        float u = 0, s = 0;
        for (const double time : record.times) {
            u = u * m_decay * (1 - s) + currents[0];
            s = m_spike.value(u);
            record.channels[1].values.push_back(static_cast<double>(u));
            if (s > 0)
                record.spikes[0].push_back(time);
        }
        finish(record);
        return record;
    }

private:
    spiking::Threshold<float> m_spike;
    float m_decay;
    int m_steps;
};

class BinaryUnits final : public HiddenUnits {
public:
    explicit BinaryUnits(const NetworkSettings& s)
        : m_spike(thresholdOf(s))
    {
    }

    void respond(const UnitConstants&, const UnitPanel& p) const override
    {
        for (int i = 0; i < p.batch; ++i)
            spiking::binary(p.currents[0] + i * p.currentStride, p.size, m_spike, p.features + i * p.featureStride,
                p.slopes + i * p.featureStride);
    }

    NeuronRecord simulate(const Network&, std::span<const float> currents, int) const override
    {
        NeuronRecord record = recordOfSteps(1, 1, static_cast<double>(m_spike.threshold));
        const double r = std::max(static_cast<double>(currents[0]), 0.0);
        record.channels = {{ChannelGroup::current, currentLabel(), "", constant(record, currents[0])},
            {ChannelGroup::voltage, "max(<i>x</i>, 0)", "", {r}}};
        if (r > record.threshold)
            record.spikes[0] = record.times;
        finish(record);
        return record;
    }

private:
    spiking::Threshold<float> m_spike;
};

class FrozenHhUnits final : public HiddenUnits {
public:
    explicit FrozenHhUnits(const NetworkSettings& s)
        : m_spike(thresholdOf(s))
        , m_steps(s.steps)
        , m_hidden(s.hidden)
        , m_dt_ms(s.dt_ms)
    {
    }

    /// The conductances of every step, unless the frozen rates are still the same.
    void prepare(const Network& network, UnitConstants& constants) const override
    {
        std::vector<float> rates;
        for (const char* name : frozenRateNames)
            rates.insert(rates.end(), network.valuesOf(name).begin(), network.valuesOf(name).end());
        if (rates == constants.rates)
            return;
        constants.gain.resize(static_cast<std::size_t>(m_steps) * m_hidden);
        constants.offset.resize(constants.gain.size());
        for (int j = 0; j < m_hidden; ++j)
            spiking::frozenHh(
                ratesOf(network, j), {}, m_dt_ms, m_steps, &constants.gain[j], &constants.offset[j], m_hidden);
        constants.rates = std::move(rates);
    }

    void respond(const UnitConstants& c, const UnitPanel& p) const override
    {
        for (int i = 0; i < p.batch; ++i)
            spiking::linear(p.currents[0] + i * p.currentStride, p.size, m_steps, &c.gain[p.first], &c.offset[p.first],
                m_hidden, m_spike, p.features + i * p.featureStride, p.slopes + i * p.featureStride);
    }

    NeuronRecord simulate(const Network& network, std::span<const float> currents, int neuron) const override
    {
        NeuronRecord record = recordOfSteps(m_steps, 1, static_cast<double>(m_spike.threshold));
        record.channels =
            hodgkinHuxleyChannels({ChannelGroup::current, currentLabel(), "µA/cm²", constant(record, currents[0])});
        const FrozenRates r = ratesOf(network, neuron);
        const spiking::FrozenMembrane p;
        double v = 0, m = 0, h = 0, n = 0;
        for (const double time : record.times) {
            v += m_dt_ms
                * (static_cast<double>(currents[0]) - p.gNa * m * m * m * h * (v - p.eNa)
                    - p.gK * n * n * n * n * (v - p.eK) - p.gL * (v - p.eL));
            m += m_dt_ms * (r.aM * (1 - m) - r.bM * m);
            h += m_dt_ms * (r.aH * (1 - h) - r.bH * h);
            n += m_dt_ms * (r.aN * (1 - n) - r.bN * n);
            const double now[] = {v, m, h, n};
            for (std::size_t k = 0; k < std::size(now); ++k)
                record.channels[k + 1].values.push_back(now[k]);
            if (m_spike.value(static_cast<float>(v)) > 0)
                record.spikes[0].push_back(time);
        }
        finish(record);
        return record;
    }

    std::string currentLabel() const override { return "Current <i>I</i> [µA/cm²]"; }

private:
    static FrozenRates ratesOf(const Network& network, int neuron)
    {
        return FrozenRates([&](const std::string& name) {
            return static_cast<double>(network.valuesOf("rates." + name)[static_cast<std::size_t>(neuron)]);
        });
    }

    spiking::Threshold<float> m_spike;
    int m_steps, m_hidden;
    double m_dt_ms;
};

class SLifHhUnits final : public HiddenUnits {
public:
    explicit SLifHhUnits(const NetworkSettings& s)
        : m_spike(thresholdOf(s))
        , m_decay(static_cast<float>(s.decay))
        , m_steps(s.steps)
    {
    }

    int currents() const override { return 3; }
    int outputs() const override { return spiking::parts; }

    void prepare(const Network& network, UnitConstants& constants) const override
    {
        const auto weight = network.valuesOf("map.weight");
        constants.map = {{weight[0], weight[1], weight[2]}, network.valuesOf("map.bias")[0]};
    }

    void respond(const UnitConstants& c, const UnitPanel& p) const override
    {
        for (int i = 0; i < p.batch; ++i)
            spiking::sLifHh(row(p, i), p.size, m_steps, m_decay, c.map, m_spike, p.features + i * p.featureStride);
    }

    void goBack(
        const UnitConstants& c, const UnitPanel& p, const float* gradient, std::array<double, 4>& own) const override
    {
        std::vector<spiking::Potentials<float>> trace;
        for (int i = 0; i < p.batch; ++i) {
            const auto at = i * p.currentStride;
            spiking::sLifHhBack(row(p, i), p.size, m_steps, m_decay, c.map, m_spike, trace,
                gradient + i * p.featureStride, {p.currents[0] + at, p.currents[1] + at, p.currents[2] + at}, own);
        }
    }

    NeuronRecord simulate(const Network& network, std::span<const float> x, int) const override
    {
        NeuronRecord record = recordOfSteps(m_steps, spiking::parts, static_cast<double>(m_spike.threshold));
        for (int k = 1; k <= spiking::parts; ++k) {
            const std::string number = std::to_string(k);
            record.channels.push_back({ChannelGroup::current, "Current <i>x</i><sub>" + number + "</sub>", ""});
        }
        for (int k = 1; k <= spiking::parts; ++k) {
            const std::string number = std::to_string(k);
            record.channels.push_back({ChannelGroup::voltage, "Potential <i>u</i><sub>" + number + "</sub>", ""});
        }
        UnitConstants constants;
        prepare(network, constants);
        const auto& map = constants.map;
        float u[spiking::parts] = {};
        for (const double time : record.times) {
            const float heard = map.bias + map.weight[0] * u[0] + map.weight[1] * u[1] + map.weight[2] * u[2];
            const float input[] = {x[0], x[1], x[2], heard};
            for (int k = 0; k < spiking::parts; ++k) {
                u[k] = u[k] * m_decay * (1 - m_spike.value(u[k])) + input[k];
                record.channels[k].values.push_back(static_cast<double>(input[k]));
                record.channels[spiking::parts + k].values.push_back(static_cast<double>(u[k]));
                if (m_spike.value(u[k]) > 0)
                    record.spikes[k].push_back(time);
            }
        }
        finish(record);
        return record;
    }

    std::string currentLabel() const override { return "Each of the three currents <i>x</i>"; }

private:
    static spiking::Currents<float> row(const UnitPanel& p, int i)
    {
        const auto at = i * p.currentStride;
        return {p.currents[0] + at, p.currents[1] + at, p.currents[2] + at};
    }

    spiking::Threshold<float> m_spike;
    float m_decay;
    int m_steps;
};

class VoltageDependentUnits final : public HiddenUnits {
public:
    explicit VoltageDependentUnits(const NetworkSettings& s)
        : m_table(s.window_ms, s.dt_ms, s.smoothing_ua_per_cm2)
        , m_gain(static_cast<float>(s.gain_ua_per_cm2))
        , m_window_ms(s.window_ms)
        , m_dt_ms(s.dt_ms)
    {
    }

    double rateOfFullOutput() const override { return m_table.mostSpikes() / m_window_ms; }
    double saturatedOutput() const override { return 0.95; }
    double currentOfSum() const override { return static_cast<double>(m_gain); }
    std::string currentLabel() const override { return "Current <i>I</i> [µA/cm²]"; }

    void respond(const UnitConstants&, const UnitPanel& p) const override
    {
        for (int i = 0; i < p.batch; ++i)
            m_table.respond(p.currents[0] + i * p.currentStride, p.size, m_gain, p.features + i * p.featureStride,
                p.slopes + i * p.featureStride);
    }

    NeuronRecord simulate(const Network&, std::span<const float> z, int) const override;

private:
    ResponseTable m_table;
    float m_gain;
    double m_window_ms, m_dt_ms;
};

NeuronRecord VoltageDependentUnits::simulate(const Network&, std::span<const float> z, int) const
{
    const NeuronModel& model = hodgkinHuxleyModel();
    const ParameterValues values(model.parameters);
    const double current = static_cast<double>(m_gain * z[0]);
    const double used = std::clamp(current, ResponseTable::lowest_ua_per_cm2, ResponseTable::highest_ua_per_cm2);
    const auto steps = static_cast<int>(std::lround(m_window_ms / m_dt_ms));
    const auto cell = model.create(1, Integrator::exponentialEuler, Precision::float64, m_dt_ms);
    NeuronRecord record;
    record.timeUnit = "ms";
    record.threshold = values[hh::spikeThreshold];
    record.spikes.resize(1);
    record.channels = hodgkinHuxleyChannels({ChannelGroup::current, "Current <i>I</i>", "µA/cm²"});
    std::vector<SpikeEvent> events;
    double last_ms = -std::numeric_limits<double>::infinity();
    for (int step = 0; step <= steps; ++step) {
        double state[4];
        cell->copyState(0, state);
        record.times.push_back(step * m_dt_ms);
        record.channels[0].values.push_back(current);
        for (std::size_t k = 0; k < std::size(state); ++k)
            record.channels[k + 1].values.push_back(state[k]);
        if (step == steps)
            break;
        events.clear();
        cell->advance(1, {&used, &used, &used, 0, 0}, events);
        for (const SpikeEvent& event : events) {
            const double time_ms = (step + event.fraction) * m_dt_ms;
            if (time_ms - last_ms < values[hh::minimumGap])
                continue;
            last_ms = time_ms;
            record.spikes[0].push_back(time_ms);
        }
    }
    record.output = static_cast<double>(record.spikes[0].size()) / m_table.mostSpikes();
    return record;
}

} // namespace

void HiddenUnits::goBack(const UnitConstants&, const UnitPanel& p, const float* gradient, std::array<double, 4>&) const
{
    for (int i = 0; i < p.batch; ++i) {
        float* const to = p.currents[0] + i * p.currentStride;
        const auto at = i * p.featureStride;
        for (int j = 0; j < p.size; ++j)
            to[j] = gradient[at + j] * p.slopes[at + j];
    }
}

std::unique_ptr<const HiddenUnits> makeHiddenUnits(HiddenUnit unit, const NetworkSettings& settings)
{
    switch (unit) {
    case HiddenUnit::lif:
        return std::make_unique<LifUnits>(settings);
    case HiddenUnit::hh:
        return std::make_unique<FrozenHhUnits>(settings);
    case HiddenUnit::sLifHh:
        return std::make_unique<SLifHhUnits>(settings);
    case HiddenUnit::binary:
        return std::make_unique<BinaryUnits>(settings);
    case HiddenUnit::hhVoltageDependent:
        return std::make_unique<VoltageDependentUnits>(settings);
    }
    return nullptr;
}

} // namespace endospike
