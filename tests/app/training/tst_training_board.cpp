#include "app/training/board.h"
#include "tests/widgets/plot/figure_ink.h"

#include "app/training/reading.h"
#include "app/training/run_model.h"
#include "sim/network/operation_count.h"
#include "tests/app/training/synthetic_runs.h"
#include "widgets/form/segmented_control.h"
#include "widgets/look/numbers.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/plot/learning_plot.h"

#include <QApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace endospike;

Q_DECLARE_METATYPE(endospike::RunExport)
Q_DECLARE_METATYPE(std::vector<std::string>)

class TestTrainingBoard : public QObject {
    Q_OBJECT

    std::unique_ptr<TrainingBoard> m_board;

    /// A queue of three and two earlier runs; the second of the queue trains.
    static std::vector<ListedRun> five()
    {
        std::vector<ListedRun> runs{syntheticRun("hh_fc", 1, 4, 4, 0.85, true),
            syntheticRun("lif_fc", 1, 4, 2, 0.80, true), syntheticRun("lif_fc", 2, 4, 0, 0, true),
            syntheticRun("ann_fc", 1, 4, 4, 0.90, false), syntheticRun("hh_fc", 7, 4, 2, 0.70, false)};
        runs[1].state = RunState::running;
        return runs;
    }
    RunTable& table() const { return *m_board->table(); }
    RunModel& model() const { return table().runs(); }
    std::string folder(std::size_t run) const { return m_board->runs()[run].record.folder; }
    QRect cell(std::size_t run, int column) const
    {
        return table().visualRect(model().index(model().rowOf(run), column));
    }
    void clickCell(std::size_t run, int column) const
    {
        QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, cell(run, column).center());
    }
    void clickTick(std::size_t run) const
    {
        QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, table().tickRect(model().rowOf(run)).center());
    }
    void clickHead(int column) const
    {
        QHeaderView* head = table().horizontalHeader();
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {},
            {head->sectionViewportPosition(column) + head->sectionSize(column) / 2, head->height() / 2});
    }
    std::vector<std::string> order() const
    {
        std::vector<std::string> folders;
        for (int row = 0; row < model().rowCount(); ++row)
            folders.push_back(folder(model().runAt(row)));
        return folders;
    }
    std::vector<std::string> folders(std::initializer_list<std::size_t> runs) const
    {
        std::vector<std::string> list;
        for (const std::size_t run : runs)
            list.push_back(folder(run));
        return list;
    }
    static void click(QWidget* button) { QTest::mouseClick(button, Qt::LeftButton); }

private slots:
    void initTestCase()
    {
        qRegisterMetaType<endospike::RunExport>("endospike::RunExport");
        qRegisterMetaType<std::vector<std::string>>("std::vector<std::string>");
        applyTheme(*qApp, ThemeKind::light);
    }
    void init()
    {
        m_board = std::make_unique<TrainingBoard>();
        m_board->resize(1200, 800);
        m_board->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_board.get()));
    }

    void anEmptyBoardSaysWhatToDo()
    {
        QVERIFY(m_board->startButton()->isVisible());
        QVERIFY(!table().isVisible());
        const QSignalSpy start(m_board.get(), &TrainingBoard::startWanted);
        click(m_board->startButton());
        QCOMPARE(start.size(), 1);
        m_board->setRuns(five());
        QVERIFY(table().isVisible() && !m_board->startButton()->isVisible());
        m_board->setRuns({});
        QVERIFY(m_board->startButton()->isVisible());
    }

    void theQueueIsTickedAndComesFirst()
    {
        std::vector<ListedRun> runs = five();
        std::rotate(runs.begin(), runs.begin() + 3, runs.end()); // earlier ones first in the list
        m_board->setRuns(runs);
        QCOMPARE(order(), folders({2, 3, 4, 0, 1}));
        QCOMPARE(m_board->ticked(), folders({2, 3, 4}));
        QCOMPARE(m_board->lossPlot()->curves().size(), 3u);
        QCOMPARE(m_board->lossPlot()->curves()[0].samples.size(), 120);
        QCOMPARE(m_board->lossPlot()->curves()[0].marks.size(), 5); // the untrained network too
        QCOMPARE(m_board->lossPlot()->curves()[1].name, QString("LIF fc, seed 1"));
        QCOMPARE(m_board->lossPlot()->curves()[0].name,
            qstring(m_board->runs()[2].record.id.network)); // nothing to tell it from
    }

    void aTickShowsAndHides()
    {
        m_board->setRuns(five());
        clickTick(4);
        QCOMPARE(m_board->ticked(), folders({0, 1, 2, 4}));
        const auto& curves = m_board->accuracyPlot()->curves();
        QCOMPARE(curves.size(), 4u);
        QCOMPARE(curves[3].color, curves[0].color); // one model
        QVERIFY(curves[3].variant != curves[0].variant);
        const int variant = curves[3].variant;
        clickTick(0);
        QCOMPARE(m_board->ticked(), folders({1, 2, 4}));
        QCOMPARE(m_board->accuracyPlot()->curves()[2].variant, variant); // keeps its looks
        m_board->choose(folder(2));
        table().setCurrentIndex(model().index(2, RunModel::network));
        QTest::keyClick(&table(), Qt::Key_Space);
        QCOMPARE(m_board->ticked(), folders({1, 4}));
        clickCell(4, RunModel::network); // beside the tick
        QCOMPARE(m_board->ticked(), folders({1, 4}));
    }

    void ticksAndChoiceOutliveANewList()
    {
        m_board->setRuns(five());
        clickTick(3);
        clickTick(1);
        clickCell(0, RunModel::loss);
        const std::string before = m_board->chosen();
        QCOMPARE(before, folder(0));
        std::vector<ListedRun> runs = five();
        std::reverse(runs.begin(), runs.end());
        runs.push_back(syntheticRun("hh_conv", 1, 4, 0, 0, true));
        m_board->setRuns(runs);
        QCOMPARE(m_board->chosen(), before);
        const std::vector<std::string> list = m_board->ticked();
        QCOMPARE(std::set(list.begin(), list.end()),
            (std::set{folder(1), folder(2), folder(4), folder(5)})); // the new one of the queue too
        runs.clear();
        m_board->setRuns(runs);
        QVERIFY(m_board->chosen().empty() && m_board->ticked().empty());
    }

    void aClickChoosesAndTells()
    {
        m_board->setRuns(five());
        const QSignalSpy chosen(m_board.get(), &TrainingBoard::runChosen);
        clickCell(3, RunModel::state);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toString().toStdString(), folder(3));
        m_board->choose(folder(0));
        QCOMPARE(chosen.size(), 1); // the page did it
        QCOMPARE(m_board->chosen(), folder(0));
        QCOMPARE(m_board->lossPlot()->emphasised(), 0);
        LearningPlot* plot = m_board->lossPlot();
        plot->replot();
        const QPointF mark = plot->curves()[1].marks.back();
        QTest::mouseClick(plot, Qt::LeftButton, {},
            QPointF(plot->xAxis->coordToPixel(mark.x()), plot->yAxis->coordToPixel(mark.y())).toPoint());
        QCOMPARE(chosen.size(), 2);
        QCOMPARE(m_board->chosen(), folder(1));
        QTest::keyClick(&table(), Qt::Key_Down);
        QCOMPARE(m_board->chosen(), folder(2));
        QCOMPARE(chosen.size(), 3);
    }

    void sortsWithinQueueAndEarlierRuns()
    {
        m_board->setRuns(five());
        m_board->choose(folder(1));
        clickHead(RunModel::topLeft);
        QCOMPARE(order(), folders({1, 0, 2, 4, 3})); // rising; nothing known last
        clickHead(RunModel::topLeft);
        QCOMPARE(order(), folders({0, 1, 2, 3, 4}));
        QCOMPARE(m_board->chosen(), folder(1)); // the choice moves with its row
        clickHead(RunModel::network);
        QCOMPARE(order(), folders({0, 1, 2, 3, 4}));
        clickHead(RunModel::seed);
        clickHead(RunModel::seed);
        QCOMPARE(order().front(), folder(2));
    }

    void growsLive()
    {
        m_board->setRuns(five());
        std::mt19937 random(1);
        const LearningPlot* plot = m_board->lossPlot();
        for (int batch = 0; batch < 30; ++batch)
            m_board->addBatches(folder(1), {syntheticBatch(2, batch, 30, 0.8, random)});
        m_board->addEpoch(folder(1), syntheticEpoch(2, 0.8));
        QTRY_COMPARE(plot->curves()[1].samples.size(), 90);
        QCOMPARE(plot->curves()[1].marks.size(), 4);
        QCOMPARE(plot->curves()[1].samples.back().x(), 3.0);
        QCOMPARE(m_board->accuracyPlot()->curves()[1].samples.size(), 90);
        QCOMPARE(model().index(1, RunModel::epochs).data().toString(), QString("3 / 4"));
        m_board->addEpoch("/not/listed", syntheticEpoch(2, 0.8));
        m_board->addBatches("/not/listed", {syntheticBatch(2, 0, 30, 0.8, random)});
        QCOMPARE(plot->curves().size(), 3u);
    }

    void whatCameWhileHiddenIsShownLater()
    {
        m_board->setRuns(five());
        m_board->hide();
        std::mt19937 random(1);
        m_board->addBatches(folder(1), {syntheticBatch(2, 0, 30, 0.8, random)});
        QTest::qWait(200);
        QCOMPARE(m_board->lossPlot()->curves()[1].samples.size(), 60);
        m_board->show();
        QCOMPARE(m_board->lossPlot()->curves()[1].samples.size(), 61);
        m_board->showView(TrainingBoard::byTime);
        m_board->addBatches(folder(1), {syntheticBatch(2, 1, 30, 0.8, random)});
        m_board->addEpoch(folder(1), syntheticEpoch(2, 0.8));
        QTRY_COMPARE(m_board->racePlot()->curves()[1].marks.size(), 4);
        m_board->showView(TrainingBoard::learning);
        QCOMPARE(m_board->lossPlot()->curves()[1].samples.size(), 62);
        QCOMPARE(m_board->lossPlot()->curves()[1].marks.size(), 4);
    }

    void whatIsNoNumberIsLeftOut()
    {
        std::vector<ListedRun> runs = five();
        runs[0].record.batches[5].loss = std::nan("");
        m_board->setRuns(runs);
        QCOMPARE(m_board->lossPlot()->curves()[0].samples.size(), 119);
    }

    void oneTaskOrTheMeanOfBoth()
    {
        m_board->setRuns(five());
        const EpochMetrics& last = m_board->runs()[0].record.epochs.back();
        const auto shown = [this] { return m_board->accuracyPlot()->curves()[0].marks.back().y(); };
        QCOMPARE(shown(), 50 * (last.testAccuracy[0] + last.testAccuracy[1]));
        click(m_board->taskControl()->button(TrainingBoard::topLeft));
        QCOMPARE(shown(), 100 * last.testAccuracy[0]);
        click(m_board->taskControl()->button(TrainingBoard::bottomRight));
        QCOMPARE(shown(), 100 * last.testAccuracy[1]);
        click(m_board->viewControl()->button(TrainingBoard::byTime));
        QCOMPARE(m_board->racePlot()->curves()[0].marks.back().y(), 100 * last.testAccuracy[1]);
    }

    void races()
    {
        std::vector<ListedRun> runs = five();
        for (EpochMetrics& epoch : runs[1].record.epochs)
            epoch.elapsed_s *= 100;
        m_board->setRuns(runs);
        QVERIFY(m_board->lossPlot()->isVisible() && !m_board->racePlot()->isVisible());
        click(m_board->viewControl()->button(TrainingBoard::byTime));
        QVERIFY(!m_board->lossPlot()->isVisible() && m_board->racePlot()->isVisible());
        const auto marks = [this](std::size_t curve) { return m_board->racePlot()->curves()[curve].marks; };
        QCOMPARE(marks(0).back().x(), runs[0].record.epochs.back().elapsed_s);
        QVERIFY(m_board->racePlot()->isLogarithmicX()); // 16 s beside 800 s
        clickTick(1);
        QVERIFY(!m_board->racePlot()->isLogarithmicX());
        clickTick(1);
        click(m_board->viewControl()->button(TrainingBoard::byOperations));
        QCOMPARE(marks(0).back().x(), runs[0].record.epochs.back().operations);
        click(m_board->viewControl()->button(TrainingBoard::byParameters));
        QCOMPARE(marks(0).size(), 1);
        QCOMPARE(marks(0)[0].x(), parameterCount(runs[0].record.plan.networks[0]));
        QVERIFY(marks(2).isEmpty()); // it waits
    }

    void readsTheRunThatTrains()
    {
        m_board->setRuns(five());
        const TrainingReading& reading = *m_board->reading();
        QCOMPARE(reading.text(TrainingReading::run), QString("LIF fc, seed 1"));
        QCOMPARE(reading.text(TrainingReading::progress), QString("2.00 of 4"));
        QCOMPARE(reading.text(TrainingReading::timeLeft), QString("8.0 s")); // 8 s for the first half
        QCOMPARE(reading.text(TrainingReading::memory), QString("210 MiB"));
        QCOMPARE(reading.text(TrainingReading::speed), QString("12\u202f345 samples/s"));
        QCOMPARE(reading.layersText(), QString("Hidden: 0.137 spikes per step, 12 dead, 3 saturated of 512"));
        m_board->setRunState(folder(1), RunState::stopped);
        m_board->choose(folder(0));
        QCOMPARE(reading.text(TrainingReading::run), qstring(m_board->runs()[0].record.id.label()));
        QCOMPARE(reading.text(TrainingReading::timeLeft), QString("finished"));
    }

    void spikesAreCountedInTheUnitOfTheNeuron()
    {
        const LayerActivity layer{"Layer 1", 0.05, 41472, 0, 0};
        const auto text = [&](std::string_view kind) {
            return activityText(layer, NetworkPlan(*findNetworkKind(kind)));
        };
        QVERIFY(text("hh_fc").contains("per step"));
        for (const NetworkKind& kind : networkKinds())
            QCOMPARE(text(kind.key).contains("per ms"), kind.unit == HiddenUnit::hhVoltageDependent);
        QVERIFY(text("ann_fc").contains("is on"));
    }

    void aFailureShowsItsSentence()
    {
        m_board->setRuns(five());
        m_board->setRunState(folder(1), RunState::failed, "The loss is not a number in epoch 3, batch 17.");
        const int row = model().rowOf(1);
        QCOMPARE(model().index(row, RunModel::state).data().toString(), QString("failed"));
        QVERIFY(model().index(row, RunModel::title).data().toString().contains("batch 17"));
        m_board->choose(folder(1));
        QVERIFY(m_board->reading()->layersText().contains("batch 17"));
        QVERIFY(m_board->button(TrainingBoard::goOn)->isEnabled()); // from the last good checkpoint
    }

    /// Nobody need have stopped it: it may have been killed, or another program trains it still.
    void anEarlierRunThatDidNotEndIsUnfinished()
    {
        m_board->setRuns(five());
        m_board->setRunState(folder(1), RunState::stopped);
        const auto state = [&](int run) {
            return model().index(model().rowOf(run), RunModel::state).data().toString();
        };
        QCOMPARE(state(1), QString("stopped"));
        QCOMPARE(state(4), QString("unfinished"));
        QCOMPARE(state(3), QString("finished"));
    }

    void actionsAskForTheChosenRun()
    {
        m_board->setRuns(five());
        for (const int action : {TrainingBoard::look, TrainingBoard::goOn, TrainingBoard::open, TrainingBoard::remove})
            QVERIFY(!m_board->button(static_cast<TrainingBoard::Action>(action))->isEnabled());
        clickCell(4, RunModel::seed); // stopped half way
        const QSignalSpy look(m_board.get(), &TrainingBoard::lookWanted),
            goOn(m_board.get(), &TrainingBoard::continueWanted), open(m_board.get(), &TrainingBoard::openWanted),
            remove(m_board.get(), &TrainingBoard::removeWanted);
        const QSignalSpy* spies[] = {&look, &goOn, &open, &remove};
        for (int action = 0; action < 4; ++action) {
            click(m_board->button(static_cast<TrainingBoard::Action>(action)));
            QCOMPARE(spies[action]->size(), 1);
            QCOMPARE((*spies[action])[0][0].toString().toStdString(), folder(4));
        }
        QTest::mouseDClick(table().viewport(), Qt::LeftButton, {}, cell(4, RunModel::seed).center());
        QCOMPARE(look.size(), 2);
        m_board->choose(folder(0)); // finished
        QVERIFY(!m_board->button(TrainingBoard::goOn)->isEnabled());
        m_board->choose(folder(1)); // trains
        QVERIFY(!m_board->button(TrainingBoard::goOn)->isEnabled());
        QVERIFY(!m_board->button(TrainingBoard::remove)->isEnabled());
        m_board->choose(folder(2)); // waits
        QVERIFY(!m_board->button(TrainingBoard::look)->isEnabled());
    }

    void exportsWhatIsTicked()
    {
        m_board->setRuns(five());
        clickTick(0);
        QSignalSpy wanted(m_board.get(), &TrainingBoard::exportWanted);
        click(m_board->button(TrainingBoard::csv));
        click(m_board->button(TrainingBoard::tensorBoard));
        QCOMPARE(wanted.size(), 2);
        QCOMPARE(wanted[0][0].value<std::vector<std::string>>(), folders({1, 2}));
        QCOMPARE(wanted[0][1].value<RunExport>(), RunExport::csv);
        QCOMPARE(wanted[1][1].value<RunExport>(), RunExport::tensorBoard);
        clickTick(1);
        clickTick(2);
        QVERIFY(!m_board->button(TrainingBoard::csv)->isEnabled());
    }

    void theTooltipSaysWhatDiffers()
    {
        std::vector<ListedRun> runs = five();
        runs[0].record.plan.networks[0].parameters.set("hidden", 77);
        m_board->setRuns(runs);
        QVERIFY(model().index(0, 0).data(Qt::ToolTipRole).toString().contains("77"));
    }

    void aFigureHasPlotsAndNames()
    {
        m_board->setRuns(five());
        QCOMPARE(m_board->figure("x").pictures.size(), 3u);
        m_board->showView(TrainingBoard::byTime);
        QCOMPARE(m_board->figure("x").pictures.size(), 2u);
        compareFigure(m_board->figure("Five runs, two seeds"), "Five runs, two seeds",
            {hueColor(Hue::vermilion), hueColor(Hue::blue)});
    }

    void durations()
    {
        QCOMPARE(durationText(3), QString("3.0 s"));
        QCOMPARE(durationText(9.97), QString("10 s"));
        QCOMPARE(durationText(59.7), QString("1 min 00 s"));
        QCOMPARE(durationText(123), QString("2 min 03 s"));
        QCOMPARE(durationText(3900), QString("1 h 05 min"));
        QCOMPARE(durationText(std::nan("")), QString("–"));
        QCOMPARE(groupedNumber(1234567), QString("1\u202f234\u202f567"));
        QCOMPARE(groupedNumber(999), QString("999"));
    }
};

QTEST_MAIN(TestTrainingBoard)
#include "tst_training_board.moc"
