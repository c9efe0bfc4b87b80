#include "sim/network/dense.h"
#include "tests/sim/network/matrix_sums.h"

using namespace endospike;

namespace {

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
    compareForward(shape, x, w, b, y, 1e-5);
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
    compareGradient(shape, x, delta, weight, bias, 1e-5);
}

void TestDense::gradientAgainstDifferences()
{
    const auto x = randoms(shape.batch * shape.inputs, 1), c = randoms(shape.batch * shape.stride, 5);
    auto w = randoms(shape.outputs * shape.inputs, 2);
    auto b = randoms(shape.outputs, 3);
    std::vector<float> weight(w.size()), bias(b.size());
    denseGradient(shape, x.data(), c.data(), weight.data(), bias.data());
    const auto forward = [&](std::vector<float>& y) { denseForward(shape, x.data(), w.data(), b.data(), y.data()); };
    compareSlopes(shape, c, w, weight, forward, 5, 1e-3);
    compareSlopes(shape, c, b, bias, forward, 5, 1e-3);
}

QTEST_GUILESS_MAIN(TestDense)
#include "tst_dense.moc"
