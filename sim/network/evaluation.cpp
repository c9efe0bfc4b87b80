#include "sim/network/evaluation.h"

#include "sim/base/not_a_number.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace endospike {
namespace {

constexpr int evaluationBatch = 128;

/// Forward passes over pairs [begin, end); `each(pair, logits [2][10])` in order. Returns how many pairs were seen.
template <class Each>
int forEachAnswer(const Network& network, const PairedImages& set, int begin, int end, Workers& workers,
    const JobContext& context, ActivityCounter* activity, const Each& each)
{
    const std::unique_ptr<Workspace> workspace = network.makeWorkspace();
    Batch batch;
    std::vector<std::int32_t> pairs;
    for (int at = begin; at < end; at += evaluationBatch) {
        if (context.stop.stop_requested())
            return at - begin;
        pairs.resize(static_cast<std::size_t>(std::min(evaluationBatch, end - at)));
        std::iota(pairs.begin(), pairs.end(), at);
        fillBatch(batch, set, pairs, workers);
        network.forward(batch, *workspace, workers, activity);
        for (std::size_t i = 0; i < pairs.size(); ++i)
            each(pairs[i],
                std::span<const float>(workspace->logits).subspan(i * taskCount * classCount, taskCount * classCount));
    }
    return end - begin;
}

/// ln of the sum of exponentials, which no logit can make overflow.
double logSumExp(std::span<const float> logits)
{
    const float largest = std::ranges::max(logits);
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - static_cast<double>(largest));
    return static_cast<double>(largest) + std::log(sum);
}

} // namespace

void fillBatch(
    Batch& batch, const PairedImages& set, std::span<const std::int32_t> pairs, Workers& workers, std::uint64_t epoch)
{
    constexpr std::size_t pieceLength = 16;
    batch.size = static_cast<int>(pairs.size());
    batch.pixels.resize(pairs.size() * canvasPixels);
    batch.labels.resize(pairs.size() * taskCount);
    workers.forEach(static_cast<int>((pairs.size() + pieceLength - 1) / pieceLength), [&](int piece) {
        const std::size_t first = static_cast<std::size_t>(piece) * pieceLength;
        for (std::size_t i = first; i < std::min(first + pieceLength, pairs.size()); ++i) {
            set.pixels(pairs[i], std::span(batch.pixels).subspan(i * canvasPixels).first<canvasPixels>(), epoch);
            std::ranges::copy(set.labels(pairs[i]), batch.labels.begin() + static_cast<std::ptrdiff_t>(i * taskCount));
        }
    });
}

Evaluation evaluateFully(const Network& network, const PairedImages& set, Workers& workers, const JobContext& context)
{
    const std::unique_ptr<ActivityCounter> activity = network.makeActivityCounter();
    Evaluation result;
    double loss = 0;
    const auto see = [&](int pair, std::span<const float> logits) {
        const auto truth = set.labels(pair);
        for (std::size_t task = 0; task < taskCount; ++task) {
            const auto own = logits.subspan(task * classCount, classCount);
            loss += logSumExp(own) - static_cast<double>(own[truth[task]]);
            const auto answer = static_cast<std::size_t>(std::ranges::max_element(own) - own.begin());
            ++result.confusion[task][truth[task]][answer];
        }
    };
    result.pairs = forEachAnswer(network, set, 0, set.size(), workers, context, activity.get(), see);
    result.metrics.testLoss = result.pairs > 0 ? loss / result.pairs : notANumber;
    for (std::size_t task = 0; task < taskCount; ++task) {
        int right = 0;
        for (std::size_t label = 0; label < classCount; ++label)
            right += result.confusion[task][label][label];
        result.metrics.testAccuracy[task] = result.pairs > 0 ? static_cast<double>(right) / result.pairs : notANumber;
    }
    result.metrics.trainLoss = notANumber;
    result.metrics.trainAccuracy = {notANumber, notANumber};
    result.metrics.layers = activity->result();
    return result;
}

EpochMetrics evaluate(const Network& network, const PairedImages& set, Workers& workers, const JobContext& context)
{
    return evaluateFully(network, set, workers, context).metrics;
}

std::vector<float> predict(const Network& network, const PairedImages& set, int begin, int end, Workers& workers)
{
    std::vector<float> probabilities;
    probabilities.reserve(static_cast<std::size_t>(end - begin) * taskCount * classCount);
    forEachAnswer(network, set, begin, end, workers, {}, nullptr, [&](int, std::span<const float> logits) {
        for (std::size_t task = 0; task < taskCount; ++task) {
            const auto own = logits.subspan(task * classCount, classCount);
            const double sum = logSumExp(own);
            for (const float logit : own)
                probabilities.push_back(static_cast<float>(std::exp(static_cast<double>(logit) - sum)));
        }
    });
    return probabilities;
}

} // namespace endospike
