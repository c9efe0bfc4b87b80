#include "sim/robustness/noise_mirror.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

constexpr int drawsAtOnce = 16;
constexpr std::size_t perCanvas = taskCount * classCount;

std::vector<float> probabilitiesOf(std::span<const float> logits)
{
    std::vector<float> result;
    for (std::size_t begin = 0; begin < logits.size(); begin += classCount) {
        const auto task = logits.subspan(begin, classCount);
        const float largest = std::ranges::max(task);
        float sum = 0;
        for (const float logit : task)
            sum += std::exp(logit - largest);
        for (const float logit : task)
            result.push_back(std::exp(logit - largest) / sum);
    }
    return result;
}

int answerOf(std::span<const float> logits)
{
    return static_cast<int>(std::ranges::max_element(logits) - logits.begin());
}

} // namespace

std::vector<float> mirrorCanvas(const PairedImages& set, int pair, const MirrorNoise& noise, int draw)
{
    PairedImages noisy = set;
    noisy.setNoise({noise.pixels, true, noise.seed, noise.firstDraw + static_cast<std::uint64_t>(draw)});
    std::vector<float> canvas(canvasPixels);
    noisy.pixels(pair, std::span<float, canvasPixels>(canvas));
    return canvas;
}

double currentSpread(const Network& network, const PairedImages& set, int canvases, const JobContext& context)
{
    Batch batch;
    PairedImages clean = set;
    clean.setNoise({});
    for (int pair = 0; pair < std::min(canvases, set.size()); ++pair)
        clean.append(pair, batch);
    const HiddenLayer layer = network.layers().front();
    double squares = 0;
    std::size_t count = 0;
    for (int neuron = 0; neuron < layer.channels * layer.rows * layer.columns; ++neuron) {
        if (context.stop.stop_requested())
            return 0;
        const std::vector<float> all = network.currents(batch, 0, neuron);
        const std::size_t each = all.size() / static_cast<std::size_t>(std::max(batch.size, 1));
        for (std::size_t k = 0; k < each; ++k, ++count) {
            double sum = 0, sumOfSquares = 0;
            for (std::size_t at = k; at < all.size(); at += each)
                sum += static_cast<double>(all[at]);
            const double mean = sum / batch.size;
            for (std::size_t at = k; at < all.size(); at += each)
                sumOfSquares += (static_cast<double>(all[at]) - mean) * (static_cast<double>(all[at]) - mean);
            squares += sumOfSquares / std::max(batch.size - 1, 1);
        }
    }
    return count > 0 ? std::sqrt(squares / static_cast<double>(count)) : 0;
}

MirrorAnswer mirror(const Network& network, const PairedImages& set, int pair, const MirrorNoise& noise, double spread,
    int draws, Workers& workers, const JobContext& context, const std::function<void(const MirrorAnswer&)>& coming)
{
    MirrorAnswer answer;
    const auto workspace = network.makeWorkspace();
    const auto truth = set.labels(pair);
    const auto pass = [&](Batch& batch) {
        batch.labels.assign(static_cast<std::size_t>(batch.size) * taskCount, 0);
        network.forward(batch, *workspace, workers);
    };
    Batch clean{1, mirrorCanvas(set, pair, {}, 0), {}};
    pass(clean);
    answer.clean = probabilitiesOf(workspace->logits);
    // The draw that is looked at comes alone: its answer is there at once.
    for (int begin = 0; begin < draws && !context.stop.stop_requested();) {
        Batch batch;
        batch.size = begin == 0 ? 1 : std::min(drawsAtOnce, draws - begin);
        for (int i = 0; i < batch.size; ++i) {
            const std::vector<float> canvas = mirrorCanvas(set, pair, noise, begin + i);
            batch.pixels.insert(batch.pixels.end(), canvas.begin(), canvas.end());
        }
        batch.currentNoise = {noise.currents * spread, noise.seed, noise.firstDraw + static_cast<std::uint64_t>(begin)};
        pass(batch);
        const std::span<const float> logits = workspace->logits;
        if (begin == 0)
            answer.noisy = probabilitiesOf(logits);
        for (std::size_t i = 0; i < static_cast<std::size_t>(batch.size); ++i) {
            bool both = true;
            for (std::size_t task = 0; task < taskCount; ++task) {
                const bool right =
                    answerOf(logits.subspan(i * perCanvas + task * classCount, classCount)) == truth[task];
                answer.right[task] += right;
                both = both && right;
            }
            answer.bothRight += both;
        }
        begin += batch.size;
        answer.draws = begin;
        if (coming)
            coming(answer);
    }
    return answer;
}

} // namespace endospike
