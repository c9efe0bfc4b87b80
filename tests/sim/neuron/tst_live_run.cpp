#include "sim/base/errors.h"
#include "sim/neuron/live_run.h"
#include "sim/neuron/run.h"
#include "tests/sim/neuron/plan_fixture.h"

#include <QtTest>

#include <chrono>
#include <cmath>
#include <exception>
#include <functional>
#include <random>
#include <thread>

using namespace endospike;
using namespace endospike::test;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

double elapsed_ms(Clock::time_point since)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

/// A live run in a thread of its own, and what came out of it.
struct Live {
    explicit Live(NeuronPla plan, double speed_ms_per_s = 0, std::size_t maximumValues = 8u << 20)
        : traces(maximumValues)
    {
        control.speed_ms_per_s = speed_ms_per_s;
        thread = std::jthread([this, plan = std::move(plan)](std::stop_token stop) {
            try {
                runLive(plan, control, status, traces, {stop, {}});
            } catch (...) {
                failure = std::current_exception();
            }
            ended = true;
        });
    }

    void drain()
    {
        for (TraceBlock& block : traces.drain())
            blocks.push_back(std::move(block));
    }

    /// Drains until the condition holds; false after ten seconds.
    bool waitFor(const std::function<bool()>& condition)
    {
        for (const auto begin = Clock::now(); elapsed_ms(begin) < 10'000; std::this_thread::sleep_for(1ms)) {
            drain();
            if (condition())
                return true;
        }
        return false;
    }

    /// Wall time in ms until it has ended.
    double close()
    {
        const auto begin = Clock::now();
        thread.request_stop();
        thread.join();
        const double wall_ms = elapsed_ms(begin);
        drain();
        return wall_ms;
    }

    int samples() const
    {
        int count = 0;
        for (const TraceBlock& block : blocks)
            count += block.count;
        return count;
    }

    LiveControl control;
    LiveStatus status;
    TraceBuffer traces;
    std::vector<TraceBlock> blocks;
    std::exception_ptr failure;
    std::atomic<bool> ended = false;
    std::jthread thread;
};

NeuronPlan endless(NeuronPla plan)
{
    setSimulation(plan, {{"endless", 1}});
    return plan;
}

NeuronPlan smallExperiment()
{
    NeuronPla plan;
    addCell(plan, "hh");
    addCell(plan, "lif");
    plan.stimulus.parts.push_back(part("constant"));
    return endless(plan);
}

} // namespace

class TestLiveRun : public QObject {
    Q_OBJECT

private slots:
    void equalsARunToTheEnd_data();
    void equalsARunToTheEnd();
    void speedIsKept_data();
    void speedIsKept();
    void speedIsReported();
    void pauseStandsStill();
    void singleStepsGiveOneSampleEach();
    void resetBeginsAgain();
    void editsActAndTimeGoesOn();
    void injectionReachesEveryCell();
    void endCanBeMoved();
    void stepsAskedAtTheEndAreNotOwed();
    void failureIsThrownWithItsTrace();
    void closesPromptly_data();
    void closesPromptly();
    void storm();
};

void TestLiveRun::equalsARunToTheEnd_data()
{
    QTest::addColumn<double>("duration_ms");
    QTest::addColumn<double>("speed_ms_per_s");
    QTest::newRow("as fast as possible") << 300.0 << 0.0;
    QTest::newRow("paced") << 100.0 << 1000.0;
    QTest::newRow("part of an interval at the end") << 100.03 << 0.0;
}

void TestLiveRun::equalsARunToTheEnd()
{
    QFETCH(double, duration_ms);
    QFETCH(double, speed_ms_per_s);
    NeuronPla plan = mixedPlan();
    setSimulation(plan, {{"duration_ms", duration_ms}});
    std::vector<double> expected; // row by row: blocks are cut elsewhere
    const auto unroll = [](const TraceBlock& block, std::vector<double>& rows) {
        for (int k = 0; k < block.count; ++k)
            for (std::size_t c = 0; c < block.layout->columns.size(); ++c)
                rows.push_back(block.values[c * static_cast<std::size_t>(block.count) + k]);
    };
    const Result result = run(plan, {}, [&](const TraceBlock& block) { unroll(block, expected); });
    Live live(plan, speed_ms_per_s);
    QVERIFY(live.waitFor([&] { return live.status.atEnd.load(); }));
    live.close();
    std::vector<double> rows;
    std::vector<std::vector<double>> times(plan.cells.size());
    for (const TraceBlock& block : live.blocks) {
        unroll(block, rows);
        for (const CellSpike& spike : block.spikes)
            times[static_cast<std::size_t>(spike.cellId - 1)].push_back(spike.time_ms);
    }
    QVERIFY(rows == expected);
    for (std::size_t i = 0; i < times.size(); ++i)
        QCOMPARE(times[i], result.spikes[i].times_ms);
    QCOMPARE(live.status.time_ms.load(), result.simulated_ms);
    QCOMPARE(live.traces.lostSamples(), 0u);
    QCOMPARE(live.status.steps.load(), std::llround(duration_ms / 0.01) * 5);
}

void TestLiveRun::speedIsKept_data()
{
    QTest::addColumn<double>("speed_ms_per_s");
    QTest::newRow("slow motion") << 1.0;
    QTest::newRow("a tenth") << 100.0;
    QTest::newRow("real time") << 1000.0;
}

void TestLiveRun::speedIsKept()
{
    QFETCH(double, speed_ms_per_s);
    Live live(smallExperiment(), speed_ms_per_s);
    QVERIFY(live.waitFor([&] { return live.samples() > 0; }));
    const auto begin = Clock::now();
    const double first_ms = live.status.time_ms;
    live.waitFor([&] { return elapsed_ms(begin) > 300; });
    const double passed_ms = live.status.time_ms - first_ms;
    const double due_ms = elapsed_ms(begin) * 1e-3 * speed_ms_per_s;
    live.close();
    // Never ahead of the clock by more than a sample and what it may catch up on; a busy machine may fall behind.
    QVERIFY2(passed_ms <= due_ms + 0.21 * speed_ms_per_s + 0.1, qPrintable(QString::number(passed_ms)));
    QVERIFY2(passed_ms >= 0.5 * due_ms - 0.1, qPrintable(QString::number(passed_ms)));
}

void TestLiveRun::speedIsReported()
{
    Live live(smallExperiment(), 200);
    QVERIFY(live.waitFor([&] { return live.status.achieved_ms_per_s > 0; }));
    QVERIFY(live.status.achieved_ms_per_s < 240);
    live.control.paused = true;
    QVERIFY(live.waitFor([&] { return live.status.achieved_ms_per_s == 0; }));
    live.close();
}

void TestLiveRun::pauseStandsStill()
{
    Live live(smallExperiment());
    QVERIFY(live.waitFor([&] { return live.status.time_ms > 20; }));
    live.control.paused = true;
    std::this_thread::sleep_for(150ms);
    live.drain();
    const double paused_ms = live.status.time_ms;
    const int samples = live.samples();
    std::this_thread::sleep_for(50ms);
    live.drain();
    QCOMPARE(live.status.time_ms.load(), paused_ms);
    QCOMPARE(live.samples(), samples);
    live.control.paused = false;
    QVERIFY(live.waitFor([&] { return live.status.time_ms > paused_ms + 20; }));
    live.close();
    double next_ms = 0;
    for (const TraceBlock& block : live.blocks) { // no hole at the pause
        QVERIFY(std::abs(block.first_ms - next_ms) < 1e-6);
        next_ms = block.first_ms + block.count * block.interval_ms;
    }
}

void TestLiveRun::singleStepsGiveOneSampleEach()
{
    Live live(smallExperiment(), 0);
    live.control.paused = true;
    QVERIFY(live.waitFor([&] { return live.samples() > 0; }));
    std::this_thread::sleep_for(150ms);
    live.drain();
    const int before = live.samples();
    const double time_ms = live.status.time_ms;
    for (int k = 0; k < 3; ++k)
        ++live.control.singleSteps;
    QVERIFY(live.waitFor([&] { return live.samples() >= before + 3; }));
    std::this_thread::sleep_for(20ms);
    live.close();
    QCOMPARE(live.samples(), before + 3);
    QVERIFY(std::abs(live.status.time_ms - time_ms - 3 * 0.05) < 1e-9);
}

void TestLiveRun::resetBeginsAgain()
{
    Live live(mixedPlan());
    QVERIFY(live.waitFor([&] { return live.status.time_ms >= 30; }));
    ++live.control.resets;
    const auto restarts = [&] { return std::ranges::count_if(live.blocks, &TraceBlock::restarted); };
    QVERIFY(live.waitFor([&] { return restarts() == 2 && live.status.atEnd; }));
    live.close();
    const auto second = std::ranges::find_if(live.blocks.begin() + 1, live.blocks.end(), &TraceBlock::restarted);
    QCOMPARE(second->first_ms, 0.0);
    QCOMPARE(live.blocks.front().first_ms, 0.0);
    QVERIFY(live.blocks.front().restarted);
    std::vector<std::vector<double>> voltage(2); // of the first cell, before and after
    for (auto block = live.blocks.begin(); block != live.blocks.end(); ++block)
        voltage[block < second ? 0 : 1].insert(
            voltage[block < second ? 0 : 1].end(), block->values.begin(), block->values.begin() + block->count);
    QCOMPARE(voltage[1].size(), 1201u);
    const std::size_t common = std::min(voltage[0].size(), voltage[1].size());
    QVERIFY(common > 500);
    QVERIFY(
        std::equal(voltage[0].begin(), voltage[0].begin() + static_cast<std::ptrdiff_t>(common), voltage[1].begin()));
}

void TestLiveRun::editsActAndTimeGoesOn()
{
    NeuronPla plan = smallExperiment();
    Live live(plan);
    QVERIFY(live.waitFor([&] { return live.status.time_ms > 20; }));
    const int added = addCell(plan, "lif").id;
    live.control.edit.put(plan);
    QVERIFY(live.waitFor([&] { return live.blocks.back().layout->find(added, "v_mv") >= 0; }));
    live.close();
    double next_ms = 0;
    for (const TraceBlock& block : live.blocks) {
        QVERIFY(std::abs(block.first_ms - next_ms) < 1e-6);
        next_ms = block.first_ms + block.count * block.interval_ms;
    }
    QCOMPARE(std::ranges::count_if(live.blocks, &TraceBlock::restarted), 1);
}

void TestLiveRun::injectionReachesEveryCell()
{
    Live live(smallExperiment(), 1000);
    live.control.injection_ua_per_cm2 = 7;
    const auto lastInput = [&](int cell) {
        if (live.blocks.empty())
            return 0.0;
        const TraceBlock& block = live.blocks.back();
        return block
            .values[static_cast<std::size_t>((block.layout->find(cell, inputChannel.key) + 1) * block.count - 1)];
    };
    QVERIFY(live.waitFor([&] { return lastInput(1) == 17 && lastInput(2) == 17; }));
    live.control.injection_ua_per_cm2 = 0;
    QVERIFY(live.waitFor([&] { return lastInput(1) == 10 && lastInput(2) == 10; }));
    live.close();
}

void TestLiveRun::endCanBeMoved()
{
    NeuronPla plan = mixedPlan();
    Live live(plan);
    QVERIFY(live.waitFor([&] { return live.status.atEnd.load(); }));
    QVERIFY(std::abs(live.status.time_ms - 60) < 1e-9);
    setSimulation(plan, {{"duration_ms", 90}});
    live.control.edit.put(plan);
    QVERIFY(live.waitFor([&] { return live.status.atEnd && live.status.time_ms > 89; }));
    QVERIFY(std::abs(live.status.time_ms - 90) < 1e-9);
    live.close();
    QCOMPARE(live.samples(), 1801);
}

void TestLiveRun::stepsAskedAtTheEndAreNotOwed()
{
    Live live(mixedPlan());
    QVERIFY(live.waitFor([&] { return live.status.atEnd.load(); }));
    live.control.paused = true;
    live.control.singleSteps += 5;
    std::this_thread::sleep_for(100ms);
    live.drain();
    const int before = live.samples();
    ++live.control.resets;
    QVERIFY(live.waitFor([&] { return !live.status.atEnd; }));
    std::this_thread::sleep_for(30ms);
    live.close();
    QCOMPARE(live.samples(), before + 1); // the initial state alone
    QCOMPARE(live.status.time_ms.load(), 0.0);
}

void TestLiveRun::failureIsThrownWithItsTrace()
{
    NeuronPla plan;
    addCell(plan, "hh");
    plan.stimulus.parts.push_back(part("step", {{"amplitude_ua_per_cm2", 1e4}, {"onset_ms", 5}}));
    setSimulation(plan, {{"dt_ms", 1}, {"integrator", 0}, {"endless", 1}});
    Live live(plan);
    QVERIFY(live.waitFor([&] { return live.ended.load(); }));
    live.close();
    QVERIFY(live.failure != nullptr);
    try {
        std::rethrow_exception(live.failure);
    } catch (const SimulationError& error) {
        QCOMPARE(live.samples(), static_cast<int>(error.time_ms));
    }
}

void TestLiveRun::closesPromptly_data()
{
    QTest::addColumn<int>("situation");
    const char* situations[] = {"at once", "while fast and unread", "while paused", "at the end", "in slow motion",
        "between distant samples", "under an edit"};
    for (int k = 0; k < static_cast<int>(std::size(situations)); ++k)
        QTest::newRow(situations[k]) << k;
}

void TestLiveRun::closesPromptly()
{
    QFETCH(int, situation);
    NeuronPla plan = situation == 3 ? mixedPlan() : endless(mixedPlan());
    if (situation == 5)
        setSimulation(plan, {{"dt_ms", 1e-4}, {"record_interval_ms", 100}});
    std::vector<double> wall_ms;
    for (int trial = 0; trial < 3; ++trial) { // the middle one of three: the machine may be busy
        Live live(plan, situation == 4 ? 1 : 0, situation == 1 ? 1 << 12 : 8u << 20);
        if (situation == 2)
            live.control.paused = true;
        if (situation == 6)
            live.control.edit.put(smallExperiment());
        if (situation != 0)
            std::this_thread::sleep_for(40ms);
        wall_ms.push_back(live.close());
        QVERIFY(!live.failure);
    }
    std::ranges::sort(wall_ms);
    QVERIFY2(wall_ms[1] < 200, qPrintable(QString::number(wall_ms[1])));
}

void TestLiveRun::storm()
{
    // Everything that a window can do, at once and in no order. What matters is that a race detector sees it.
    Live live(smallExperiment());
    std::mt19937 random(1);
    const auto begin = Clock::now();
    while (elapsed_ms(begin) < 1000) {
        NeuronPla plan = random() % 2 ? smallExperiment() : endless(mixedPlan());
        switch (random() % 8) {
        case 0:
            setSimulation(plan, {{"integrator", static_cast<double>(random() % 3)}});
            live.control.edit.put(plan);
            break;
        case 1:
            plan.cells[0].parameters.set("g_na_ms_per_cm2", static_cast<double>(random() % 200));
            live.control.edit.put(plan);
            break;
        case 2:
            live.control.paused = random() % 2;
            break;
        case 3:
            live.control.speed_ms_per_s = static_cast<double>(random() % 3) * 1000;
            break;
        case 4:
            ++live.control.resets;
            break;
        case 5:
            ++live.control.singleSteps;
            break;
        case 6:
            live.control.injection_ua_per_cm2 = static_cast<double>(random() % 20);
            break;
        default:
            live.drain();
            live.blocks.clear();
        }
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    }
    live.control.paused = false;
    live.control.speed_ms_per_s = 0;
    live.drain();
    live.blocks.clear();
    QVERIFY(live.waitFor([&] { return live.samples() > 100; }));
    QVERIFY(live.close() < 2000);
    QVERIFY(!live.failure);
    for (const TraceBlock& block : live.blocks)
        for (double value : block.values)
            QVERIFY(std::isfinite(value));
}

QTEST_APPLESS_MAIN(TestLiveRun)
#include "tst_live_run.moc"
