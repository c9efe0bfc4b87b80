// How much a random code Z tells about its input X and about the right answers Y, by the variational bounds of the deep
// information bottleneck: A. Alemi, I. Fischer, J. Dillon, K. Murphy, ICLR 2017, arXiv:1612.00410. For an encoder
// q(z|x) = N(mu(x), sigma(x)^2), a standard normal marginal and a decoder q(y|z):
//
//   I(Z;X)   <= E_x KL(q(z|x) || N(0, 1))
//   I(Z;Y_k) >= H(Y_k) - E_x E_z [-log q(y_k|z)],   H(Y_k) = log 10 for ten classes that are met equally often
//
// The two answers of a canvas are independent of each other, so the bound on both together is the sum of the two. The
// published script counts H once for both ("published counting").
#pragma once

#include "sim/network/network.h"

#include <array>
#include <numbers>

namespace endospike {

/// One sentence for tables and pages.
inline constexpr const char* informationEstimator =
    "Variational bounds (Alemi et al. 2017): I(Z;X) at most the mean KL divergence of q(z|x) from N(0,1); I(Z;Y) at "
    "least log2(10) minus the cross-entropy in bits, for each answer.";

/// KL(N(mu, sigma^2) || N(0, 1)) in nats. sigma above 0.
double gaussianKl_nats(double mu, double sigma);

/// Means over a set of canvases.
struct InformationPoint {
    double kl_nats = 0; ///< of the whole code
    std::array<double, taskCount> crossEntropy_nats{}; ///< mean over the draws of Z
    std::array<double, taskCount> accuracy{}; ///< 0..1, of the probabilities averaged over the draws

    double inputBits() const { return kl_nats / std::numbers::ln2; } ///< I(Z;X) is at most this
    double taskBits(int task) const; ///< I(Z;Y_k) is at least this; negative if worse than chance
    double jointBits() const; ///< both answers: the sum
    double publishedJointBits() const; ///< with log2(10) counted once for both
};

} // namespace endospike
