#include "sim/network/input_layer.h"
#include "tests/sim/network/matrix_sums.h"

using namespace endospike;

namespace {

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
    compareForward(shape, x, w, b, y, 3e-5);
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
    compareGradient(shape, x, delta, weight, bias, 3e-5);
}

void TestInputLayer::gradientAgainstDifferences()
{
    const auto x = randoms(shape.batch * shape.inputs, 1), c = randoms(shape.batch * shape.stride, 5);
    auto w = randoms(shape.outputs * shape.inputs, 2);
    auto b = randoms(shape.outputs, 3);
    const PackedInput input = packed(x);
    std::vector<float> weight(w.size()), bias(b.size());
    gradientOf(input, c, weight, bias);
    const auto outputs = [&](std::vector<float>& y) { forward(input, w, b, y); };
    compareSlopes(shape, c, w, weight, outputs, 17, 1e-3);
    compareSlopes(shape, c, b, bias, outputs, 17, 1e-3);
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
    std::vector<float> y(shape.batch * shape.stride, -7.0f), weight(w.size(), 99.0f), bias(shape.outputs);
    inputLayerForward(input, w.data(), b.data(), {y.data(), shape.stride, shape.outputs});
    gradientOf(input, delta, weight, bias);
    const Shape dark = {shape.batch, inputs, shape.outputs, shape.stride};
    compareForward(dark, x, w, b, y, 3e-5);
    compareGradient(dark, x, delta, weight, bias, 3e-5);
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
