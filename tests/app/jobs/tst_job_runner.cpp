#include "app/jobs/job_runner.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <chrono>
#include <new>
#include <stdexcept>
#include <thread>

using namespace endospike;

namespace {

/// Counts how a runner's jobs ended.
struct Ends {
    explicit Ends(JobRunner& runner)
        : finished(&runner, &JobRunner::finished)
        , cancelled(&runner, &JobRunner::cancelled)
        , failed(&runner, &JobRunner::failed)
    {
    }
    qsizetype all() const { return finished.count() + cancelled.count() + failed.count(); }
    QSignalSpy finished;
    QSignalSpy cancelled;
    QSignalSpy failed;
};

void untilStopped(const JobContext& context)
{
    while (!context.stop.stop_requested())
        std::this_thread::sleep_for(std::chrono::microseconds(200));
}

} // namespace

class TestJobRunner : public QObject {
    Q_OBJECT

private slots:
    void finishes();
    void cancels();
    void failsWithTheSentence_data();
    void failsWithTheSentence();
    void startAnnouncesTheEarlierJobFirst();
    void aReceiverMayStartTheNextJob();
    void manyReportsReachABusyWindowAsOne();
    void noProgressAfterTheEnd();
    void survivesThousandsOfStarts();
    void destructionEndsTheWork();
};

void TestJobRunner::finishes()
{
    JobRunner runner;
    Ends ends(runner);
    std::atomic<bool> ran = false;
    const auto window = std::this_thread::get_id();
    std::thread::id worker;
    runner.start([&](const JobContext&) {
        worker = std::this_thread::get_id();
        ran = true;
    });
    QVERIFY(runner.isRunning());
    QTRY_COMPARE(ends.finished.count(), 1);
    QCOMPARE(ends.all(), 1);
    QVERIFY(ran);
    QVERIFY(worker != window);
    QVERIFY(!runner.isRunning());
}

void TestJobRunner::cancels()
{
    JobRunner runner;
    Ends ends(runner);
    runner.cancel(); // nothing there: nothing happens
    runner.start(untilStopped);
    runner.cancel();
    runner.cancel();
    QTRY_COMPARE(ends.cancelled.count(), 1);
    QTest::qWait(20);
    QCOMPARE(ends.all(), 1);
}

void TestJobRunner::failsWithTheSentence_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("part");
    QTest::newRow("runtime_error") << 0 << "the tap is closed";
    QTest::newRow("logic_error") << 1 << "the tap is open";
    QTest::newRow("bad_alloc") << 2 << "memory";
    QTest::newRow("not an exception class") << 3 << "unknown";
}

void TestJobRunner::failsWithTheSentence()
{
    QFETCH(int, kind);
    QFETCH(QString, part);
    JobRunner runner;
    Ends ends(runner);
    runner.start([kind](const JobContext&) {
        switch (kind) {
        case 0:
            throw std::runtime_error("the tap is closed");
        case 1:
            throw std::logic_error("the tap is open");
        case 2:
            throw std::bad_alloc();
        default:
            throw 42;
        }
    });
    QTRY_COMPARE(ends.failed.count(), 1);
    QCOMPARE(ends.all(), 1);
    QVERIFY2(ends.failed.front().front().toString().contains(part), qPrintable(ends.failed.front().front().toString()));
}

void TestJobRunner::startAnnouncesTheEarlierJobFirst()
{
    JobRunner runner;
    QStringList order;
    connect(&runner, &JobRunner::cancelled, this, [&] { order << "cancelled"; });
    connect(&runner, &JobRunner::finished, this, [&] { order << "finished"; });
    runner.start(untilStopped);
    runner.start([](const JobContext&) {});
    QCOMPARE(order, QStringList{"cancelled"});
    QTRY_COMPARE(order, (QStringList{"cancelled", "finished"}));
}

void TestJobRunner::aReceiverMayStartTheNextJob()
{
    JobRunner runner;
    int finished = 0;
    connect(&runner, &JobRunner::finished, this, [&] {
        if (++finished < 20)
            runner.start([](const JobContext&) {});
    });
    runner.start([](const JobContext&) {});
    QTRY_COMPARE(finished, 20);
    QVERIFY(!runner.isRunning());
}

void TestJobRunner::manyReportsReachABusyWindowAsOne()
{
    JobRunner runner;
    Ends ends(runner);
    QSignalSpy progress(&runner, &JobRunner::progressed);
    std::atomic<bool> reported = false;
    runner.start([&](const JobContext& context) {
        for (int i = 1; i <= 1000; ++i)
            context.report(i * 1e-3, "number " + std::to_string(i));
        reported = true;
    });
    while (!reported) // the window's thread does not turn meanwhile
        std::this_thread::yield();
    QTRY_COMPARE(ends.finished.count(), 1);
    QCOMPARE(progress.count(), 1);
    QCOMPARE(progress.front().at(0).toDouble(), 1.0);
    QCOMPARE(progress.front().at(1).toString(), QString("number 1000"));
}

void TestJobRunner::noProgressAfterTheEnd()
{
    JobRunner runner;
    QStringList order;
    connect(&runner, &JobRunner::progressed, this, [&] { order << "progress"; });
    connect(&runner, &JobRunner::cancelled, this, [&] { order << "end"; });
    for (int i = 0; i < 50; ++i) {
        order.clear();
        runner.start([](const JobContext& context) {
            context.report(0.5, "x");
            untilStopped(context);
        });
        runner.cancelAndWait();
        QTest::qWait(0);
        QCOMPARE(order.count("end"), 1);
        QCOMPARE(order.back(), QString("end"));
    }
}

void TestJobRunner::survivesThousandsOfStarts()
{
    JobRunner runner;
    Ends ends(runner);
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    constexpr int starts = 3000;
    for (int i = 0; i < starts; ++i) {
        runner.start([&](const JobContext& context) {
            most = std::max(most.load(), ++inside);
            context.report(0, "going");
            if (!context.stop.stop_requested())
                std::this_thread::yield();
            --inside;
        });
        if (i % 3 == 0)
            runner.cancel();
        if (i % 7 == 0)
            QCoreApplication::processEvents();
    }
    QTRY_COMPARE(ends.all(), starts);
    QCOMPARE(ends.failed.count(), 0);
    QCOMPARE(most.load(), 1); // never two at once
    QCOMPARE(inside.load(), 0);
}

void TestJobRunner::destructionEndsTheWork()
{
    std::atomic<bool> inside = false;
    {
        JobRunner runner;
        runner.start([&](const JobContext& context) {
            inside = true;
            untilStopped(context);
            inside = false;
        });
        QTRY_VERIFY(inside);
    }
    QVERIFY(!inside);
}

QTEST_GUILESS_MAIN(TestJobRunner)
#include "tst_job_runner.moc"
