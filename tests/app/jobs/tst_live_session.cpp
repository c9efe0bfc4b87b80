#include "app/jobs/live_session.h"
#include "sim/document/plan_laboratories.h"

#include "tests/app/threads.h"
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <cmath>

using namespace endospike;

namespace {

/// A session whose drain() is called as the window's timer calls it.
struct Drained {
    Drained()
    {
        QObject::connect(&timer, &QTimer::timeout, &session, &LiveSession::drain);
        timer.start(16);
    }
    LiveSession session;
    QTimer timer;
};

NeuronPlan shortExperiment(double duration_ms)
{
    NeuronPlan plan = firstExperiment().neuron;
    plan.simulation.set(simulation::endless, 0);
    plan.simulation.set(simulation::duration_ms, duration_ms);
    return plan;
}

/// Explodes within the first few steps: forward Euler far beyond its stable step.
NeuronPlan explodingExperiment()
{
    NeuronPlan plan = firstExperiment().neuron;
    plan.simulation.set("integrator", 0);
    plan.simulation.set(simulation::dt_ms, 1);
    plan.simulation.set("record_interval_ms", 1);
    plan.stimulus.parts.front().values.set("amplitude_ua_per_cm2", 1000);
    return plan;
}

} // namespace

class TestLiveSession : public QObject {
    Q_OBJECT

private slots:
    void runsAndFillsTheHistory();
    void pausesStepsAndGoesOn();
    void editsReachTheRun();
    void resetStartsFromZero();
    void endsAtTheDurationAndStartsAgain();
    void resetAtTheEndRunsAgain();
    void aLongerDurationGoesOn();
    void anErrorStopsAndResetStartsAnew();
    void nothingRunsAfterAStop();
    void survivesAStormOfCommands();
    void injectionIsAddedToEveryCell();
};

void TestLiveSession::runsAndFillsTheHistory()
{
    Drained live;
    live.session.setSpeed(0);
    live.session.start(firstExperiment().neuron, true);
    QCOMPARE(live.session.state(), LiveState::running);
    QTRY_VERIFY(live.session.history().last_ms() > 300);
    for (const Cell& cell : firstExperiment().neuron.cells)
        QVERIFY(live.session.history().spikes(cell.id, 0, 300).size() > 5);
    QTRY_VERIFY(live.session.stepsPerSecond() > 0);
    QCOMPARE(live.session.lostSamples(), 0u);
}

void TestLiveSession::pausesStepsAndGoesOn()
{
    Drained live;
    live.session.setSpeed(1000);
    live.session.start(firstExperiment().neuron, true);
    QTRY_VERIFY(live.session.history().last_ms() > 20);
    live.session.setRunning(false);
    QCOMPARE(live.session.state(), LiveState::paused);
    QTest::qWait(100);
    const double paused_ms = live.session.history().last_ms();
    QTest::qWait(100);
    QCOMPARE(live.session.history().last_ms(), paused_ms);
    live.session.singleStep();
    const double interval_ms = firstExperiment().neuron.stepsPerSample() * firstExperiment().neuron.dt_ms();
    QTRY_VERIFY(std::abs(live.session.history().last_ms() - paused_ms - interval_ms) < 1e-9);
    live.session.setRunning(true);
    QTRY_VERIFY(live.session.history().last_ms() > paused_ms + 20);
}

void TestLiveSession::editsReachTheRun()
{
    Drained live;
    live.session.setSpeed(0);
    NeuronPlan plan = firstExperiment().neuron;
    live.session.start(plan, true);
    QTRY_VERIFY(live.session.history().last_ms() > 20);
    plan.stimulus.parts.front().values.set("amplitude_ua_per_cm2", -3);
    live.session.edit(plan);
    const int id = plan.cells.front().id;
    const auto current = [&] {
        return live.session.history().valueAt(id, inputChannel.key, live.session.history().last_ms());
    };
    QTRY_COMPARE(current(), -3.0);
}

void TestLiveSession::resetStartsFromZero()
{
    Drained live;
    live.session.setSpeed(1000);
    live.session.start(firstExperiment().neuron, true);
    QTRY_VERIFY(live.session.history().last_ms() > 200);
    live.session.setSpeed(1); // it is seen on its way
    live.session.reset();
    QTRY_VERIFY(live.session.history().last_ms() < 150);
    QCOMPARE(live.session.history().first_ms(), 0.0);
    QCOMPARE(live.session.state(), LiveState::running);
}

void TestLiveSession::endsAtTheDurationAndStartsAgain()
{
    Drained live;
    live.session.setSpeed(0);
    live.session.start(shortExperiment(50), true);
    QTRY_COMPARE(live.session.state(), LiveState::atEnd);
    QTRY_VERIFY(std::abs(live.session.history().last_ms() - 50) < 0.06);
    live.session.setSpeed(1); // it is seen on its way
    live.session.setRunning(true);
    QCOMPARE(live.session.state(), LiveState::running);
    QTRY_VERIFY(live.session.history().last_ms() > 0 && live.session.history().last_ms() < 40);
}

void TestLiveSession::resetAtTheEndRunsAgain()
{
    Drained live;
    live.session.setSpeed(0);
    live.session.start(shortExperiment(20), true);
    QTRY_COMPARE(live.session.state(), LiveState::atEnd);
    live.session.setSpeed(1); // it is seen on its way
    QSignalSpy changed(&live.session, &LiveSession::stateChanged);
    live.session.reset();
    QCOMPARE(live.session.state(), LiveState::running);
    QTRY_VERIFY(live.session.history().last_ms() < 10);
    QCOMPARE(live.session.state(), LiveState::running); // the stale end is not taken for a new one
    live.session.setSpeed(0);
    QTRY_COMPARE(live.session.state(), LiveState::atEnd);
    QCOMPARE(changed.count(), 2);
}

void TestLiveSession::aLongerDurationGoesOn()
{
    Drained live;
    live.session.setSpeed(0);
    live.session.start(shortExperiment(20), true);
    QTRY_COMPARE(live.session.state(), LiveState::atEnd);
    live.session.edit(shortExperiment(40));
    QTRY_VERIFY(live.session.history().last_ms() > 39);
    QTRY_COMPARE(live.session.state(), LiveState::atEnd);
}

void TestLiveSession::anErrorStopsAndResetStartsAnew()
{
    Drained live;
    live.session.setSpeed(0);
    live.session.start(explodingExperiment(), true);
    QTRY_COMPARE(live.session.state(), LiveState::failed);
    QVERIFY2(live.session.failure().contains("HH"), qPrintable(live.session.failure()));
    live.session.singleStep(); // no run: nothing to do, nothing to crash
    QCOMPARE(live.session.state(), LiveState::failed);
    live.session.edit(firstExperiment().neuron);
    live.session.reset();
    QCOMPARE(live.session.state(), LiveState::running);
    QVERIFY(live.session.failure().isEmpty());
    QTRY_VERIFY(live.session.history().last_ms() > 100);
}

void TestLiveSession::nothingRunsAfterAStop()
{
    const qsizetype before = threads();
    for (const bool full : {false, true}) {
        LiveSession session; // nobody drains
        session.setSpeed(full ? 0 : 100);
        session.start(firstExperiment().neuron, true);
        QCOMPARE(threads(), before + 1);
        QTRY_VERIFY(full ? session.lostSamples() > 0 : session.time_ms() > 0);
        session.stop();
        QTRY_COMPARE(threads(), before);
        session.drain();
        QVERIFY(session.history().empty());
    }
}

void TestLiveSession::survivesAStormOfCommands()
{
    Drained live;
    NeuronPlan plan = firstExperiment().neuron;
    for (int i = 0; i < 600; ++i) {
        switch (i % 6) {
        case 0:
            live.session.start(plan, i % 4 != 0);
            break;
        case 1:
            live.session.setSpeed(i % 2 ? 0 : 500);
            break;
        case 2:
            plan.cells.front().parameters.set("g_na_ms_per_cm2", 100 + i % 40);
            live.session.edit(plan);
            break;
        case 3:
            live.session.reset();
            break;
        case 4:
            live.session.singleStep();
            break;
        default:
            live.session.setRunning(i % 2 == 0);
            QCoreApplication::processEvents();
        }
    }
    live.session.start(plan, true);
    live.session.setSpeed(0);
    QTRY_VERIFY(live.session.history().last_ms() > 50);
}

void TestLiveSession::injectionIsAddedToEveryCell()
{
    Drained live;
    live.session.setSpeed(1000);
    live.session.start(firstExperiment().neuron, true);
    QTRY_VERIFY(live.session.history().last_ms() > 20);
    live.session.setInjection(7);
    for (const Cell& cell : firstExperiment().neuron.cells)
        QTRY_COMPARE(live.session.history().valueAt(cell.id, inputChannel.key, live.session.history().last_ms()), 17.0);
    live.session.setInjection(0);
    QTRY_COMPARE(live.session.history().valueAt(
                     firstExperiment().neuron.cells.front().id, inputChannel.key, live.session.history().last_ms()),
        10.0);
}

QTEST_GUILESS_MAIN(TestLiveSession)
#include "tst_live_session.moc"
