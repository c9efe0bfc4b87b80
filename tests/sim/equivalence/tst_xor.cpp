#include "sim/base/errors.h"
#include "sim/equivalence/xor.h"

#include <QTest>

#include <cmath>

using namespace endospike;

class TestXor : public QObject {
    Q_OBJECT

private slots:
    void truthTable_data()
    {
        QTest::addColumn<int>("wiring");
        QTest::addColumn<int>("start");
        for (int wiring = 0; wiring < 2; ++wiring)
            for (int start = 0; start < 2; ++start)
                QTest::addRow("wiring %d start %d", wiring, start) << wiring << start;
    }
    void truthTable()
    {
        QFETCH(int, wiring);
        QFETCH(int, start);
        XorSettings settings;
        settings.wiring = static_cast<XorWiring>(wiring);
        settings.circuit.start = static_cast<CircuitStart>(start);
        if (settings.circuit.start == CircuitStart::rest)
            settings.readFrom_ms = 0;
        const XorResult result = runXor(settings, {});
        for (int which = 0; which < 4; ++which) {
            const XorCase& c = result.cases[which];
            QCOMPARE(c.first, which / 2 == 1);
            QCOMPARE(c.third, which % 2 == 1);
            QCOMPARE(c.exclusiveOr, c.first != c.third);
            QCOMPARE(c.byWiring, settings.wiring == XorWiring::trueXor ? c.exclusiveOr : c.first && !c.third);
            QVERIFY(c.maximumDifference_mv < 1e-8);
            const XorRun &hh = c.runs[0], &tv = c.runs[1];
            QCOMPARE(hh.output, c.exclusiveOr);
            QCOMPARE(tv.output, c.exclusiveOr);
            QCOMPARE(hh.outputTrace().spikes_ms.size(), tv.outputTrace().spikes_ms.size());
            for (std::size_t i = 0; i < hh.outputTrace().spikes_ms.size(); ++i)
                QVERIFY(std::abs(hh.outputTrace().spikes_ms[i] - tv.outputTrace().spikes_ms[i]) < 1e-9);
            QCOMPARE(hh.outputTrace().v_mv.size(), result.time_ms.size());
        }
    }

    void equalInputsGiveOneAnodeBreakSpikeFromThePublishedStart()
    {
        const XorResult result = runXor({}, {});
        for (const int which : {0, 3})
            for (const XorRun& run : result.cases[which].runs) {
                QCOMPARE(run.outputTrace().spikes_ms.size(), std::size_t(1));
                QVERIFY(std::abs(run.outputTrace().spikes_ms[0] - 5) < 0.1);
            }
    }

    void inhibitionAloneFiresByRebound()
    {
        XorSettings settings;
        settings.circuit.start = CircuitStart::rest;
        settings.readFrom_ms = 0;
        const XorResult result = runXor(settings, {});
        const auto& driven = result.cases[2].runs[0].outputTrace().spikes_ms; // (1,0)
        const auto& rebound = result.cases[1].runs[0].outputTrace().spikes_ms; // (0,1)
        QVERIFY(driven.front() < 3);
        QVERIFY(rebound.front() > 5);
        settings.synapse_ua_per_cm2 = 0;
        for (const XorCase& c : runXor(settings, {}).cases)
            QVERIFY(c.runs[0].outputTrace().spikes_ms.empty());
    }

    void badSettingsAreRefused_data()
    {
        QTest::addColumn<double>("dt");
        QTest::addColumn<double>("duration");
        QTest::addColumn<double>("input");
        QTest::newRow("no step") << 0.0 << 40.0 << 40.0;
        QTest::newRow("NaN step") << std::nan("") << 40.0 << 40.0;
        QTest::newRow("negative duration") << 0.001 << -1.0 << 40.0;
        QTest::newRow("too many steps") << 1e-9 << 40.0 << 40.0;
        QTest::newRow("infinite input") << 0.001 << 40.0 << std::numeric_limits<double>::infinity();
    }
    void badSettingsAreRefused()
    {
        QFETCH(double, dt);
        QFETCH(double, duration);
        QFETCH(double, input);
        XorSettings settings;
        settings.circuit.dt_ms = dt;
        settings.circuit.duration_ms = duration;
        settings.input_ua_per_cm2 = input;
        QVERIFY_EXCEPTION_THROWN(runXor(settings, {}), DocumentError);
    }

    void runawayIsNamed()
    {
        XorSettings settings;
        settings.synapse_ua_per_cm2 = 1e6;
        QVERIFY_EXCEPTION_THROWN(runXor(settings, {}), SimulationError);
    }

    void stopsWhenAsked()
    {
        std::stop_source source;
        source.request_stop();
        const XorResult result = runXor({}, {source.get_token(), {}});
        QVERIFY(result.stopped);
        QVERIFY(result.time_ms.back() < 5);
    }
};

QTEST_GUILESS_MAIN(TestXor)
#include "tst_xor.moc"
