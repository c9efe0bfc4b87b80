// Products of two matrices as plain sums, to hold the fast ones against. Matrices lie row by row; rows of outputs are
// `stride` apart.
#pragma once

#include "sim/base/random.h"

#include <QTest>

#include <cmath>
#include <cstdint>
#include <vector>

namespace endospike {

inline std::vector<float> randoms(std::size_t count, std::uint64_t seed)
{
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(randomNormal(seed, RandomPurpose::weights, i));
    return values;
}

/// About `share` of the values stay, the others become zero.
inline std::vector<float> thinned(std::vector<float> values, double share)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        if (static_cast<double>(randomBits(9, RandomPurpose::order, i) >> 11) * 0x1p-53 >= share)
            values[i] = 0;
    return values;
}

/// y = x w^T + b; what lies between the rows of y is -7.
inline void compareForward(const auto& shape, const std::vector<float>& x, const std::vector<float>& w,
    const std::vector<float>& b, const std::vector<float>& y, double tolerance)
{
    for (int i = 0; i < shape.batch; ++i)
        for (int j = 0; j < shape.stride; ++j) {
            double expected = -7;
            if (j < shape.outputs) {
                expected = b[j];
                for (int k = 0; k < shape.inputs; ++k)
                    expected += double(x[i * shape.inputs + k]) * w[j * shape.inputs + k];
            }
            QVERIFY(std::abs(y[i * shape.stride + j] - expected) < tolerance);
        }
}

/// weight = delta^T x, bias = the sums of delta's columns.
inline void compareGradient(const auto& shape, const std::vector<float>& x, const std::vector<float>& delta,
    const std::vector<float>& weight, const std::vector<float>& bias, double tolerance)
{
    for (int j = 0; j < shape.outputs; ++j) {
        double column = 0;
        for (int i = 0; i < shape.batch; ++i)
            column += delta[i * shape.stride + j];
        QVERIFY(std::abs(bias[j] - column) < tolerance);
        for (int k = 0; k < shape.inputs; ++k) {
            double expected = 0;
            for (int i = 0; i < shape.batch; ++i)
                expected += double(delta[i * shape.stride + j]) * x[i * shape.inputs + k];
            QVERIFY(std::abs(weight[j * shape.inputs + k] - expected) < tolerance);
        }
    }
}

/// The sum of c y over outputs that are `forward` of the parameters is linear in each of them: every `every`-th slope.
inline void compareSlopes(const auto& shape, const std::vector<float>& c, std::vector<float>& parameters,
    const std::vector<float>& gradient, const auto& forward, std::size_t every, double tolerance)
{
    const auto loss = [&] {
        std::vector<float> y(c.size());
        forward(y);
        double sum = 0;
        for (int i = 0; i < shape.batch; ++i)
            for (int j = 0; j < shape.outputs; ++j)
                sum += double(c[i * shape.stride + j]) * y[i * shape.stride + j];
        return sum;
    };
    for (std::size_t i = 0; i < parameters.size(); i += every) {
        const float old = parameters[i];
        parameters[i] = old + 1;
        const double above = loss();
        parameters[i] = old - 1;
        const double slope = (above - loss()) / 2;
        parameters[i] = old;
        QVERIFY(std::abs(gradient[i] - slope) < tolerance);
    }
}

} // namespace endospike
