#include "sim/base/errors.h"
#include "sim/neuron/run.h"
#include "sim/trace/spike_train.h"
#include "tests/sim/neuron/plan_fixture.h"

#include <QtTest>

#include <cmath>

using namespace endospike;
using namespace endospike::test;

namespace {

NeuronPlan lifPlan(double duration_ms)
{
    NeuronPlan plan;
    addCell(plan, "lif");
    plan.stimulus.parts.push_back(part("constant", {{"amplitude_ua_per_cm2", 10}}));
    setSimulation(plan, {{"duration_ms", duration_ms}});
    return plan;
}

} // namespace

class TestRun : public QObject {
    Q_OBJECT

private slots:
    void samplesLieOnTheGrid_data();
    void samplesLieOnTheGrid();
    void blocksEqualASteppedSimulation();
    void summariesDescribeTheSpikes();
    void spikeAfterTheLastSampleCounts();
    void stopKeepsWhatWasComputed();
    void stopIsHeardBetweenDistantSamples();
    void progressRises();
    void endlessStillEnds();
    void failureKeepsWhatWasComputed();
};

void TestRun::samplesLieOnTheGrid_data()
{
    QTest::addColumn<double>("dt_ms");
    QTest::addColumn<double>("interval_ms");
    QTest::addColumn<double>("duration_ms");
    QTest::addColumn<int>("samples");
    QTest::addColumn<double>("simulated_ms");
    QTest::newRow("whole intervals") << 0.01 << 0.05 << 10.0 << 201 << 10.0;
    QTest::newRow("part of an interval at the end") << 0.01 << 0.05 << 10.03 << 201 << 10.03;
    QTest::newRow("every step") << 0.025 << 0.025 << 100.0 << 4001 << 100.0;
    QTest::newRow("duration between steps") << 0.1 << 0.1 << 1.04 << 11 << 1.0;
    QTest::newRow("interval beyond the duration") << 0.01 << 100.0 << 10.0 << 1 << 10.0;
    QTest::newRow("a block to the sample") << 0.01 << 0.05 << 51.15 << 1024 << 51.15;
}

void TestRun::samplesLieOnTheGrid()
{
    QFETCH(double, dt_ms);
    QFETCH(double, interval_ms);
    QFETCH(double, duration_ms);
    QFETCH(int, samples);
    QFETCH(double, simulated_ms);
    NeuronPlan plan = lifPlan(duration_ms);
    setSimulation(plan, {{"dt_ms", dt_ms}, {"record_interval_ms", interval_ms}});
    int seen = 0;
    const Result result = run(plan, {}, [&](const TraceBlock& block) {
        QCOMPARE(block.restarted, seen == 0);
        QCOMPARE(block.values.size(), block.layout->columns.size() * static_cast<std::size_t>(block.count));
        for (int k = 0; k < block.count; ++k, ++seen)
            QVERIFY(std::abs(block.first_ms + k * block.interval_ms - seen * interval_ms) < 1e-9);
    });
    QCOMPARE(seen, samples);
    QVERIFY(!result.stopped);
    QVERIFY(std::abs(result.simulated_ms - simulated_ms) < 1e-9);
}

void TestRun::blocksEqualASteppedSimulation()
{
    NeuronPlan plan = mixedPlan(Integrator::rungeKutta4);
    setSimulation(plan, {{"duration_ms", 150}});
    Simulation simulation(plan);
    std::vector<CellSpike> expected;
    std::vector<CellSpike> spikes;
    int blocks = 0;
    run(plan, {}, [&](const TraceBlock& block) {
        ++blocks;
        spikes.insert(spikes.end(), block.spikes.begin(), block.spikes.end());
        for (int k = 0; k < block.count; ++k) {
            const std::vector<double> row = sampleOf(simulation);
            for (std::size_t c = 0; c < row.size(); ++c)
                QCOMPARE(block.values[c * static_cast<std::size_t>(block.count) + k], row[c]);
            simulation.advance(plan.stepsPerSample(), expected);
        }
    });
    QVERIFY(blocks >= 3);
    expected.erase(
        std::ranges::remove_if(expected, [](const CellSpike& s) { return s.time_ms > 150; }).begin(), expected.end());
    QVERIFY(spikes == expected);
}

void TestRun::summariesDescribeTheSpikes()
{
    const NeuronPlan plan = mixedPlan();
    std::vector<CellSpike> spikes;
    const Result result = run(plan, {},
        [&](const TraceBlock& block) { spikes.insert(spikes.end(), block.spikes.begin(), block.spikes.end()); });
    QCOMPARE(result.spikes.size(), plan.cells.size());
    for (std::size_t i = 0; i < result.spikes.size(); ++i) {
        const SpikeSummary& summary = result.spikes[i];
        QCOMPARE(summary.cellId, plan.cells[i].id);
        QCOMPARE(summary.cellName, plan.cells[i].name);
        std::vector<double> own;
        for (const CellSpike& spike : spikes)
            if (spike.cellId == summary.cellId)
                own.push_back(spike.time_ms);
        QVERIFY(own.size() >= 3);
        QCOMPARE(summary.times_ms, own);
        QCOMPARE(summary.meanRate_hz, static_cast<double>(own.size()) / 0.06);
        QCOMPARE(summary.meanInterval_ms, mean(interSpikeIntervals(own)));
        QCOMPARE(summary.intervalCoefficientOfVariation, coefficientOfVariation(interSpikeIntervals(own)));
    }
    // A run with no sink says the same; a silent cell has no intervals.
    QCOMPARE(run(plan, {}, {}).spikes[0].times_ms, result.spikes[0].times_ms);
    NeuronPlan silent;
    addCell(silent, "lif");
    const Result quiet = run(silent, {}, {});
    QCOMPARE(quiet.spikes[0].meanRate_hz, 0.0);
    QVERIFY(std::isnan(quiet.spikes[0].meanInterval_ms));
    QVERIFY(std::isnan(quiet.spikes[0].intervalCoefficientOfVariation));
}

void TestRun::spikeAfterTheLastSampleCounts()
{
    // 1024 samples fill a block exactly; the spike falls between the last of them and the end.
    NeuronPlan plan = lifPlan(51.18);
    plan.stimulus.parts = {part("step", {{"amplitude_ua_per_cm2", 1e4}, {"onset_ms", 51.15}})};
    std::size_t delivered = 0;
    const Result result = run(plan, {}, [&](const TraceBlock& block) { delivered += block.spikes.size(); });
    QCOMPARE(result.spikes[0].times_ms.size(), 1u);
    QCOMPARE(delivered, 1u);
    QVERIFY(result.spikes[0].times_ms[0] > 51.15 && result.spikes[0].times_ms[0] < 51.18);
}

void TestRun::stopKeepsWhatWasComputed()
{
    const NeuronPlan plan = lifPlan(1e6);
    std::stop_source source;
    int samples = 0;
    int blocks = 0;
    const Result result = run(plan, {source.get_token(), {}}, [&](const TraceBlock& block) {
        samples += block.count;
        if (++blocks == 2)
            source.request_stop();
    });
    QVERIFY(result.stopped);
    QVERIFY(samples >= 2048);
    QVERIFY(std::abs(result.simulated_ms - (samples - 1) * 0.05) < 0.05);
    QCOMPARE(result.spikes[0].times_ms.empty(), false);
    QVERIFY(result.spikes[0].times_ms.back() <= result.simulated_ms);
    std::stop_source before;
    before.request_stop();
    const Result none = run(plan, {before.get_token(), {}}, {});
    QVERIFY(none.stopped);
    QCOMPARE(none.simulated_ms, 0.0);
}

void TestRun::stopIsHeardBetweenDistantSamples()
{
    NeuronPlan plan = mixedPlan();
    setSimulation(plan, {{"dt_ms", 1e-4}, {"record_interval_ms", 100}, {"duration_ms", 1e7}});
    std::stop_source source;
    int samples = 0;
    const Result result = run(plan, {source.get_token(), [&](double, const std::string&) { source.request_stop(); }},
        [&](const TraceBlock& block) { samples += block.count; });
    QVERIFY(result.stopped);
    QCOMPARE(samples, 1); // at t = 0
    QVERIFY(result.simulated_ms > 0 && result.simulated_ms < 100);
}

void TestRun::progressRises()
{
    NeuronPlan plan = lifPlan(20'000);
    double last = 0;
    int reports = 0;
    const auto progress = [&](double fraction, const std::string& sentence) {
        QVERIFY(fraction >= last && fraction <= 1);
        QVERIFY(!sentence.empty());
        last = fraction;
        ++reports;
    };
    run(plan, {{}, progress}, {});
    QVERIFY(reports >= 10);
    setSimulation(plan, {{"record_interval_ms", 100}}); // few samples, as many reports
    const int before = std::exchange(reports, 0);
    last = 0;
    run(plan, {{}, progress}, {});
    QCOMPARE(reports, before);
}

void TestRun::endlessStillEnds()
{
    NeuronPlan plan = lifPlan(5);
    setSimulation(plan, {{"endless", 1}});
    const Result result = run(plan, {}, {});
    QVERIFY(!result.stopped);
    QVERIFY(std::abs(result.simulated_ms - 5) < 1e-9);
}

void TestRun::failureKeepsWhatWasComputed()
{
    NeuronPlan plan;
    addCell(plan, "hh");
    plan.stimulus.parts.push_back(part("step", {{"amplitude_ua_per_cm2", 1e4}, {"onset_ms", 5}}));
    setSimulation(plan, {{"dt_ms", 1}, {"integrator", 0}, {"duration_ms", 1000}});
    int samples = 0;
    double failed_ms = 0;
    try {
        run(plan, {}, [&](const TraceBlock& block) {
            samples += block.count;
            for (double value : block.values)
                QVERIFY(std::isfinite(value));
        });
        QFAIL("did not fail");
    } catch (const SimulationError& error) {
        failed_ms = error.time_ms;
    }
    QCOMPARE(samples, static_cast<int>(failed_ms)); // 0, 1, ... up to the step before
}

QTEST_APPLESS_MAIN(TestRun)
#include "tst_run.moc"
