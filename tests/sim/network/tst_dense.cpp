#include "sim/network/dense.h"

#include "sim/base/random.h"

#include <QTest>

#include <cmath>
#include <cstdint>
#include <vector>

using namespace endospike;

namespace {

std::vector<float> randoms(std::size_t count, std::uint64_t seed)
{
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(randomNormal(seed, RandomPurpose::weights, i));
    return values;
}

/// About `share` of the values stay, the others become zero.
std::vector<float> thinned(std::vector<float> values, double share)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        if (static_cast<double>(randomBits(9, RandomPurpose::order, i) >> 11) * 0x1p-53 >= share)
            values[i] = 0;
    return values;
}

constexpr DenseShape shape = {13, 37, 11, 20};

} // namespace

class TestDense : public QObject {
    Q_OBJECT
private slots:
    void forwardAgainstSums();
    void gradientAgainstSums_data();
    void gradientAgainstSums();
    void gradientAgainstDifferences();
};

void TestDense::forwardAgainstSums()
{
    const auto x = randoms(shape.batch * shape.inputs, 1), w = randoms(shape.outputs * shape.inputs, 2);
    const auto b = randoms(shape.outputs, 3);
    std::vector<float> y(shape.batch * shape.stride, -7.0f);
    denseForward(shape, x.data(), w.data(), b.data(), y.data());
    for (int i = 0; i < shape.batch; ++i)
        for (int j = 0; j < shape.stride; ++j) {
            double expected = -7; // the gaps stay as they were
            if (j < shape.outputs) {
                expected = b[j];
                for (int k = 0; k < shape.inputs; ++k)
                    expected += double(x[i * shape.inputs + k]) * w[j * shape.inputs + k];
            }
            QVERIFY(std::abs(y[i * shape.stride + j] - expected) < 1e-5);
        }
}

void TestDense::gradientAgainstSums_data()
{
    QTest::addColumn<double>("share");
    for (const double share : {0.0, 0.02, 0.2, 0.28, 0.32, 0.7, 1.0})
        QTest::addRow("%g of the deltas", share) << share;
}

void TestDense::gradientAgainstSums()
{
    QFETCH(double, share);
    const auto x = randoms(shape.batch * shape.inputs, 1);
    const auto delta = thinned(randoms(shape.batch * shape.stride, 4), share);
    std::vector<float> weight(shape.outputs * shape.inputs, 99.0f), bias(shape.outputs, 99.0f);
    denseGradient(shape, x.data(), delta.data(), weight.data(), bias.data());
    for (int j = 0; j < shape.outputs; ++j) {
        double column = 0;
        for (int i = 0; i < shape.batch; ++i)
            column += delta[i * shape.stride + j];
        QVERIFY(std::abs(bias[j] - column) < 1e-5);
        for (int k = 0; k < shape.inputs; ++k) {
            double expected = 0;
            for (int i = 0; i < shape.batch; ++i)
                expected += double(delta[i * shape.stride + j]) * x[i * shape.inputs + k];
            QVERIFY(std::abs(weight[j * shape.inputs + k] - expected) < 1e-5);
        }
    }
}

void TestDense::gradientAgainstDifferences()
{
    // loss = sum of c y: its gradient in y is c, and the loss is linear in each weight.
    const auto x = randoms(shape.batch * shape.inputs, 1), c = randoms(shape.batch * shape.stride, 5);
    auto w = randoms(shape.outputs * shape.inputs, 2);
    auto b = randoms(shape.outputs, 3);
    const auto loss = [&] {
        std::vector<float> y(c.size());
        denseForward(shape, x.data(), w.data(), b.data(), y.data());
        double sum = 0;
        for (int i = 0; i < shape.batch; ++i)
            for (int j = 0; j < shape.outputs; ++j)
                sum += double(c[i * shape.stride + j]) * y[i * shape.stride + j];
        return sum;
    };
    std::vector<float> weight(w.size()), bias(b.size());
    denseGradient(shape, x.data(), c.data(), weight.data(), bias.data());
    const auto check = [&](std::vector<float>& parameters, const std::vector<float>& gradient) {
        for (std::size_t i = 0; i < parameters.size(); i += 5) {
            const float old = parameters[i];
            parameters[i] = old + 1;
            const double above = loss();
            parameters[i] = old - 1;
            const double slope = (above - loss()) / 2;
            parameters[i] = old;
            QVERIFY(std::abs(gradient[i] - slope) < 1e-3);
        }
    };
    check(w, weight);
    check(b, bias);
}

QTEST_GUILESS_MAIN(TestDense)
#include "tst_dense.moc"
