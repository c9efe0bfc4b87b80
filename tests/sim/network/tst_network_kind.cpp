#include "sim/base/errors.h"
#include "sim/network/network_kind.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace endospike;

Q_DECLARE_METATYPE(const NetworkKind*)

class TestNetworkKind : public QObject {
    Q_OBJECT

private slots:
    void tenArePublished()
    {
        std::set<std::string_view> keys, names;
        int published = 0, convolutional = 0;
        for (const NetworkKind& kind : networkKinds()) {
            QVERIFY(keys.insert(kind.key).second);
            QVERIFY(names.insert(kind.name).second);
            QVERIFY(!kind.summary.empty());
            QCOMPARE(findNetworkKind(kind.key), &kind);
            published += kind.published;
            convolutional += kind.convolutional;
        }
        QVERIFY2(
            std::ranges::is_sorted(networkKinds(), {}, &NetworkKind::convolutional), "fully connected ones come first");
        QCOMPARE(published, 10);
        QCOMPARE(convolutional, 6);
        QCOMPARE(names.size(), 12u);
        QVERIFY(!findNetworkKind("LIF fc") && !findNetworkKind(""));
    }

    // The table of He et al. 2024.
    void publishedValues_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("hidden");
        QTest::addColumn<int>("steps");
        QTest::addColumn<double>("threshold");
        QTest::addColumn<double>("width");
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("weightDecay");
        QTest::newRow("LIF fc") << "lif_fc" << 512 << 15 << 0.3 << 0.5 << 1e-4 << 1e-5;
        QTest::newRow("4LIF fc") << "4lif_fc" << 2048 << 15 << 0.3 << 0.5 << 1e-4 << 1e-5;
        QTest::newRow("HH fc") << "hh_fc" << 512 << 15 << 0.2 << 0.3 << 1e-4 << 1e-5;
        QTest::newRow("s-LIF2HH fc") << "s_lif2hh_fc" << 512 << 15 << 2.0 << 0.4 << 1e-4 << 1e-5;
        QTest::newRow("ANN") << "ann_fc" << 512 << 1 << 0.5 << 0.5 << 1e-4 << 1e-5;
        QTest::newRow("LIF conv") << "lif_conv" << 10 << 15 << 0.3 << 0.5 << 3e-3 << 3e-4;
        QTest::newRow("4LIF conv") << "4lif_conv" << 40 << 15 << 0.3 << 0.5 << 3e-3 << 3e-4;
        QTest::newRow("HH conv") << "hh_conv" << 10 << 15 << 2.3 << 0.5 << 3e-3 << 3e-4;
        QTest::newRow("s-LIF2HH conv") << "s_lif2hh_conv" << 10 << 10 << 0.3 << 0.4 << 3e-3 << 3e-4;
        QTest::newRow("CNN") << "cnn" << 10 << 1 << 0.5 << 0.5 << 1e-3 << 1e-4;
    }
    void publishedValues()
    {
        QFETCH(QString, kind);
        QFETCH(int, hidden);
        QFETCH(int, steps);
        QFETCH(double, threshold);
        QFETCH(double, width);
        QFETCH(double, rate);
        QFETCH(double, weightDecay);
        const NetworkSettings s = networkSettings(NetworkPlan(*findNetworkKind(kind.toStdString())));
        QCOMPARE(s.hidden, hidden);
        QCOMPARE(s.steps, steps);
        QCOMPARE(s.threshold, threshold);
        QCOMPARE(s.surrogateWidth, width);
        QCOMPARE(s.learningRate, rate);
        QCOMPARE(s.weightDecay, weightDecay);
        QCOMPARE(s.inputScale, 1.0);
        QVERIFY(s.optimizer == OptimizerKind::adam);
        QCOMPARE(s.weightScale, kind == "hh_fc" ? 0.01 : 1.0);
        if (kind == "hh_fc" || kind == "hh_conv")
            QCOMPARE(s.dt_ms, kind == "hh_fc" ? 0.01 : 0.1);
    }

    /// Every row of every kind, and what the settings make of it.
    void boundsAreExact_data()
    {
        QTest::addColumn<const NetworkKind*>("kind");
        for (const NetworkKind& kind : networkKinds())
            QTest::newRow(std::string(kind.key).c_str()) << &kind;
    }
    void boundsAreExact()
    {
        QFETCH(const NetworkKind*, kind);
        NetworkPlan plan(*kind);
        for (std::size_t row = 0; row < plan.parameters.size(); ++row) {
            const Parameter& parameter = plan.parameters.table()[row];
            const double infinity = std::numeric_limits<double>::infinity();
            for (const double bad : {std::nextafter(parameter.minimum, -infinity),
                     std::nextafter(parameter.maximum, infinity), infinity, std::nan("")})
                QVERIFY_EXCEPTION_THROWN(plan.parameters.set(row, bad), DocumentError);
            for (const double good : {parameter.minimum, parameter.maximum, parameter.initial})
                plan.parameters.set(row, good);
            QVERIFY(!parameter.label.empty() && !parameter.meaning.empty());
        }
        QVERIFY(plan == NetworkPlan(*kind));
        const ParameterValues best = ownBestParameters(*kind);
        QCOMPARE(best.table().data(), kind->parameters.data());
    }

    void everyRowReachesTheSettings()
    {
        for (const NetworkKind& kind : networkKinds()) {
            const NetworkSettings before = networkSettings(NetworkPlan(kind));
            for (std::size_t row = 0; row < kind.parameters.size(); ++row) {
                NetworkPlan plan(kind);
                const Parameter& parameter = kind.parameters[row];
                plan.parameters.set(
                    row, parameter.initial == parameter.maximum ? parameter.minimum : parameter.maximum);
                const NetworkSettings after = networkSettings(plan);
                const auto numbers = [](const NetworkSettings& s) {
                    return std::vector<double>{double(s.hidden), double(s.steps), s.threshold, s.surrogateWidth,
                        s.decay, s.dt_ms, s.rateScale, s.inputScale, s.weightScale, s.window_ms, s.smoothing_ua_per_cm2,
                        s.startCurrent_ua_per_cm2, s.gain_ua_per_cm2, s.synapseTau_ms,
                        double(static_cast<int>(s.optimizer)), s.learningRate, s.weightDecay, s.beta1, s.beta2,
                        s.decayFactor, double(s.decayEpochs[0]), double(s.decayEpochs[1]), double(s.decayEpochs[2])};
                };
                int changed = 0;
                for (std::size_t i = 0; i < numbers(before).size(); ++i)
                    changed += numbers(before)[i] != numbers(after)[i];
                QVERIFY2(changed == 1, std::string(parameter.key).c_str());
            }
        }
    }

    void theLearningRateFalls()
    {
        NetworkSettings s;
        s.learningRate = 1;
        s.decayFactor = 0.5;
        s.decayEpochs[0] = 2;
        s.decayEpochs[1] = 3;
        s.decayEpochs[2] = 0;
        QCOMPARE(s.learningRateIn(0), 1.0);
        QCOMPARE(s.learningRateIn(1), 1.0);
        QCOMPARE(s.learningRateIn(2), 0.5);
        QCOMPARE(s.learningRateIn(3), 0.25);
        QCOMPARE(s.learningRateIn(1000), 0.25);
    }
};

QTEST_GUILESS_MAIN(TestNetworkKind)
#include "tst_network_kind.moc"
