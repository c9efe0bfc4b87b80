#include "sim/document/laboratory.h"
#include "sim/robustness/laboratory.h"
#include "sim/robustness/settings.h"
#include "sim/robustness/sweep_files.h"
#include "tests/app/cli/cli_fixture.h"
#include "tests/sim/network/training_fixture.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using namespace endospike;

class TestCliSweep : public QObject, CliFolder {
    Q_OBJECT

    Experiment experiment(int epochs = 2) const
    {
        Experiment result(*findLaboratory(robustness::key));
        result.training = smallPlan("lif_fc", 40, epochs);
        result.training.networks.push_back(smallPlan("ann_fc").networks[0]);
        result.training.settings.set(training::seeds, 2);
        result.training.dataFolder = path("data").toStdString();
        result.own.set(robustness::amplitudes, 2);
        result.own.set(robustness::repeats, 2);
        return result;
    }
    QByteArray document(int epochs = 2) const { return QByteArray::fromStdString(toJson(experiment(epochs))); }
    void write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    QStringList cellsIn(const QString& folder) const
    {
        // A writer that was killed may leave its unfinished file under another name.
        return QDir(path(folder + "/cells")).entryList({"*.json"}, QDir::Files, QDir::Name);
    }
    /// All but how a cell was made, by file name.
    QMap<QString, QJsonObject> figuresIn(const QString& folder) const
    {
        QMap<QString, QJsonObject> figures;
        for (const QString& name : cellsIn(folder)) {
            QJsonObject cell = QJsonDocument::fromJson(bytesOf(folder + "/cells/" + name)).object();
            cell.remove("made");
            figures[name] = cell;
        }
        return figures;
    }
    void compareCells(const QString& folder, const QString& other) const
    {
        const QMap<QString, QJsonObject> figures = figuresIn(folder), others = figuresIn(other);
        QCOMPARE(figures.keys(), others.keys());
        for (const QString& name : figures.keys())
            for (const QString& key : others[name].keys())
                QVERIFY2(figures[name][key] == others[name][key],
                    qPrintable(folder + ": " + key + " of " + name + ": "
                        + QJsonDocument(QJsonObject{{"here", figures[name][key]}, {"there", others[name][key]}})
                              .toJson(QJsonDocument::Compact)));
    }
    /// A sweep that takes seconds, begun; returns when its first cell is there.
    void start(QProcess& process, const QString& folder) const
    {
        process.start(ENDOSPIKE_CLI, {"sweep", path("long.json"), "--out", path(folder), "--threads", "1"});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY(!cellsIn(folder).isEmpty());
    }

private slots:
    void initTestCase()
    {
        writeDataset(path("data").toStdString(), 40, 20);
        write("small.json", document());
        write("long.json", document(80));
    }

    void newPassesCheck()
    {
        const Answer created = cli({"new", "robustness"});
        QCOMPARE(created.code, 0);
        QCOMPARE(created.out, QByteArray::fromStdString(toJson(firstRobustness())));
        QCOMPARE(cli({"check", "-"}, created.out).out, QByteArray("ok\n"));
        QVERIFY(QJsonDocument::fromJson(cli({"models"}).out)["robustness"].isArray());
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("no folder") << QStringList{"sweep", "-"} << 2;
        QTest::newRow("no threads") << QStringList{"sweep", "-", "--out", path("x"), "--threads", "0"} << 2;
        QTest::newRow("no networks") << QStringList{"sweep", "-", "--out", path("x"), "--set", "training.networks=[]"}
                                     << 2;
        QTest::newRow("bounds") << QStringList{"sweep", "-", "--out", path("x"), "--set", "robustness.amplitudes=0"}
                                << 2;
        QTest::newRow("unknown form") << QStringList{"sweep", "-", "--out", path("x"), "--set", "robustness.noise=loud"}
                                      << 2;
        QTest::newRow("other laboratory")
            << QStringList{"sweep", "-", "--out", path("x"), "--set", "laboratory=training", "--set", "title=x"} << 2;
        QTest::newRow("no data") << QStringList{"sweep", "-", "--out", path("x"), "--set",
            "training.data_folder=" + path("nothing")}
                                 << 3;
        QTest::newRow("no checkpoints") << QStringList{"sweep", "-", "--out", path("x"), "--checkpoints",
            path("nothing")} << 3;
        QTest::newRow("not a folder") << QStringList{"sweep", "-", "--out", path("small.json")} << 3;
    }
    void refusals()
    {
        QFETCH(QStringList, arguments);
        const Answer answer = cli(arguments, document());
        QTEST(answer.code, "code");
        QVERIFY(answer.out.isEmpty());
        QVERIFY2(answer.err.startsWith("endospike-cli: "), answer.err.constData());
    }

    void fillsTheFolder()
    {
        const Answer answer = cli({"sweep", path("small.json"), "--out", path("all")});
        QCOMPARE(answer.code, 0);
        const QList<QByteArray> lines = answer.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 8);
        const QJsonObject last = QJsonDocument::fromJson(lines.last()).object();
        QCOMPARE(last["event"].toString(), "cell");
        QCOMPARE(last["network"].toString(), "ANN fc");
        QCOMPARE(last["seed"].toInt(), 2);
        QCOMPARE(last["amplitude"].toDouble(), 25.0);
        QCOMPARE(last["repeats"].toArray().size(), 2);
        QVERIFY2(answer.err.startsWith("network"), answer.err.constData());
        QCOMPARE(answer.err.count('\n'), 5);
        QCOMPARE(answer.err.count("±"), 8);

        QCOMPARE(cellsIn("all").size(), 8);
        const QJsonObject summary = QJsonDocument::fromJson(bytesOf("all/summary.json")).object();
        QCOMPARE(summary["cells"].toInt(), 8);
        QCOMPARE(summary["of"].toInt(), 8);
        QCOMPARE(summary["points"].toArray()[3].toObject()["seeds"].toInt(), 2);
        QCOMPARE(bytesOf("all/experiment.json"), document());

        // The document in the folder repeats it; nothing is left to do.
        const QByteArray before = bytesOf("all/cells/" + cellsIn("all").first());
        const Answer again = cli({"sweep", path("all/experiment.json"), "--out", path("all")});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.out.count('\n'), 8);
        QCOMPARE(bytesOf("all/cells/" + cellsIn("all").first()), before);
    }

    void anotherSweepsFolderIsLeftAlone()
    {
        QCOMPARE(cli({"sweep", path("small.json"), "--out", path("taken")}).code, 0);
        const QMap<QString, QJsonObject> before = figuresIn("taken");
        const Answer answer =
            cli({"sweep", path("small.json"), "--out", path("taken"), "--set", "training.settings.epochs=1"});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("settings/training/settings/epochs is 1 here, 2 there"), answer.err.constData());
        QCOMPARE(figuresIn("taken"), before);
        QCOMPARE(bytesOf("taken/experiment.json"), document());
    }

    void killedAndStoppedSweepsGoOn()
    {
        QCOMPARE(cli({"sweep", path("long.json"), "--out", path("whole")}).code, 0);
        for (const int signal : {SIGKILL, SIGINT}) {
            const QString folder = signal == SIGINT ? "stopped" : "killed";
            QProcess process;
            start(process, folder);
            QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
            QVERIFY(process.waitForFinished(30'000));
            if (signal == SIGINT)
                QCOMPARE(process.exitCode(), 130);
            else
                QCOMPARE(process.exitStatus(), QProcess::CrashExit);
            const QStringList kept = cellsIn(folder);
            QVERIFY2(!kept.isEmpty() && kept.size() < 8, "it was too fast to be interrupted");
            QMap<QString, QByteArray> before;
            for (const QString& name : kept)
                before[name] = bytesOf(folder + "/cells/" + name);
            const Answer rest = cli({"sweep", path("long.json"), "--out", path(folder)});
            QCOMPARE(rest.code, 0);
            compareCells(folder, "whole");
            QCOMPARE(bytesOf(folder + "/summary.json"), bytesOf("whole/summary.json"));
            for (const QString& name : kept)
                QCOMPARE(bytesOf(folder + "/cells/" + name), before[name]);
        }
    }

    void costOfADocument()
    {
        const Answer json = cli({"cost", path("small.json"), "--json"});
        QCOMPARE(json.code, 0);
        const QJsonObject table = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(table["networks"].toArray().size(), 2);
        QCOMPARE(table["cells"].toArray().size(), static_cast<qsizetype>(neuronModels().size()));
        QVERIFY(table["networks"][1]["s_per_canvas"]["median"].toDouble() > 0);
        const Answer text = cli({"cost", path("small.json")});
        QCOMPARE(text.code, 0);
        QVERIFY2(text.out.contains("ANN fc") && text.out.contains("ns per step"), text.out.constData());
        QCOMPARE(cli({"cost", "/no/such/file"}).code, 2);
    }

    void twoProcessesMakeTheSameFiles()
    {
#ifdef ENDOSPIKE_MPIRUN
        QCOMPARE(cli({"sweep", path("small.json"), "--out", path("one")}).code, 0);
        const Answer two = cliOfTwoProcesses({"sweep", path("small.json"), "--out", path("two")});
        QVERIFY2(two.code == 0, two.err.constData());
        QCOMPARE(two.out.count("\"event\":\"cell\""), 8);
        QCOMPARE(cellsIn("two").size(), 8);
        compareCells("two", "one");
        QCOMPARE(bytesOf("two/summary.json"), bytesOf("one/summary.json"));
        QCOMPARE(bytesOf("two/experiment.json"), bytesOf("one/experiment.json"));
        QCOMPARE(QDir(path("two/runs")).entryList(), QDir(path("one/runs")).entryList());
#else
        QSKIP("Open MPI was not found when this was built: a sweep over several processes is not tested");
#endif
    }
};

QTEST_GUILESS_MAIN(TestCliSweep)
#include "tst_cli_sweep.moc"
