#include "app/training/snapshot_history.h"
#include "tests/app/laboratory/fake_network.h"

#include <QTest>

using namespace endospike;

class TestSnapshotHistory : public QObject {
    Q_OBJECT

    const std::shared_ptr<const Network> m_network = std::make_shared<FakeNetwork>("lif_fc", 2);
    const RunId m_first{"LIF fc", 1};
    const RunId m_second{"LIF fc", 2};

    static std::vector<int> epochs(const SnapshotHistory& history, const RunId& run)
    {
        std::vector<int> list;
        for (const Snapshot& one : history.of(run))
            list.push_back(one.epoch);
        return list;
    }

private slots:
    void epochsStandInOrder()
    {
        SnapshotHistory history;
        for (int epoch = -1; epoch < 3; ++epoch)
            history.add(m_first, epoch, m_network);
        QCOMPARE(epochs(history, m_first), (std::vector{-1, 0, 1, 2}));
        QVERIFY(history.of(m_second).empty());
    }

    void trainedAgainItBeginsAnew()
    {
        SnapshotHistory history;
        for (const int epoch : {-1, 0, 1, 2, 1})
            history.add(m_first, epoch, m_network);
        QCOMPARE(epochs(history, m_first), (std::vector{-1, 0, 1}));
        history.add(m_first, -1, m_network);
        QCOMPARE(epochs(history, m_first), (std::vector{-1}));
    }

    void aLongRunKeepsItsCourse()
    {
        SnapshotHistory history;
        for (int epoch = -1; epoch < 500; ++epoch)
            history.add(m_first, epoch, m_network);
        const std::vector<int> kept = epochs(history, m_first);
        QCOMPARE(kept.size(), SnapshotHistory::mostSnapshots);
        QCOMPARE(kept.front(), -1);
        QCOMPARE(kept.back(), 499);
        QVERIFY(std::is_sorted(kept.begin(), kept.end()));
    }

    void memoryIsBounded()
    {
        const std::size_t one = m_network->values().size_bytes();
        SnapshotHistory history(5 * one);
        for (int epoch = -1; epoch < 20; ++epoch)
            history.add(m_first, epoch, m_network);
        QCOMPARE(history.of(m_first).size(), std::size_t{5});
        QVERIFY(history.bytes() <= 5 * one);
        history.add(m_second, -1, m_network); // the run that is looked at matters most
        QCOMPARE(epochs(history, m_second), (std::vector{-1}));
        QVERIFY(history.bytes() <= 5 * one);
    }

    void oneLargeNetworkIsKeptAnyway()
    {
        SnapshotHistory history(1);
        history.add(m_first, -1, m_network);
        history.add(m_first, 0, m_network);
        QCOMPARE(epochs(history, m_first), (std::vector{-1, 0}));
    }
};

QTEST_APPLESS_MAIN(TestSnapshotHistory)
#include "tst_snapshot_history.moc"
