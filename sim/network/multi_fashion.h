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
    /// Appends this pair to the batch.
    void append(int pair, Batch& batch) const;

private:
    std::shared_ptr<const LabelledImages> m_first, m_second;
    std::vector<std::int32_t> m_firstOf, m_secondOf;
    int m_pairs;
};

struct TrainingData {
    PairedImages train;
    PairedImages test; ///< the validation pairs if the plan asks for them
    std::array<std::vector<std::string>, taskCount> classNames;
};

/// If the two corners have different numbers of images, the smaller number is taken of both. Throws DocumentError.
TrainingData pairImages(const TrainingImages& images, const TrainingPlan& plan);

} // namespace endospike
