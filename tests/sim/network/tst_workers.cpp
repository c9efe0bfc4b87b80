#include "sim/network/workers.h"

#include <QTest>

#include <atomic>
#include <stdexcept>
#include <stop_token>
#include <vector>

using namespace endospike;

class TestWorkers : public QObject {
    Q_OBJECT
private slots:
    void eachPieceOnce_data();
    void eachPieceOnce();
    void everythingIsDoneOnReturn();
    void throwsWhatAPieceThrows();
    void atLeastOneThread();
    void anInterruptionLeavesOutWhatHasNotBegun();
};

void TestWorkers::eachPieceOnce_data()
{
    QTest::addColumn<int>("threads");
    QTest::addColumn<int>("pieces");
    for (const int threads : {1, 2, 5})
        for (const int pieces : {0, 1, 2, 3, 1000})
            QTest::addRow("%d threads, %d pieces", threads, pieces) << threads << pieces;
}

void TestWorkers::eachPieceOnce()
{
    QFETCH(int, threads);
    QFETCH(int, pieces);
    Workers workers(threads);
    QCOMPARE(workers.threads(), threads);
    for (int round = 0; round < 20; ++round) {
        std::vector<std::atomic<int>> calls(static_cast<std::size_t>(pieces));
        workers.forEach(pieces, [&](int piece) { ++calls.at(static_cast<std::size_t>(piece)); });
        for (const auto& count : calls)
            QCOMPARE(count.load(), 1);
    }
}

void TestWorkers::everythingIsDoneOnReturn()
{
    Workers workers(3);
    std::vector<int> values(64);
    for (int round = 1; round <= 300; ++round) {
        // not atomic: what the helpers wrote must be visible here without more ado
        workers.forEach(64, [&](int piece) { values[static_cast<std::size_t>(piece)] += piece; });
        for (int i = 0; i < 64; ++i)
            QCOMPARE(values[static_cast<std::size_t>(i)], round * i);
    }
}

void TestWorkers::throwsWhatAPieceThrows()
{
    for (const int threads : {1, 2}) {
        Workers workers(threads);
        QVERIFY_EXCEPTION_THROWN(workers.forEach(50,
                                     [](int piece) {
                                         if (piece == 17)
                                             throw std::domain_error("17");
                                     }),
            std::domain_error);
        int calls = 0;
        workers.forEach(1, [&](int) { ++calls; }); // and goes on
        QCOMPARE(calls, 1);
    }
}

void TestWorkers::atLeastOneThread()
{
    Workers workers(0);
    QCOMPARE(workers.threads(), 1);
}

void TestWorkers::anInterruptionLeavesOutWhatHasNotBegun()
{
    for (const int threads : {1, 3}) {
        Workers workers(threads);
        std::stop_source source;
        workers.interruptBy(source.get_token());
        std::atomic<int> done = 0;
        workers.forEach(50, [&](int) { ++done; });
        QCOMPARE(done.load(), 50); // nobody has asked yet
        done = 0;
        bool interrupted = false;
        try {
            workers.forEach(1000, [&](int piece) {
                if (piece == 10)
                    source.request_stop();
                ++done;
            });
        } catch (const WorkInterrupted&) {
            interrupted = true;
        }
        QVERIFY(interrupted);
        QVERIFY(done.load() >= 11 && done.load() < 1000);
        workers.interruptBy({});
        done = 0;
        workers.forEach(50, [&](int) { ++done; });
        QCOMPARE(done.load(), 50);
    }
}

QTEST_GUILESS_MAIN(TestWorkers)
#include "tst_workers.moc"
