#include "sim/control/replay.h"

#include <QTest>

#include <map>
#include <stdexcept>

using namespace endospike;

namespace {

constexpr int shown = 3;

/// Observations say when they were made: {episode, step}.
std::vector<float> at(int episode, int step) { return {static_cast<float>(episode), static_cast<float>(step)}; }

void addEpisode(Replay& replay, int episode, int length, bool terminated)
{
    replay.begin(at(episode, 0));
    for (int step = 1; step <= length; ++step)
        replay.add(at(episode, step), 100 * episode + step, -step, terminated && step == length);
}

struct Seen {
    int episode, step;
    auto operator<=>(const Seen&) const = default;
};

/// Draws often; checks each window; how often each transition came.
std::map<Seen, int> drawAll(const Replay& replay, const std::map<int, int>& lengths, bool terminated)
{
    std::map<Seen, int> seen;
    TransitionBatch<float> batch;
    constexpr int size = 8;
    for (std::uint64_t index = 0; index < 500; ++index) {
        replay.draw(1, index, size, batch);
        for (int row = 0; row < size; ++row) {
            const auto value = [&](int k, int number) {
                return static_cast<int>(batch.observations[static_cast<std::size_t>((k * size + row) * 2 + number)]);
            };
            const Seen next{value(shown, 0), value(shown, 1)};
            for (int k = 0; k <= shown; ++k)
                if (value(k, 0) != next.episode || value(k, 1) != std::max(next.step - (shown - k), 0))
                    return {};
            const bool last = next.step == lengths.at(next.episode);
            if (batch.actions[row] != static_cast<float>(100 * next.episode + next.step)
                || batch.rewards[row] != static_cast<float>(-next.step)
                || batch.goesOn[row] != (last && terminated ? 0.0f : 1.0f))
                return {};
            ++seen[next];
        }
    }
    return seen;
}

} // namespace

class TestReplay : public QObject {
    Q_OBJECT

private slots:
    void windowsStayWithinTheirEpisode_data()
    {
        QTest::addColumn<bool>("terminated");
        QTest::newRow("fallen") << true;
        QTest::newRow("cut off") << false;
    }
    void windowsStayWithinTheirEpisode()
    {
        QFETCH(bool, terminated);
        Replay replay(1000, 2, shown);
        const std::map<int, int> lengths{{1, 1}, {2, 7}, {3, 4}};
        for (const auto& [episode, length] : lengths)
            addEpisode(replay, episode, length, terminated);
        QCOMPARE(replay.transitions(), std::size_t(12));
        const std::map<Seen, int> seen = drawAll(replay, lengths, terminated);
        QCOMPARE(seen.size(), std::size_t(12));
        for (const auto& [transition, times] : seen) // 4000 / 12 = 333 each, standard deviation 17
            QVERIFY(times > 240 && times < 430);
    }

    /// What was overwritten is not drawn, nor what has lost a part of its window.
    void theOldestAreDropped()
    {
        Replay replay(10, 2, shown);
        addEpisode(replay, 1, 20, true);
        addEpisode(replay, 2, 3, true); // 4 moments: 6 of the first episode are left, steps 15 to 20
        const std::map<Seen, int> seen = drawAll(replay, {{1, 20}, {2, 3}}, true);
        QCOMPARE(seen.size(), std::size_t(6));
        QVERIFY(!seen.contains({1, 17}) && seen.contains({1, 18}) && seen.contains({2, 1}));
    }

    void comesBackFromItsMoments()
    {
        Replay replay(10, 2, shown);
        addEpisode(replay, 1, 20, true);
        addEpisode(replay, 2, 2, true);
        Replay other(10, 2, shown);
        other.setMoments(replay.moments());
        for (Replay* each : {&replay, &other})
            addEpisode(*each, 3, 1, false);
        TransitionBatch<float> a, b;
        replay.draw(3, 7, 64, a);
        other.draw(3, 7, 64, b);
        QCOMPARE(b.observations, a.observations);
        QCOMPARE(b.actions, a.actions);
        ReplayMoments gap = replay.moments();
        ++gap.ages[5];
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, other.setMoments(gap));
        ReplayMoments late;
        late.observations = at(1, 9);
        late.actions = late.rewards = {0};
        late.ages = {9};
        late.terminated = {0};
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, other.setMoments(late));
        ReplayMoments many;
        many.ages.resize(11);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, other.setMoments(many));
    }
};

QTEST_APPLESS_MAIN(TestReplay)
#include "tst_replay.moc"
