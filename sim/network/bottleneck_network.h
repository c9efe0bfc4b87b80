// A fully connected layer of neurons whose mean outputs pass through a random code before two answers are read from it
// (He et al. 2024; Alemi et al. 2017):
//
//   features [F] -> linear to 2 K: mu [K], s [K];   sigma = softplus(s - 5)
//   z = mu + sigma eps,  eps ~ N(0, 1)
//   logits[k] [10] = W_k z + b_k for the two tasks k
//   loss = sum of the cross-entropies + beta KL(N(mu, sigma^2) || N(0, 1)), mean over the batch, nats
//
// The published network takes the linear layer of every step's spikes and averages over the steps; as the layer is
// linear, that is the layer of the mean spikes.
#pragma once

#include "sim/network/fully_connected_network.h"
#include "sim/network/readout.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace endospike {

struct BottleneckSettings {
    int codeSize = 256; ///< K
    double beta = 0;
    int samples = 12; ///< draws of z for a prediction
};

struct BottleneckWorkspace final : Workspace {
    EncoderMemory encoder;
    std::vector<float> statistics; ///< [batch][2 K]: mu, s
    std::vector<float> sigma; ///< [batch][K]
    std::vector<float> code, noise; ///< [batch][K], of training
    std::vector<float> codeGradient, statisticsGradient; ///< as code, as statistics
    std::vector<double> kl_nats; ///< [batch]
    ReadoutMemory loss;
};

/// Sums over a batch.
struct BottleneckMeasure {
    double kl_nats = 0;
    std::array<double, taskCount> crossEntropy_nats{}; ///< mean over the draws
    std::array<int, taskCount> correct{}; ///< by the probabilities averaged over the draws
};

class BottleneckNetwork final : public FullyConnectedEncoder {
public:
    /// The plan's kind is fully connected. Tensors: those of the input and neurons, then code.weight [2 K][F],
    /// code.bias, head.0.weight [10][K], head.0.bias, head.1.weight, head.1.bias.
    BottleneckNetwork(const NetworkPlan& plan, const BottleneckSettings& code, std::uint64_t seed);

    std::unique_ptr<Network> clone() const override { return std::make_unique<BottleneckNetwork>(*this); }
    std::unique_ptr<Workspace> makeWorkspace() const override { return std::make_unique<BottleneckWorkspace>(); }

    /// The logits are the logarithms of the averaged probabilities. Noise number 0.
    void forward(const Batch& batch, Workspace& workspace, Workers& workers, ActivityCounter* activity) const override;
    BatchResult backward(
        const Batch& batch, Workspace& workspace, Workers& workers, std::span<float> gradient) const override
    {
        return backward(batch, 0, static_cast<BottleneckWorkspace&>(workspace), workers, gradient);
    }

    /// With one draw of z for each canvas, a function of seed, `draw` and place in the batch.
    BatchResult backward(const Batch& batch, std::uint64_t draw, BottleneckWorkspace& workspace, Workers& workers,
        std::span<float> gradient) const;
    /// With several draws; leaves in workspace.logits what forward() says.
    BottleneckMeasure measure(const Batch& batch, std::uint64_t draw, BottleneckWorkspace& workspace, Workers& workers,
        ActivityCounter* activity = nullptr) const;

private:
    /// To statistics, sigma and kl_nats.
    void encodeStatistics(
        const Batch& batch, BottleneckWorkspace& workspace, Workers& workers, ActivityCounter* activity) const;
    /// For canvases [first, first + count), `samples` rows each: noise and code [.][K], logits [.][2][10].
    void draw(const BottleneckWorkspace& workspace, std::uint64_t draw, int first, int count, int samples, float* noise,
        float* code, float* logits) const;
    void headsBackward(const Batch& batch, BottleneckWorkspace& workspace, std::span<float> gradient) const;
    void statisticsBackward(int batch, BottleneckWorkspace& workspace, Workers& workers) const;

    BottleneckSettings m_bottleneck;
};

} // namespace endospike
