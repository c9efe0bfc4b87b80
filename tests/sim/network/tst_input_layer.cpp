#include "sim/network/input_layer.h"

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

// Neither canvases nor inputs nor outputs fill their last panel.
struct Shape {
    int batch, inputs, outputs, stride;
};
constexpr Shape shape = {45, 70, 29, 37};

PackedInput packed(const std::vector<float>& x, float scale = 1)
{
    Workers workers(1);
    PackedInput input;
    input.take(randoms(100 * 96, 77).data(), 100, 96, 3, workers); // what was there before must not matter
    input.take(x.data(), shape.batch, shape.inputs, scale, workers);
    return input;
}

void forward(const PackedInput& x, const std::vector<float>& w, const std::vector<float>& b, std::vector<float>& y)
{
    inputLayerForward(x, w.data(), b.data(), {y.data(), shape.stride, shape.outputs});
}

void gradientOf(
    const PackedInput& x, const std::vector<float>& delta, std::vector<float>& weight, std::vector<float>& bias)
{
    inputLayerGradient(x, {delta.data(), shape.stride, shape.outputs}, weight.data(), bias.data());
}

} // namespace

class TestInputLayer : public QObject {
    Q_OBJECT
private slots:
    void forwardAgainstSums();
    void gradientAgainstSums_data();
    void gradientAgainstSums();
    void gradientAgainstDifferences();
    void darkImages_data();
    void darkImages();
    void inputScale();
    void partsAndMemoryDoNotMatter();
};

void TestInputLayer::forwardAgainstSums()
{
    const auto x = randoms(shape.batch * shape.inputs, 1), w = randoms(shape.outputs * shape.inputs, 2);
    const auto b = randoms(shape.outputs, 3);
    std::vector<float> y(shape.batch * shape.stride, -7.0f);
    forward(packed(x), w, b, y);
    for (int i = 0; i < shape.batch; ++i)
        for (int j = 0; j < shape.stride; ++j) {
            double expected = -7; // the gaps stay as they were
            if (j < shape.outputs) {
                expected = b[j];
                for (int k = 0; k < shape.inputs; ++k)
                    expected += double(x[i * shape.inputs + k]) * w[j * shape.inputs + k];
            }
            QVERIFY(std::abs(y[i * shape.stride + j] - expected) < 3e-5);
        }
}

void TestInputLayer::gradientAgainstSums_data()
{
    QTest::addColumn<double>("share");
    for (const double share : {0.0, 0.02, 0.2, 0.45, 0.55, 0.8, 1.0})
        QTest::addRow("%g of the deltas", share) << share;
}

void TestInputLayer::gradientAgainstSums()
{
    QFETCH(double, share);
    const auto x = randoms(shape.batch * shape.inputs, 1);
    const auto delta = thinned(randoms(shape.batch * shape.stride, 4), share);
    std::vector<float> weight(shape.outputs * shape.inputs, 99.0f), bias(shape.outputs, 99.0f);
    gradientOf(packed(x), delta, weight, bias);
    for (int j = 0; j < shape.outputs; ++j) {
        double column = 0;
        for (int i = 0; i < shape.batch; ++i)
            column += delta[i * shape.stride + j];
        QVERIFY(std::abs(bias[j] - column) < 3e-5);
        for (int k = 0; k < shape.inputs; ++k) {
            double expected = 0;
            for (int i = 0; i < shape.batch; ++i)
                expected += double(delta[i * shape.stride + j]) * x[i * shape.inputs + k];
            QVERIFY(std::abs(weight[j * shape.inputs + k] - expected) < 3e-5);
        }
    }
}

void TestInputLayer::gradientAgainstDifferences()
{
    // loss = sum of c y: its gradient in y is c, and the loss is linear in each weight.
    const auto x = randoms(shape.batch * shape.inputs, 1), c = randoms(shape.batch * shape.stride, 5);
    auto w = randoms(shape.outputs * shape.inputs, 2);
    auto b = randoms(shape.outputs, 3);
    const PackedInput input = packed(x);
    const auto loss = [&] {
        std::vector<float> y(c.size());
        forward(input, w, b, y);
        double sum = 0;
        for (int i = 0; i < shape.batch; ++i)
            for (int j = 0; j < shape.outputs; ++j)
                sum += double(c[i * shape.stride + j]) * y[i * shape.stride + j];
        return sum;
    };
    std::vector<float> weight(w.size()), bias(b.size());
    gradientOf(input, c, weight, bias);
    const auto check = [&](std::vector<float>& parameters, const std::vector<float>& gradient) {
        for (std::size_t i = 0; i < parameters.size(); i += 17) {
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

void TestInputLayer::darkImages_data()
{
    QTest::addColumn<double>("share");
    QTest::newRow("few deltas") << 0.1;
    QTest::newRow("all deltas") << 1.0;
}

void TestInputLayer::darkImages()
{
    // Images of 12 x 8 pixels with dark parts that differ from image to image; one is all dark.
    QFETCH(double, share);
    constexpr int inputs = 96;
    auto x = randoms(shape.batch * inputs, 1);
    for (int i = 0; i < shape.batch; ++i)
        for (int k = 0; k < inputs; ++k)
            if (i == 3 || (k / 32 + i) % 3 == 0 || k % 8 < i % 6)
                x[i * inputs + k] = 0;
    const auto w = randoms(shape.outputs * inputs, 2), b = randoms(shape.outputs, 3);
    const auto delta = thinned(randoms(shape.batch * shape.stride, 4), share);
    Workers workers(2);
    PackedInput input;
    input.take(x.data(), shape.batch, inputs, 1, workers);
    std::vector<float> y(shape.batch * shape.stride), weight(w.size(), 99.0f), bias(shape.outputs);
    inputLayerForward(input, w.data(), b.data(), {y.data(), shape.stride, shape.outputs});
    gradientOf(input, delta, weight, bias);
    for (int j = 0; j < shape.outputs; ++j) {
        std::vector<double> gradient(inputs);
        for (int i = 0; i < shape.batch; ++i) {
            double sum = b[j];
            for (int k = 0; k < inputs; ++k) {
                sum += double(x[i * inputs + k]) * w[j * inputs + k];
                gradient[k] += double(delta[i * shape.stride + j]) * x[i * inputs + k];
            }
            QVERIFY(std::abs(y[i * shape.stride + j] - sum) < 3e-5);
        }
        for (int k = 0; k < inputs; ++k)
            QVERIFY(std::abs(weight[j * inputs + k] - gradient[k]) < 3e-5);
    }
}

void TestInputLayer::inputScale()
{
    const auto x = randoms(shape.batch * shape.inputs, 1), w = randoms(shape.outputs * shape.inputs, 2);
    const auto b = randoms(shape.outputs, 3), delta = randoms(shape.batch * shape.stride, 4);
    std::vector<float> quarters = x;
    for (float& value : quarters)
        value /= 4; // exact
    std::vector<float> y(shape.batch * shape.stride), same(y.size());
    forward(packed(x, 0.25f), w, b, y);
    forward(packed(quarters), w, b, same);
    QCOMPARE(y, same);
    std::vector<float> weight(w.size()), sameWeight(w.size()), bias(b.size());
    gradientOf(packed(x, 0.25f), delta, weight, bias);
    gradientOf(packed(quarters), delta, sameWeight, bias);
    QCOMPARE(weight, sameWeight);
}

void TestInputLayer::partsAndMemoryDoNotMatter()
{
    // The same bits for one output alone as among all, and from other places in memory.
    const auto x = randoms(shape.batch * shape.inputs, 1), w = randoms(shape.outputs * shape.inputs, 2);
    const auto b = randoms(shape.outputs, 3), delta = randoms(shape.batch * shape.stride, 4);
    const PackedInput input = packed(x);
    std::vector<float> y(shape.batch * shape.stride), weight(w.size()), bias(b.size());
    forward(input, w, b, y);
    gradientOf(input, delta, weight, bias);
    for (std::size_t shift = 0; shift < 3; ++shift) {
        std::vector<float> moved(shift, 0.0f), column(shift + shape.batch), row(shift + shape.inputs), own(shift + 1);
        const int j = 7 + 5 * static_cast<int>(shift);
        moved.insert(moved.end(), w.begin() + j * shape.inputs, w.begin() + (j + 1) * shape.inputs);
        inputLayerForward(input, &moved[shift], &b[j], {&column[shift], 1, 1});
        inputLayerGradient(input, {&delta[j], shape.stride, 1}, &row[shift], &own[shift]);
        for (int i = 0; i < shape.batch; ++i)
            QCOMPARE(column[shift + i], y[i * shape.stride + j]);
        for (int k = 0; k < shape.inputs; ++k)
            QCOMPARE(row[shift + k], weight[j * shape.inputs + k]);
        QCOMPARE(own[shift], bias[j]);
    }
}

QTEST_GUILESS_MAIN(TestInputLayer)
#include "tst_input_layer.moc"
