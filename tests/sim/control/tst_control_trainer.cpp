#include "sim/base/errors.h"
#include "sim/control/checkpoint.h"
#include "sim/control/folder.h"
#include "sim/control/trainer.h"
#include "sim/network/run_folder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

ControlPlan smallPlan(const char* policy = "lif")
{
    ControlPlan plan;
    plan.setEnvironment(*findEnvironmentKind("cart_pole"));
    PolicyPlan& small = plan.policies.emplace_back(*findPolicyKind(policy));
    small.parameters.set("hidden", 12);
    small.parameters.set("tower_width", 16);
    plan.settings.set("critic_width", 16);
    plan.settings.set("steps", 600);
    plan.settings.set("random_steps", 200);
    plan.settings.set("replay", 300); // overwritten on the way
    plan.settings.set("state_noise", 0.01);
    plan.settings.set("reward_noise", 0.1);
    plan.settings.set("automatic_temperature", 1);
    plan.settings.set("evaluation_interval", 300);
    plan.settings.set("checkpoint_interval", 250);
    return plan;
}

ControlOutcome train(const ControlPlan& plan, const ControlOptions& options = {}, std::int64_t stopAfter = -1)
{
    std::stop_source stop;
    JobContext context;
    context.stop = stop.get_token();
    ControlSinks sinks;
    sinks.episode = [&](const EpisodeMetrics& metrics) {
        if (stopAfter >= 0 && metrics.step >= stopAfter)
            stop.request_stop();
    };
    sinks.progress = [&](const ControlProgress& metrics) {
        if (stopAfter >= 0 && metrics.step >= stopAfter)
            stop.request_stop();
    };
    return trainControl(plan, runsOf(plan).front(), options, sinks, context);
}

} // namespace

class TestControlTrainer : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string folder(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    static QByteArray bytesOf(const std::string& path)
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void sameSeedGivesTheSameBits()
    {
        const ControlOutcome first = train(smallPlan()), second = train(smallPlan());
        QVERIFY(first.policy->tensors() == second.policy->tensors());
        QVERIFY(first.episodes == second.episodes);
        QVERIFY(first.evaluations == second.evaluations);
        ControlPlan other = smallPlan();
        other.settings.set("first_seed", 2);
        QVERIFY(!(train(other).policy->tensors() == first.policy->tensors()));
    }

    /// Stopped within an episode and at its end, twice each; with another number of steps to go.
    void goesOnToTheBit_data()
    {
        QTest::addColumn<QString>("policy");
        for (const char* policy : {"lif", "hh", "s_lif2hh", "ann", "hh_vd"})
            QTest::newRow(policy) << policy;
    }
    void goesOnToTheBit()
    {
        QFETCH(QString, policy);
        const ControlPlan plan = smallPlan(qPrintable(policy));
        const ControlOutcome whole = train(plan, {folder(policy + "-whole"), false});
        ControlOptions options{folder(policy + "-parts"), false};
        ControlPlan shorter = plan;
        shorter.settings.set("steps", 500);
        QVERIFY(train(shorter, options, 101).stopped);
        options.resume = true;
        QVERIFY(train(shorter, options, 400).stopped);
        QVERIFY(!train(shorter, options).stopped);
        const ControlOutcome parts = train(plan, options);
        QVERIFY(!parts.stopped);
        QCOMPARE(parts.step, std::int64_t(600));
        QVERIFY(parts.policy->tensors() == whole.policy->tensors());
        QVERIFY(parts.episodes == whole.episodes);
        const ControlCheckpoint a = readControlCheckpoint(checkpointPath(folder(policy + "-whole")));
        const ControlCheckpoint b = readControlCheckpoint(checkpointPath(folder(policy + "-parts")));
        QVERIFY(a.learner->state().targets == b.learner->state().targets);
        QVERIFY(a.learner->state().actorMoments.secondMoment == b.learner->state().actorMoments.secondMoment);
        QCOMPARE(a.learner->temperature(), b.learner->temperature());
        QCOMPARE(a.position.environment, b.position.environment);
        QCOMPARE(a.position.episodeReward, b.position.episodeReward);
    }

    void leavesWhatItSays()
    {
        const std::string place = folder("kept");
        const ControlOutcome outcome = train(smallPlan(), {place, false});
        const ControlRecord record = readControlFolder(place);
        QVERIFY(record.hasCheckpoint && record.hasPolicy);
        QVERIFY(record.id == outcome.id && record.plan == planOf(smallPlan(), outcome.id));
        QVERIFY(record.episodes == outcome.episodes);
        QVERIFY(record.evaluations == outcome.evaluations);
        QCOMPARE(record.step(), std::int64_t(600));
        QCOMPARE(record.progress.size(), std::size_t(3));
        QVERIFY(std::isfinite(record.progress.back().criticLoss));
        int steps = 0;
        for (const EpisodeMetrics& episode : record.episodes) {
            steps += episode.length;
            QCOMPARE(episode.step, std::int64_t(steps));
        }
        QCOMPARE(outcome.evaluations.size(), std::size_t(2));
        // The policy alone and the checkpoint hold the same policy.
        const auto alone = readPolicy(place), within = readPolicy(checkpointPath(place));
        QVERIFY(alone->tensors() == outcome.policy->tensors() && within->tensors() == alone->tensors());
        QCOMPARE(alone->stepsTrained(), std::int64_t(600));
        QVERIFY(bytesOf(policyPath(place)).size() < 20'000);
        QCOMPARE(readControlFolders(m_folder.path().toStdString()).problems.size(), std::size_t(0));
    }

    void playingRepeatsItself()
    {
        const auto policy = makePolicy(smallPlan(), runsOf(smallPlan()).front());
        ControlTest test;
        test.episodes = 3;
        test.stateNoise = 0.01;
        const ControlEvaluation first = evaluateControl(policy, test, {});
        QCOMPARE(first.lengths.size(), std::size_t(3));
        QVERIFY(first == evaluateControl(policy, test, {}));
        test.seed = 2;
        QVERIFY(!(first == evaluateControl(policy, test, {})));
        PolicyPlayer player(policy);
        const std::vector<double> upright = {0, 0.05, 0, 0};
        player.begin(upright);
        PolicyRecord record;
        const double action = player.act(&record);
        QCOMPARE(action, record.action);
        QVERIFY(std::abs(action - 3 * std::tanh(record.mean)) < 1e-5);
        QCOMPARE(record.output.size(), std::size_t(12));
        QVERIFY(std::abs(player.actWith(1) - 3 * std::tanh(record.mean + std::exp(record.logSigma))) < 1e-5);
    }

    void anotherPlanDoesNotGoOn_data()
    {
        QTest::addColumn<QString>("row");
        QTest::addColumn<double>("value");
        QTest::newRow("discount") << "discount" << 0.9;
        QTest::newRow("batch") << "batch" << 32.0;
        QTest::newRow("hidden") << "hidden" << 13.0;
    }
    void anotherPlanDoesNotGoOn()
    {
        QFETCH(QString, row);
        QFETCH(double, value);
        const ControlOptions options{folder("differs-" + row), true};
        train(smallPlan(), options, 100);
        ControlPlan other = smallPlan();
        if (row == "hidden")
            other.policies[0].parameters.set("hidden", value);
        else
            other.settings.set(row.toStdString(), value);
        const QByteArray before = bytesOf(checkpointPath(options.folder));
        QVERIFY_THROWS_EXCEPTION(DocumentError, train(other, options));
        QCOMPARE(bytesOf(checkpointPath(options.folder)), before);
        QVERIFY_THROWS_EXCEPTION(DocumentError, train(smallPlan("hh"), ControlOptions(options)));
    }

    void numbersThatLeaveTheFiniteStopIt()
    {
        const ControlOptions options{folder("diverges"), true};
        train(smallPlan(), options, 300);
        ControlCheckpoint checkpoint = readControlCheckpoint(checkpointPath(options.folder));
        SoftActorCritic::State state = checkpoint.learner->state();
        for (float& weight : state.critics)
            weight *= 1e30f;
        checkpoint.learner->setState(std::move(state));
        writeControlCheckpoint(checkpointPath(options.folder), checkpoint);
        const QByteArray before = bytesOf(checkpointPath(options.folder));
        try {
            train(smallPlan(), options);
            QFAIL("must not go on");
        } catch (const TrainingError& error) {
            QCOMPARE(error.quantity, std::string("the critics' loss"));
            QCOMPARE(error.step, checkpoint.position.step + 1);
        }
        QCOMPARE(bytesOf(checkpointPath(options.folder)), before);
    }

    void damagedFilesAreRefused()
    {
        const ControlOptions options{folder("damaged"), false};
        train(smallPlan(), options, 100);
        for (const std::string& path : {checkpointPath(options.folder), policyPath(options.folder)}) {
            const QByteArray whole = bytesOf(path);
            for (const qsizetype length : {qsizetype(0), qsizetype(7), whole.size() / 2, whole.size() - 1}) {
                const std::string bytes = whole.left(length).toStdString();
                QVERIFY_THROWS_EXCEPTION(FileError, parsePolicy(bytes, "cut"));
            }
            QByteArray notFinite = whole;
            notFinite.replace(whole.size() - 4, 4, QByteArray("\x00\x00\xc0\x7f", 4));
            if (path == policyPath(options.folder))
                QVERIFY_THROWS_EXCEPTION(FileError, parsePolicy(notFinite.toStdString(), "NaN"));
            QVERIFY_THROWS_EXCEPTION(
                DocumentError, parsePolicy(QByteArray(whole).replace("lif", "hh_").toStdString(), "no kind"));
        }
        QVERIFY_THROWS_EXCEPTION(FileError, readControlCheckpoint(policyPath(options.folder)));
    }
};

QTEST_APPLESS_MAIN(TestControlTrainer)
#include "tst_control_trainer.moc"
