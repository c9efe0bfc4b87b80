#include "sim/control/plan.h"
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "tests/app/cli/cli_fixture.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace endospike;

class TestCliControl : public QObject, CliFolder {
    Q_OBJECT

    /// Two small policies, two seeds, on the environment that is always built.
    static QByteArray document(int steps = 300)
    {
        Experiment experiment(*findLaboratory(control::key));
        experiment.control.setEnvironment(*findEnvironmentKind("cart_pole"));
        for (const char* key : {"lif", "ann"}) {
            PolicyPlan& policy = experiment.control.policies.emplace_back(*findPolicyKind(key));
            policy.parameters.set("hidden", 8);
            policy.parameters.set("tower_width", 8);
        }
        ParameterValues& settings = experiment.control.settings;
        settings.set(control::critic_width, 8);
        settings.set(control::steps, steps);
        settings.set(control::seeds, 2);
        settings.set(control::random_steps, 100);
        settings.set(control::evaluation_interval, 200);
        return QByteArray::fromStdString(toJson(experiment));
    }

    /// The lines of a run's metrics without what a clock measured.
    QList<QJsonObject> metricsOf(const QString& folder) const
    {
        QList<QJsonObject> lines = linesOf(bytesOf(folder + "/metrics.jsonl"));
        for (QJsonObject& line : lines) {
            line.remove("steps_per_s");
            line.remove("elapsed_s");
        }
        return lines;
    }

private slots:
    void printsADocument()
    {
        const Answer created = cli({"new", "control"});
        QCOMPARE(created.code, 0);
        QCOMPARE(created.out, QByteArray::fromStdString(toJson(firstControl())));
        QCOMPARE(cli({"check", "-"}, created.out).code, 0);
        const QJsonObject tables = QJsonDocument::fromJson(cli({"models"}).out).object();
        QCOMPARE(tables["policies"].toArray().size(), qsizetype(policyKinds().size()));
        QVERIFY(tables["environments"].isArray() && tables["control"].isArray());
    }

    void trainsEveryPolicyAndSeed()
    {
        const Answer trained = cli({"train", "-", "--out", path("runs")}, document());
        QVERIFY2(trained.code == 0, trained.err);
        QStringList runs;
        for (const QJsonObject& run : eventsOf(trained.out, "run")) {
            runs.append(run["policy"].toString() + QString::number(run["seed"].toInt()));
            QCOMPARE(run["outcome"].toString(), QString("done"));
            QCOMPARE(run["steps"].toInt(), 300);
        }
        runs.sort();
        QCOMPARE(runs, (QStringList{"ANN1", "ANN2", "LIF1", "LIF2"}));
        QVERIFY(eventsOf(trained.out, "episode").size() > 40);
        QCOMPARE(eventsOf(trained.out, "evaluation").size(), 8); // at 200 steps and at the end
        for (const char* file : {"experiment.json", "metrics.jsonl", "checkpoint.safetensors", "policy.safetensors"})
            QVERIFY2(QFile::exists(path(QString("runs/LIF-seed2/") + file)), file);
        // A run's own document repeats it, and how many run at once changes nothing.
        const Answer again =
            cli({"train", path("runs/LIF-seed2/experiment.json"), "--threads", "1", "--out", path("again")});
        QCOMPARE(again.code, 0);
        QCOMPARE(bytesOf("again/LIF-seed2/policy.safetensors"), bytesOf("runs/LIF-seed2/policy.safetensors"));
    }

    void goesOnAndProtectsWhatIsThere()
    {
        const QStringList command = {"train", "-", "--policy", "ann", "--out", path("on")};
        QCOMPARE(cli(command, document(200)).code, 0);
        const Answer refused = cli(command, document(300));
        QCOMPARE(refused.code, 2);
        QVERIFY(refused.err.contains("--resume"));
        QCOMPARE(cli(command + QStringList{"--resume"}, document(300)).code, 0);
        QCOMPARE(cli({"train", "-", "--policy", "ann", "--out", path("whole")}, document(300)).code, 0);
        QCOMPARE(bytesOf("on/ANN-seed1/policy.safetensors"), bytesOf("whole/ANN-seed1/policy.safetensors"));
        const Answer other =
            cli(command + QStringList{"--resume", "--set", "control.settings.discount=0.9"}, document(300));
        QCOMPARE(other.code, 2);
        QVERIFY2(other.err.contains("control.settings.discount"), other.err);
    }

    void playsWhatItTrained()
    {
        QCOMPARE(cli({"train", "-", "--policy", "LIF", "--out", path("play")}, document()).code, 0);
        const Answer played = cli({"evaluate", path("play/LIF-seed1"), "--episodes", "4", "--noise", "0.01"});
        QVERIFY2(played.code == 0, played.err);
        const QJsonObject result = QJsonDocument::fromJson(played.out).object();
        QCOMPARE(result["episodes"].toInt(), 4);
        QCOMPARE(result["state_noise"].toDouble(), 0.01);
        QCOMPARE(result["steps_trained"].toInt(), 300);
        double sum = 0;
        for (const auto& length : result["lengths"].toArray())
            sum += length.toInt();
        QCOMPARE(result["mean_length"].toDouble(), sum / 4);
        const Answer checkpoint =
            cli({"evaluate", path("play/LIF-seed1/checkpoint.safetensors"), "--episodes", "4", "--noise", "0.01"});
        QCOMPARE(checkpoint.out, played.out);
    }

    void twoProcessesTrainTheSamePolicies()
    {
#ifdef ENDOSPIKE_MPIRUN
        QFile file(path("plan.json"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(document()) > 0);
        file.close();
        QCOMPARE(cli({"train", path("plan.json"), "--threads", "1", "--out", path("one")}).code, 0);
        const Answer two = cliOfTwoProcesses({"train", path("plan.json"), "--out", path("two")});
        QVERIFY2(two.code == 0, two.err.constData());
        QCOMPARE(eventsOf(two.out, "run").size(), 4); // each of them once
        const QStringList runs = QDir(path("two")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QCOMPARE(runs, (QStringList{"ANN-seed1", "ANN-seed2", "LIF-seed1", "LIF-seed2"}));
        QCOMPARE(runs, QDir(path("one")).entryList(QDir::Dirs | QDir::NoDotAndDotDot));
        for (const QString& run : runs) {
            for (const char* name : {"/experiment.json", "/policy.safetensors"}) {
                QVERIFY(!bytesOf("two/" + run + name).isEmpty());
                QCOMPARE(bytesOf("two/" + run + name), bytesOf("one/" + run + name));
            }
            QVERIFY(metricsOf("two/" + run).size() > 10);
            QCOMPARE(metricsOf("two/" + run), metricsOf("one/" + run));
        }
#else
        QSKIP("Open MPI was not found when this was built: training over several processes is not tested");
#endif
    }

    void badInputIsNamed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("part");
        QTest::newRow("no such policy") << QStringList{"train", "-", "--policy", "hh"} << "hh";
        QTest::newRow("no such environment")
            << QStringList{"train", "-", "--set", "control.environment.kind=moon"} << "inverted_double_pendulum";
        QTest::newRow("no policies") << QStringList{"train", "-", "--set", "control.policies=[]"}
                                     << "at least one policy";
        QTest::newRow("out of bounds") << QStringList{"train", "-", "--set", "control.settings.steps=0"}
                                       << "control.settings.steps";
        QTest::newRow("not simulated in time") << QStringList{"run", "-"} << "endospike-cli train";
        QTest::newRow("no checkpoint") << QStringList{"evaluate", "nowhere"} << "nowhere";
    }
    void badInputIsNamed()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, part);
        const Answer answer = cli(arguments, document());
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains(part.toUtf8()), answer.err);
        QVERIFY(answer.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCliControl)
#include "tst_cli_control.moc"
