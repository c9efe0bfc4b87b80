// The weights of a policy and what they make of observations; see policy_kind.h for the equations. One row of numbers:
//
//   input weight [observation][currents x wide], input bias, map (three weights and a bias), tower of the mean, tower
//   of log sigma (perceptron.h)
//
// For .cpp files of this folder and tests: T is float, or double for comparison with finite differences.
#pragma once

#include "sim/control/neuron_layer.h"
#include "sim/control/perceptron.h"
#include "sim/control/policy.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace endospike {

/// What is drawn once and never trained.
std::vector<FrozenNeuron> drawFrozenNeurons(const PolicyPlan& plan, std::uint64_t seed);

template <class T>
class Actor {
public:
    /// For at most so many samples at once. All weights 0.
    Actor(int observationSize, std::unique_ptr<NeuronLayer<T>> layer, int mostSamples);

    /// The same weights, with memory for another number of samples.
    Actor(const Actor& other, int mostSamples);
    Actor(const Actor& other) = delete;
    Actor& operator=(const Actor&) = delete;

    /// Xavier's uniform initialisation (Glorot & Bengio 2010), biases 0; the map's weights positive.
    void fill(std::uint64_t seed, const PolicyPlan& plan);

    int observationSize() const { return m_observationSize; }
    int shown() const { return m_layer->settings().observations; } ///< observations in a window
    const NeuronLayer<T>& layer() const { return *m_layer; }
    std::span<T> values() { return m_values; }
    std::span<const T> values() const { return m_values; }
    /// As a file shows them, and back. setTensors() throws std::invalid_argument unless names and shapes fit.
    std::vector<ControlTensor> tensors() const;
    void setTensors(std::span<const ControlTensor> tensors, std::span<T> values) const;
    std::vector<ControlTensor> tensorsOf(std::span<const T> values) const;

    /// For every sample the decision after windows that begin at observation 0 .. windows - 1.
    /// observations [shown + windows - 1][samples][size], the oldest first; mean and logSigma [windows][samples].
    void forward(const T* observations, int samples, int windows, T* mean, T* logSigma);
    /// After forward(): overwrites `gradient` with that of the first window's decisions.
    void gradient(const T* observations, int samples, const T* toMean, const T* toLogSigma, T* gradient);
    /// After forward() of one sample and window.
    void record(PolicyRecord& record) const;

private:
    std::size_t inputBias() const { return static_cast<std::size_t>(m_observationSize) * m_currentsWide; }
    std::size_t map() const { return inputBias() + m_currentsWide; }
    std::size_t tower(int index) const { return map() + product::columnUnit + index * m_towers[0].shape().size(); }
    CurrentLayout layout(int samples) const
    {
        return {m_currentsWide, static_cast<std::ptrdiff_t>(samples) * m_currentsWide};
    }

    int m_observationSize;
    std::unique_ptr<NeuronLayer<T>> m_layer;
    int m_currentsWide; ///< numbers in a row of currents
    std::vector<Perceptron<T>> m_towers; ///< mean, log sigma
    std::vector<T> m_values;
    std::vector<T> m_currents, m_toCurrents, m_features, m_toFeatures;
};

extern template class Actor<float>;
extern template class Actor<double>;

} // namespace endospike
