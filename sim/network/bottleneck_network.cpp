#include "sim/network/bottleneck_network.h"

#include "sim/base/random.h"
#include "sim/network/dense.h"
#include "sim/network/matrix.h"

#include <cmath>

namespace endospike {
namespace {

constexpr int logitCount = taskCount * classCount;
constexpr int panelOutputs = 64;
constexpr int canvasPiece = 16;
constexpr float sigmaShift = -5;
/// Below this sigma would leave the floats; its gradient is that at this place.
constexpr float lowest = -60;

/// Whole vectors, so that every number takes the same way through the vectorised functions wherever it stands.
constexpr int lanes = 64;
using Lanes = Eigen::Array<float, lanes, 1>;

Lanes loaded(const float* from, int count)
{
    Lanes x = Lanes::Zero();
    std::copy_n(from, count, x.data());
    return x;
}

/// sigma of one canvas, and the KL divergence of its code in nats.
double spread(const float* statistics, int codeSize, float* sigma)
{
    double sum = 0;
    for (int at = 0; at < codeSize; at += lanes) {
        const int count = std::min(lanes, codeSize - at);
        const Lanes mu = loaded(statistics + at, count);
        const Lanes x = (loaded(statistics + codeSize + at, count) + sigmaShift).max(lowest);
        const Lanes s = x.max(0.0f) + (-x.abs()).exp().log1p();
        const Lanes kl = 0.5f * (mu.square() + s.square() - 1) - s.log();
        std::copy_n(s.data(), count, sigma + at);
        for (int i = 0; i < count; ++i)
            sum += static_cast<double>(kl[i]);
    }
    return sum;
}

/// One answer of one canvas: the logits of several draws become the logarithms of their averaged probabilities.
struct Answer {
    double crossEntropy_nats; ///< mean over the draws
    std::array<double, classCount> logProbability;
};

Answer average(const float* logits, int samples, int label)
{
    Answer answer{};
    std::array<double, classCount> probability{};
    for (int draw = 0; draw < samples; ++draw, logits += logitCount) {
        const double highest = static_cast<double>(*std::max_element(logits, logits + classCount));
        std::array<double, classCount> power;
        double sum = 0;
        for (int k = 0; k < classCount; ++k)
            sum += power[k] = std::exp(static_cast<double>(logits[k]) - highest);
        for (int k = 0; k < classCount; ++k)
            probability[k] += power[k] / sum / samples;
        answer.crossEntropy_nats += (std::log(sum) + highest - static_cast<double>(logits[label])) / samples;
    }
    for (int k = 0; k < classCount; ++k)
        answer.logProbability[k] = std::log(std::max(probability[k], 1e-300));
    return answer;
}

std::string head(int task, const char* part) { return "head." + std::to_string(task) + "." + part; }

} // namespace

BottleneckNetwork::BottleneckNetwork(const NetworkPlan& plan, const BottleneckSettings& code, std::uint64_t seed)
    : FullyConnectedEncoder(plan, seed)
    , m_bottleneck(code)
{
    const int codeSize = m_bottleneck.codeSize;
    addInput();
    addTensor("code.weight", {2 * codeSize, featureCount()});
    addTensor("code.bias", {2 * codeSize});
    for (int task = 0; task < taskCount; ++task) {
        addTensor(head(task, "weight"), {classCount, codeSize});
        addTensor(head(task, "bias"), {classCount});
    }
    addFrozen();
    finishTensors();
    fillInput();
    const double first = 1 / std::sqrt(static_cast<double>(featureCount()));
    const double heads = 1 / std::sqrt(static_cast<double>(codeSize));
    for (const char* part : {"weight", "bias"}) {
        fillUniform(std::string("code.") + part, -first, first);
        for (int task = 0; task < taskCount; ++task)
            fillUniform(head(task, part), -heads, heads);
    }
}

void BottleneckNetwork::encodeStatistics(
    const Batch& batch, BottleneckWorkspace& w, Workers& workers, ActivityCounter* activity) const
{
    encode(batch, w.encoder, workers, activity);
    const int codeSize = m_bottleneck.codeSize, outputs = 2 * codeSize;
    const auto size = static_cast<std::size_t>(batch.size);
    w.statistics.resize(size * outputs);
    w.sigma.resize(size * codeSize);
    w.kl_nats.resize(size);
    const float* const weight = valuesOf("code.weight").data();
    const float* const bias = valuesOf("code.bias").data();
    const Pieces panels{outputs, panelOutputs};
    workers.forEach(panels.count(), [&](int piece) {
        const int first = panels.begin(piece);
        denseForward({batch.size, featureCount(), panels.size(piece), outputs}, w.encoder.features.data(),
            weight + std::ptrdiff_t{first} * featureCount(), bias + first, w.statistics.data() + first);
    });
    const Pieces pieces{batch.size, canvasPiece};
    workers.forEach(pieces.count(), [&](int piece) {
        for (int i = pieces.begin(piece); i < pieces.begin(piece) + pieces.size(piece); ++i)
            w.kl_nats[i] = spread(&w.statistics[i * outputs], codeSize, &w.sigma[i * codeSize]);
    });
}

void BottleneckNetwork::draw(const BottleneckWorkspace& w, std::uint64_t draw, int first, int count, int samples,
    float* noise, float* code, float* logits) const
{
    const int codeSize = m_bottleneck.codeSize, row = samples * codeSize;
    const std::uint64_t stream = randomBits(seed(), RandomPurpose::code, draw);
    for (int i = 0; i < count; ++i) {
        const std::span eps(noise + i * row, static_cast<std::size_t>(row));
        randomNormals(stream, RandomPurpose::code, static_cast<std::uint64_t>(first + i), eps);
        const float* const mu = &w.statistics[(first + i) * 2 * codeSize];
        const float* const sigma = &w.sigma[(first + i) * codeSize];
        for (int k = 0; k < row; k += codeSize)
            for (int j = 0; j < codeSize; ++j)
                code[i * row + k + j] = mu[j] + sigma[j] * eps[k + j];
    }
    for (int task = 0; task < taskCount; ++task)
        denseForward({count * samples, codeSize, classCount, logitCount}, code, valuesOf(head(task, "weight")).data(),
            valuesOf(head(task, "bias")).data(), logits + task * classCount);
}

BottleneckMeasure BottleneckNetwork::measure(
    const Batch& batch, std::uint64_t number, BottleneckWorkspace& w, Workers& workers, ActivityCounter* activity) const
{
    encodeStatistics(batch, w, workers, activity);
    const int samples = m_bottleneck.samples, row = samples * m_bottleneck.codeSize;
    w.logits.resize(static_cast<std::size_t>(batch.size) * logitCount);
    std::vector<double> crossEntropy(static_cast<std::size_t>(batch.size) * taskCount);
    const Pieces pieces{batch.size, canvasPiece};
    workers.forEach(pieces.count(), [&](int piece) {
        const int first = pieces.begin(piece), count = pieces.size(piece);
        std::vector<float> noise(static_cast<std::size_t>(count) * row), code(noise.size());
        std::vector<float> logits(static_cast<std::size_t>(count) * samples * logitCount);
        draw(w, number, first, count, samples, noise.data(), code.data(), logits.data());
        for (int i = first; i < first + count; ++i)
            for (int task = 0; task < taskCount; ++task) {
                const int at = i * taskCount + task;
                const Answer answer =
                    average(&logits[(i - first) * samples * logitCount + task * classCount], samples, batch.labels[at]);
                crossEntropy[at] = answer.crossEntropy_nats;
                std::ranges::transform(answer.logProbability, &w.logits[at * classCount],
                    [](double logarithm) { return static_cast<float>(logarithm); });
            }
    });
    BottleneckMeasure sums;
    for (int i = 0; i < batch.size; ++i) {
        sums.kl_nats += w.kl_nats[i];
        for (int task = 0; task < taskCount; ++task) {
            const int at = i * taskCount + task;
            const float* const own = &w.logits[at * classCount];
            sums.crossEntropy_nats[task] += crossEntropy[at];
            sums.correct[task] += std::max_element(own, own + classCount) - own == batch.labels[at];
        }
    }
    return sums;
}

void BottleneckNetwork::forward(
    const Batch& batch, Workspace& workspace, Workers& workers, ActivityCounter* activity) const
{
    measure(batch, 0, static_cast<BottleneckWorkspace&>(workspace), workers, activity);
}

BatchResult BottleneckNetwork::backward(
    const Batch& batch, std::uint64_t number, BottleneckWorkspace& w, Workers& workers, std::span<float> gradient) const
{
    encodeStatistics(batch, w, workers, nullptr);
    const int codeSize = m_bottleneck.codeSize, outputs = 2 * codeSize, features = featureCount();
    w.code.resize(w.sigma.size());
    w.noise.resize(w.sigma.size());
    w.logits.resize(static_cast<std::size_t>(batch.size) * logitCount);
    const Pieces pieces{batch.size, canvasPiece};
    workers.forEach(pieces.count(), [&](int piece) {
        const int first = pieces.begin(piece);
        draw(w, number, first, pieces.size(piece), 1, &w.noise[first * codeSize], &w.code[first * codeSize],
            &w.logits[first * logitCount]);
    });
    BatchResult result = readoutLoss(w.logits, batch.labels, batch.size, w.loss);
    for (const double kl : w.kl_nats)
        result.loss += m_bottleneck.beta * kl / batch.size;

    headsBackward(batch, w, gradient);
    statisticsBackward(batch.size, w, workers);
    const Pieces panels{outputs, panelOutputs};
    workers.forEach(panels.count(), [&](int piece) {
        const int first = panels.begin(piece);
        denseGradient({batch.size, features, panels.size(piece), outputs}, w.encoder.features.data(),
            w.statisticsGradient.data() + first,
            &gradient[offsetOf("code.weight") + static_cast<std::size_t>(first) * features],
            &gradient[offsetOf("code.bias") + first]);
    });
    w.encoder.featureGradient.resize(w.encoder.features.size());
    MatrixView toFeatures(w.encoder.featureGradient.data(), batch.size, features);
    const ConstMatrixView given(w.statisticsGradient.data(), batch.size, outputs);
    const ConstMatrixView weight(valuesOf("code.weight").data(), outputs, features);
    const Pieces columns{features, 4 * panelOutputs};
    workers.forEach(columns.count(), [&](int piece) {
        const int first = columns.begin(piece), count = columns.size(piece);
        toFeatures.middleCols(first, count).noalias() = given * weight.middleCols(first, count);
    });
    encodeBackward(batch, w.encoder, workers, gradient);
    return result;
}

/// From the logits to the heads and to the code.
void BottleneckNetwork::headsBackward(const Batch& batch, BottleneckWorkspace& w, std::span<float> gradient) const
{
    const int codeSize = m_bottleneck.codeSize;
    const ConstMatrixView delta(w.loss.logitGradient.data(), batch.size, logitCount);
    w.codeGradient.resize(w.code.size());
    MatrixView toCode(w.codeGradient.data(), batch.size, codeSize);
    toCode.setZero();
    for (int task = 0; task < taskCount; ++task) {
        const int first = task * classCount;
        denseGradient({batch.size, codeSize, classCount, logitCount}, w.code.data(), delta.data() + first,
            &gradient[offsetOf(head(task, "weight"))], &gradient[offsetOf(head(task, "bias"))]);
        toCode.noalias() += delta.middleCols(first, classCount)
            * ConstMatrixView(valuesOf(head(task, "weight")).data(), classCount, codeSize);
    }
}

/// From the code to mu and s: d sigma / ds = 1 - exp(-sigma).
void BottleneckNetwork::statisticsBackward(int batch, BottleneckWorkspace& w, Workers& workers) const
{
    const int codeSize = m_bottleneck.codeSize;
    const auto beta = static_cast<float>(m_bottleneck.beta / batch);
    w.statisticsGradient.resize(w.statistics.size());
    const Pieces pieces{batch, canvasPiece};
    workers.forEach(pieces.count(), [&](int piece) {
        for (int i = pieces.begin(piece); i < pieces.begin(piece) + pieces.size(piece); ++i)
            for (int at = 0; at < codeSize; at += lanes) {
                const int count = std::min(lanes, codeSize - at), place = i * codeSize + at;
                const Lanes sigma = loaded(&w.sigma[place], count), given = loaded(&w.codeGradient[place], count);
                const Lanes slope = -(-sigma).expm1();
                const Lanes toMu = given + beta * loaded(&w.statistics[2 * i * codeSize + at], count);
                const Lanes toS =
                    given * loaded(&w.noise[place], count) * slope + beta * (sigma * slope - slope / sigma.max(1e-30f));
                std::copy_n(toMu.data(), count, &w.statisticsGradient[2 * i * codeSize + at]);
                std::copy_n(toS.data(), count, &w.statisticsGradient[(2 * i + 1) * codeSize + at]);
            }
    });
}

} // namespace endospike
