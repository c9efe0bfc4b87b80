// Two images on one canvas of 36 x 36 pixels: the first at the top left (0, 0), the second at the bottom right (8, 8),
// the larger pixel where they overlap. He et al. 2024, Fig. 4c. The images stay as bytes; canvases are put together
// when they are asked for.
#pragma once

#include "sim/network/idx.h"
#include "sim/network/network.h"
#include "sim/network/training_plan.h"

#include <array>
#include <memory>

namespace endospike {

/// What is needed of one set of images, shared by all its pairings.
struct LabelledImages {
    IdxImages images; ///< 28 x 28
    IdxLabels labels;
};

/// The training and test images of the corners; read once, shared by every run.
struct TrainingImages {
    std::shared_ptr<const LabelledImages> firstTrain, firstTest; ///< top left
    std::shared_ptr<const LabelledImages> secondTrain, secondTest; ///< bottom right
    std::array<std::vector<std::string>, taskCount> classNames; ///< ten for each corner
};

/// 0 .. count - 1 in an order that depends on seed and stream alone.
std::vector<std::int32_t> shuffled(int count, std::uint64_t seed, std::uint64_t stream);

/// Reads what the plan names. Throws FileError: missing, damaged, not 28 x 28, labels that do not fit.
TrainingImages readTrainingImages(const TrainingPlan& plan);

/// Gaussian noise on the pixels of a canvas, before the plan's input scale; not clipped to 0..255. He et al. 2024,
/// Fig. 5: there one noise image, drawn once, is added to every canvas.
struct PixelNoise {
    double amplitude = 0; ///< A of A N(0, 1), in the unit of the pixels, which lie between 0 and 255
    bool fresh = true; ///< for every canvas anew; else the same noise image for all, training and test
    std::uint64_t seed = 1;
    std::uint64_t draw = 0; ///< another number, other fresh noise
};

/// A seeded list of pairs. Pair i joins image first(i) with image second(i); every image is met about equally often.
class PairedImages {
public:
    /// Of images [begin, end) of both sets. Training and test pairs are independent under the same seed.
    PairedImages(std::shared_ptr<const LabelledImages> first, std::shared_ptr<const LabelledImages> second, int begin,
        int end, int pairs, std::uint64_t seed, bool test);

    int size() const { return m_pairs; }
    int first(int pair) const;
    int second(int pair) const;
    std::array<std::uint8_t, taskCount> labels(int pair) const;
    void canvas(int pair, std::span<std::uint8_t, canvasPixels> pixels) const;
    /// The canvas as a network sees it: with the noise of the set. `epoch` counts further draws of fresh noise, which
    /// is a function of the noise's seed and draw, the set (training or test), the pair and the pixel alone.
    void pixels(int pair, std::span<float, canvasPixels> pixels, std::uint64_t epoch = 0) const;
    /// Appends this pair to the batch.
    void append(int pair, Batch& batch) const;

    const PixelNoise& noise() const { return m_noise; }
    void setNoise(const PixelNoise& noise) { m_noise = noise; }

private:
    std::shared_ptr<const LabelledImages> m_first, m_second;
    std::vector<std::int32_t> m_firstOf, m_secondOf;
    int m_pairs;
    bool m_test;
    PixelNoise m_noise;
};

/// The noise that a plan asks for, on training and test canvases.
PixelNoise noiseOf(const TrainingPlan& plan);

struct TrainingData {
    PairedImages train;
    PairedImages test; ///< the validation pairs if the plan asks for them
    std::array<std::vector<std::string>, taskCount> classNames;
};

/// If the two corners have different numbers of images, the smaller number is taken of both. Throws DocumentError.
TrainingData pairImages(const TrainingImages& images, const TrainingPlan& plan);

} // namespace endospike
