// The hidden neurons of a policy: currents that change from observation to observation in, mean outputs and gradients
// out. The neurons and the gradient of their spikes are those of sim/spiking/spiking_sequence.h, but for
//
//   HH (published)   V[t] = V[t-1] + dt (x[t] - gNa[t] (V[t-1] - 115) - gK[t] (V[t-1] + 12) - 0.3 (V[t-1] - 10.6)),
//                    no reset, with a time step dt and frozen rates of its own for each neuron; the conductances are
//                    given functions of time, and the gradient is exact: V[t] = factor[t] V[t-1] + dt x[t] + offset[t]
//   relu             max(x, 0), once for each observation
//   HH (voltage-dependent)   spikes within a window from rest, once for each observation (response_curve.h)
//
// Neurons stand in rows padded to whole units (product_kernel.h); the outputs of what is padded are 0.
#pragma once

#include "sim/control/policy_kind.h"
#include "sim/spiking/spiking_sequence.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace endospike {

struct PolicyRecord;

/// How currents lie in memory, in numbers: sample s, observation k, current c, neuron i stand at
/// s * sample + k * observation + c * wide + i.
struct CurrentLayout {
    std::ptrdiff_t sample;
    std::ptrdiff_t observation;
};

/// Frozen constants of one published HH neuron.
struct FrozenNeuron {
    FrozenRates rates; ///< 1/ms
    double dt_ms;
};

template <class T>
class NeuronLayer {
public:
    explicit NeuronLayer(const PolicySettings& settings);
    virtual ~NeuronLayer() = default;
    NeuronLayer& operator=(const NeuronLayer&) = delete;
    virtual std::unique_ptr<NeuronLayer> clone() const = 0;

    virtual int currents() const { return 1; } ///< that a neuron receives, 1 or 3
    virtual int parts() const { return 1; } ///< outputs of a neuron, 1 or 4
    int wide() const { return m_wide; }
    int features() const { return parts() * m_wide; }
    const PolicySettings& settings() const { return m_settings; }

    /// features [samples][parts][wide]. `map`: three weights and a bias, for units that have it.
    virtual void forward(const T* currents, const CurrentLayout& layout, const T* map, int samples, T* features) = 0;
    /// From the gradient of the features to that of the currents, which lies as they do; that of the map is added to
    /// `mapGradient`. On currents that forward() has seen last, or some first samples of them.
    virtual void goBack(const T* currents, const CurrentLayout& layout, const T* map, int samples, const T* toFeatures,
        T* toCurrents, T* mapGradient) = 0;
    /// Potentials and spikes of one sample into the record.
    virtual void record(const T* currents, const CurrentLayout& layout, const T* map, PolicyRecord& record) const = 0;

protected:
    NeuronLayer(const NeuronLayer&) = default;

    PolicySettings m_settings;
    int m_wide;
};

/// As published. `frozen` [hidden] for published HH, else empty.
template <class T>
std::unique_ptr<NeuronLayer<T>> makeNeuronLayer(
    PolicyUnit unit, const PolicySettings& settings, std::span<const FrozenNeuron> frozen);

/// With spikes that rise along a ramp whose true slope is the published gradient, for comparison with finite
/// differences. Not for voltage-dependent HH, which has a curve of its own.
template <class T>
std::unique_ptr<NeuronLayer<T>> makeSmoothNeuronLayer(
    PolicyUnit unit, const PolicySettings& settings, std::span<const FrozenNeuron> frozen);

} // namespace endospike
