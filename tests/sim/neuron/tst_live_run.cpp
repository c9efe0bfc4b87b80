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

/// Turned by hand, so that what is earned of it is known.
std::atomic<std::chrono::milliseconds> handTime = 0ms;
std::atomic<int> looksAtHandClock = 0;

Clock::time_point handClock()
{
    ++looksAtHandClock;
    return Clock::time_point(handTime.load());
}

void turnHandClock(std::chrono::milliseconds by) { handTime = handTime.load() + by; }

/// A live run in a thread of its own, and what came out of it.
struct Live {
    explicit Live(
        NeuronPlan plan, double speed_ms_per_s = 0, std::size_t maximumValues = 8u << 20, WallClock clock = Clock::now)
        : traces(maximumValues)
    {
        control.speed_ms_per_s = speed_ms_per_s;
        thread = std::jthread([this, plan = std::move(plan), clock](std::stop_token stop) {
            try {
                runLive(plan, control, status, traces, {stop, {}}, clock);
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

    /// Drains until the condition holds; false after a minute.
    bool waitFor(const std::function<bool()>& condition)
    {
        for (const auto end = Clock::now() + 1min; Clock::now() < end; std::this_thread::sleep_for(1ms)) {
            drain();
            if (condition())
                return true;
        }
        return false;
    }

    void close()
    {
        thread.request_stop();
        thread.join();
        drain();
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

struct LiveByHand : Live {
    LiveByHand(NeuronPlan plan, double speed_ms_per_s)
        : Live(std::move(plan), speed_ms_per_s, 8u << 20, handClock)
    {
    }

    /// Whatever was asked for is heard: it has been through its loop, more than once.
    bool hears()
    {
        const int before = looksAtHandClock;
        return waitFor([&] { return looksAtHandClock > before + 10; });
    }
};

NeuronPlan endless(NeuronPlan plan)
{
    setSimulation(plan, {{"endless", 1}});
    return plan;
}

NeuronPlan smallPlan()
{
    NeuronPlan plan;
    addCell(plan, "hh");
    addCell(plan, "lif");
    plan.stimulus.parts.push_back(part("constant"));
    return endless(plan);
}

constexpr double sampleInterval_ms = 0.05;
constexpr double carried_ms = 1.01 * sampleInterval_ms; ///< what is earned of the next sample, and rounding

} // namespace

class TestLiveRun : public QObject {
    Q_OBJECT

private slots:
    void equalsARunToTheEnd_data();
    void equalsARunToTheEnd();
    void speedIsKept_data();
    void speedIsKept();
    void whatCannotBeKeptUpWithIsNotOwed();
    void speedIsReported();
    void pauseStandsStill();
    void singleStepsGiveOneSampleEach();
    void resetBeginsAgain();
    void editsActAndTimeGoesOn();
    void injectionReachesEveryCell();
    void endCanBeMoved();
    void stepsAskedAtTheEndAreNotOwed();
    void failureIsThrownWithItsTrace();
    void closes_data();
    void closes();
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
    NeuronPlan plan = mixedPlan();
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
    LiveByHand live(smallPlan(), speed_ms_per_s);
    QVERIFY(live.hears());
    double due_ms = 0;
    for (int turn = 0; turn < 10; ++turn) {
        turnHandClock(100ms);
        due_ms += 0.1 * speed_ms_per_s;
        QVERIFY(live.waitFor([&] { return live.status.time_ms > due_ms - carried_ms; }));
    }
    QVERIFY(live.hears());
    live.close();
    QVERIFY(live.status.time_ms < due_ms + 1e-9); // the clock stands, and so does the run
    QCOMPARE(live.samples(), 1 + static_cast<int>(std::lround(live.status.time_ms / sampleInterval_ms)));
}

void TestLiveRun::whatCannotBeKeptUpWithIsNotOwed()
{
    LiveByHand live(smallPlan(), 100);
    QVERIFY(live.hears());
    turnHandClock(1h);
    QVERIFY(live.waitFor([&] { return live.status.time_ms > 20 - carried_ms; }));
    QVERIFY(live.hears());
    live.close();
    QVERIFY(live.status.time_ms < 20 + sampleInterval_ms + 1e-9); // 200 ms of the clock
}

void TestLiveRun::speedIsReported()
{
    LiveByHand live(smallPlan(), 200);
    QVERIFY(live.hears());
    for (double due_ms = 2; due_ms < 200 && live.status.achieved_ms_per_s == 0; due_ms += 2) {
        turnHandClock(10ms);
        QVERIFY(live.waitFor([&] { return live.status.time_ms > due_ms - carried_ms; }));
    }
    QVERIFY(std::abs(live.status.achieved_ms_per_s - 200) < 5); // one turn more or less in half a second
    live.control.paused = true;
    QVERIFY(live.hears());
    for (int turn = 0; turn < 2; ++turn) { // the first ends the half second in which it ran
        turnHandClock(600ms);
        QVERIFY(live.hears());
    }
    QCOMPARE(live.status.achieved_ms_per_s.load(), 0.0);
    live.close();
}

void TestLiveRun::pauseStandsStill()
{
    LiveByHand live(smallPlan(), 1000);
    QVERIFY(live.hears());
    turnHandClock(100ms);
    QVERIFY(live.waitFor([&] { return live.status.time_ms > 100 - carried_ms; }));
    live.control.paused = true;
    QVERIFY(live.hears());
    const double paused_ms = live.status.time_ms;
    const int samples = live.samples();
    turnHandClock(100ms);
    QVERIFY(live.hears());
    QCOMPARE(live.status.time_ms.load(), paused_ms);
    QCOMPARE(live.samples(), samples);
    live.control.paused = false;
    QVERIFY(live.hears());
    QVERIFY(live.status.time_ms < 100 + 1e-9); // the pause was not earned
    turnHandClock(100ms);
    QVERIFY(live.waitFor([&] { return live.status.time_ms > 200 - carried_ms; }));
    live.close();
    double next_ms = 0;
    for (const TraceBlock& block : live.blocks) { // no hole at the pause
        QVERIFY(std::abs(block.first_ms - next_ms) < 1e-6);
        next_ms = block.first_ms + block.count * block.interval_ms;
    }
}

void TestLiveRun::singleStepsGiveOneSampleEach()
{
    LiveByHand live(smallPlan(), 100);
    live.control.paused = true;
    QVERIFY(live.hears());
    for (int k = 0; k < 3; ++k)
        ++live.control.singleSteps;
    QVERIFY(live.waitFor([&] { return live.samples() >= 1 + 3; }));
    QVERIFY(live.hears());
    live.close();
    QCOMPARE(live.samples(), 1 + 3);
    QVERIFY(std::abs(live.status.time_ms - 3 * sampleInterval_ms) < 1e-9);
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
    NeuronPlan plan = smallPlan();
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
    Live live(smallPlan(), 1000);
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
    NeuronPlan plan = mixedPlan();
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
    LiveByHand live(mixedPlan(), 1e6);
    QVERIFY(live.hears());
    turnHandClock(1ms);
    QVERIFY(live.waitFor([&] { return live.status.atEnd.load(); }));
    live.control.paused = true;
    live.control.singleSteps += 5;
    QVERIFY(live.hears());
    const int before = live.samples();
    ++live.control.resets;
    QVERIFY(live.hears());
    QVERIFY(!live.status.atEnd);
    live.close();
    QCOMPARE(live.samples(), before + 1); // the initial state alone
    QCOMPARE(live.status.time_ms.load(), 0.0);
}

void TestLiveRun::failureIsThrownWithItsTrace()
{
    NeuronPlan plan;
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

void TestLiveRun::closes_data()
{
    QTest::addColumn<int>("situation");
    const char* situations[] = {"at once", "while fast and unread", "while paused", "at the end", "in slow motion",
        "between distant samples", "under an edit"};
    for (int k = 0; k < static_cast<int>(std::size(situations)); ++k)
        QTest::newRow(situations[k]) << k;
}

void TestLiveRun::closes()
{
    QFETCH(int, situation);
    NeuronPlan plan = situation == 3 ? mixedPlan() : endless(mixedPlan());
    if (situation == 5)
        setSimulation(plan, {{"dt_ms", 1e-4}, {"record_interval_ms", 100}});
    Live live(plan, situation == 4 ? 1 : 0, situation == 1 ? 1 << 12 : 8u << 20);
    if (situation == 2)
        live.control.paused = true;
    if (situation == 6)
        live.control.edit.put(smallPlan());
    if (situation != 0)
        std::this_thread::sleep_for(40ms);
    live.thread.request_stop();
    for (const auto end = Clock::now() + 1min; !live.ended && Clock::now() < end;)
        std::this_thread::sleep_for(1ms); // nobody reads meanwhile
    QVERIFY(live.ended);
    QVERIFY(!live.failure);
}

void TestLiveRun::storm()
{
    // Everything that a window can do, at once and in no order. What matters is that a race detector sees it.
    Live live(smallPlan());
    std::mt19937 random(1);
    for (int turn = 0; turn < 600; ++turn) {
        NeuronPlan plan = random() % 2 ? smallPlan() : endless(mixedPlan());
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
    live.close();
    QVERIFY(!live.failure);
    for (const TraceBlock& block : live.blocks)
        for (double value : block.values)
            QVERIFY(std::isfinite(value));
}

QTEST_APPLESS_MAIN(TestLiveRun)
#include "tst_live_run.moc"
