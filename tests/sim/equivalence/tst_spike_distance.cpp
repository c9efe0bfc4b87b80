#include "sim/trace/spike_train.h"

#include <QTest>

#include <cmath>

using namespace endospike;
using Times = std::vector<double>;

namespace {

bool near(double a, double b, double tolerance = 1e-12) { return std::abs(a - b) <= tolerance * (1 + std::abs(b)); }

/// (1/tau) integral of (f - g)^2 dt by the trapezoidal rule, piecewise between spikes so that no jump is crossed.
double integratedDistance(const Times& a, const Times& b, double tau)
{
    constexpr double dt = 1e-3;
    double sum = 0;
    for (int k = 0; k < 400'000; ++k) {
        const double t = (k + 0.5) * dt;
        double difference = 0;
        for (const double s : a)
            difference += t >= s ? std::exp(-(t - s) / tau) : 0;
        for (const double s : b)
            difference -= t >= s ? std::exp(-(t - s) / tau) : 0;
        sum += difference * difference * dt;
    }
    return std::sqrt(sum / tau);
}

} // namespace

class TestSpikeDistance : public QObject {
    Q_OBJECT

private slots:
    void vanRossumOfKnownPairs()
    {
        QCOMPARE(vanRossumDistance({}, {}, 10), 0.0);
        QCOMPARE(vanRossumDistance(Times{1, 5, 5.5}, Times{1, 5, 5.5}, 10), 0.0);
        QVERIFY(near(vanRossumDistance(Times{7}, {}, 10), std::sqrt(0.5)));
        QVERIFY(near(vanRossumDistance(Times{7}, Times{10}, 6), std::sqrt(1 - std::exp(-0.5))));
        QVERIFY(near(vanRossumDistance(Times{7, 7}, {}, 10), std::sqrt(2.0))); // twice the height
    }

    void vanRossumIsTheIntegral()
    {
        const Times a = {3.25, 17, 40.5, 41, 90}, b = {5, 16.25, 42, 60};
        for (const double tau : {2.0, 10.0, 30.0}) {
            QVERIFY(near(vanRossumDistance(a, b, tau), integratedDistance(a, b, tau), 1e-4));
            QVERIFY(near(vanRossumDistance(a, b, tau), vanRossumDistance(b, a, tau)));
        }
    }

    void coincidenceOfKnownPairs()
    {
        const Times train = {10, 30, 50, 70, 90};
        QVERIFY(near(coincidenceFactor(train, train, 2, 100), 1));
        // Two of five within 2 ms; <N> = 2 * 0.05 * 2 * 5 = 1; (2 - 1) / 5 / (1 - 0.2) = 0.25
        const Times other = {11, 35, 49, 75, 95};
        QVERIFY(near(coincidenceFactor(train, other, 2, 100), 0.25));
        // A silent model is as good as chance, and no better.
        QCOMPARE(coincidenceFactor(train, {}, 2, 100), 0.0);
        QVERIFY(std::isnan(coincidenceFactor({}, {}, 2, 100)));
        QVERIFY(std::isnan(coincidenceFactor(train, train, 10, 100))); // every time is a coincidence
    }

    void aSpikeCoincidesOnce()
    {
        // Both model spikes lie near the one of the reference; nu = 0.02, <N> = 0.08: (1 - 0.08) / 1.5 / 0.92
        QVERIFY(near(coincidenceFactor(Times{50}, Times{49, 51}, 2, 100), 2.0 / 3));
    }

    void paperMetricsByHand()
    {
        const Times hh = {10, 20, 32}, model = {11, 23, 33}; // intervals 10, 12 and 12, 10
        QVERIFY(near(meanIntervalDifference(hh, model), 2));
        QVERIFY(near(relativeTimingError(hh, model), 5.0 / 3 / 11));
        QCOMPARE(meanIntervalDifference(hh, hh), 0.0);
        QCOMPARE(relativeTimingError(hh, hh), 0.0);
    }

    void paperMetricsNeedEqualCounts()
    {
        QVERIFY(std::isnan(meanIntervalDifference(Times{1, 2}, Times{1, 2, 3})));
        QVERIFY(std::isnan(relativeTimingError(Times{1, 2}, Times{1, 2, 3})));
        QVERIFY(std::isnan(meanIntervalDifference(Times{1}, Times{2})));
        QVERIFY(std::isnan(relativeTimingError({}, {})));
    }

    void comparisonHoldsAll()
    {
        const Times hh = {10, 20, 32}, model = {11, 23, 33};
        const SpikeTrainComparison c = compareSpikeTrains(hh, model, 50, 10, 2);
        QCOMPARE(c.referenceCount, 3);
        QCOMPARE(c.modelCount, 3);
        QCOMPARE(c.referenceRate_hz, 60.0);
        QCOMPARE(c.meanIntervalDifference_ms, meanIntervalDifference(hh, model));
        QCOMPARE(c.relativeTimingError, relativeTimingError(hh, model));
        QCOMPARE(c.vanRossumDistance, vanRossumDistance(hh, model, 10));
        QCOMPARE(c.coincidenceFactor, coincidenceFactor(hh, model, 2, 50));
    }
};

QTEST_GUILESS_MAIN(TestSpikeDistance)
#include "tst_spike_distance.moc"
