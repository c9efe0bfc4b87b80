#include "sim/base/errors.h"
#include "sim/equivalence/laboratory.h"
#include "sim/equivalence/result_json.h"
#include "sim/equivalence/settings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

const PaperStimulus& stimulus(std::string_view key)
{
    return *std::ranges::find(paperStimuli(), key, &PaperStimulus::key);
}

} // namespace

class TestEquivalence : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { qunsetenv("ENDOSPIKE_DATA"); }

    void stimuliFollowTheirFormulas()
    {
        QCOMPARE(stimulus("constant").at(12), 9.0);
        QCOMPARE(stimulus("sine").at(0), 11.5);
        QVERIFY(std::abs(stimulus("sine").at(1.25) - (11.5 - 19 * std::sin(1.5))) < 1e-12);
        QCOMPARE(stimulus("square").at(3.99), 24.5); // floor 3 < 3.751
        QCOMPARE(stimulus("square").at(4), -6.5);
        QCOMPARE(stimulus("square").at(9), 24.5); // 9 mod 8.5 = 0.5
        QVERIFY(std::abs(stimulus("sawtooth").at(0) - 12) < 1e-9);
        QVERIFY(std::abs(stimulus("sawtooth").at(8.499999) - 23) < 1e-5);
        QVERIFY(std::abs(stimulus("sawtooth").at(8.5) - 12) < 1e-9);
        QVERIFY(std::abs(stimulus("triangle").at(0) - 10.5) < 1e-9);
        QVERIFY(std::abs(stimulus("triangle").at(4.25) - 7) < 1e-9);
    }

    void publishedCounts_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("hh");
        QTest::addColumn<int>("sLif");
        QTest::newRow("constant") << "constant" << 5 << 5;
        QTest::newRow("sine") << "sine" << 8 << 8;
        QTest::newRow("square") << "square" << 7 << 6;
        QTest::newRow("sawtooth") << "sawtooth" << 6 << 14;
        QTest::newRow("triangle") << "triangle" << 5 << 4;
    }
    void publishedCounts()
    {
        QFETCH(QString, key);
        QFETCH(int, hh);
        QFETCH(int, sLif);
        const SimplifiedRun run = runSimplified(stimulus(key.toStdString()), {}, {});
        QCOMPARE(run.driven.comparison.referenceCount, hh);
        QCOMPARE(run.driven.comparison.modelCount, sLif);
        QCOMPARE(run.stimulus->publishedHhSpikes, hh);
        QCOMPARE(run.stimulus->publishedSLifSpikes, sLif);
        QCOMPARE(std::isnan(run.driven.comparison.meanIntervalDifference_ms), hh != sLif);
        // With W = 1e5 the driven unit copies its driver; the HH cell follows within a millisecond.
        QCOMPARE(run.driven.sLifSpikes_ms, run.driver.sLifSpikes_ms);
        QCOMPARE(run.driven.hhSpikes_ms.size(), run.driver.hhSpikes_ms.size());
        for (std::size_t i = 0; i < run.driver.hhSpikes_ms.size(); ++i) {
            const double delay = run.driven.hhSpikes_ms[i] - run.driver.hhSpikes_ms[i];
            QVERIFY(delay > 0 && delay < 1);
        }
    }

    void simplifiedUnitByHand()
    {
        // 90 (1 - 0.9^k) > 70 first for k = 15, again every 15 steps
        QCOMPARE(runSimplified(stimulus("constant"), {}, {}).driver.sLifSpikes_ms,
            (std::vector<double>{15, 30, 45, 60, 75}));
        // 24.5 for 4 ms: 24.5 (1 - 0.9^4) / 0.1 = 84.3 > 70, and after three steps 66.4
        const SimplifiedRun square = runSimplified(stimulus("square"), {}, {});
        QCOMPARE(square.driver.sLifSpikes_ms.front(), 4.0);
        QVERIFY(std::abs(square.driver.sLifU[0][2] - 24.5 * (1 - std::pow(0.9, 3)) / 0.1) < 1e-9);
        QVERIFY(std::abs(square.driver.sLifU[0][3] - 24.5 * (1 - std::pow(0.9, 4)) / 0.1) < 1e-9);
        QCOMPARE(square.driven.sLifU[0][3], 2e5); // part 1 and part 4 of the driver
    }

    void withoutCouplingTheDrivenUnitHearsNothing()
    {
        SimplifiedSettings settings;
        settings.coupling = 0;
        const SimplifiedRun run = runSimplified(stimulus("constant"), settings, {});
        QVERIFY(!run.driver.hhSpikes_ms.empty());
        QVERIFY(run.driven.hhSpikes_ms.empty());
        QVERIFY(run.driven.sLifSpikes_ms.empty());
    }

    void tracesFit()
    {
        const SimplifiedRun run = runSimplified(stimulus("sine"), {}, {});
        QCOMPARE(run.time_ms.size(), std::size_t(1601));
        QCOMPARE(run.driven.hhV_mv.size(), run.time_ms.size());
        QCOMPARE(run.current_ua_per_cm2.size(), run.time_ms.size());
        QCOMPARE(run.sLifTime_ms.size(), std::size_t(80));
        QCOMPARE(run.driven.sLifU[3].size(), std::size_t(80));
        QCOMPARE(run.driver.hhV_mv.front(), 0.0);
    }

    void badSettingsAreRefused_data()
    {
        QTest::addColumn<double>("dt");
        QTest::addColumn<double>("duration");
        QTest::addColumn<double>("tau");
        QTest::newRow("no step") << 0.0 << 80.0 << 10.0;
        QTest::newRow("NaN step") << std::nan("") << 80.0 << 10.0;
        QTest::newRow("too short") << 1e-3 << 0.5 << 10.0;
        QTest::newRow("endless") << 1e-3 << std::numeric_limits<double>::infinity() << 10.0;
        QTest::newRow("no memory") << 1e-3 << 80.0 << 0.0;
    }
    void badSettingsAreRefused()
    {
        QFETCH(double, dt);
        QFETCH(double, duration);
        QFETCH(double, tau);
        SimplifiedSettings settings;
        settings.dt_ms = dt;
        settings.duration_ms = duration;
        settings.vanRossumTau_ms = tau;
        QVERIFY_EXCEPTION_THROWN(runSimplified(stimulus("sine"), settings, {}), DocumentError);
    }

    void exactComparisonOfTheFirstDocument()
    {
        const ExactDifference exact = runExact(firstEquivalence(), {});
        QCOMPARE(exact.steps, std::int64_t(40000));
        QVERIFY2(exact.maximum_mv < 1e-9, qPrintable(QString::number(exact.maximum_mv)));
        QVERIFY(exact.rms_mv > 0 && exact.rms_mv < exact.maximum_mv);
        QVERIFY(!exact.firstSpikes_ms.empty());
        QCOMPARE(exact.firstSpikes_ms.size(), exact.secondSpikes_ms.size());
    }

    void tableOfBreaksHasTwelveRowsInOrder()
    {
        const std::vector<BreakRow> rows = runBreaks(firstEquivalence(), {});
        QCOMPARE(rows.size(), std::size_t(12));
        const auto& exact = rows[0];
        QCOMPARE(exact.integrator, Integrator::forwardEuler);
        QCOMPARE(exact.order, tv_lif_hh::oldValues);
        for (const BreakRow& row : rows) {
            QVERIFY(row.difference.finite);
            const bool preserved = row.precision == Precision::float64
                && (row.integrator == Integrator::rungeKutta4
                    || (row.integrator == Integrator::forwardEuler && row.order == tv_lif_hh::oldValues));
            QCOMPARE(row.difference.maximum_mv < 1e-8, preserved);
        }
    }

    void wholeRunAndItsJson()
    {
        Experiment experiment = firstEquivalence();
        experiment.own.set(equivalence::f_i_points, 5);
        experiment.own.set(equivalence::f_i_duration_ms, 50);
        experiment.own.set(equivalence::layer_weights, equivalence::seededWeights);
        experiment.own.set(equivalence::circuit_duration_ms, 15);
        double last = -1;
        bool rising = true;
        JobContext context;
        context.progress = [&](double fraction, const std::string& sentence) {
            rising &= fraction >= last && fraction <= 1 && !sentence.empty();
            last = fraction;
        };
        const EquivalenceResult result = runEquivalence(experiment, context);
        QVERIFY(rising);
        QVERIFY(!result.stopped);
        QCOMPARE(result.simplified.size(), std::size_t(5));
        QCOMPARE(result.dial.size(), std::size_t(4));
        QCOMPARE(result.dial[0].spikes_ms.size(), result.dial[1].spikes_ms.size());
        QCOMPARE(result.dial[0].fi.rate_hz, result.dial[1].fi.rate_hz);
        QCOMPARE(result.fullyConnected.has_value(), result.withoutImage.empty());

        const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(result))).object();
        QCOMPARE(json["exact"]["maximum_mv"].toDouble(), result.exact.maximum_mv);
        QCOMPARE(json["where_does_it_break"].toArray().size(), 12);
        const QJsonObject sawtooth =
            json["simplified"].toArray().at(3).toObject()["driven"].toObject()["metrics"].toObject();
        QCOMPARE(sawtooth["model_spikes"].toInt(), 14);
        QVERIFY(sawtooth["mean_interval_difference_ms"].isNull());
        QCOMPARE(json["xor"]["cases"].toArray().size(), 4);
        QCOMPARE(experimentFromJson(QJsonDocument(json["experiment"].toObject()).toJson().toStdString()).own,
            experiment.own);
    }

    void stopsWhenAsked()
    {
        std::stop_source source;
        JobContext context;
        context.stop = source.get_token();
        context.progress = [&](double fraction, const std::string&) {
            if (fraction > 0.02)
                source.request_stop();
        };
        const EquivalenceResult result = runEquivalence(firstEquivalence(), context);
        QVERIFY(result.stopped);
        QVERIFY(result.exact.steps < 40000);
        QVERIFY(result.dial.empty());
        QVERIFY(!toJson(result).empty());
    }

    void missingDataIsSaidAndTheRestIsKept()
    {
        qputenv("ENDOSPIKE_DATA", "/nonexistent");
        Experiment experiment = firstEquivalence();
        experiment.own.set(equivalence::f_i_points, 2);
        experiment.own.set(equivalence::f_i_duration_ms, 50);
        const EquivalenceResult result = runEquivalence(experiment, {});
        qunsetenv("ENDOSPIKE_DATA");
        QVERIFY(QString::fromStdString(result.withoutImage).contains("apt install dataset-fashion-mnist"));
        QVERIFY(!result.fullyConnected);
        QVERIFY(result.xorCircuit);
    }
};

QTEST_GUILESS_MAIN(TestEquivalence)
#include "tst_equivalence.moc"
