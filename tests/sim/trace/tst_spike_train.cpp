#include "sim/trace/spike_train.h"

#include <QtTest>

#include <cmath>

using namespace endospike;

class TestSpikeTrain : public QObject {
    Q_OBJECT

private slots:
    void intervalsAreDifferences();
    void regularTrainDoesNotVary();
    void knownCoefficientOfVariation();
    void tooFewSpikesGiveNaN();
};

void TestSpikeTrain::intervalsAreDifferences()
{
    const double times[] = {1, 1.5, 4, 10};
    QCOMPARE(interSpikeIntervals(times), (std::vector<double>{0.5, 2.5, 6}));
    QCOMPARE(mean(interSpikeIntervals(times)), 3.0);
    QVERIFY(interSpikeIntervals({}).empty());
    QVERIFY(interSpikeIntervals(std::span(times).first(1)).empty());
}

void TestSpikeTrain::regularTrainDoesNotVary()
{
    std::vector<double> times;
    for (int k = 0; k < 50; ++k)
        times.push_back(3 + 0.25 * k);
    QCOMPARE(coefficientOfVariation(interSpikeIntervals(times)), 0.0);
    QCOMPARE(mean(interSpikeIntervals(times)), 0.25);
}

void TestSpikeTrain::knownCoefficientOfVariation()
{
    // 1 and 3: mean 2, variance with n - 1 is 2.
    const double values[] = {1, 3};
    QVERIFY(std::abs(coefficientOfVariation(values) - std::sqrt(2.0) / 2) < 1e-15);
    // Scaling time does not change it.
    const double slow[] = {100, 300};
    QVERIFY(std::abs(coefficientOfVariation(slow) - coefficientOfVariation(values)) < 1e-15);
}

void TestSpikeTrain::tooFewSpikesGiveNaN()
{
    const double one[] = {5};
    QVERIFY(std::isnan(mean({})));
    QVERIFY(std::isnan(coefficientOfVariation({})));
    QVERIFY(std::isnan(coefficientOfVariation(one)));
    QCOMPARE(mean(one), 5.0);
}

QTEST_APPLESS_MAIN(TestSpikeTrain)
#include "tst_spike_train.moc"
