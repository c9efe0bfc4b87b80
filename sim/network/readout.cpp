#include "sim/network/readout.h"

#include "sim/network/matrix.h"

#include <cmath>

namespace endospike {
namespace {

constexpr int logitCount = taskCount * classCount;
constexpr int batchPiece = 32; // canvases
constexpr int featurePiece = 256;

/// Places in the parameters, or in their gradient.
template <class Float>
struct Parts {
    using View = std::conditional_t<std::is_const_v<Float>, ConstMatrixView, MatrixView>;
    using Row = std::conditional_t<std::is_const_v<Float>, ConstRowView, RowView>;

    Parts(std::span<Float> all, int features)
        : weight(all.data(), bottleneck, features)
        , bias(all.data() + weight.size(), bottleneck)
        , m_heads(bias.data() + bottleneck)
    {
    }
    View headWeight(int task) const { return {m_heads + task * headSize, classCount, bottleneck}; }
    Row headBias(int task) const { return {m_heads + task * headSize + classCount * bottleneck, classCount}; }

    static constexpr int headSize = classCount * (bottleneck + 1);
    View weight;
    Row bias;

private:
    Float* m_heads;
};

/// Row by row: the order in which colwise().sum() adds depends on where the memory happens to lie.
template <class Rows>
void sumRows(const Rows& rows, RowView sum)
{
    sum.setZero();
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
        sum += rows.row(i);
}

} // namespace

std::vector<TensorPlace> readoutTensors(int features)
{
    std::vector<TensorPlace> tensors = {{"readout.weight", {bottleneck, features}}, {"readout.bias", {bottleneck}}};
    for (int task = 0; task < taskCount; ++task) {
        const std::string head = "head." + std::to_string(task);
        tensors.push_back({head + ".weight", {classCount, bottleneck}});
        tensors.push_back({head + ".bias", {classCount}});
    }
    return tensors;
}

std::size_t readoutSize(int features)
{
    std::size_t size = 0;
    for (const TensorPlace& place : readoutTensors(features))
        size += place.size();
    return size;
}

void readoutForward(std::span<const float> parameters, std::span<const float> features, int batch,
    ReadoutMemory& memory, std::vector<float>& logits, Workers& workers)
{
    const int width = static_cast<int>(features.size()) / batch;
    const Parts<const float> p(parameters, width);
    memory.middle.resize(static_cast<std::size_t>(batch) * bottleneck);
    logits.resize(static_cast<std::size_t>(batch) * logitCount);
    const ConstMatrixView x(features.data(), batch, width);
    MatrixView middle(memory.middle.data(), batch, bottleneck);
    MatrixView out(logits.data(), batch, logitCount);
    const Pieces pieces{batch, batchPiece};
    workers.forEach(pieces.count(), [&](int piece) {
        const int begin = pieces.begin(piece), size = pieces.size(piece);
        auto rows = middle.middleRows(begin, size);
        rows.noalias() = x.middleRows(begin, size) * p.weight.transpose();
        rows.rowwise() += p.bias;
        for (int task = 0; task < taskCount; ++task) {
            auto answer = out.block(begin, task * classCount, size, classCount);
            answer.noalias() = rows * p.headWeight(task).transpose();
            answer.rowwise() += p.headBias(task);
        }
    });
}

BatchResult readoutLoss(
    std::span<const float> logits, std::span<const std::uint8_t> labels, int batch, ReadoutMemory& memory)
{
    memory.logitGradient.resize(logits.size());
    BatchResult result;
    for (int i = 0; i < batch * taskCount; ++i) {
        const auto row = logits.subspan(static_cast<std::size_t>(i) * classCount, classCount);
        float* gradient = &memory.logitGradient[static_cast<std::size_t>(i) * classCount];
        const int label = labels[i];
        const auto highest = std::ranges::max_element(row);
        double sum = 0;
        for (int k = 0; k < classCount; ++k)
            sum += gradient[k] = std::exp(row[k] - *highest);
        result.loss += std::log(sum) + *highest - row[label];
        result.correct[i % taskCount] += highest - row.begin() == label;
        for (int k = 0; k < classCount; ++k)
            gradient[k] = (gradient[k] / static_cast<float>(sum) - float(k == label)) / static_cast<float>(batch);
    }
    result.loss /= batch;
    return result;
}

void readoutBackward(std::span<const float> parameters, std::span<const float> features, int batch,
    ReadoutMemory& memory, std::span<float> gradient, std::span<float> featureGradient, Workers& workers)
{
    const int width = static_cast<int>(features.size()) / batch;
    const Parts<const float> p(parameters, width);
    const Parts<float> g(gradient, width);
    memory.middleGradient.resize(memory.middle.size());
    const ConstMatrixView x(features.data(), batch, width);
    const ConstMatrixView middle(memory.middle.data(), batch, bottleneck);
    const ConstMatrixView delta(memory.logitGradient.data(), batch, logitCount);
    MatrixView back(memory.middleGradient.data(), batch, bottleneck);
    back.setZero();
    for (int task = 0; task < taskCount; ++task) {
        const auto own = delta.middleCols(task * classCount, classCount);
        g.headWeight(task).noalias() = own.transpose() * middle;
        sumRows(own, g.headBias(task));
        back.noalias() += own * p.headWeight(task);
    }
    sumRows(back, g.bias);
    MatrixView weightGradient(g.weight);
    MatrixView xGradient(featureGradient.data(), batch, width);
    const Pieces pieces{width, featurePiece};
    workers.forEach(pieces.count(), [&](int piece) {
        const int begin = pieces.begin(piece), size = pieces.size(piece);
        weightGradient.middleCols(begin, size).noalias() = back.transpose() * x.middleCols(begin, size);
        xGradient.middleCols(begin, size).noalias() = back * p.weight.middleCols(begin, size);
    });
}

} // namespace endospike
