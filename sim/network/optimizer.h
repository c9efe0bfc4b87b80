// How parameters follow their gradient g. Weight decay is added to the gradient first: g += weightDecay w.
//
//   Adam (D. Kingma, J. Ba, ICLR 2015, arXiv:1412.6980), epsilon 1e-8:
//     m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2
//     w -= rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
//   SGD with momentum beta1:   m = beta1 m + g,   w -= rate m
#pragma once

#include "sim/network/network_kind.h"
#include "sim/network/workers.h"

#include <cstdint>
#include <span>
#include <vector>

namespace endospike {

/// All that is needed to go on later.
struct OptimizerState {
    std::vector<float> firstMoment; ///< m
    std::vector<float> secondMoment; ///< v; empty for SGD
    std::uint64_t steps = 0; ///< t
};

class Optimizer {
public:
    /// For `count` parameters; kind, betas and weight decay from the settings.
    Optimizer(const NetworkSettings& settings, std::size_t count);

    const OptimizerState& state() const { return m_state; }
    /// Throws std::invalid_argument if its lengths are not those of this optimiser.
    void setState(OptimizerState state);

    /// One step. Both spans have `count` numbers.
    void step(std::span<float> values, std::span<const float> gradient, double learningRate, Workers& workers);

private:
    OptimizerKind m_kind;
    double m_beta1, m_beta2, m_weightDecay;
    OptimizerState m_state;
};

} // namespace endospike
