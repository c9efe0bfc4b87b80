#include "app/training/board.h"
#include "app/training/network_list.h"
#include "app/training/notice.h"
#include "app/training/page.h"
#include "app/window/welcome_page.h"
#include "sim/document/plan_laboratories.h"
#include "sim/network/checkpoint.h"
#include "sim/network/training_plan.h"
#include "tests/app/window/window_fixture.h"
#include "tests/sim/network/training_fixture.h"
#include "widgets/form/segmented_control.h"

#include <QCheckBox>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <filesystem>

using namespace endospike;
namespace fs = std::filesystem;

class TestTrainingPage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<WindowFixture> m_window;

    TrainingPage& page() const { return m_window->page<TrainingPage>(training::key); }
    TrainingBoard& board() const { return page().board(); }
    const ListedRun& run(std::size_t index = 0) const { return page().session().runs().at(index); }
    std::size_t runCount() const { return page().session().runs().size(); }
    QString folderOf(std::size_t index) const { return QString::fromStdString(run(index).record.folder); }
    void click(QWidget* button) const
    {
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, {8, button->height() / 2});
    }
    void clickRun() const { click((*m_window)->transport().runButton()); }
    void edit(const TrainingPlan& plan) const
    {
        Experiment experiment = m_window->experiment();
        experiment.training = plan;
        m_window->document().edit(experiment, "set", "set");
    }
    TrainingPlan small(int epochs, int pairs = 50, const char* data = "data") const
    {
        TrainingPlan plan = smallPlan("lif_fc", pairs, epochs);
        plan.networks.push_back(smallPlan("hh_fc").networks.front());
        plan.dataFolder = m_folder->filePath(data).toStdString();
        return plan;
    }
    bool done() const { return page().state() == TransportState::finished; }
    void show()
    {
        m_window = std::make_unique<WindowFixture>(m_folder->path());
        (*m_window)->showLaboratory(training::key);
        QTRY_VERIFY(page().isVisible());
    }
    void again()
    {
        m_window->document().undoStack().setClean();
        (*m_window)->close();
        m_window.reset();
        show();
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        writeDataset(m_folder->filePath("data").toStdString(), 40, 20);
        show();
    }
    void cleanup()
    {
        m_window.reset();
        m_folder.reset();
    }

    void trainsAndEveryViewFollows()
    {
        edit(small(3));
        clickRun();
        QTRY_VERIFY(done());
        QCOMPARE(runCount(), 2u);
        QCOMPARE(run(0).state, RunState::finished);
        QCOMPARE(board().runs().size(), 2u);
        QCOMPARE(page().watchedFolder(), run(1).record.folder); // it followed the queue
        QTRY_VERIFY(page().watchedNetwork() != nullptr);
        const auto kept = readCheckpoint(checkpointPath(run(1).record.folder));
        QCOMPARE(valuesOf(*page().watchedNetwork()), valuesOf(*kept.network));
        for (const auto view : {TrainingPage::View::data, TrainingPage::View::testSet, TrainingPage::View::neuron}) {
            click(page().viewControl()->button(view));
            QTRY_VERIFY(page().trainingView(view)->isVisible());
        }
        QCOMPARE(page().fraction(), 1.0);
    }

    void pausesAndGoesOnToTheBit()
    {
        TrainingPlan plan = small(60, 400);
        plan.networks.pop_back();
        edit(plan);
        clickRun();
        QTRY_VERIFY(runCount() == 1 && run().record.epochs.size() > 2);
        QCOMPARE(page().state(), TransportState::running);
        clickRun();
        QTRY_COMPARE(page().state(), TransportState::paused);
        QCOMPARE(run().state, RunState::paused);
        QVERIFY(run().record.epochs.size() < 61);
        clickRun();
        QTRY_VERIFY(done());
        QCOMPARE(runCount(), 1u);
        const RunOutcome whole = trainNetwork(plan, run().record.id, *page().dataSource().data(), {}, {}, {});
        QCOMPARE(valuesOf(*readCheckpoint(checkpointPath(run().record.folder)).network), valuesOf(*whole.network));
        QVERIFY(sameFigures(run().record.epochs, whole.epochs));
    }

    void stopEndsTheQueueAndRunBeginsAnew()
    {
        edit(small(10000));
        clickRun();
        QTRY_VERIFY(runCount() == 2 && run().record.epochs.size() > 1);
        click((*m_window)->transport().resetButton());
        QTRY_COMPARE(page().state(), TransportState::paused);
        QCOMPARE(runCount(), 1u);
        QCOMPARE(run().state, RunState::stopped);
        clickRun();
        QTRY_COMPARE(runCount(), 3u);
        QVERIFY(run(0).current && !run(2).current);
    }

    void aRunThatClosingStoppedIsFoundAgain()
    {
        edit(small(10000));
        clickRun();
        QTRY_VERIFY(runCount() == 2 && run().record.epochs.size() > 2);
        page().stop();
        const std::vector<EpochMetrics> before = run().record.epochs;
        again();
        QTRY_COMPARE(runCount(), 2u);
        const std::size_t trained = run(0).record.hasCheckpoint ? 0 : 1, waiting = 1 - trained;
        QVERIFY(!run(waiting).record.hasCheckpoint); // it had not begun, and can be begun now
        QCOMPARE(run(trained).state, RunState::stopped);
        QVERIFY(sameFigures(run(trained).record.epochs, before));
        QTRY_VERIFY(page().watchedNetwork() != nullptr); // the views have something to look into
        emit board().continueWanted(folderOf(trained));
        QTRY_VERIFY(run(trained).record.epochs.size() > before.size() + 1);
        QCOMPARE(run(trained).state, RunState::running);
        emit board().continueWanted(folderOf(waiting));
        QCOMPARE(run(waiting).state, RunState::waiting);
    }

    void failedRunIsSaidAndTheNextOneTrains()
    {
        TrainingPlan plan = explodingPlan();
        plan.dataFolder = m_folder->filePath("data").toStdString();
        plan.networks.push_back(small(1).networks.front());
        edit(plan);
        clickRun();
        QTRY_VERIFY(done());
        QCOMPARE(run(0).state, RunState::failed);
        QCOMPARE(run(1).state, RunState::finished);
        QVERIFY2(m_window->documentProblem().contains("ANN fc"), qPrintable(m_window->documentProblem()));
    }

    void missingImagesAreSaidAndTriedAgain()
    {
        edit(small(1, 50, "nowhere"));
        QTRY_VERIFY(page().dataNotice().isVisible());
        QVERIFY2(page().dataNotice().text().contains("apt install dataset-fashion-mnist"),
            qPrintable(page().dataNotice().text()));
        click(page().viewControl()->button(TrainingPage::View::data));
        QTRY_VERIFY(page().placeholder().isVisible());
        QVERIFY(page().placeholder().text().contains("dataset-fashion-mnist"));
        clickRun();
        QTRY_COMPARE(page().state(), TransportState::stopped);
        QVERIFY(page().stopReason().contains("images")); // the whole sentence stands on the page
        writeDataset(m_folder->filePath("nowhere").toStdString(), 40, 20);
        click(page().placeholder().button("Try again"));
        QTRY_VERIFY(page().dataSource().data() != nullptr);
        QVERIFY(!page().placeholder().isVisible() && !page().dataNotice().isVisible());
        clickRun();
        QTRY_VERIFY(done());
    }

    void anotherFolderHelpsToo()
    {
        edit(small(1, 50, "nowhere"));
        QTRY_VERIFY(page().dataNotice().isVisible());
        m_window->answer = m_folder->filePath("data");
        click(page().dataNotice().button("Choose a folder…"));
        QVERIFY(m_window->lastQuestion.folder);
        QCOMPARE(m_window->experiment().training.dataFolder, m_window->answer.toStdString());
        QTRY_VERIFY(page().dataSource().data() != nullptr);
        m_window->document().undoStack().undo();
        QCOMPARE(m_window->experiment().training, small(1, 50, "nowhere"));
    }

    void viewsSayWhatTheyLack()
    {
        edit(small(2));
        QTRY_VERIFY(page().dataSource().data() != nullptr);
        click(page().viewControl()->button(TrainingPage::View::testSet));
        QTRY_VERIFY(page().placeholder().isVisible());
        click(page().placeholder().button("Start training"));
        QTRY_VERIFY(page().trainingView(TrainingPage::View::testSet)->isVisible());
    }

    void anEarlierRunIsRemovedAndPutBack()
    {
        edit(small(1));
        clickRun();
        QTRY_VERIFY(done());
        const std::string folder = run(1).record.folder;
        emit board().removeWanted(folderOf(1));
        QCOMPARE(runCount(), 1u);
        QVERIFY(!fs::exists(folder));
        click((*m_window)->messages().button("undoable", "Undo"));
        QCOMPARE(runCount(), 2u);
        QVERIFY(fs::exists(checkpointPath(folder)));
        emit board().removeWanted(folderOf(1));
        again();
        QTRY_COMPARE(runCount(), 1u);
    }

    void anExperimentOfARunBecomesTheDocument()
    {
        edit(small(1));
        clickRun();
        QTRY_VERIFY(done());
        m_window->document().undoStack().setClean();
        emit board().openWanted(folderOf(1));
        QCOMPARE(m_window->experiment().training, run(1).record.plan);
        QVERIFY(m_window->document().path().isEmpty()); // saving it does not write into the run
    }

    void aCheckpointIsOpenedFromAnyFolder()
    {
        const TrainingPlan plan = small(3, 400);
        TrainingOptions options;
        options.folder = m_folder->filePath("mail").toStdString();
        const RunId id = runsOf(plan).back();
        const TrainingData data = pairImages(readTrainingImages(plan), plan);
        trainNetwork(planOf(plan, id), id, data, options, {}, {});
        (*m_window)->showLaboratory(neuron::key);
        m_window->answer = m_folder->filePath("mail/checkpoint.safetensors");
        m_window->press(Qt::Key_O, Qt::ControlModifier);
        QTRY_VERIFY(page().isVisible() && runCount() == 1);
        QVERIFY(m_window->lastQuestion.filters.front().contains("*.safetensors"));
        QCOMPARE(run().record.id, id);
        QCOMPARE(run().state, RunState::finished);
        QVERIFY(folderOf(0).startsWith(m_folder->filePath("runs/training"))); // a copy, to go on with
        QTRY_VERIFY(page().watchedNetwork() != nullptr);
        QVERIFY(page().view() == TrainingPage::View::testSet);
        QCOMPARE(board().ticked(), std::vector{run().record.folder});
        QCOMPARE((*m_window)->settings().recentFiles().front(), m_window->answer);
        // Its own are not copied again.
        (*m_window)->openPath(QString::fromStdString(checkpointPath(run().record.folder)));
        QTest::qWait(200);
        QCOMPARE(runCount(), 1u);
        again();
        QTRY_COMPARE(runCount(), 1u);
    }

    void whatIsNoCheckpointIsSaid()
    {
        writeBytes(m_folder->filePath("other.safetensors"), QByteArray("\x02\0\0\0\0\0\0\0{}", 10));
        (*m_window)->openPath(m_folder->filePath("other.safetensors"));
        QVERIFY(m_window->documentProblem().contains("no network or policy"));
        (*m_window)->openPath(m_folder->filePath("nothing.safetensors"));
        QVERIFY(m_window->documentProblem().contains("is not there"));
        const std::string header = R"({"__metadata__":{"format":"endospike-checkpoint","version":"1"}})";
        writeBytes(m_folder->filePath("other.safetensors"),
            QByteArray(1, static_cast<char>(header.size())) + QByteArray(7, '\0') + QByteArray::fromStdString(header));
        (*m_window)->openPath(m_folder->filePath("other.safetensors"));
        QTRY_VERIFY(m_window->documentProblem().contains("other.safetensors"));
        QCOMPARE(runCount(), 0u);
        QVERIFY(QDir(m_folder->filePath("runs/training")).isEmpty());
    }

    void damagedRunIsSaid()
    {
        const QString work = m_folder->filePath("runs/training/20200101-000000-000/x");
        QVERIFY(QDir().mkpath(work));
        writeBytes(work + "/experiment.json", "{");
        again();
        QTRY_VERIFY(m_window->documentProblem().contains("20200101"));
    }

    void editsAreUndone()
    {
        const Experiment before = m_window->experiment();
        click(page().setup().networkList()->box(0));
        QCOMPARE(m_window->experiment().training.networks.size(), 2u);
        m_window->document().undoStack().undo();
        QVERIFY(m_window->experiment() == before);
        QVERIFY(page().setup().networkList()->isTicked(0));
        for (int i = 0; i < 3; ++i)
            click(page().setup().networkList()->box(i));
        clickRun();
        QVERIFY(m_window->documentProblem().contains("network"));
        QVERIFY(page().state() != TransportState::running);
    }

    void firstTrainingStartsFromTheWelcomePage()
    {
        writeDataset(m_folder->filePath("package").toStdString(), 40, 20);
        qputenv("ENDOSPIKE_DATA", m_folder->filePath("package").toUtf8());
        (*m_window)->showWelcome();
        (*m_window)->welcomePage().card(training::key)->click();
        QTRY_VERIFY(runCount() == 3 && run().record.epochs.size() > 0);
        QCOMPARE(page().state(), TransportState::running);
        QVERIFY(page().isVisible());
        qunsetenv("ENDOSPIKE_DATA");
    }
};

QTEST_MAIN(TestTrainingPage)
#include "tst_training_page.moc"
