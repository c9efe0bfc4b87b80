#include "sim/trace/trace_history.h"
#include "tests/sim/trace/trace_fixture.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace endospike;
using namespace endospike::test;

namespace {

/// Everything that a history was given, as a plain list.
struct Plain {
    std::vector<double> time_ms;
    std::vector<double> value;
};

double wobble(std::size_t column, double t_ms)
{
    return std::sin(0.3 * t_ms) * 40 + std::sin(17.1 * t_ms) * 5 + static_cast<double>(column);
}

/// One or two cells in blocks of odd sizes; the plain list is of the first column.
Plain fill(TraceHistory& history, int samples, double interval_ms, double first_ms = 0)
{
    Plain plain;
    const auto layout = voltageLayout({1, 2});
    for (int k = 0; k < samples;) {
        const int n = std::min(1 + (k * 7) % 501, samples - k);
        const TraceBlock block = makeBlock(layout, first_ms + k * interval_ms, interval_ms, n, wobble);
        for (int i = 0; i < n; ++i) {
            plain.time_ms.push_back(block.first_ms + i * interval_ms);
            plain.value.push_back(block.values[i]);
        }
        history.append(block);
        k += n;
    }
    return plain;
}

bool timesRise(const std::vector<EnvelopePoint>& points)
{
    return std::ranges::is_sorted(points, {}, &EnvelopePoint::time_ms);
}

std::vector<EnvelopePoint> envelope(const TraceHistory& history, int cell, double from_ms, double to_ms, int pixels)
{
    std::vector<EnvelopePoint> points;
    history.envelope(cell, "v_mv", from_ms, to_ms, pixels, points);
    return points;
}

} // namespace

class TestTraceHistory : public QObject {
    Q_OBJECT

private slots:
    void emptyHistoryAnswers();
    void envelopeIsMinimumAndMaximumOfEachPixel();
    void envelopeShowsSamplesWhenThereIsRoom();
    void envelopeReachesOneNeighbourOut();
    void envelopeOfStrangeRanges();
    void absentCellIsAGap();
    void lostBlocksAreAGap();
    void gapWithinAPixelKeepsTimeInOrder();
    void oldSamplesAreForgotten();
    void historyWithoutColumnsIsBounded();
    void restartClears();
    void revisionCounts();
    void valueAtIsTheNearestSample();
    void valueAtAcrossChangedIntervals();
    void spikesInRange();
    void spikesOfALongBlock();
    void everySampleIsVisitedInOrder();
};

void TestTraceHistory::emptyHistoryAnswers()
{
    const TraceHistory history;
    QVERIFY(history.empty());
    QCOMPARE(history.first_ms(), 0.0);
    QCOMPARE(history.last_ms(), 0.0);
    QVERIFY(!history.layout());
    QVERIFY(!history.hasForgotten());
    QVERIFY(std::isnan(history.valueAt(1, "v_mv", 0)));
    QVERIFY(history.spikes(1, 0, 100).empty());
    QVERIFY(envelope(history, 1, 0, 100, 10).empty());
}

void TestTraceHistory::envelopeIsMinimumAndMaximumOfEachPixel()
{
    TraceHistory history;
    const Plain plain = fill(history, 20'000, 0.05); // a second, twenty chunks
    std::mt19937 random(5);
    std::uniform_real_distribution<double> place(0, 1000);
    for (int trial = 0; trial < 300; ++trial) {
        double from = place(random);
        double to = place(random);
        if (from > to)
            std::swap(from, to);
        const int pixels = 1 + static_cast<int>(random() % 700);
        const double pixel_ms = (to - from) / pixels;
        const auto points = envelope(history, 1, from, to, pixels);
        QVERIFY(timesRise(points));
        QVERIFY(static_cast<int>(points.size()) <= pixels + 3);
        // Brute force over the same samples: from the neighbour before to the neighbour after.
        const auto begin = std::prev(std::ranges::upper_bound(plain.time_ms, from)) - plain.time_ms.begin();
        const auto end = std::ranges::lower_bound(plain.time_ms, to) - plain.time_ms.begin();
        std::vector<EnvelopePoint> expected;
        double pixel = 0;
        for (auto k = begin; k <= end && k < static_cast<std::ptrdiff_t>(plain.value.size()); ++k) {
            const double own = std::floor(plain.time_ms[k] / pixel_ms);
            if (expected.empty() || own != pixel) {
                expected.push_back({plain.time_ms[k], plain.value[k], plain.value[k]});
            } else {
                expected.back().time_ms = (own + 0.5) * pixel_ms;
                expected.back().minimum = std::min(expected.back().minimum, plain.value[k]);
                expected.back().maximum = std::max(expected.back().maximum, plain.value[k]);
            }
            pixel = own;
        }
        QCOMPARE(points.size(), expected.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            QVERIFY(std::abs(points[i].time_ms - expected[i].time_ms) < 1e-9);
            QCOMPARE(points[i].minimum, expected[i].minimum);
            QCOMPARE(points[i].maximum, expected[i].maximum);
        }
    }
}

void TestTraceHistory::envelopeShowsSamplesWhenThereIsRoom()
{
    TraceHistory history;
    const Plain plain = fill(history, 3000, 0.05);
    const auto points = envelope(history, 1, 50, 60, 1000); // 201 samples
    QCOMPARE(points.size(), 201u);
    for (std::size_t i = 0; i < points.size(); ++i) {
        QVERIFY(std::abs(points[i].time_ms - plain.time_ms[1000 + i]) < 1e-9);
        QCOMPARE(points[i].minimum, plain.value[1000 + i]);
        QCOMPARE(points[i].maximum, plain.value[1000 + i]);
    }
}

void TestTraceHistory::envelopeReachesOneNeighbourOut()
{
    TraceHistory history;
    history.append(makeBlock(voltageLayout({1}), 0, 10, 11, [](std::size_t, double t) { return t; }));
    const auto points = envelope(history, 1, 42, 58, 1000); // one sample inside, lines must cross the whole view
    QCOMPARE(points.size(), 3u);
    QCOMPARE(points.front().minimum, 40.0);
    QCOMPARE(points.back().minimum, 60.0);
    QCOMPARE(envelope(history, 1, 44, 46, 10).size(), 2u);
}

void TestTraceHistory::envelopeOfStrangeRanges()
{
    TraceHistory history;
    fill(history, 5000, 0.0001);
    QVERIFY(envelope(history, 1, 3, 3, 100).empty());
    QVERIFY(envelope(history, 1, 3, 2, 100).empty());
    QVERIFY(envelope(history, 1, std::nan(""), 2, 100).empty());
    QVERIFY(envelope(history, 1, 0, 1, 0).empty());
    QVERIFY(envelope(history, 7, 0, 1, 100).empty());
    QVERIFY(envelope(history, 1, 1e9, 2e9, 100).empty()); // farther than whole numbers of samples reach
    QVERIFY(envelope(history, 1, -2e9, -1e9, 100).empty());
    const auto all = envelope(history, 1, -1e9, 1e9, 100);
    QVERIFY(!all.empty() && all.size() <= 2);
}

void TestTraceHistory::absentCellIsAGap()
{
    TraceHistory history;
    const auto value = [](std::size_t, double t) { return t; };
    history.append(makeBlock(voltageLayout({1, 2}), 0, 0.5, 20, value)); // to 9.5
    history.append(makeBlock(voltageLayout({1}), 10, 0.5, 20, value)); // without cell 2
    history.append(makeBlock(voltageLayout({2, 1}), 20, 0.5, 20, value));
    const auto second = envelope(history, 2, 0, 30, 1000);
    QVERIFY(timesRise(second));
    QCOMPARE(std::ranges::count_if(second, [](const auto& p) { return std::isnan(p.minimum); }), 1);
    for (const EnvelopePoint& point : second)
        QVERIFY(std::isnan(point.minimum) ? point.time_ms >= 9.5 && point.time_ms <= 20
                                          : point.time_ms <= 9.5 || point.time_ms >= 20);
    const auto first = envelope(history, 1, 0, 30, 1000);
    QCOMPARE(first.size(), 60u);
    QVERIFY(std::ranges::none_of(first, [](const auto& p) { return std::isnan(p.minimum); }));
    QVERIFY(std::isnan(history.valueAt(2, "v_mv", 15)));
    QCOMPARE(history.valueAt(1, "v_mv", 15), 15.0);
    QCOMPARE(history.valueAt(2, "v_mv", 25), 25.0);
}

void TestTraceHistory::lostBlocksAreAGap()
{
    TraceHistory history;
    const auto layout = voltageLayout({1});
    const auto value = [](std::size_t, double t) { return t; };
    history.append(makeBlock(layout, 0, 0.5, 20, value));
    history.append(makeBlock(layout, 50, 0.5, 20, value));
    const auto points = envelope(history, 1, 0, 60, 2000);
    QCOMPARE(std::ranges::count_if(points, [](const auto& p) { return std::isnan(p.minimum); }), 1);
    QVERIFY(std::isnan(history.valueAt(1, "v_mv", 30)));
}

void TestTraceHistory::gapWithinAPixelKeepsTimeInOrder()
{
    TraceHistory history;
    const auto layout = voltageLayout({1});
    const auto value = [](std::size_t, double t) { return t; };
    for (double first : {0.0, 3.2, 5.15, 5.6, 9.9})
        history.append(makeBlock(layout, first, 0.05, 5, value));
    for (int pixels = 1; pixels < 60; ++pixels)
        QVERIFY(timesRise(envelope(history, 1, 0, 12, pixels)));
}

void TestTraceHistory::oldSamplesAreForgotten()
{
    constexpr int chunks = 4;
    TraceHistory history(2 * TraceHistory::chunkSamples * chunks);
    const Plain plain = fill(history, TraceHistory::chunkSamples * 10, 1);
    QVERIFY(history.hasForgotten());
    QCOMPARE(history.last_ms(), TraceHistory::chunkSamples * 10 - 1.0);
    QCOMPARE(history.first_ms(), TraceHistory::chunkSamples * 6.0);
    QVERIFY(std::isnan(history.valueAt(1, "v_mv", 10)));
    QCOMPARE(history.valueAt(1, "v_mv", history.first_ms()), plain.value[TraceHistory::chunkSamples * 6]);
}

void TestTraceHistory::historyWithoutColumnsIsBounded()
{
    TraceHistory history(4 * TraceHistory::chunkSamples);
    const auto none = voltageLayout({});
    for (int k = 0; k < 20; ++k)
        history.append(makeBlock(none, k * 1024, 1, 1024, [](std::size_t, double) { return 0.0; }));
    QVERIFY(history.hasForgotten());
    QCOMPARE(history.first_ms(), 16 * 1024.0);
}

void TestTraceHistory::restartClears()
{
    TraceHistory history;
    fill(history, 3000, 0.05);
    TraceBlock block = makeBlock(voltageLayout({3}), 0, 0.1, 10, [](std::size_t, double t) { return t; });
    block.restarted = true;
    history.append(block);
    QCOMPARE(history.first_ms(), 0.0);
    QVERIFY(std::abs(history.last_ms() - 0.9) < 1e-12);
    QVERIFY(std::isnan(history.valueAt(1, "v_mv", 0)));
    QCOMPARE(history.layout()->columns[0].cellId, 3);
    QVERIFY(!history.hasForgotten());
}

void TestTraceHistory::revisionCounts()
{
    TraceHistory history;
    const auto before = history.revision();
    fill(history, 10, 1);
    const auto filled = history.revision();
    QVERIFY(filled != before);
    history.clear();
    QVERIFY(history.revision() != filled);
    QVERIFY(history.empty());
}

void TestTraceHistory::valueAtIsTheNearestSample()
{
    TraceHistory history;
    const Plain plain = fill(history, 5000, 0.05);
    std::mt19937 random(2);
    std::uniform_real_distribution<double> place(0, 249.9);
    for (int trial = 0; trial < 500; ++trial) {
        const double t = place(random);
        QCOMPARE(history.valueAt(1, "v_mv", t), plain.value[static_cast<std::size_t>(std::lround(t / 0.05))]);
    }
    QCOMPARE(history.valueAt(1, "v_mv", -0.02), plain.value.front());
    QVERIFY(std::isnan(history.valueAt(1, "v_mv", -0.03)));
    QCOMPARE(history.valueAt(1, "v_mv", 249.96), plain.value.back());
    QVERIFY(std::isnan(history.valueAt(1, "v_mv", 250)));
    QVERIFY(std::isnan(history.valueAt(1, "m", 3)));
}

void TestTraceHistory::valueAtAcrossChangedIntervals()
{
    TraceHistory history;
    const auto layout = voltageLayout({1});
    const auto value = [](std::size_t, double t) { return t; };
    history.append(makeBlock(layout, 0, 0.1, 100, value)); // 0 .. 9.9
    history.append(makeBlock(layout, 19.9, 10, 3, value)); // 19.9, 29.9, 39.9
    history.append(makeBlock(layout, 40, 0.1, 10, value)); // 40 .. 40.9
    for (double t : {0.0, 5.0, 9.9, 19.9, 29.9, 39.9, 40.0, 40.5})
        QVERIFY(std::abs(history.valueAt(1, "v_mv", t) - t) < 1e-9);
    QVERIFY(std::abs(history.valueAt(1, "v_mv", 18) - 19.9) < 1e-9);
    QVERIFY(std::abs(history.valueAt(1, "v_mv", 39.96) - 40) < 1e-9);
}

void TestTraceHistory::spikesInRange()
{
    TraceHistory history;
    const auto layout = voltageLayout({1, 2});
    for (int k = 0; k < 100; ++k) {
        TraceBlock block = makeBlock(layout, k * 50 + 0.05, 0.05, 1000, wobble);
        block.spikes = {{1, k * 50 + 10.0}, {2, k * 50 + 20.0}, {1, k * 50 + 0.01}};
        std::ranges::sort(block.spikes, {}, &CellSpike::time_ms);
        history.append(block);
    }
    QCOMPARE(history.spikes(1, 0, 5000).size(), 200u);
    QCOMPARE(history.spikes(2, 0, 5000).size(), 100u);
    QCOMPARE(history.spikes(1, 1010, 1050.01), (std::vector<double>{1010, 1050.01}));
    QCOMPARE(history.spikes(2, 1020.5, 1069.5), std::vector<double>());
    QVERIFY(std::ranges::is_sorted(history.spikes(1, 0, 5000)));
    QVERIFY(history.spikes(3, 0, 5000).empty());
}

void TestTraceHistory::spikesOfALongBlock()
{
    TraceHistory history;
    TraceBlock block = makeBlock(voltageLayout({1}), 0, 1, 10'000, wobble); // ten chunks at once
    for (double t = 5; t < 10'000; t += 100)
        block.spikes.push_back({1, t});
    history.append(block);
    QCOMPARE(history.spikes(1, 0, 1000).size(), 10u);
    QCOMPARE(history.spikes(1, 5000, 10'000).size(), 50u);
}

void TestTraceHistory::everySampleIsVisitedInOrder()
{
    TraceHistory history;
    const Plain plain = fill(history, 4000, 0.05);
    std::size_t k = 2000;
    history.forEachSample(99.99, 150.01, [&](const TraceLayout& layout, double t_ms, std::span<const double> row) {
        QCOMPARE(layout.columns.size(), 2u);
        QVERIFY(std::abs(t_ms - plain.time_ms[k]) < 1e-9);
        QCOMPARE(row[0], plain.value[k]);
        ++k;
    });
    QCOMPARE(k, 3001u);
}

QTEST_APPLESS_MAIN(TestTraceHistory)
#include "tst_trace_history.moc"
