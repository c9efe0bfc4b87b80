#include "app/training/session.h"
#include "sim/network/checkpoint.h"
#include "sim/runs/run_files.h"
#include "tests/sim/network/training_fixture.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace endospike;
using Phase = TrainingSession::Phase;

class TestTrainingSession : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TrainingDataSource> m_source;
    std::unique_ptr<TrainingSession> m_session;

    TrainingPlan plan(int epochs = 3, std::string_view kind = "lif_fc", int pairs = 50) const
    {
        TrainingPlan plan = smallPlan(kind, pairs, epochs);
        plan.dataFolder = m_folder->filePath("data").toStdString();
        return plan;
    }
    void begin(const TrainingPlan& plan)
    {
        m_source->want(plan);
        m_session->begin(plan);
    }
    const ListedRun& run(std::size_t index = 0) const { return m_session->runs().at(index); }
    bool is(Phase phase) const
    {
        m_session->tick();
        return m_session->phase() == phase;
    }
    std::vector<float> weights(const std::string& folder) const
    {
        return valuesOf(*readCheckpoint(checkpointPath(folder)).network);
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        writeDataset(m_folder->filePath("data").toStdString(), 40, 20);
        m_source = std::make_unique<TrainingDataSource>();
        m_session = std::make_unique<TrainingSession>(*m_source, m_folder->filePath("runs"));
    }
    void cleanup()
    {
        m_session.reset();
        m_source.reset();
        m_folder.reset();
    }

    void trainsEveryRunOfThePlan()
    {
        TrainingPlan two = plan();
        two.networks.push_back(plan(3, "hh_fc").networks.front());
        two.settings.set(training::seeds, 2);
        QSignalSpy epochs(m_session.get(), &TrainingSession::epochArrived);
        begin(two);
        QCOMPARE(m_session->runs().size(), 4u);
        QTRY_VERIFY(is(Phase::ended));
        const std::vector<RunId> ids = runsOf(two);
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(run(i).record.id == ids[i]);
            QCOMPARE(run(i).state, RunState::finished);
            QCOMPARE(run(i).record.epochs.size(), 4u);
            QVERIFY(sameFigures(run(i).record.epochs, readRunFolder(run(i).record.folder).epochs));
            const RunOutcome alone = trainNetwork(two, ids[i], *m_source->data(), {}, {}, {});
            QVERIFY(sameFigures(run(i).record.epochs, alone.epochs));
            QCOMPARE(weights(run(i).record.folder), valuesOf(*alone.network));
        }
        QCOMPARE(epochs.size(), 16);
        QCOMPARE(m_session->fraction(), 1.0);
    }

    void pausesAndGoesOnToTheBit()
    {
        const TrainingPlan long_ = plan(60, "lif_fc", 400);
        begin(long_);
        QTRY_VERIFY(is(Phase::working) && run().record.epochs.size() >= 3);
        m_session->pause();
        QTRY_VERIFY(is(Phase::paused));
        QCOMPARE(run().state, RunState::paused);
        const std::size_t before = run().record.epochs.size();
        QVERIFY(before < 61);
        QVERIFY(readCheckpoint(checkpointPath(run().record.folder)).epoch + 2 >= static_cast<int>(before));
        m_session->goOn();
        QTRY_VERIFY(is(Phase::ended));
        QCOMPARE(run().state, RunState::finished);
        const RunOutcome whole = trainNetwork(long_, run().record.id, *m_source->data(), {}, {}, {});
        QVERIFY(sameFigures(run().record.epochs, whole.epochs));
        QCOMPARE(weights(run().record.folder), valuesOf(*whole.network));
    }

    void stopLosesNothing()
    {
        begin(plan(10000));
        QTRY_VERIFY(is(Phase::working) && run().record.epochs.size() >= 2);
        m_session->stop();
        QVERIFY(!m_session->isTraining(run().record.folder));
        QVERIFY_THROWS_NO_EXCEPTION(FolderLock(run().record.folder)); // nobody writes there any more
        QCOMPARE(m_session->phase(), Phase::paused);
        const RunRecord kept = readRunFolder(run().record.folder);
        QVERIFY(kept.hasCheckpoint);
        QVERIFY(sameFigures(kept.epochs, run().record.epochs));

        // A new start of the program finds it, and goes on with it.
        m_session = std::make_unique<TrainingSession>(*m_source, m_folder->filePath("runs"));
        m_session->addEarlier({kept});
        QCOMPARE(run().state, RunState::stopped);
        QVERIFY(!run().current);
        m_session->continueRun(kept.folder);
        QTRY_VERIFY(is(Phase::working) && run().record.epochs.size() > kept.epochs.size() + 1);
        for (std::size_t i = 0; i < kept.epochs.size(); ++i)
            QCOMPARE(run().record.epochs[i].elapsed_s, kept.epochs[i].elapsed_s);
        m_session->giveUp();
        QTRY_VERIFY(is(Phase::idle));
        QCOMPARE(run().state, RunState::stopped);
    }

    void failedRunLetsTheNextOneTrain()
    {
        TrainingPlan two = explodingPlan();
        two.dataFolder = m_folder->filePath("data").toStdString();
        two.networks.push_back(plan(3, "hh_fc").networks.front());
        QSignalSpy failures(m_session.get(), &TrainingSession::runFailed);
        begin(two);
        QTRY_VERIFY(is(Phase::ended));
        QCOMPARE(run(0).state, RunState::failed);
        QVERIFY2(run(0).failure.contains("epoch") && run(0).failure.contains("batch"), qPrintable(run(0).failure));
        QCOMPARE(failures.size(), 1);
        QCOMPARE(run(1).state, RunState::finished);
        QVERIFY(!m_session->allFailed());
        for (const float weight : weights(run(0).record.folder)) // the last good checkpoint is kept
            QVERIFY(std::isfinite(weight));
    }

    void missingImagesEndTheQueueWithASentence()
    {
        TrainingPlan lost = plan();
        lost.dataFolder = m_folder->filePath("nowhere").toStdString();
        begin(lost);
        QTRY_VERIFY(is(Phase::ended));
        QVERIFY(m_session->failure().contains("dataset-fashion-mnist"));
        QVERIFY(m_session->allFailed());
        QVERIFY(m_session->runs().empty()); // nothing was begun
        writeDataset(m_folder->filePath("nowhere").toStdString(), 40, 20);
        m_source->retry();
        m_session->begin(lost);
        QTRY_VERIFY(is(Phase::ended));
        QCOMPARE(run().state, RunState::finished);
    }

    void anotherWorkGivesUpTheOneBefore()
    {
        TrainingPlan two = plan(10000);
        two.settings.set(training::seeds, 2);
        begin(two);
        QTRY_VERIFY(is(Phase::working) && !run().record.epochs.empty());
        begin(plan(2));
        QCOMPARE(m_session->runs().size(), 2u); // the one that had not begun is gone
        QCOMPARE(run(1).state, RunState::stopped);
        QVERIFY(run(0).current && !run(1).current);
        QTRY_VERIFY(is(Phase::ended));
        QVERIFY(m_session->forget(run(1).record.folder));
        QCOMPARE(m_session->runs().size(), 1u);
    }

    void pairsAreReadOnceAndSharedWhileTheirPartIsUnchanged()
    {
        TrainingPlan one = plan();
        m_source->want(one);
        QTRY_VERIFY(m_source->data() != nullptr);
        const auto data = m_source->data();
        one.settings.set(training::epochs, 7);
        one.settings.set(training::batch, 9);
        m_source->want(one);
        QVERIFY(!m_source->isReading());
        QCOMPARE(m_source->dataFor(one), data);
        one.settings.set(training::train_pairs, 31);
        QVERIFY(!m_source->dataFor(one));
        m_source->want(one);
        QTRY_VERIFY(m_source->dataFor(one) != nullptr);
        QCOMPARE(m_source->data()->train.size(), 31);
        QCOMPARE(m_source->data()->test.size(), data->test.size());
    }
};

QTEST_MAIN(TestTrainingSession)
#include "tst_training_session.moc"
