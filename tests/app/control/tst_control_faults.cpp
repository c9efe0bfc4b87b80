// What the control laboratory does when its files are not what it left, when it was killed, and when numbers leave the
// finite: it says so, and what was there before is still there.
#include "app/control/board.h"
#include "sim/control/checkpoint.h"
#include "sim/control/folder.h"
#include "sim/network/checkpoint.h"
#include "sim/network/run_folder.h"
#include "tests/app/control/control_fixture.h"
#include "tests/sim/network/training_fixture.h"
#include "widgets/plot/curve_plot.h"

#include <QComboBox>
#include <QTest>

using namespace endospike;

class TestControlFaults : public QObject {
    Q_OBJECT

    std::unique_ptr<ControlWindow> m_control;

    ControlPage& page() const { return m_control->page(); }
    ControlPlay& playground() const { return page().playground(); }
    QString problem() const { return m_control->fixture().documentProblem(); }
    /// Of a network of the training laboratory.
    static void writeForeignCheckpoint(const QString& path)
    {
        const TrainingPlan plan = smallPlan("ann_fc");
        const RunId id = runsOf(plan).front();
        writeCheckpoint(path.toStdString(), Checkpoint(planOf(plan, id), id));
    }
    QString checkpointOf(const char* run) const
    {
        return m_control->newestWork() + "/" + run + "/checkpoint.safetensors";
    }
    /// A long training, paused after its first checkpoints.
    void pauseInTheMiddle() const
    {
        m_control->edit(m_control->small(200000));
        m_control->run();
        QTRY_VERIFY(QFile::exists(checkpointOf("LIF-seed1")));
        m_control->run();
        QTRY_COMPARE(page().state(), TransportState::paused);
    }
    /// Run goes on, and it ends with this in its sentence.
    void runFails(const char* words) const
    {
        m_control->run();
        QTRY_VERIFY(!page().stopReason().isEmpty());
        QVERIFY2(page().stopReason().contains(words), qPrintable(page().stopReason()));
        QCOMPARE(page().state(), TransportState::stopped);
    }
    void beginsAnew() const
    {
        const QString before = m_control->newestWork();
        page().reset();
        m_control->run();
        QTRY_VERIFY(m_control->newestWork() != before);
        QTRY_VERIFY(!page().runs().front().progress.empty());
        QVERIFY(page().stopReason().isEmpty());
        page().stop();
    }

private slots:
    void init() { m_control = std::make_unique<ControlWindow>(); }
    void cleanup() { m_control.reset(); }

    void aForeignPolicyIsRefusedAndTheOldOnePlaysOn_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("a checkpoint of another laboratory") << "foreign"
                                                            << "is not a policy";
        QTest::newRow("half of it") << "half"
                                    << "policy.safetensors";
        QTest::newRow("gone meanwhile") << "gone"
                                        << "policy.safetensors";
    }
    void aForeignPolicyIsRefusedAndTheOldOnePlaysOn()
    {
        QFETCH(QString, what);
        QFETCH(QString, words);
        m_control->trainSmall(300);
        m_control->fixture().document().undoStack().setClean();
        m_control->close();
        m_control->show();
        const QString file = m_control->newestWork() + "/ANN-seed1/policy.safetensors";
        playground().choose(0, m_control->newestWork() + "/LIF-seed1/policy.safetensors");
        QVERIFY(playground().player(0).hasPolicy());
        const Policy* before = &playground().player(0).policy();
        QCOMPARE(before->stepsTrained(), 300);
        const QByteArray bytes = readBytes(file);
        QVERIFY(!bytes.isEmpty() && QFile::remove(file));
        if (what == "foreign")
            writeForeignCheckpoint(file);
        else if (what == "half")
            writeBytes(file, bytes.left(bytes.size() / 2));
        const QString chosen = playground().chosen(0);
        playground().choose(0, file);
        QTRY_VERIFY2(problem().contains(words), qPrintable(problem()));
        QCOMPARE(&playground().player(0).policy(), before);
        QCOMPARE(playground().chosen(0), chosen);
        QCOMPARE(playground().combo(0)->currentData().toString(), chosen);
        playground().restart();
        playground().advance(0.1);
        QVERIFY(playground().player(0).steps() > 0);
    }

    void aForeignCheckpointStopsTheTrainingAndNothingElse()
    {
        pauseInTheMiddle();
        const QString work = m_control->newestWork();
        const QByteArray policy = readBytes(work + "/LIF-seed1/policy.safetensors");
        const std::size_t episodes = page().runs().front().episodes.size();
        writeForeignCheckpoint(checkpointOf("LIF-seed1"));
        const QByteArray foreign = readBytes(checkpointOf("LIF-seed1"));
        runFails("checkpoint.safetensors");
        QVERIFY(page().runs().front().episodes.size() >= episodes && episodes > 0);
        QVERIFY(!page().board().rewardPlot()->isEmpty());
        QCOMPARE(readBytes(work + "/LIF-seed1/policy.safetensors"), policy);
        QCOMPARE(readBytes(checkpointOf("LIF-seed1")), foreign); // it may be somebody's
        beginsAnew();
        QCOMPARE(readBytes(work + "/LIF-seed1/policy.safetensors"), policy);
    }

    void numbersThatLeaveTheFiniteAreNamed()
    {
        pauseInTheMiddle();
        const std::string path = checkpointOf("LIF-seed1").toStdString();
        ControlCheckpoint checkpoint = readControlCheckpoint(path);
        SoftActorCritic::State state = checkpoint.learner->state();
        for (float& weight : state.critics)
            weight *= 1e30f;
        checkpoint.learner->setState(std::move(state));
        writeControlCheckpoint(path, checkpoint);
        const QByteArray before = readBytes(checkpointOf("LIF-seed1"));
        runFails("the critics' loss");
        QVERIFY(page().stopReason().contains("LIF"));
        QCOMPARE(readBytes(checkpointOf("LIF-seed1")), before);
        beginsAnew();
    }

    /// As a killed program leaves it: metrics that are ahead of the checkpoint, cut off in a line. What comes out is
    /// what comes out of a training that nothing disturbed.
    void whatWasKilledGoesOnToTheSamePolicy()
    {
        const Experiment plan = m_control->small(1000);
        const QString whole = m_control->fixture().file("whole/");
        const QString killed = m_control->works() + "/20260101-000000-000/";
        for (const RunId& id : runsOf(plan.control)) {
            const QString run = QString::fromStdString(id.folderName());
            trainControl(plan.control, id, {(whole + run).toStdString(), false}, {}, {});
            std::stop_source stop;
            ControlSinks sinks;
            sinks.progress = [&](const ControlProgress& metrics) {
                if (metrics.step >= 400)
                    stop.request_stop();
            };
            trainControl(plan.control, id, {(killed + run).toStdString(), false}, sinks, {stop.get_token(), {}});
            QByteArray ahead = readBytes(whole + run + "/metrics.jsonl");
            ahead.truncate(ahead.size() * 7 / 10);
            writeBytes(killed + run + "/metrics.jsonl", ahead.endsWith('\n') ? ahead.chopped(9) : ahead);
        }
        m_control->edit(plan);
        m_control->run();
        QTRY_COMPARE(page().state(), TransportState::finished);
        QCOMPARE(m_control->newestWork() + "/", killed);
        for (const ControlRun& run : page().runs()) {
            const QString name = QString::fromStdString(run.id.folderName());
            QCOMPARE(run.episodes, readControlFolder((whole + name).toStdString()).episodes);
            QCOMPARE(readBytes(killed + name + "/policy.safetensors"), readBytes(whole + name + "/policy.safetensors"));
        }
    }
};

QTEST_MAIN(TestControlFaults)
#include "tst_control_faults.moc"
