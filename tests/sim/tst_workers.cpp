#include "sim/network/workers.h"

#include <QTest>

#include <atomic>
#include <stdexcept>
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

QTEST_GUILESS_MAIN(TestWorkers)
#include "tst_workers.moc"
