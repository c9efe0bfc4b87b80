#include "sim/network/network.h"

#include "sim/base/random.h"
#include "sim/network/readout.h"
#include "sim/neuron/hodgkin_huxley.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace endospike {
namespace {

/// FNV-1a: the same on every machine, unlike std::hash.
std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

} // namespace

std::vector<NeuronChannel> hodgkinHuxleyChannels(NeuronChannel current)
{
    std::vector<NeuronChannel> list{std::move(current), {ChannelGroup::voltage, "Potential <i>V</i>", "mV"}};
    for (const Channel& channel : hodgkinHuxleyModel().channels)
        if (channel.group == ChannelGroup::gate)
            list.push_back({channel.group, "Gate <i>" + std::string(channel.symbol) + "</i>", "", {}, channel.hue});
    return list;
}

std::size_t TensorPlace::size() const
{
    return std::accumulate(shape.begin(), shape.end(), std::size_t{1},
        [](std::size_t product, int length) { return product * static_cast<std::size_t>(length); });
}

Network::Network(const NetworkPlan& plan, std::uint64_t seed)
    : m_plan(plan)
    , m_settings(networkSettings(plan))
    , m_seed(seed)
{
}

const TensorPlace& Network::tensor(std::string_view name) const
{
    const auto at = std::ranges::find(m_tensors, name, &TensorPlace::name);
    if (at == m_tensors.end())
        throw std::out_of_range("no tensor " + std::string(name));
    return *at;
}

std::span<float> Network::valuesOf(std::string_view name)
{
    const TensorPlace& place = tensor(name);
    return std::span(m_values).subspan(place.offset, place.size());
}

std::span<const float> Network::valuesOf(std::string_view name) const
{
    const TensorPlace& place = tensor(name);
    return std::span(m_values).subspan(place.offset, place.size());
}

void Network::addTensor(std::string name, std::vector<int> shape, bool trained)
{
    TensorPlace place{std::move(name), std::move(shape), 0, trained};
    place.offset = m_tensors.empty() ? 0 : m_tensors.back().offset + m_tensors.back().size();
    if (trained)
        m_trainedCount = place.offset + place.size();
    m_tensors.push_back(std::move(place));
}

void Network::finishTensors() { m_values.assign(m_tensors.back().offset + m_tensors.back().size(), 0.0f); }

void Network::addReadout(int features)
{
    for (const TensorPlace& place : readoutTensors(features))
        addTensor(place.name, place.shape);
}

void Network::fillReadout()
{
    const double first = 1 / std::sqrt(static_cast<double>(tensor("readout.weight").shape[1]));
    const double heads = 1 / std::sqrt(static_cast<double>(bottleneck));
    for (const char* part : {"weight", "bias"}) {
        fillUniform("readout." + std::string(part), -first, first);
        for (int task = 0; task < taskCount; ++task)
            fillUniform("head." + std::to_string(task) + "." + part, -heads, heads);
    }
}

void Network::fillUniform(std::string_view name, double low, double high)
{
    const std::uint64_t stream = m_seed ^ hashOf(name);
    std::uint64_t index = 0;
    for (float& value : valuesOf(name)) {
        const double unit = static_cast<double>(randomBits(stream, RandomPurpose::weights, index++) >> 11) * 0x1p-53;
        value = static_cast<float>(low + (high - low) * unit);
    }
}

} // namespace endospike
