#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/network/checkpoint.h"
#include "sim/network/run_folder.h"
#include "sim/network/training_plan.h"
#include "tests/app/cli/cli_fixture.h"
#include "tests/sim/network/training_fixture.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using namespace endospike;

class TestCliTrain : public QObject, CliFolder {
    Q_OBJECT

    /// Two small networks on the small set of images.
    Experiment experiment(int epochs = 2) const
    {
        Experiment result(*findLaboratory(training::key));
        result.training = smallPlan("lif_fc", 60, epochs);
        result.training.networks.push_back(smallPlan("ann_fc").networks[0]);
        result.training.dataFolder = path("data").toStdString();
        return result;
    }
    QByteArray document(int epochs = 2) const { return QByteArray::fromStdString(toJson(experiment(epochs))); }

    std::vector<float> weightsIn(const QString& folder) const
    {
        return valuesOf(*readCheckpoint(checkpointPath(path(folder).toStdString())).network);
    }
    std::vector<float> straightWeights(const TrainingPlan& plan) const
    {
        const TrainingData data = pairImages(readTrainingImages(plan), plan);
        return valuesOf(*trainNetwork(plan, runsOf(plan).front(), data, {}, {}, {}).network);
    }

private slots:
    void initTestCase() { writeDataset(path("data").toStdString(), 40, 20); }

    void newPassesCheck()
    {
        const Answer created = cli({"new", "training"});
        QCOMPARE(created.code, 0);
        QCOMPARE(created.out, QByteArray::fromStdString(toJson(firstTraining())));
        QCOMPARE(cli({"check", "-"}, created.out).out, QByteArray("ok\n"));
        const QJsonDocument models = QJsonDocument::fromJson(cli({"models"}).out);
        QCOMPARE(models["networks"].toArray().size(), static_cast<qsizetype>(networkKinds().size()));
        QVERIFY(models["training"].isArray());
    }

    void eachCommandHasItsDocuments()
    {
        const Answer run = cli({"run", "-"}, document());
        QCOMPARE(run.code, 2);
        QVERIFY2(run.err.contains("endospike-cli train"), run.err.constData());
        const Answer train = cli({"train", "-"}, QByteArray::fromStdString(toJson(firstExperiment())));
        QCOMPARE(train.code, 2);
        QVERIFY2(train.err.contains("training or control laboratory"), train.err.constData());
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown network") << QStringList{"train", "-", "--network", "hh_fc"};
        QTest::newRow("no threads") << QStringList{"train", "-", "--threads", "0"};
        QTest::newRow("resume nothing") << QStringList{"train", "-", "--resume"};
        QTest::newRow("bounds") << QStringList{"train", "-", "--set", "training.settings.epochs=0"};
        QTest::newRow("no networks") << QStringList{"train", "-", "--set", "training.networks=[]"};
        QTest::newRow("no checkpoint") << QStringList{"evaluate", "/no/such/file"};
        QTest::newRow("no checkpoint in the folder") << QStringList{"evaluate", m_folder.path()};
        QTest::newRow("no name of a folder") << QStringList{"train", "-", "--out", ""};
        QTest::newRow("no file that ends") << QStringList{"evaluate", "/dev/zero"};
        QTest::newRow("nothing to evaluate") << QStringList{"evaluate"};
        QTest::newRow("no pairs") << QStringList{"evaluate", "x", "--test-pairs", "0"};
    }
    void refusals()
    {
        QFETCH(QStringList, arguments);
        const Answer answer = cli(arguments, document());
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.out.isEmpty());
        QVERIFY2(answer.err.startsWith("endospike-cli: "), answer.err.constData());
    }

    void missingDataSaysHowToGetIt()
    {
        const Answer answer = cli({"train", "-", "--set", "training.data_folder=" + path("nothing")}, document());
        QCOMPARE(answer.code, 3);
        QCOMPARE(answer.err.count('\n'), 1);
        QVERIFY2(answer.err.contains("sudo apt install dataset-fashion-mnist"), answer.err.constData());
    }

    void trainsEveryNetworkInTurn()
    {
        const Answer answer =
            cli({"train", "-", "--set", "training.settings.seeds=2", "--out", path("all")}, document());
        QCOMPARE(answer.code, 0);
        const QList<QJsonObject> epochs = eventsOf(answer.out, "epoch");
        const QList<QJsonObject> runs = eventsOf(answer.out, "run");
        QCOMPARE(epochs.size(), 2 * 2 * 3);
        QCOMPARE(runs.size(), 4);
        QVERIFY(!eventsOf(answer.out, "batch").isEmpty());
        QCOMPARE(epochs[0]["epoch"].toInt(), -1);
        QVERIFY(epochs[0]["train_loss"].isNull());
        QCOMPARE(epochs[2]["epoch"].toInt(), 1);
        QVERIFY(epochs[2]["layers"].toArray()[0].toObject()["mean_rate"].isDouble());
        QCOMPARE(runs[1]["seed"].toInt(), 2);
        QCOMPARE(runs[2]["network"].toString(), "ANN fc");
        QCOMPARE(runs[3]["outcome"].toString(), "done");
        QCOMPARE(runs[0]["test_loss"], epochs[2]["test_loss"]);
        const QByteArray help = cli({"train", "--help"}).out;
        for (const QJsonObject& line : linesOf(answer.out))
            for (const QString& key : line.keys())
                QVERIFY2(help.contains(key.toUtf8()), qPrintable(key));
        // The table: a head and a row for each training, nothing else when nobody watches.
        QCOMPARE(answer.err.count('\n'), 5);
        QVERIFY2(answer.err.startsWith("network"), answer.err.constData());
        QCOMPARE(answer.err.count("ANN fc"), 2);

        QCOMPARE(QDir(path("all")).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name),
            QStringList({"ANN_fc-seed1", "ANN_fc-seed2", "LIF_fc-seed1", "LIF_fc-seed2"}));
        QCOMPARE(QDir(path("all/LIF_fc-seed2")).entryList(QDir::Files | QDir::Hidden, QDir::Name),
            QStringList({"checkpoint.safetensors", "experiment.json", "metrics.jsonl"}));
        const RunRecord record = readRunFolder(path("all/LIF_fc-seed2").toStdString());
        QVERIFY(record.finished());
        QCOMPARE(record.epochs[2].testLoss, epochs[5]["test_loss"].toDouble());
        // The experiment in the folder repeats the training.
        QCOMPARE(cli({"train", path("all/LIF_fc-seed2/experiment.json"), "--out", path("repeat")}).code, 0);
        QVERIFY(weightsIn("repeat/LIF_fc-seed2") == weightsIn("all/LIF_fc-seed2"));
    }

    void oneNetworkByNameOrKind()
    {
        for (const char* name : {"ANN fc", "ann_fc"}) {
            const Answer answer = cli({"train", "-", "--network", name}, document());
            QCOMPARE(answer.code, 0);
            QCOMPARE(eventsOf(answer.out, "run").size(), 1);
            QCOMPARE(eventsOf(answer.out, "run")[0]["network"].toString(), "ANN fc");
        }
    }

    void nothingTrainedIsOverwritten()
    {
        const QStringList arguments = {"train", "-", "--network", "lif_fc", "--out", path("once")};
        QCOMPARE(cli(arguments, document()).code, 0);
        const QByteArray before = bytesOf("once/LIF_fc-seed1/checkpoint.safetensors");
        const Answer again = cli(arguments, document());
        QCOMPARE(again.code, 2);
        QVERIFY2(again.err.contains("--resume"), again.err.constData());
        QVERIFY(bytesOf("once/LIF_fc-seed1/checkpoint.safetensors") == before);
        const Answer other =
            cli(arguments + QStringList{"--resume", "--set", "training.networks.LIF fc.parameters.threshold=0.5"},
                document());
        QCOMPARE(other.code, 2);
        QVERIFY2(other.err.contains("threshold is 0.5: was 0.3"), other.err.constData());
        QVERIFY(bytesOf("once/LIF_fc-seed1/checkpoint.safetensors") == before);
        const Answer longer = cli(arguments + QStringList{"--resume"}, document(4));
        QCOMPARE(longer.code, 0);
        QCOMPARE(eventsOf(longer.out, "epoch").size(), 2);
        QVERIFY(weightsIn("once/LIF_fc-seed1") == straightWeights(experiment(4).training));
    }

    /// Before the first network is trained for hours.
    void whatCannotGoOnIsSaidAtOnce()
    {
        const QStringList arguments = {"train", "-", "--out", path("both")};
        QCOMPARE(cli(arguments, document()).code, 0);
        const QString damaged = path("both/ANN_fc-seed1/checkpoint.safetensors");
        QVERIFY(QFile::resize(damaged, QFileInfo(damaged).size() / 2));
        const Answer answer = cli(arguments + QStringList{"--resume"}, document(5));
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.out.isEmpty());
        QVERIFY2(answer.err.contains("ANN_fc-seed1"), answer.err.constData());
    }

    void theExperimentKeepsItsTitle()
    {
        Experiment titled = experiment();
        titled.title = "Small nets";
        const QByteArray text = QByteArray::fromStdString(toJson(titled));
        QCOMPARE(
            cli({"train", "-", "--network", "lif_fc", "--network", "LIF fc", "--out", path("titled")}, text).code, 0);
        QCOMPARE(readRunFolder(path("titled/LIF_fc-seed1").toStdString()).title, std::string("Small nets"));
        const Answer more = cli({"train", "-", "--out", path("titled"), "--resume"}, document(3));
        QCOMPARE(more.code, 0);
        QCOMPARE(eventsOf(more.out, "run").size(), 2);
        QCOMPARE(readRunFolder(path("titled/LIF_fc-seed1").toStdString()).title, std::string("Small nets"));
    }

    void evaluatesACheckpoint()
    {
        const Answer trained = cli({"train", "-", "--network", "lif_fc", "--out", path("evaluated")}, document());
        QCOMPARE(trained.code, 0);
        const QJsonObject last = eventsOf(trained.out, "epoch").last();
        const QString folder = path("evaluated/LIF_fc-seed1");
        const Answer answer = cli({"evaluate", folder, "--confusion", "--threads", "2"});
        QCOMPARE(answer.code, 0);
        const QJsonObject result = QJsonDocument::fromJson(answer.out).object();
        QCOMPARE(result["loss"], last["test_loss"]);
        QCOMPARE(result["accuracy"], last["test_accuracy"]);
        QCOMPARE(result["layers"], last["layers"]);
        QCOMPARE(result["pairs"].toInt(), 30);
        QCOMPARE(result["epochs"].toInt(), 2);
        for (int task = 0; task < 2; ++task) {
            int pairs = 0, right = 0;
            for (int truth = 0; truth < 10; ++truth)
                for (int guess = 0; guess < 10; ++guess) {
                    const int count = result["confusion"][task][truth][guess].toInt();
                    pairs += count;
                    right += truth == guess ? count : 0;
                }
            QCOMPARE(pairs, 30);
            QCOMPARE(right / 30.0, result["accuracy"][task].toDouble());
            QCOMPARE(result["classes"][task][9].toString(), "Ankle boot");
        }

        const Answer fewer =
            cli({"evaluate", folder + "/checkpoint.safetensors", "--test-pairs", "7", "--data", path("data")});
        const QJsonObject few = QJsonDocument::fromJson(fewer.out).object();
        QCOMPARE(few["pairs"].toInt(), 7);
        QVERIFY(!few.contains("confusion"));
        const Answer elsewhere = cli({"evaluate", folder, "--data", path("nothing")});
        QCOMPARE(elsewhere.code, 3);
        const Answer wrong = cli({"evaluate", folder + "/experiment.json"});
        QCOMPARE(wrong.code, 2);
        QCOMPARE(wrong.err.count('\n'), 1);
    }

    void stopsWithACheckpoint_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<int>("code");
        QTest::newRow("Ctrl-C") << SIGINT << 130;
        QTest::newRow("termination") << SIGTERM << 143;
    }
    void stopsWithACheckpoint()
    {
        QFETCH(int, signal);
        QFETCH(int, code);
        const QString name = QString("stopped%1").arg(signal);
        const QStringList arguments = {"train", path(name + ".json"), "--network", "lif_fc", "--out", path(name)};
        QFile file(path(name + ".json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(document(10000));
        file.close();
        QProcess process;
        process.start(ENDOSPIKE_CLI, arguments);
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY(process.bytesAvailable() > 5000);
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), code);
        const QByteArray out = process.readAllStandardOutput();
        QCOMPARE(eventsOf(out, "run").last()["outcome"].toString(), "stopped");
        QVERIFY(process.readAllStandardError().contains("--resume"));
        const int epochs = eventsOf(out, "epoch").last()["epoch"].toInt() + 1;
        const Checkpoint stored = readCheckpoint(checkpointPath(path(name + "/LIF_fc-seed1").toStdString()));
        QCOMPARE(stored.epoch, epochs);

        QCOMPARE(
            cli(arguments + QStringList{"--resume", "--set", QString("training.settings.epochs=%1").arg(epochs + 1)})
                .code,
            0);
        QVERIFY(weightsIn(name + "/LIF_fc-seed1") == straightWeights(experiment(epochs + 1).training));
    }

    void killedAtAnyMoment()
    {
        QStringList arguments = {
            "train", path("killed.json"), "--network", "lif_fc", "--out", path("killed"), "--threads", "2"};
        QFile file(path("killed.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(document(10000));
        file.close();
        const QString folder = "killed/LIF_fc-seed1";
        int stored = 0;
        for (int attempt = 0; attempt < 6; ++attempt) {
            QProcess process;
            process.start(ENDOSPIKE_CLI, arguments);
            QVERIFY(process.waitForStarted());
            // Anywhere: in a step, in a test, while a file is being written.
            QTRY_VERIFY(process.bytesAvailable() > 1500 + 977 * attempt);
            QTest::qSleep(attempt);
            QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGKILL), 0);
            QVERIFY(process.waitForFinished(20'000));
            QByteArray out = process.readAllStandardOutput();
            out.truncate(out.lastIndexOf('\n') + 1);
            const QList<QJsonObject> epochs = eventsOf(out, "epoch");
            // What was reported was on the disk before.
            const Checkpoint checkpoint = readCheckpoint(checkpointPath(path(folder).toStdString()));
            QVERIFY(checkpoint.epoch >= stored);
            const int reported = epochs.isEmpty() ? 0 : epochs.last()["epoch"].toInt() + 1;
            QVERIFY(checkpoint.epoch >= reported);
            const RunRecord record = readRunFolder(path(folder).toStdString());
            QVERIFY(!record.epochs.empty() && record.epochs.back().epoch + 1 >= checkpoint.epoch - 1);
            stored = checkpoint.epoch;
            if (attempt == 0)
                arguments << "--resume";
            // As if it had been killed while it wrote.
            QFile half(path(folder + "/checkpoint.safetensors.part-1-0"));
            QVERIFY(half.open(QIODevice::WriteOnly));
        }
        arguments << "--set" << QString("training.settings.epochs=%1").arg(stored + 1);
        QCOMPARE(cli(arguments).code, 0);
        QVERIFY(weightsIn(folder) == straightWeights(experiment(stored + 1).training));
        QCOMPARE(readRunFolder(path(folder).toStdString()).epochs.size(), static_cast<std::size_t>(stored + 2));
        QCOMPARE(QDir(path(folder)).entryList(QDir::Files | QDir::Hidden).size(), 3);
    }

    void oneFailureDoesNotEndTheOthers()
    {
        Experiment wild = experiment(30);
        ParameterValues& parameters = wild.training.networks[1].parameters;
        parameters.set("optimizer", 1);
        parameters.set("learning_rate", 10);
        parameters.set("input_scale", 1);
        std::swap(wild.training.networks[0], wild.training.networks[1]);
        const Answer answer = cli({"train", "-", "--out", path("wild")}, QByteArray::fromStdString(toJson(wild)));
        QCOMPARE(answer.code, 3);
        QVERIFY2(answer.err.startsWith("endospike-cli: ANN fc, seed 1: "), answer.err.constData());
        const QList<QJsonObject> runs = eventsOf(answer.out, "run");
        QCOMPARE(runs.size(), 2);
        QCOMPARE(runs[0]["outcome"].toString(), "failed");
        QVERIFY(runs[0]["error"].toString().contains("epoch "));
        QCOMPARE(runs[1]["outcome"].toString(), "done");
        QCOMPARE(cli({"evaluate", path("wild/ANN_fc-seed1")}).code, 0);
    }

    void fullOutputsAreSaid()
    {
        QProcess process;
        process.setStandardOutputFile("/dev/full");
        process.start(ENDOSPIKE_CLI, {"train", "-"});
        process.write(document());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 3);
        QVERIFY(process.readAllStandardError().contains("standard output"));

        const Answer disk = cli({"train", "-", "--out", path("disk")}, document(), 20'000);
        QCOMPARE(disk.code, 3);
        QVERIFY2(disk.err.contains("checkpoint.safetensors"), disk.err.constData());
        QCOMPARE(eventsOf(disk.out, "run").size(), 2); // each has its turn
        QCOMPARE(eventsOf(disk.out, "run")[0]["outcome"].toString(), "failed");
        QCOMPARE(cli({"train", "-", "--out", path("data/train-images-idx3-ubyte")}, document()).code, 3);
    }
};

QTEST_GUILESS_MAIN(TestCliTrain)
#include "tst_cli_train.moc"
