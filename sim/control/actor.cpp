#include "sim/control/actor.h"

#include "sim/control/squashed_gaussian.h"
#include "sim/control/tensor_view.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace endospike {
namespace {

constexpr int towers = 2;

} // namespace

std::vector<FrozenNeuron> drawFrozenNeurons(const PolicyPlan& plan, std::uint64_t seed)
{
    const PolicySettings s = policySettings(plan);
    std::vector<FrozenNeuron> neurons;
    if (plan.kind->unit != PolicyUnit::hh)
        return neurons;
    for (int i = 0; i < s.hidden; ++i) {
        const auto draw = [&](const std::string& name) {
            return uniformNumber(seed, name, static_cast<std::uint64_t>(i));
        };
        neurons.push_back({FrozenRates([&](const std::string& name) { return s.rateScale * draw("rates." + name); }),
            s.dtMost_ms * draw("dt_ms")});
    }
    return neurons;
}

template <class T>
Actor<T>::Actor(int observationSize, std::unique_ptr<NeuronLayer<T>> layer, int mostSamples)
    : m_observationSize(observationSize)
    , m_layer(std::move(layer))
    , m_currentsWide(m_layer->currents() * m_layer->wide())
{
    constexpr int mostWindows = 2;
    const PerceptronShape shape{m_layer->features(), m_layer->settings().towerWidth};
    for (int i = 0; i < towers; ++i)
        m_towers.emplace_back(shape, mostWindows * mostSamples);
    m_values.assign(tower(towers), T(0));
    m_currents.resize(static_cast<std::size_t>(shown() + mostWindows - 1) * mostSamples * m_currentsWide);
    m_toCurrents.resize(static_cast<std::size_t>(shown()) * mostSamples * m_currentsWide);
    m_features.resize(static_cast<std::size_t>(mostWindows) * mostSamples * m_layer->features());
    m_toFeatures.resize(static_cast<std::size_t>(mostSamples) * m_layer->features());
}

template <class T>
Actor<T>::Actor(const Actor& other, int mostSamples)
    : Actor(other.m_observationSize, other.m_layer->clone(), mostSamples)
{
    m_values = other.m_values;
}

template <class T>
std::vector<TensorView> viewsOf(const Actor<T>& actor, std::size_t inputBias, std::size_t map, std::size_t firstTower)
{
    const NeuronLayer<T>& layer = actor.layer();
    const int hidden = layer.settings().hidden, size = actor.observationSize(), count = layer.currents();
    const auto wide = static_cast<std::size_t>(layer.wide());
    std::vector<TensorView> views;
    for (int c = 0; c < count; ++c) {
        const std::string name = count > 1 ? "input." + std::to_string(c) : "input";
        views.push_back({name + ".weight", hidden, size, c * wide, count * wide});
        views.push_back({name + ".bias", hidden, 0, inputBias + c * wide});
    }
    if (layer.parts() == 4) {
        views.push_back({"map.weight", 1, 3, map, 1});
        views.push_back({"map.bias", 1, 0, map + 3});
    }
    const PerceptronShape shape{layer.features(), layer.settings().towerWidth};
    const char* const names[] = {"mean", "sigma"};
    for (int i = 0; i < towers; ++i)
        for (TensorView& view :
            perceptronTensors(names[i], shape, layer.parts(), hidden, firstTower + i * shape.size()))
            views.push_back(std::move(view));
    return views;
}

template <class T>
void Actor<T>::fill(std::uint64_t seed, const PolicyPlan& plan)
{
    for (const TensorView& view : viewsOf(*this, inputBias(), map(), tower(0)))
        fillXavier<T>(view, seed, m_values);
    if (m_layer->parts() == 4)
        for (int k = 0; k < 3; ++k)
            m_values[map() + k] = std::abs(m_values[map() + k]);
    if (plan.kind->unit == PolicyUnit::hhVoltageDependent)
        for (int i = 0; i < m_layer->settings().hidden; ++i)
            m_values[inputBias() + i] =
                static_cast<T>(m_layer->settings().startCurrent_ua_per_cm2 / m_layer->settings().gain_ua_per_cm2 * 2
                    * uniformNumber(seed, "input.bias", static_cast<std::uint64_t>(i)));
}

template <class T>
std::vector<ControlTensor> Actor<T>::tensorsOf(std::span<const T> values) const
{
    std::vector<ControlTensor> tensors;
    for (const TensorView& view : viewsOf(*this, inputBias(), map(), tower(0)))
        tensors.push_back(tensorOf<T>(view, values));
    return tensors;
}

template <class T>
std::vector<ControlTensor> Actor<T>::tensors() const
{
    return tensorsOf(m_values);
}

template <class T>
void Actor<T>::setTensors(std::span<const ControlTensor> tensors, std::span<T> values) const
{
    const std::vector<TensorView> views = viewsOf(*this, inputBias(), map(), tower(0));
    if (tensors.size() != views.size())
        throw std::invalid_argument("another number of tensors");
    for (std::size_t i = 0; i < views.size(); ++i)
        takeTensor<T>(views[i], tensors[i], values);
}

template <class T>
void Actor<T>::forward(const T* observations, int samples, int windows, T* mean, T* logSigma)
{
    const int rows = (shown() + windows - 1) * samples;
    product::multiply(product::Product<T>{rows, m_currentsWide, m_observationSize, observations, m_observationSize, 1,
        m_values.data(), m_currentsWide, m_currents.data(), m_currentsWide, m_values.data() + inputBias()});
    const CurrentLayout at = layout(samples);
    const std::ptrdiff_t features = m_layer->features();
    for (int window = windows - 1; window >= 0; --window) // the first one last: gradient() goes back through it
        m_layer->forward(m_currents.data() + window * at.observation, at, m_values.data() + map(), samples,
            m_features.data() + window * samples * features);
    T* const results[] = {mean, logSigma};
    for (int i = 0; i < towers; ++i)
        m_towers[i].forward(m_values.data() + tower(i), m_features.data(), features, windows * samples, results[i]);
}

template <class T>
void Actor<T>::gradient(const T* observations, int samples, const T* toMean, const T* toLogSigma, T* gradient)
{
    std::fill_n(gradient + map(), product::columnUnit, T(0));
    const T* const given[] = {toMean, toLogSigma};
    const std::ptrdiff_t features = m_layer->features();
    for (int i = 0; i < towers; ++i) {
        const T* const parameters = m_values.data() + tower(i);
        m_towers[i].goBack(parameters, given[i], samples);
        m_towers[i].gradient(m_features.data(), features, given[i], samples, gradient + tower(i));
        m_towers[i].inputGradients(parameters, samples, m_toFeatures.data(), features, i > 0);
    }
    m_layer->goBack(m_currents.data(), layout(samples), m_values.data() + map(), samples, m_toFeatures.data(),
        m_toCurrents.data(), gradient + map());
    const int rows = shown() * samples;
    product::multiply(product::Product<T>{m_observationSize, m_currentsWide, rows, observations, 1, m_observationSize,
        m_toCurrents.data(), m_currentsWide, gradient, m_currentsWide});
    T* const bias = gradient + inputBias();
    std::fill_n(bias, m_currentsWide, T(0));
    for (int row = 0; row < rows; ++row)
        for (int c = 0; c < m_currentsWide; ++c)
            bias[c] += m_toCurrents[static_cast<std::size_t>(row) * m_currentsWide + c];
}

template <class T>
void Actor<T>::record(PolicyRecord& record) const
{
    const NeuronLayer<T>& layer = *m_layer;
    layer.record(m_currents.data(), layout(1), m_values.data() + map(), record);
    record.output.clear();
    for (int p = 0; p < layer.parts(); ++p)
        for (int i = 0; i < layer.settings().hidden; ++i)
            record.output.push_back(static_cast<float>(m_features[static_cast<std::size_t>(p * layer.wide() + i)]));
}

template class Actor<float>;
template class Actor<double>;

} // namespace endospike
