// What feeds the fully connected circuit: an image of 28 x 28 pixels turned into 128 constant currents, and the weights
// of the 128 -> 10 layer, both from one small network 784 -> 128 -> 10 (linear, rectified, linear).
//
//   a_j = max(0, sum_p A_jp pixel_p / 255 + b_j)        j = 0..127
//   current_j = scale * a_j / max_j a_j                 uA/cm^2; all zero if no a_j is positive
//   weight_kj = W_kj / sqrt(mean over k of sum_j W_kj^2)   k = 0..9, dimensionless
//
// so that with every input above threshold at once an output hears a current of the order of one synapse S.
//
// Seeded: A, b, W uniform in +-1/sqrt(fan_in). Trained: the same start, then stochastic gradient descent on the cross-
// entropy over Fashion-MNIST (a few seconds), so that the strongest output means the garment.
#pragma once

#include "sim/base/job.h"
#include "sim/network/idx.h"

#include <cstdint>
#include <span>
#include <vector>

namespace endospike {

enum class WeightSource { trained, seeded };

inline constexpr int layerInputs = 128;
inline constexpr int layerOutputs = 10;
inline constexpr int imagePixels = 784;

struct ImageLayer {
    std::vector<float> firstWeights; ///< [128][784]
    std::vector<float> firstBias; ///< [128]
    std::vector<float> weights; ///< [10][128]
    std::vector<float> bias; ///< [10]

    /// The ten scores of an image (784 bytes); the largest is the network's own answer.
    std::vector<double> scores(std::span<const std::uint8_t> image) const;
    /// 128 currents, 0 .. scale.
    std::vector<double> currents_ua_per_cm2(std::span<const std::uint8_t> image, double scale_ua_per_cm2) const;
    /// [10][128], rows of root mean square length 1.
    std::vector<double> normalisedWeights() const;
};

ImageLayer seededImageLayer(std::uint64_t seed);

/// Trains on `images` and `labels` (values 0..9, as many). Same seed, same bits. Stops early when asked to.
ImageLayer trainedImageLayer(
    const IdxImages& images, const IdxLabels& labels, std::uint64_t seed, const JobContext& context);

/// Fraction of images whose largest score is their label.
double accuracy(const ImageLayer& layer, const IdxImages& images, const IdxLabels& labels);

} // namespace endospike
