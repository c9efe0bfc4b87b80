#include "app/jobs/newest_job.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>

using namespace endospike;

class TestNewestJob : public QObject {
    Q_OBJECT

    static JobRunner::Work untilStopped(std::atomic<int>& started)
    {
        return [&started](const JobContext& context) {
            ++started;
            while (!context.stop.stop_requested())
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        };
    }

private slots:
    void workEndsWithItsDone()
    {
        NewestJob job;
        int done = 0;
        job.want([](const JobContext&) {}, [&] { ++done; });
        QVERIFY(job.isBusy());
        QTRY_COMPARE(done, 1);
        QVERIFY(!job.isBusy());
    }

    void onlyTheNewestWishIsDone()
    {
        NewestJob job;
        std::atomic<int> started = 0;
        QStringList done;
        job.want(untilStopped(started), [&] { done << "first"; });
        QTRY_VERIFY(started == 1);
        job.want([](const JobContext&) {}, [&] { done << "second"; });
        job.want([](const JobContext&) {}, [&] { done << "third"; });
        QTRY_COMPARE(done, QStringList{"third"});
        QTest::qWait(20);
        QCOMPARE(done.size(), 1);
    }

    void aWishMadeWhenTheWorkIsOverButNotAnnouncedCounts()
    {
        NewestJob job;
        std::atomic<bool> over = false;
        QStringList done;
        job.want([&](const JobContext&) { over = true; }, [&] { done << "first"; });
        while (!over) // the window's thread does not turn meanwhile
            std::this_thread::yield();
        job.want([](const JobContext&) {}, [&] { done << "second"; });
        QTRY_COMPARE(done, QStringList{"second"});
    }

    void aCancelledWishIsNeverDone()
    {
        NewestJob job;
        std::atomic<int> started = 0;
        int done = 0;
        job.want(untilStopped(started), [&] { ++done; });
        QTRY_VERIFY(started == 1);
        job.cancel();
        QTRY_VERIFY(!job.isBusy());
        QCOMPARE(done, 0);
    }

    void stopWaits()
    {
        NewestJob job;
        std::atomic<int> started = 0;
        std::atomic<bool> ended = false;
        job.want(
            [&](const JobContext& context) {
                untilStopped(started)(context);
                ended = true;
            },
            [] {});
        QTRY_VERIFY(started == 1);
        job.stop();
        QVERIFY(ended);
        QVERIFY(!job.isBusy());
    }

    void aFailureIsSaidOnce()
    {
        NewestJob job;
        QSignalSpy failed(&job, &NewestJob::failed);
        int done = 0;
        job.want([](const JobContext&) { throw std::runtime_error("no canvas"); }, [&] { ++done; });
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed.front().front().toString(), QString("no canvas"));
        QCOMPARE(done, 0);
    }
};

QTEST_MAIN(TestNewestJob)
#include "tst_newest_job.moc"
