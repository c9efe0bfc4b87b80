#include "sim/control/squashed_gaussian.h"

#include <QtTest>

#include <cmath>

using namespace endospike;

class TestSquashedGaussian : public QObject {
    Q_OBJECT

private slots:
    /// With a = tanh(u), integrals over the density of a are sums over n of the normal density.
    void densityIntegratesToOne_data()
    {
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("logSigma");
        QTest::newRow("narrow") << 0.3 << -2.0;
        QTest::newRow("unit") << 0.0 << 0.0;
        QTest::newRow("beside") << 1.0 << -0.5;
        QTest::newRow("wide") << -0.5 << 0.7;
    }
    void densityIntegratesToOne()
    {
        QFETCH(double, mean);
        QFETCH(double, logSigma);
        // On a grid of u, where da = (1 - a^2) du: p(a) da is evaluated from logProbability alone.
        const double sigma = std::exp(logSigma);
        double mass = 0, entropy = 0, direct = 0;
        constexpr int points = 20001;
        constexpr double reach = 9;
        const double step = 2 * reach / (points - 1);
        for (int i = 0; i < points; ++i) {
            const double n = -reach + step * i;
            const SquashedGaussian<double> g(mean, logSigma, n);
            const double a = std::tanh(mean + sigma * n);
            QCOMPARE(g.action, a);
            const double width = (1 - a * a) * sigma * step; // da
            const double density = std::exp(g.logProbability);
            mass += density * width;
            entropy -= density * g.logProbability * width;
            // Entropy of a Gaussian plus the mean of log(1 - a^2), with the normal density written out.
            const double normal = std::exp(-n * n / 2) / std::sqrt(2 * std::numbers::pi) * step;
            if (1 - a * a > 0)
                direct += normal * std::log(1 - a * a);
        }
        direct += 0.5 * std::log(2 * std::numbers::pi * std::numbers::e) + logSigma;
        QVERIFY2(std::abs(mass - 1) < 1e-6, qPrintable(QString::number(mass)));
        QVERIFY2(std::abs(entropy - direct) < 1e-5, qPrintable(QString("%1 %2").arg(entropy).arg(direct)));
    }

    void derivativesAreThoseOfFiniteDifferences()
    {
        constexpr double step = 1e-6;
        for (const double mean : {-3.0, -0.4, 0.0, 1.7})
            for (const double logSigma : {-3.0, 0.0, 1.5})
                for (const double n : {-1.3, 0.2, 2.0}) {
                    const auto at = [n](double m, double s) { return SquashedGaussian<double>(m, s, n); };
                    const auto here = at(mean, logSigma);
                    const double toMean =
                        (at(mean + step, logSigma).logProbability - at(mean - step, logSigma).logProbability)
                        / (2 * step);
                    const double toLogSigma =
                        (at(mean, logSigma + step).logProbability - at(mean, logSigma - step).logProbability)
                        / (2 * step);
                    const double slope =
                        (at(mean + step, logSigma).action - at(mean - step, logSigma).action) / (2 * step);
                    QVERIFY(std::abs(toMean - here.toMean()) < 1e-7);
                    QVERIFY(std::abs(toLogSigma - here.toLogSigma()) < 1e-6);
                    QVERIFY(std::abs(slope - here.slope) < 1e-9);
                }
    }

    void boundsOfTheSpreadEndItsGradient()
    {
        const SquashedGaussian<double> wide(0.1, 5, 0.5), widest(0.1, 2, 0.5);
        QVERIFY(wide.clamped && !widest.clamped);
        QCOMPARE(wide.logProbability, widest.logProbability);
        QCOMPARE(wide.toLogSigma(), 0.0);
        QVERIFY(SquashedGaussian<float>(0, -30, 1).clamped);
    }

    /// Where 1 - a^2 underflows in single precision, the logarithm is still right.
    void farOutKeepsItsDigits()
    {
        const SquashedGaussian<float> out(30, 0, 0);
        const double expected = -0.5 * std::log(2 * std::numbers::pi) - (std::log(4.0) - 60);
        QVERIFY(std::abs(static_cast<double>(out.logProbability) - expected) < 1e-4);
    }
};

QTEST_APPLESS_MAIN(TestSquashedGaussian)
#include "tst_squashed_gaussian.moc"
