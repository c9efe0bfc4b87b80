#include "sim/control/neuron_layer.h"

#include "sim/control/policy.h"
#include "sim/control/product_kernel.h"
#include "sim/spiking/response_curve.h"

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

namespace endospike {
namespace {

constexpr int lanes = product::columnUnit;

/// V[t] = factor V[t-1] + gain x + offset in one step of one neuron.
template <class Real>
struct LinearDrive {
    Real factor = 0, gain = 0, offset = 0;
};

template <class SpikeType>
struct LinearUnit {
    using Spike = SpikeType;
    using Real = typename Spike::Real;
    using Drive = LinearDrive<Real>;
    static constexpr int currents = 1;
    static constexpr int parts = 1;

    Spike spike;

    void advance(Drive d, const Real* x, Real* u) const { u[0] = d.factor * u[0] + (d.gain * x[0] + d.offset); }
    void retreat(Drive d, const Real* u, const Real* g, Real* carry, Real* dx, Real*) const
    {
        const Real at = carry[0] + SpikeSlope<Spike>()(spike, u[0]) * g[0];
        dx[0] = d.gain * at;
        carry[0] = d.factor * at;
    }
    Real spikes(Real u) const { return spike(u); }
};

template <class Spike>
LinearDrive<typename Spike::Real> driveOf(const LinearUnit<Spike>&, const auto& drives, int step, int wide, int neuron)
{
    const std::size_t at = static_cast<std::size_t>(step) * wide + neuron;
    return {drives.factor[at], drives.gain[at], drives.offset[at]};
}
template <class Unit>
NoDrive driveOf(const Unit&, const auto&, int, int, int)
{
    return {};
}

/// [steps][wide]; zero for padded neurons.
template <class T>
struct Drives {
    std::vector<T> factor, gain, offset;
};

template <class T>
Drives<T> linearDrives(std::span<const FrozenNeuron> frozen, int steps, int wide)
{
    Drives<T> drives;
    if (frozen.empty())
        return drives;
    for (auto* values : {&drives.factor, &drives.gain, &drives.offset})
        values->assign(static_cast<std::size_t>(steps) * wide, T(0));
    for (std::size_t i = 0; i < frozen.size(); ++i) {
        const double dt = frozen[i].dt_ms;
        const auto conductances = frozenConductances<double>(frozen[i].rates, dt, steps);
        for (int t = 0; t < steps; ++t) {
            const auto [gNa, gK] = conductances[static_cast<std::size_t>(t)];
            const std::size_t at = static_cast<std::size_t>(t) * wide + i;
            drives.factor[at] = static_cast<T>(1 - dt * (gNa + gK + 0.3));
            drives.gain[at] = static_cast<T>(dt);
            drives.offset[at] = static_cast<T>(dt * (gNa * 115 - gK * 12 + 0.3 * 10.6));
        }
    }
    return drives;
}

/// Neurons are simulated in blocks, long ones as far as they go: enough of them to keep the processor busy while each
/// waits for its own last step.
template <class Unit>
class SpikingLayer final : public NeuronLayer<typename Unit::Real> {
    using T = typename Unit::Real;
    static constexpr int partCount = Unit::parts;
    static constexpr int currentCount = Unit::currents;
    static constexpr int longBlock = partCount == 1 ? 4 * lanes : 2 * lanes;
    template <int n>
    using Parts = std::array<std::array<T, n>, partCount>;
    template <int n>
    using Inputs = std::array<std::array<T, n>, currentCount>;

public:
    SpikingLayer(const Unit& unit, const PolicySettings& settings, std::span<const FrozenNeuron> frozen)
        : NeuronLayer<T>(settings)
        , m_unit(unit)
        , m_drives(linearDrives<T>(frozen, settings.steps(), this->m_wide))
        , m_trace(static_cast<std::size_t>(settings.steps()) * partCount * longBlock)
    {
    }

    std::unique_ptr<NeuronLayer<T>> clone() const override { return std::make_unique<SpikingLayer>(*this); }
    int currents() const override { return currentCount; }
    int parts() const override { return partCount; }

    void forward(const T* currents, const CurrentLayout& layout, const T* map, int samples, T* features) override
    {
        const Unit unit = withMap(map);
        for (int s = 0; s < samples; ++s)
            forBlocks([&]<int n>(std::integral_constant<int, n>, int at) {
                forwardBlock<n>(unit, currents + s * layout.sample + at, layout.observation, at,
                    features + s * partCount * static_cast<std::ptrdiff_t>(this->m_wide) + at);
            });
    }

    void goBack(const T* currents, const CurrentLayout& layout, const T* map, int samples, const T* toFeatures,
        T* toCurrents, T* mapGradient) override
    {
        const Unit unit = withMap(map);
        for (int s = 0; s < samples; ++s)
            forBlocks([&]<int n>(std::integral_constant<int, n>, int at) {
                const std::ptrdiff_t place = s * layout.sample + at;
                simulate<n>(unit, currents + place, layout.observation, at, [&](int t, const Parts<n>& u) {
                    std::copy_n(u.front().data(), partCount * n, m_trace.data() + t * partCount * n);
                });
                goBackInBlock<n>(unit, toFeatures + s * partCount * static_cast<std::ptrdiff_t>(this->m_wide) + at,
                    toCurrents + place, layout.observation, at, mapGradient);
            });
    }

    void record(const T* currents, const CurrentLayout& layout, const T* map, PolicyRecord& record) const override
    {
        const Unit unit = withMap(map);
        const int hidden = this->m_settings.hidden;
        const auto threshold = static_cast<T>(this->m_settings.threshold);
        record.steps = this->m_settings.steps();
        record.neurons = partCount * hidden;
        record.threshold = this->m_settings.threshold;
        const auto size = static_cast<std::size_t>(record.steps) * record.neurons;
        record.potentials.assign(size, 0.0f);
        record.spikes.assign(size, 0);
        for (int at = 0; at < this->m_wide; at += lanes)
            simulate<lanes>(unit, currents + at, layout.observation, at, [&](int t, const Parts<lanes>& u) {
                for (int p = 0; p < partCount; ++p)
                    for (int i = 0; i < lanes && at + i < hidden; ++i) {
                        const auto place = static_cast<std::size_t>((t * partCount + p) * hidden + at + i);
                        record.potentials[place] = static_cast<float>(u[p][i]);
                        record.spikes[place] = u[p][i] > threshold ? 1 : 0;
                    }
            });
    }

private:
    Unit withMap(const T* map) const
    {
        Unit unit = m_unit;
        if constexpr (partCount == 4)
            std::copy_n(map, 4, unit.map);
        return unit;
    }

    template <class Block>
    void forBlocks(const Block& block) const
    {
        int at = 0;
        for (; at + longBlock <= this->m_wide; at += longBlock)
            block(std::integral_constant<int, longBlock>(), at);
        for (; at < this->m_wide; at += lanes)
            block(std::integral_constant<int, lanes>(), at);
    }

    /// Neighbouring neurons of one sample; each(step, potentials).
    template <int n, class Each>
    void simulate(const Unit& unit, const T* currents, std::ptrdiff_t observation, int at, const Each& each) const
    {
        Parts<n> u{};
        int t = 0;
        for (int k = 0; k < this->m_settings.observations; ++k) {
            Inputs<n> x;
            for (int c = 0; c < currentCount; ++c)
                std::copy_n(currents + k * observation + c * this->m_wide, n, x[c].data());
            for (int turn = 0; turn < this->m_settings.stepsEach; ++turn, ++t) {
                advanceBlock<n>(unit, t, at, x, u);
                each(t, u);
            }
        }
    }

    template <int n>
    void advanceBlock(const Unit& unit, int t, int at, const Inputs<n>& x, Parts<n>& u) const
    {
        for (int i = 0; i < n; ++i) {
            T xs[currentCount], us[partCount];
            for (int c = 0; c < currentCount; ++c)
                xs[c] = x[c][i];
            for (int p = 0; p < partCount; ++p)
                us[p] = u[p][i];
            unit.advance(driveOf(unit, m_drives, t, this->m_wide, at + i), xs, us);
            for (int p = 0; p < partCount; ++p)
                u[p][i] = us[p];
        }
    }

    template <int n>
    void forwardBlock(const Unit& unit, const T* currents, std::ptrdiff_t observation, int at, T* features) const
    {
        Parts<n> sum{};
        simulate<n>(unit, currents, observation, at, [&](int, const Parts<n>& u) {
            for (int p = 0; p < partCount; ++p)
                for (int i = 0; i < n; ++i)
                    sum[p][i] += unit.spikes(u[p][i]);
        });
        const T share = T(1) / static_cast<T>(this->m_settings.steps());
        for (int p = 0; p < partCount; ++p)
            for (int i = 0; i < n; ++i)
                features[p * static_cast<std::ptrdiff_t>(this->m_wide) + i] =
                    at + i < this->m_settings.hidden ? sum[p][i] * share : T(0);
    }

    /// Through m_trace. Padded neurons have no gradient at their features.
    template <int n>
    void goBackInBlock(
        const Unit& unit, const T* toFeatures, T* toCurrents, std::ptrdiff_t observation, int at, T* mapGradient) const
    {
        const T share = T(1) / static_cast<T>(this->m_settings.steps());
        Parts<n> given{}, carry{};
        std::array<std::array<T, n>, 4> toMap{};
        for (int p = 0; p < partCount; ++p)
            for (int i = 0; i < n; ++i)
                given[p][i] = at + i < this->m_settings.hidden ? toFeatures[p * this->m_wide + i] * share : T(0);
        int t = this->m_settings.steps() - 1;
        for (int k = this->m_settings.observations - 1; k >= 0; --k) {
            Inputs<n> sum{};
            for (int turn = 0; turn < this->m_settings.stepsEach; ++turn, --t)
                stepBack<n>(unit, m_trace.data() + t * partCount * n, given, t, at, carry, sum, toMap);
            for (int c = 0; c < currentCount; ++c)
                std::copy_n(sum[c].data(), n, toCurrents + k * observation + c * this->m_wide);
        }
        if constexpr (partCount == 4)
            for (int k = 0; k < 4; ++k)
                for (const T each : toMap[k])
                    mapGradient[k] += each;
    }

    /// u [parts][n]
    template <int n>
    void stepBack(const Unit& unit, const T* u, const Parts<n>& given, int t, int at, Parts<n>& carry, Inputs<n>& sum,
        std::array<std::array<T, n>, 4>& toMap) const
    {
        for (int i = 0; i < n; ++i) {
            T us[partCount], gs[partCount], cs[partCount], dx[currentCount], shared[4] = {};
            for (int p = 0; p < partCount; ++p) {
                us[p] = u[p * n + i];
                gs[p] = given[p][i];
                cs[p] = carry[p][i];
            }
            unit.retreat(driveOf(unit, m_drives, t, this->m_wide, at + i), us, gs, cs, dx, shared);
            for (int p = 0; p < partCount; ++p)
                carry[p][i] = cs[p];
            for (int c = 0; c < currentCount; ++c)
                sum[c][i] += dx[c];
            if constexpr (partCount == 4)
                for (int m = 0; m < 4; ++m)
                    toMap[m][i] += shared[m];
        }
    }

    Unit m_unit;
    Drives<T> m_drives;
    std::vector<T> m_trace; ///< [steps][parts][neurons of a block]
};

/// The policies whose neurons answer each observation with one number: output and slope are functions of the current.
template <class T>
class CurveLayer : public NeuronLayer<T> {
public:
    using NeuronLayer<T>::NeuronLayer;

    void forward(const T* currents, const CurrentLayout& layout, const T*, int samples, T* features) override
    {
        const T share = T(1) / static_cast<T>(this->m_settings.observations);
        const std::ptrdiff_t wide = this->m_wide;
        m_slopes.resize(static_cast<std::size_t>(samples * wide * this->m_settings.observations));
        m_output.resize(static_cast<std::size_t>(wide));
        std::fill_n(features, samples * wide, T(0));
        for (int s = 0; s < samples; ++s)
            for (int k = 0; k < this->m_settings.observations; ++k) {
                respond(currents + s * layout.sample + k * layout.observation, m_output.data(), slopes(s, k));
                for (int i = 0; i < this->m_settings.hidden; ++i)
                    features[s * wide + i] += m_output[static_cast<std::size_t>(i)] * share;
            }
    }

    void goBack(
        const T*, const CurrentLayout& layout, const T*, int samples, const T* toFeatures, T* toCurrents, T*) override
    {
        const T share = T(1) / static_cast<T>(this->m_settings.observations);
        const std::ptrdiff_t wide = this->m_wide;
        for (int s = 0; s < samples; ++s)
            for (int k = 0; k < this->m_settings.observations; ++k) {
                T* const to = toCurrents + s * layout.sample + k * layout.observation;
                const T* const slope = slopes(s, k);
                for (int i = 0; i < wide; ++i)
                    to[i] = i < this->m_settings.hidden ? toFeatures[s * wide + i] * share * slope[i] : T(0);
            }
    }

protected:
    /// Of `wide` neurons.
    virtual void respond(const T* currents, T* output, T* slope) const = 0;

private:
    T* slopes(int sample, int observation)
    {
        return m_slopes.data()
            + (static_cast<std::ptrdiff_t>(sample) * this->m_settings.observations + observation) * this->m_wide;
    }
    std::vector<T> m_slopes, m_output;
};

template <class T>
class ReluLayer final : public CurveLayer<T> {
public:
    using CurveLayer<T>::CurveLayer;

    std::unique_ptr<NeuronLayer<T>> clone() const override { return std::make_unique<ReluLayer>(*this); }

    void record(const T* currents, const CurrentLayout& layout, const T*, PolicyRecord& record) const override
    {
        const int hidden = this->m_settings.hidden;
        record.steps = this->m_settings.observations;
        record.neurons = hidden;
        record.threshold = std::numeric_limits<double>::quiet_NaN();
        record.potentials.clear();
        for (int k = 0; k < record.steps; ++k)
            for (int i = 0; i < hidden; ++i)
                record.potentials.push_back(static_cast<float>(std::max(currents[k * layout.observation + i], T(0))));
        record.spikes.clear();
    }

protected:
    void respond(const T* currents, T* output, T* slope) const override
    {
        for (int i = 0; i < this->m_wide; ++i) {
            output[i] = std::max(currents[i], T(0));
            slope[i] = currents[i] > 0 ? T(1) : T(0);
        }
    }
};

class ResponseLayer final : public CurveLayer<float> {
public:
    explicit ResponseLayer(const PolicySettings& settings)
        : CurveLayer<float>(settings)
        , m_table(
              std::make_shared<const ResponseTable>(settings.window_ms, settings.dt_ms, settings.smoothing_ua_per_cm2))
    {
    }

    std::unique_ptr<NeuronLayer<float>> clone() const override { return std::make_unique<ResponseLayer>(*this); }

    /// Potentials: the current in uA/cm^2.
    void record(const float* currents, const CurrentLayout& layout, const float*, PolicyRecord& record) const override
    {
        const auto gain = static_cast<float>(m_settings.gain_ua_per_cm2);
        record.steps = m_settings.observations;
        record.neurons = m_settings.hidden;
        record.threshold = std::numeric_limits<double>::quiet_NaN();
        record.potentials.clear();
        record.spikes.clear();
        for (int k = 0; k < record.steps; ++k)
            for (int i = 0; i < m_settings.hidden; ++i) {
                const float current = gain * currents[k * layout.observation + i];
                record.potentials.push_back(current);
                record.spikes.push_back(static_cast<std::uint8_t>(std::min(m_table->spikes(current), 255)));
            }
    }

protected:
    void respond(const float* currents, float* output, float* slope) const override
    {
        m_table->respond(currents, m_wide, static_cast<float>(m_settings.gain_ua_per_cm2), output, slope);
    }

private:
    std::shared_ptr<const ResponseTable> m_table;
};

template <class Spike>
std::unique_ptr<NeuronLayer<typename Spike::Real>> makeLayer(
    PolicyUnit unit, const PolicySettings& s, std::span<const FrozenNeuron> frozen)
{
    using T = typename Spike::Real;
    const Spike spike{static_cast<T>(s.threshold), static_cast<T>(s.surrogateWidth)};
    const auto decay = static_cast<T>(s.decay);
    switch (unit) {
    case PolicyUnit::lif:
        return std::make_unique<SpikingLayer<LifUnit<Spike>>>(LifUnit<Spike>{spike, decay}, s, frozen);
    case PolicyUnit::hh:
        return std::make_unique<SpikingLayer<LinearUnit<Spike>>>(LinearUnit<Spike>{spike}, s, frozen);
    case PolicyUnit::sLifHh:
        return std::make_unique<SpikingLayer<FourLifUnit<Spike>>>(FourLifUnit<Spike>{{spike, decay}}, s, frozen);
    case PolicyUnit::relu:
        return std::make_unique<ReluLayer<T>>(s);
    case PolicyUnit::hhVoltageDependent:
        if constexpr (std::is_same_v<T, float>)
            return std::make_unique<ResponseLayer>(s);
    }
    return nullptr;
}

} // namespace

template <class T>
NeuronLayer<T>::NeuronLayer(const PolicySettings& settings)
    : m_settings(settings)
    , m_wide(product::padded(settings.hidden))
{
}

template <class T>
std::unique_ptr<NeuronLayer<T>> makeNeuronLayer(
    PolicyUnit unit, const PolicySettings& settings, std::span<const FrozenNeuron> frozen)
{
    return makeLayer<Heaviside<T>>(unit, settings, frozen);
}

template <class T>
std::unique_ptr<NeuronLayer<T>> makeSmoothNeuronLayer(
    PolicyUnit unit, const PolicySettings& settings, std::span<const FrozenNeuron> frozen)
{
    return makeLayer<Ramp<T>>(unit, settings, frozen);
}

template class NeuronLayer<float>;
template class NeuronLayer<double>;
template std::unique_ptr<NeuronLayer<float>> makeNeuronLayer(
    PolicyUnit, const PolicySettings&, std::span<const FrozenNeuron>);
template std::unique_ptr<NeuronLayer<double>> makeNeuronLayer(
    PolicyUnit, const PolicySettings&, std::span<const FrozenNeuron>);
template std::unique_ptr<NeuronLayer<double>> makeSmoothNeuronLayer(
    PolicyUnit, const PolicySettings&, std::span<const FrozenNeuron>);

} // namespace endospike
