#include "app/control/board.h"
#include "tests/widgets/plot/figure_ink.h"
#include "widgets/look/theme.h"

#include <QTableWidget>
#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

EpisodeMetrics episode(int number, std::int64_t step, int length, bool terminated = true)
{
    return {number, step, length, 0.0, terminated};
}

ControlRun run(const char* kind, std::uint64_t seed) { return {{kind, seed}, findPolicyKind(kind), 1000, {}, {}, {}}; }

ControlProgress report(std::int64_t step, double reward)
{
    ControlProgress progress;
    progress.step = step;
    progress.reward = reward;
    return progress;
}

} // namespace

class TestControlBoard : public QObject {
    Q_OBJECT
private slots:
    void aResumedTrainingReplacesWhatItRepeats()
    {
        ControlRun lif = run("lif", 1);
        for (int i = 1; i <= 4; ++i) {
            lif.add(report(200 * i, i));
            lif.add(episode(i - 1, 200 * i - 50, 10 * i));
        }
        lif.add(report(400, -1)); // from a checkpoint at 300 on
        lif.add(episode(1, 350, 7));
        QCOMPARE(lif.step(), 400);
        QCOMPARE(lif.progress.size(), 2u);
        QCOMPARE(lif.progress.back().reward, -1.0);
        QCOMPARE(lif.episodes.size(), 2u);
        QCOMPARE(lif.episodes.back().length, 7);
    }

    void lengthIsTheMeanOfWhatEndedLately()
    {
        ControlRun lif = run("lif", 1);
        QVERIFY(std::isnan(ControlBoard::lengthAt(lif, 100)));
        lif.add(episode(0, 100, 100));
        lif.add(episode(1, 300, 200));
        lif.add(episode(2, 1200, 900));
        QVERIFY(std::isnan(ControlBoard::lengthAt(lif, 99)));
        QCOMPARE(ControlBoard::lengthAt(lif, 100), 100.0);
        QCOMPARE(ControlBoard::lengthAt(lif, 300), 150.0);
        QCOMPARE(ControlBoard::lengthAt(lif, 1200), 550.0); // the first ended too long ago
        QCOMPARE(ControlBoard::lengthAt(lif, 9000), 900.0); // none lately: the last one
    }

    void curvesAreMeanAndDeviationOverSeeds()
    {
        std::vector<ControlRun> runs{run("lif", 1), run("lif", 2), run("lif", 3), run("hh", 1)};
        for (std::size_t i = 0; i < 3; ++i)
            runs[i].add(report(200, double(i)));
        runs[0].add(report(400, 7));
        runs[3].add(report(200, 5));
        runs[3].add(episode(0, 150, 1000, false));
        ControlBoard board;
        board.setRuns(runs);
        const std::vector<Curve>& curves = board.rewardPlot()->curves();
        QCOMPARE(curves.size(), 2u);
        QCOMPARE(curves[0].x, (QVector<double>{200, 400}));
        QCOMPARE(curves[0].y, (QVector<double>{1, 7}));
        QCOMPARE(curves[0].spread[0], 1.0); // of 0, 1, 2
        QVERIFY(std::isnan(curves[0].spread[1])); // one seed alone has come that far
        QVERIFY(curves[1].spread.isEmpty());
        QCOMPARE(curves[0].color, hueColor(Hue::blue));
        QCOMPARE(board.table()->rowCount(), 4);
        QCOMPARE(board.table()->item(3, 5)->text(), QString("150")); // held at
        QCOMPARE(board.table()->item(0, 5)->text(), QString("–"));
        compareFigure(board.figure("Four runs"), "Four runs", {hueColor(Hue::blue), hueColor(Hue::vermilion)});
    }
};

QTEST_MAIN(TestControlBoard)
#include "tst_control_board.moc"
