#include "sim/network/dense.h"

#include "sim/network/matrix.h"

#include <vector>

namespace endospike {
namespace {

using Gaps = Eigen::OuterStride<>;
using PanelView = Eigen::Map<RowMatrix, 0, Gaps>;
using ConstPanelView = Eigen::Map<const RowMatrix, 0, Gaps>;

/// Below this share of non-zero deltas, adding rows one by one is faster than the product of full matrices.
constexpr double sparseShare = 0.3;

struct Term {
    float factor;
    const float* row;
};

/// to += the sum of factor * row, several rows in one sweep.
void addRows(std::span<const Term> terms, int length, float* to)
{
    std::size_t i = 0;
    for (; i + 4 <= terms.size(); i += 4) {
        const Term a = terms[i], b = terms[i + 1], c = terms[i + 2], d = terms[i + 3];
        for (int k = 0; k < length; ++k)
            to[k] += (a.factor * a.row[k] + b.factor * b.row[k]) + (c.factor * c.row[k] + d.factor * d.row[k]);
    }
    for (; i < terms.size(); ++i)
        for (int k = 0; k < length; ++k)
            to[k] += terms[i].factor * terms[i].row[k];
}

} // namespace

void denseForward(const DenseShape& shape, const float* x, const float* weight, const float* bias, float* y)
{
    PanelView out(y, shape.batch, shape.outputs, Gaps(shape.stride));
    out.noalias() = ConstMatrixView(x, shape.batch, shape.inputs)
        * ConstMatrixView(weight, shape.outputs, shape.inputs).transpose();
    out.rowwise() += ConstRowView(bias, shape.outputs);
}

void denseGradient(
    const DenseShape& shape, const float* x, const float* delta, float* weightGradient, float* biasGradient)
{
    const ConstPanelView d(delta, shape.batch, shape.outputs, Gaps(shape.stride));
    RowView biases(biasGradient, shape.outputs);
    biases.setZero();
    for (int i = 0; i < shape.batch; ++i) // colwise().sum() adds in an order that depends on where the memory lies
        biases += d.row(i);
    const RowMatrix byOutput = d.transpose();
    const auto filled = static_cast<double>((byOutput.array() != 0).count());
    if (filled >= sparseShare * static_cast<double>(byOutput.size())) {
        MatrixView(weightGradient, shape.outputs, shape.inputs).noalias() =
            byOutput * ConstMatrixView(x, shape.batch, shape.inputs);
        return;
    }
    std::vector<Term> terms;
    terms.reserve(static_cast<std::size_t>(shape.batch));
    for (int j = 0; j < shape.outputs; ++j) {
        terms.clear();
        for (int i = 0; i < shape.batch; ++i)
            if (byOutput(j, i) != 0)
                terms.push_back({byOutput(j, i), x + static_cast<std::ptrdiff_t>(i) * shape.inputs});
        float* const to = weightGradient + static_cast<std::ptrdiff_t>(j) * shape.inputs;
        std::fill_n(to, shape.inputs, 0.0f);
        addRows(terms, shape.inputs, to);
    }
}

} // namespace endospike
