#include "tests/sim/trace/trace_fixture.h"

#include <QtTest>

#include <chrono>
#include <future>
#include <thread>

using namespace endospike;
using namespace endospike::test;

namespace {

const auto layout = voltageLayout({1, 2});

/// Two columns; the values of row k are 2 (first + k) and that plus 1.
TraceBlock numbered(int first, int count, bool restarted = false)
{
    TraceBlock block =
        makeBlock(layout, first, 1, count, [](std::size_t c, double t) { return 2 * t + static_cast<double>(c); });
    block.restarted = restarted;
    return block;
}

} // namespace

class TestTraceBuffer : public QObject {
    Q_OBJECT

private slots:
    void layoutFindsColumns();
    void drainGivesAllInOrderOnce();
    void oldestIsDroppedWholeAndCounted();
    void oneBlockBeyondTheBoundIsKept();
    void blocksWithoutColumnsAreBounded();
    void restartMarkSurvivesDrops();
    void restartMarkStaysWhereItBelongs();
    void patienceWaitsForRoom();
    void patienceEndsInADrop();
    void stopEndsPatience();
    void nothingIsLostBetweenTwoThreads();
    void lossIsCountedBetweenTwoThreads();
};

void TestTraceBuffer::layoutFindsColumns()
{
    QCOMPARE(layout->find(1, "v_mv"), 0);
    QCOMPARE(layout->find(2, "v_mv"), 1);
    QCOMPARE(layout->find(3, "v_mv"), -1);
    QCOMPARE(layout->find(1, "m"), -1);
}

void TestTraceBuffer::drainGivesAllInOrderOnce()
{
    TraceBuffer buffer;
    QVERIFY(buffer.drain().empty());
    buffer.append(numbered(0, 3, true));
    buffer.append(numbered(3, 2));
    const auto blocks = buffer.drain();
    QCOMPARE(blocks.size(), 2u);
    QCOMPARE(blocks[0].first_ms, 0.0);
    QVERIFY(blocks[0].restarted);
    QCOMPARE(blocks[1].first_ms, 3.0);
    QCOMPARE(blocks[1].values, (std::vector<double>{6, 8, 7, 9}));
    QVERIFY(!blocks[1].restarted);
    QVERIFY(buffer.drain().empty());
    QCOMPARE(buffer.lostSamples(), 0u);
}

void TestTraceBuffer::oldestIsDroppedWholeAndCounted()
{
    TraceBuffer buffer(20); // ten rows of two columns
    for (int first = 0; first < 40; first += 4)
        buffer.append(numbered(first, 4));
    const auto blocks = buffer.drain();
    QCOMPARE(blocks.size(), 2u);
    QCOMPARE(blocks[0].first_ms, 32.0);
    QCOMPARE(blocks[0].count, 4);
    QCOMPARE(blocks[1].first_ms, 36.0);
    QCOMPARE(buffer.lostSamples(), 32u);
    buffer.append(numbered(40, 10)); // fills the bound to the last value
    QCOMPARE(buffer.lostSamples(), 32u);
    buffer.append(numbered(50, 1));
    QCOMPARE(buffer.lostSamples(), 42u);
}

void TestTraceBuffer::oneBlockBeyondTheBoundIsKept()
{
    TraceBuffer buffer(4);
    buffer.append(numbered(0, 2));
    buffer.append(numbered(2, 50));
    const auto blocks = buffer.drain();
    QCOMPARE(blocks.size(), 1u);
    QCOMPARE(blocks[0].count, 50);
    QCOMPARE(buffer.lostSamples(), 2u);
}

void TestTraceBuffer::blocksWithoutColumnsAreBounded()
{
    TraceBuffer buffer(100);
    for (int k = 0; k < 1000; ++k)
        buffer.append(makeBlock(voltageLayout({}), k, 1, 10, [](std::size_t, double) { return 0.0; }));
    QCOMPARE(buffer.drain().size(), 10u);
    QCOMPARE(buffer.lostSamples(), 9900u);
}

void TestTraceBuffer::restartMarkSurvivesDrops()
{
    TraceBuffer buffer(20);
    buffer.append(numbered(100, 5));
    buffer.append(numbered(0, 5, true));
    for (int first = 5; first < 50; first += 5)
        buffer.append(numbered(first, 5));
    const auto blocks = buffer.drain();
    QVERIFY(blocks[0].restarted); // the reset itself was dropped; that it happened was not
    QVERIFY(!blocks[1].restarted);
}

void TestTraceBuffer::restartMarkStaysWhereItBelongs()
{
    TraceBuffer buffer(20);
    buffer.append(numbered(100, 5));
    buffer.append(numbered(105, 5));
    buffer.append(numbered(0, 5, true));
    const auto blocks = buffer.drain();
    QCOMPARE(blocks.size(), 2u);
    QVERIFY(!blocks[0].restarted);
    QVERIFY(blocks[1].restarted);
}

void TestTraceBuffer::patienceWaitsForRoom()
{
    TraceBuffer buffer(20);
    buffer.append(numbered(0, 10));
    std::jthread reader([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        buffer.drain();
    });
    buffer.append(numbered(10, 10), {}, 10'000);
    QCOMPARE(buffer.lostSamples(), 0u);
    QCOMPARE(buffer.drain().size(), 1u);
}

void TestTraceBuffer::patienceEndsInADrop()
{
    TraceBuffer buffer(20);
    buffer.append(numbered(0, 10));
    buffer.append(numbered(10, 10), {}, 30);
    QCOMPARE(buffer.lostSamples(), 10u);
    QCOMPARE(buffer.drain().front().first_ms, 10.0);
}

void TestTraceBuffer::stopEndsPatience()
{
    TraceBuffer buffer(20);
    buffer.append(numbered(0, 10));
    std::stop_source source;
    const auto appended =
        std::async(std::launch::async, [&] { buffer.append(numbered(10, 10), source.get_token(), 3'600'000); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source.request_stop();
    const bool ended = appended.wait_for(std::chrono::minutes(1)) == std::future_status::ready;
    QCOMPARE(buffer.lostSamples(), ended ? 10u : 0u);
    buffer.drain(); // whoever still waits goes on
    QVERIFY(ended);
}

void TestTraceBuffer::nothingIsLostBetweenTwoThreads()
{
    constexpr int count = 20'000;
    TraceBuffer buffer(200);
    std::jthread writer([&] {
        for (int row = 0; row < count;) {
            const int n = std::min(1 + row % 7, count - row);
            buffer.append(numbered(row, n, row == 0), {}, 10'000);
            row += n;
        }
    });
    int seen = 0;
    bool inOrder = true;
    while (seen < count)
        for (const TraceBlock& block : buffer.drain()) {
            inOrder = inOrder && block.first_ms == seen && block.values.front() == 2.0 * seen
                && block.restarted == (seen == 0);
            seen += block.count;
        }
    QVERIFY(inOrder);
    QCOMPARE(seen, count);
    QCOMPARE(buffer.lostSamples(), 0u);
}

void TestTraceBuffer::lossIsCountedBetweenTwoThreads()
{
    constexpr int count = 20'000;
    TraceBuffer buffer(40);
    std::atomic<bool> done = false;
    std::jthread writer([&] {
        for (int row = 0; row < count; row += 4)
            buffer.append(numbered(row, 4));
        done = true;
    });
    std::uint64_t seen = 0;
    bool rising = true;
    double last_ms = -1;
    const auto drain = [&] {
        for (const TraceBlock& block : buffer.drain()) {
            rising = rising && block.first_ms > last_ms;
            last_ms = block.first_ms;
            seen += static_cast<std::uint64_t>(block.count);
        }
    };
    while (!done)
        drain();
    writer.join();
    drain();
    QVERIFY(rising);
    QCOMPARE(last_ms, count - 4.0);
    QCOMPARE(seen + buffer.lostSamples(), static_cast<std::uint64_t>(count));
}

QTEST_APPLESS_MAIN(TestTraceBuffer)
#include "tst_trace_buffer.moc"
