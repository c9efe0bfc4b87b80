// A trained network on a set of pairs: loss, accuracy, activity, confusion, probabilities. The same to the bit with any
// number of threads.
#pragma once

#include "sim/base/job.h"
#include "sim/network/multi_fashion.h"
#include "sim/network/network.h"

#include <array>
#include <span>
#include <vector>

namespace endospike {

/// Pairs by their number, with the set's noise for this epoch, put together by all threads; the batch's memory is used
/// again.
void fillBatch(Batch& batch, const PairedImages& set, std::span<const std::int32_t> pairs, Workers& workers,
    std::uint64_t epoch = 0);

/// Loss, accuracy and activity over a set, in batches.
EpochMetrics evaluate(const Network& network, const PairedImages& set, Workers& workers, const JobContext& context);

/// Probabilities [pairs][2][10] for pairs [begin, end).
std::vector<float> predict(const Network& network, const PairedImages& set, int begin, int end, Workers& workers);

/// How often a picture of class `truth` was taken for `answer`, for each of the two tasks: [task][truth][answer].
using Confusion = std::array<std::array<std::array<int, classCount>, classCount>, taskCount>;

struct Evaluation {
    EpochMetrics metrics; ///< testLoss, testAccuracy, layers
    Confusion confusion{};
    int pairs = 0; ///< seen; fewer than the set has if it was stopped
};

/// In batches of 128. Stops when asked to; the figures are then of what was seen (NaN for nothing).
Evaluation evaluateFully(const Network& network, const PairedImages& set, Workers& workers, const JobContext& context);

} // namespace endospike
