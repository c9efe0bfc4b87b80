#include "sim/network/optimizer.h"

#include <QTest>

#include <cmath>
#include <stdexcept>

using namespace endospike;

namespace {

/// Adam as its definition says, in double precision.
struct PlainAdam {
    double w, m = 0, v = 0;
    int t = 0;
    void step(double gradient, double rate, const NetworkSettings& s)
    {
        ++t;
        const double g = gradient + s.weightDecay * w;
        m = s.beta1 * m + (1 - s.beta1) * g;
        v = s.beta2 * v + (1 - s.beta2) * g * g;
        w -= rate * (m / (1 - std::pow(s.beta1, t))) / (std::sqrt(v / (1 - std::pow(s.beta2, t))) + 1e-8);
    }
};

float gradientAt(std::size_t i, int t)
{
    return static_cast<float>(std::sin(0.7 * static_cast<double>(i) + 1.3 * t) * std::pow(10.0, double(i % 7) - 4));
}

} // namespace

class TestOptimizer : public QObject {
    Q_OBJECT
private slots:
    void firstStepIsTheRate();
    void adamAgainstDefinition();
    void momentumAgainstClosedForm();
    void zeroGradientLeavesValues();
    void sameBitsWithTwoThreads_data();
    void sameBitsWithTwoThreads();
    void goesOnFromItsState();
    void refusesOtherLengths();
};

void TestOptimizer::firstStepIsTheRate()
{
    // The corrected moments of the first step are g and g^2, whatever the betas.
    NetworkSettings settings;
    settings.weightDecay = 0;
    Optimizer adam(settings, 3);
    Workers workers(1);
    std::vector<float> w = {1, 1, 1};
    adam.step(w, std::vector<float>{5, -0.01f, 1e-8f}, 0.125, workers);
    QVERIFY(std::abs(w[0] - 0.875) < 1e-6);
    QVERIFY(std::abs(w[1] - 1.125) < 1e-6);
    QVERIFY(std::abs(w[2] - (1 - 0.125 / 2)) < 1e-6); // |g| = epsilon
}

void TestOptimizer::adamAgainstDefinition()
{
    constexpr std::size_t count = 1037;
    NetworkSettings settings;
    settings.weightDecay = 0.01;
    Optimizer adam(settings, count);
    Workers workers(1);
    std::vector<float> w(count), g(count);
    std::vector<PlainAdam> plain(count);
    for (std::size_t i = 0; i < count; ++i)
        plain[i].w = w[i] = static_cast<float>(std::cos(double(i)));
    for (int t = 1; t <= 50; ++t) {
        const double rate = t < 25 ? 1e-2 : 1e-3;
        for (std::size_t i = 0; i < count; ++i) {
            g[i] = gradientAt(i, t);
            plain[i].step(g[i], rate, settings);
        }
        adam.step(w, g, rate, workers);
    }
    for (std::size_t i = 0; i < count; ++i)
        QVERIFY2(std::abs(w[i] - plain[i].w) < 1e-5, qPrintable(QString::number(i)));
    QCOMPARE(adam.state().steps, std::uint64_t(50));
}

void TestOptimizer::momentumAgainstClosedForm()
{
    // A constant gradient 1 with momentum b: after t steps m = (1 - b^t) / (1 - b) and w has fallen by the sum of it.
    NetworkSettings settings;
    settings.optimizer = OptimizerKind::sgd;
    settings.weightDecay = 0;
    settings.beta1 = 0.5;
    Optimizer sgd(settings, 1);
    Workers workers(1);
    std::vector<float> w = {0};
    for (int t = 0; t < 8; ++t)
        sgd.step(w, std::vector<float>{1}, 0.25, workers);
    const double power = std::pow(0.5, 8);
    QCOMPARE(sgd.state().firstMoment[0], float((1 - power) / 0.5));
    QCOMPARE(w[0], float(-0.25 * (8 / 0.5 - (1 - power) * 0.5 / 0.25)));
}

void TestOptimizer::zeroGradientLeavesValues()
{
    NetworkSettings settings;
    settings.weightDecay = 0;
    Optimizer adam(settings, 2);
    Workers workers(1);
    std::vector<float> w = {3, -4};
    adam.step(w, std::vector<float>{0, 0}, 0.1, workers);
    QCOMPARE(w, (std::vector<float>{3, -4}));
}

void TestOptimizer::sameBitsWithTwoThreads_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("adam") << int(OptimizerKind::adam);
    QTest::newRow("sgd") << int(OptimizerKind::sgd);
}

void TestOptimizer::sameBitsWithTwoThreads()
{
    QFETCH(int, kind);
    constexpr std::size_t count = 300007;
    NetworkSettings settings;
    settings.optimizer = static_cast<OptimizerKind>(kind);
    Optimizer first(settings, count), second(settings, count);
    Workers alone(1), pair(2);
    std::vector<float> a(count, 0.5f), b(count, 0.5f), g(count);
    for (int t = 0; t < 3; ++t) {
        for (std::size_t i = 0; i < count; ++i)
            g[i] = gradientAt(i, t);
        first.step(a, g, 1e-3, alone);
        second.step(b, g, 1e-3, pair);
    }
    QCOMPARE(a, b);
    QCOMPARE(first.state().firstMoment, second.state().firstMoment);
    QCOMPARE(first.state().secondMoment, second.state().secondMoment);
    QVERIFY(a[count - 1] != 0.5f);
}

void TestOptimizer::goesOnFromItsState()
{
    constexpr std::size_t count = 100;
    const NetworkSettings settings;
    Workers workers(1);
    Optimizer whole(settings, count), begun(settings, count);
    std::vector<float> a(count, 0.5f), b(count, 0.5f), g(count);
    for (int t = 0; t < 6; ++t) {
        for (std::size_t i = 0; i < count; ++i)
            g[i] = gradientAt(i, t);
        whole.step(a, g, 1e-3, workers);
        Optimizer next(settings, count);
        next.setState(begun.state());
        next.step(b, g, 1e-3, workers);
        begun = next;
    }
    QCOMPARE(a, b);
}

void TestOptimizer::refusesOtherLengths()
{
    Optimizer adam(NetworkSettings{}, 3);
    QVERIFY_EXCEPTION_THROWN(adam.setState({{1, 2}, {1, 2, 3}, 1}), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(adam.setState({{1, 2, 3}, {}, 1}), std::invalid_argument);
}

QTEST_GUILESS_MAIN(TestOptimizer)
#include "tst_optimizer.moc"
