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

#include <csignal>

using namespace endospike;

Q_DECLARE_METATYPE(const LaboratoryKind*)

namespace {

QByteArray document() { return QByteArray::fromStdString(toJson(firstExperiment())); }

/// The default document with the first `from` replaced.
QByteArray edited(const QByteArray& from, const QByteArray& to)
{
    QByteArray text = document();
    const qsizetype at = text.indexOf(from);
    return at < 0 ? QByteArray() : text.replace(at, from.size(), to);
}

} // namespace

class TestCli : public QObject, CliFolder {
    Q_OBJECT

    void write(const QString& name, const QByteArray& bytes) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(m_folder.filePath(name)).path()));
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QJsonObject resultIn(const QString& folder) const
    {
        return QJsonDocument::fromJson(bytesOf(folder + "/result.json")).object();
    }
    QStringList filesIn(const QString& folder) const
    {
        return QDir(m_folder.filePath(folder)).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }

private slots:
    void helpAndVersion()
    {
        const Answer help = cli({"--help"});
        QCOMPARE(help.code, 0);
        for (const char* word :
            {"models", "new", "check", "run", "train", "evaluate", "Examples", "--out", "Exit codes"})
            QVERIFY2(help.out.contains(word), word);
        const Answer version = cli({"--version"});
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.startsWith("endospike-cli "));
    }

    void modelsIsTheTables()
    {
        const Answer answer = cli({"models"});
        QCOMPARE(answer.code, 0);
        QCOMPARE(answer.out, QByteArray::fromStdString(tablesAsJson()));
        QVERIFY(QJsonDocument::fromJson(answer.out)["models"].isArray());
    }

    void newPassesCheck()
    {
        const Answer created = cli({"new", "neuron"});
        QCOMPARE(created.code, 0);
        QCOMPARE(created.out, document());
        const Answer checked = cli({"check", "-"}, created.out);
        QCOMPARE(checked.code, 0);
        QCOMPARE(checked.out, QByteArray("ok\n"));
        QVERIFY(checked.err.isEmpty());
    }

    void everyLaboratoryHasAVerbThatRunsItsDocuments_data()
    {
        QTest::addColumn<const LaboratoryKind*>("kind");
        for (const LaboratoryKind& kind : laboratories())
            QTest::newRow(kind.key.data()) << &kind;
    }
    void everyLaboratoryHasAVerbThatRunsItsDocuments()
    {
        QFETCH(const LaboratoryKind*, kind);
        const QString key = QString::fromStdString(std::string(kind->key));
        const QString verb = QString::fromStdString(std::string(kind->command));
        QVERIFY(cli({"new", "--help"}).out.contains(key.toUtf8()));
        const Answer created = cli({"new", key});
        QCOMPARE(created.out, QByteArray::fromStdString(toJson(kind->first())));
        QCOMPARE(cli({"check", "-"}, created.out).code, 0);
        QCOMPARE(cli({verb, "--help"}).code, 0);
        if (verb == "run") {
            QVERIFY(cli({"--help"}).out.contains(key.toUtf8()));
            return;
        }
        const Answer refused = cli({"run", "-"}, created.out);
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("endospike-cli " + verb.toUtf8() + " runs it"), refused.err.constData());
    }

    void refusesOptions_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("unknown command") << QStringList{"fly"};
        QTest::newRow("unknown laboratory") << QStringList{"new", "banana"};
        QTest::newRow("no file") << QStringList{"check"};
        QTest::newRow("unknown option") << QStringList{"run", "-", "--fast"};
        QTest::newRow("npy without out") << QStringList{"run", "-", "--npy"};
        QTest::newRow("missing file") << QStringList{"check", "/no/such/file"};
        QTest::newRow("folder") << QStringList{"check", "/"};
        QTest::newRow("set without value") << QStringList{"run", "-", "--set", "title"};
        QTest::newRow("set unknown") << QStringList{"run", "-", "--set", "simulation.speed=3"};
        QTest::newRow("set out of bounds") << QStringList{"run", "-", "--set", "simulation.dt_ms=0"};
        QTest::newRow("set NaN") << QStringList{"run", "-", "--set", "simulation.dt_ms=nan"};
        QTest::newRow("set wrong type") << QStringList{"run", "-", "--set", "simulation.dt_ms=true"};
    }
    void refusesOptions()
    {
        QFETCH(QStringList, arguments);
        const Answer answer = cli(arguments, document());
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.out.isEmpty());
        QVERIFY(answer.err.startsWith("endospike-cli: "));
    }

    void refusesDocuments_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("place");
        QTest::newRow("empty") << QByteArray() << QByteArray("line 1");
        QTest::newRow("truncated") << document().left(700) << QByteArray("truncated");
        QTest::newRow("garbage") << QByteArray("\x7f"
                                               "ELF\0\1\2\xff garbage",
            16) << QByteArray("line 1");
        QTest::newRow("other JSON") << QByteArray("[1, 2]") << QByteArray("object");
        QTest::newRow("wrong type") << edited("\"dt_ms\": 0.01", "\"dt_ms\": \"fast\"")
                                    << QByteArray("simulation.dt_ms");
        QTest::newRow("unknown key") << edited("\"tau_ms\"", "\"taw_ms\"") << QByteArray("cells.1.parameters.taw_ms");
        QTest::newRow("NaN") << edited("\"tau_ms\": 10.0", "\"tau_ms\": NaN") << QByteArray("line");
        QTest::newRow("too large") << edited("\"tau_ms\": 10.0", "\"tau_ms\": 1e999") << QByteArray("too large");
        QTest::newRow("bounds") << edited("\"tau_ms\": 10.0", "\"tau_ms\": 0")
                                << QByteArray("cells.1.parameters.tau_ms");
        QTest::newRow("newer") << edited("\"version\": 1", "\"version\": 2") << QByteArray("newer");
        QTest::newRow("deep") << QByteArray(100'000, '[') << QByteArray("nested");
    }
    void refusesDocuments()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, place);
        for (const char* command : {"check", "run"}) {
            const Answer answer = cli({command, "-"}, text);
            QCOMPARE(answer.code, 2);
            QVERIFY2(answer.err.contains(place), answer.err.constData());
            QCOMPARE(answer.err.count('\n'), 1);
            QVERIFY(answer.out.isEmpty());
        }
    }

    void refusesHugeGarbage()
    {
        QFile file(m_folder.filePath("huge.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray megabyte(1 << 20, 'x');
        for (int i = 0; i < 100; ++i)
            QCOMPARE(file.write(megabyte), megabyte.size());
        file.close();
        const Answer answer = cli({"check", file.fileName()});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("larger than the 64 MiB"), answer.err.constData());
        QVERIFY(file.remove());
    }

    void runWritesTablesAndResult()
    {
        const QString out = m_folder.filePath("run");
        const Answer answer = cli({"run", "-", "--set", "simulation.duration_ms=50", "--set",
                                      "cells.LIF.parameters.threshold_mv=-50", "--set", "title=Mine", "--out", out},
            document());
        QCOMPARE(answer.code, 0);
        QVERIFY2(answer.err.isEmpty(), "quiet when nobody watches");
        QCOMPARE(filesIn("run"),
            QStringList(
                {"conductances.csv", "currents.csv", "gates.csv", "result.json", "stimulus.csv", "voltage.csv"}));
        const QList<QByteArray> rows = bytesOf("run/voltage.csv").split('\n');
        QCOMPARE(rows[0], QByteArray("time [ms],HH V [mV],LIF V [mV]"));
        QCOMPARE(rows.size(), 1 + 1001 + 1);
        QVERIFY(rows[1001].startsWith("50,"));

        const QJsonObject result = resultIn("run");
        QCOMPARE(result["outcome"].toString(), "done");
        QCOMPARE(result["simulated_ms"].toDouble(), 50.0);
        QCOMPARE(result["files"].toArray().size(), 5);
        QCOMPARE(result["experiment"]["title"].toString(), "Mine");
        QCOMPARE(result["experiment"]["cells"][1]["parameters"]["threshold_mv"].toDouble(), -50.0);
        const QJsonObject hh = result["cells"][0].toObject();
        QCOMPARE(hh["spikes"].toInt(), 3);
        QCOMPARE(hh["spike_times_ms"].toArray().size(), 3);
        QCOMPARE(hh["intervals_ms"].toArray().size(), 2);
        QCOMPARE(hh["mean_rate_hz"].toDouble(), 60.0);
        const QJsonObject lif = result["cells"][1].toObject();
        QCOMPARE(lif["spikes"].toInt(), 0);
        QVERIFY(lif["mean_interval_ms"].isNull());
    }

    void resultRunsAgainToTheSameResult()
    {
        const QByteArray noisy = cli({"run", "-", "--set", "simulation.duration_ms=50"}, document()).out;
        const QJsonObject experiment = QJsonDocument::fromJson(noisy)["experiment"].toObject();
        QCOMPARE(cli({"run", "-"}, QJsonDocument(experiment).toJson()).out, noisy);
    }

    void npyInPlaceOfCsv()
    {
        QCOMPARE(cli({"run", "-", "--npy", "--out", m_folder.filePath("npy")}, document()).code, 0);
        QVERIFY(filesIn("npy").contains("voltage.npy"));
        QVERIFY(!filesIn("npy").contains("voltage.csv"));
        QVERIFY(bytesOf("npy/voltage.npy").startsWith("\x93NUMPY"));
    }

    void stopKeepsWholeFiles_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<int>("code");
        QTest::newRow("Ctrl-C") << SIGINT << 130;
        QTest::newRow("termination") << SIGTERM << 143;
    }
    void stopKeepsWholeFiles()
    {
        QFETCH(int, signal);
        QFETCH(int, code);
        const QString name = QString("stopped%1").arg(signal);
        write("first.json", document());
        QProcess process;
        process.start(ENDOSPIKE_CLI,
            {"run", m_folder.filePath("first.json"), "--set", "simulation.duration_ms=10000000", "--set",
                "simulation.record_interval_ms=10", "--out", m_folder.filePath(name)});
        QVERIFY(process.waitForStarted());
        // The first block opens the tables under their temporary names.
        QTRY_VERIFY(!filesIn(name).isEmpty());
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), code);

        QCOMPARE(filesIn(name).size(), 6);
        const QJsonObject result = resultIn(name);
        QCOMPARE(result["outcome"].toString(), "stopped");
        const double reached_ms = result["simulated_ms"].toDouble();
        QVERIFY(reached_ms > 0 && reached_ms < 1e7);
        const QByteArray table = bytesOf(name + "/voltage.csv");
        QVERIFY(table.endsWith('\n'));
        const double last_ms = table.split('\n').at(table.count('\n') - 1).split(',')[0].toDouble();
        QVERIFY(last_ms <= reached_ms && last_ms > reached_ms - 11);
    }

    void failedRunSaysWhereAndKeepsWhatWasComputed()
    {
        const Answer answer = cli({"run", "-", "--set", "simulation.integrator=forward_euler", "--set",
                                      "simulation.dt_ms=1", "--out", m_folder.filePath("failed")},
            document());
        QCOMPARE(answer.code, 3);
        QVERIFY2(answer.err.contains("\"HH\"") && answer.err.contains("t = "), answer.err.constData());
        QCOMPARE(resultIn("failed")["outcome"].toString(), "failed");
        QVERIFY(bytesOf("failed/voltage.csv").count('\n') > 1);
    }

    void unwritableTargets_data()
    {
        QTest::addColumn<QString>("out");
        write("plain", "x");
        QTest::newRow("a file") << m_folder.filePath("plain");
        QTest::newRow("below a file") << m_folder.filePath("plain/deep");
        QTest::newRow("no such place") << "/proc/endospike";
    }
    void unwritableTargets()
    {
        QFETCH(QString, out);
        const Answer answer = cli({"run", "-", "--out", out}, document());
        QCOMPARE(answer.code, 3);
        QCOMPARE(answer.err.count('\n'), 1);
        QVERIFY2(answer.err.contains(out.toUtf8()), answer.err.constData());
        QCOMPARE(bytesOf("plain"), QByteArray("x"));
    }

    void fullDiskLeavesOldFiles()
    {
        const QString out = m_folder.filePath("full");
        QCOMPARE(cli({"run", "-", "--set", "simulation.duration_ms=1", "--out", out}, document()).code, 0);
        const QStringList files = filesIn("full");
        const QByteArray old = bytesOf("full/voltage.csv");
        const Answer answer =
            cli({"run", "-", "--set", "simulation.duration_ms=1000", "--out", out}, document(), 20'000);
        QCOMPARE(answer.code, 3);
        QCOMPARE(answer.err.count('\n'), 1);
        QCOMPARE(filesIn("full"), files);
        QCOMPARE(bytesOf("full/voltage.csv"), old);
        QCOMPARE(resultIn("full")["simulated_ms"].toDouble(), 1.0);
    }

    void fullStandardOutputIsSaid()
    {
        QProcess process;
        process.setStandardOutputFile("/dev/full");
        process.start(ENDOSPIKE_CLI, {"models"});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 3);
        QVERIFY(process.readAllStandardError().contains("standard output"));
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
