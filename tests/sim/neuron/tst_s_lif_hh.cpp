#include "sim/base/errors.h"
#include "sim/neuron/s_lif_hh.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

std::vector<SpikeEvent> advance(Population& p, int steps, const std::vector<double>& current)
{
    std::vector<SpikeEvent> spikes;
    p.advance(steps, {current.data(), current.data(), current.data(), current.size() == 1 ? 0 : 1, 0}, spikes);
    return spikes;
}

} // namespace

class TestSLifHh : public QObject {
    Q_OBJECT

private slots:
    void stepsByHand()
    {
        // x = 10: u1 = 10, 19, 27.1; u4 = 30, 27 + 57 = 84, 75.6 + 81.3 = 156.9
        s_lif_hh::Unit unit;
        const double parts[] = {10, 19, 27.1}, fourth[] = {30, 84, 156.9};
        for (int k = 0; k < 3; ++k) {
            QVERIFY(!unit.step({10, 10, 10}, 1));
            QVERIFY(std::abs(unit.u[0] - parts[k]) < 1e-12);
            QVERIFY(std::abs(unit.u[3] - fourth[k]) < 1e-12);
        }
    }

    void threeAloneDoNotFire()
    {
        s_lif_hh::Unit unit;
        QVERIFY(!unit.step({200, 200, 60}, 1)); // the third is below 70
        QVERIFY(unit.u[0] == 200); // and nothing was reset
        std::array<double, 4> before;
        QVERIFY(unit.step({0, 0, 20}, 1, &before)); // 60 * 0.9 + 20 = 74
        QVERIFY(std::abs(before[2] - 74) < 1e-12);
        QCOMPARE(unit.u, (std::array<double, 4>{}));
    }

    void thresholdItselfDoesNotFire()
    {
        s_lif_hh::Unit unit;
        QVERIFY(!unit.step({70, 70, 70}, 1));
        s_lif_hh::Unit above;
        QVERIFY(above.step({70.0001, 70.0001, 70.0001}, 1));
    }

    void constantNineFiresEveryFifteenSteps()
    {
        // 90 (1 - 0.9^k) > 70 first holds for k = 15
        const auto p = findNeuronModel("s_lif2hh")->create(1, Integrator::forwardEuler, Precision::float64, 0.01);
        const auto spikes = advance(*p, 8000, {9});
        QCOMPARE(spikes.size(), std::size_t(5));
        for (std::size_t i = 0; i < spikes.size(); ++i) {
            QCOMPARE(spikes[i].step, static_cast<int>(i + 1) * 1500 - 1);
            QCOMPARE(spikes[i].fraction, 1.0);
        }
    }

    void inputIsAveragedOverTheStep()
    {
        const auto p = findNeuronModel("s_lif2hh")->create(1, Integrator::forwardEuler, Precision::float64, 0.25);
        double v = 1;
        advance(*p, 3, {1, 2, 3});
        p->voltages(std::span(&v, 1));
        QCOMPARE(v, 0.0); // nothing before the step is whole
        advance(*p, 1, {6});
        std::array<double, 4> channels;
        p->sample(channels);
        QCOMPARE(channels[1], 3.0); // (1 + 2 + 3 + 6) / 4
        QCOMPARE(channels[0], 9.0); // three of them into the fourth
    }

    void splittingAdvancesChangesNothing()
    {
        const NeuronModel* model = findNeuronModel("s_lif2hh");
        const auto one = model->create(1, Integrator::forwardEuler, Precision::float64, 0.1);
        const auto other = model->create(1, Integrator::forwardEuler, Precision::float64, 0.1);
        const auto whole = advance(*one, 1000, {20});
        std::size_t split = 0;
        for (const int steps : {1, 2, 7, 90, 400, 500})
            split += advance(*other, steps, {20}).size();
        QVERIFY(!whole.empty());
        QCOMPARE(split, whole.size());
        std::array<double, 6> a, b;
        one->copyState(0, a);
        other->copyState(0, b);
        QCOMPARE(a, b);
    }

    void stateIsWholeAndResetForgets()
    {
        const NeuronModel* model = findNeuronModel("s_lif2hh");
        const auto one = model->create(1, Integrator::forwardEuler, Precision::float64, 0.1);
        const auto other = model->create(1, Integrator::forwardEuler, Precision::float64, 0.1);
        advance(*one, 57, {20}); // in the middle of a step
        std::array<double, 6> state, later;
        one->copyState(0, state);
        other->setState(0, state);
        advance(*one, 100, {20});
        advance(*other, 100, {20});
        one->copyState(0, state);
        other->copyState(0, later);
        QCOMPARE(state, later);
        one->reset();
        one->copyState(0, state);
        QCOMPARE(state, (std::array<double, 6>{}));
    }

    void boundsAreExact_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<double>("value");
        QTest::newRow("no step") << "step_ms" << 0.0;
        QTest::newRow("decay above 1") << "decay" << std::nextafter(1.0, 2.0);
        QTest::newRow("decay below 0") << "decay" << -1e-300;
        QTest::newRow("threshold") << "threshold_mv" << std::nan("");
        QTest::newRow("reset") << "reset_mv" << 200.001;
    }
    void boundsAreExact()
    {
        QFETCH(QString, key);
        QFETCH(double, value);
        ParameterValues values(findNeuronModel("s_lif2hh")->parameters);
        const ParameterValues before = values;
        QVERIFY_EXCEPTION_THROWN(values.set(key.toStdString(), value), DocumentError);
        QCOMPARE(values, before);
    }
};

QTEST_GUILESS_MAIN(TestSLifHh)
#include "tst_s_lif_hh.moc"
