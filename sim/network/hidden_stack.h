// The two hidden layers of a convolutional network, between the canvas and the readout, as ConvolutionalNetwork drives
// them: canvas by canvas, several at once on different threads.
#pragma once

#include "sim/network/network.h"

#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace endospike {

/// Where a hidden neuron stands. `layer` is 0 or 1.
struct NeuronPlace {
    int layer, channel, row, column;
};

class HiddenStack {
public:
    virtual ~HiddenStack() = default;

    virtual int parts() const = 0; ///< outputs of a neuron
    virtual int currents() const = 0; ///< convolutions that lead to a neuron
    int features() const { return m_channels * 81 * parts(); }

    /// Takes over the weights; then the canvases 0..`canvases`-1 can be passed. What backward() needs is kept where
    /// `backward` is true and memory allows it; else it is computed again.
    virtual void load(const Network& network, int canvases, bool backward) = 0;
    /// `canvas` [38][38], scaled, with a border of zeros. `features` [features()], ordered
    /// [channel][row][column][part]. `spikes`, if there, counts on for each part of each neuron,
    /// [channel][row][column][part] of both layers.
    virtual void forward(int index, const float* canvas, std::span<float> features, std::uint32_t* spikes) = 0;
    /// After forward(). Adds to `gradient` [gradientSize()], ordered as the stack likes it.
    virtual void backward(
        int index, const float* canvas, std::span<const float> featureGradient, std::span<float> gradient) = 0;
    virtual std::size_t gradientSize() const = 0;
    /// The gradient at the network's values before the readout.
    virtual void unpackGradient(std::span<const float> gradient, std::span<float> values) const = 0;

    /// The most spikes that one output of a neuron can have in one presentation, and how long that is in the unit in
    /// which rates are given (steps or ms).
    virtual double mostSpikes() const = 0;
    virtual double duration() const = 0;

    // A look inside.
    virtual NeuronRecord record(const float* canvas, const NeuronPlace& place) = 0;
    /// Mean over the presentation, [currents()].
    virtual std::vector<float> meanCurrents(const float* canvas, const NeuronPlace& place) = 0;
    virtual ResponseCurve responseCurve(const NeuronPlace& place, double low, double high, int points) const = 0;

protected:
    explicit HiddenStack(int channels)
        : m_channels(channels)
    {
    }
    int m_channels;
};

/// For the kinds that are simulated in a few steps. The network's tensors are complete.
std::unique_ptr<HiddenStack> makeSpikingStack(const Network& network);

/// Objects that are borrowed by one thread at a time; as many as are in use at once are made.
template <class T>
class Pool {
public:
    class Loan {
    public:
        explicit Loan(Pool& pool)
            : m_pool(pool)
            , m_object(pool.take())
        {
        }
        ~Loan() { m_pool.give(std::move(m_object)); }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        T& operator*() const { return *m_object; }

    private:
        Pool& m_pool;
        std::unique_ptr<T> m_object;
    };

private:
    std::unique_ptr<T> take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_free.empty())
            return std::make_unique<T>();
        auto object = std::move(m_free.back());
        m_free.pop_back();
        return object;
    }
    void give(std::unique_ptr<T> object)
    {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(object));
    }

    std::mutex m_mutex;
    std::vector<std::unique_ptr<T>> m_free;
};

} // namespace endospike
