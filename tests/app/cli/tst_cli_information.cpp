#include "sim/information/laboratory.h"
#include "sim/information/log.h"
#include "sim/information/settings.h"
#include "tests/app/cli/cli_fixture.h"
#include "tests/sim/network/training_fixture.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using namespace endospike;

class TestCliInformation : public QObject, CliFolder {
    Q_OBJECT

    QByteArray document(int epochs = 2, int pairs = 30) const
    {
        Experiment experiment = firstInformation();
        experiment.training = smallPlan("lif_fc", pairs, epochs);
        experiment.training.networks.push_back(smallPlan("ann_fc").networks.front());
        experiment.training.dataFolder = path("data").toStdString();
        experiment.own.set(information::code_size, 4);
        return QByteArray::fromStdString(toJson(experiment));
    }

private slots:
    void initTestCase() { writeDataset(path("data").toStdString(), 40, 20); }

    void newPassesCheck()
    {
        const Answer created = cli({"new", "information"});
        QCOMPARE(created.code, 0);
        QCOMPARE(created.out, QByteArray::fromStdString(toJson(firstInformation())));
        QCOMPARE(cli({"check", "-"}, created.out).out, QByteArray("ok\n"));
        QVERIFY(QJsonDocument::fromJson(cli({"models"}).out)["information"].isArray());
    }

    void measuresEveryNetwork()
    {
        const Answer answer = cli({"information", "-", "--out", path("plane"), "--threads", "2"}, document());
        QCOMPARE(answer.code, 0);
        const QList<QJsonObject> lines = linesOf(answer.out);
        QCOMPARE(lines.size(), 6); // two networks, untrained and two epochs
        QCOMPARE(lines[0]["network"].toString(), "LIF fc");
        QCOMPARE(lines[5]["epoch"].toInt(), 1);
        const QJsonObject test = lines[5]["test"].toObject();
        QVERIFY(std::abs(test["i_zy_joint_bits"].toDouble() - test["i_zy_published_counting_bits"].toDouble()
                    - std::log2(10.0))
            < 1e-9);
        QVERIFY(answer.err.contains("Alemi"));
        QVERIFY(answer.err.contains("published counting"));
        QFile file(path("plane/result.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject result = QJsonDocument::fromJson(file.readAll()).object();
        QVERIFY(result["estimator"].toString().contains("Variational"));
        QCOMPARE(result["runs"].toArray().size(), 2);

        const Answer again = cli({"information", "-", "--out", path("plane")}, document());
        QCOMPARE(again.code, 2); // nothing is overwritten
        QVERIFY(again.err.contains("--resume"));
        const Answer resumed = cli({"information", "-", "--out", path("plane"), "--resume"}, document());
        QCOMPARE(resumed.code, 0);
        QCOMPARE(resumed.out, answer.out); // read back, times and all
    }

    void interruptedAndResumed()
    {
        QProcess process;
        process.start(ENDOSPIKE_CLI, {"information", "-", "--out", path("stopped")});
        process.write(document(400));
        process.closeWriteChannel();
        QVERIFY(process.waitForReadyRead(20'000)); // the untrained network is measured
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 130);
        const auto record = readInformationFolder(path("stopped/LIF_fc-seed1").toStdString());
        QVERIFY(record.run.stopped);
        QVERIFY(!record.run.epochs.empty());
        const int few = static_cast<int>(record.run.epochs.size());
        const Answer resumed = cli({"information", "-", "--out", path("stopped"), "--resume"}, document(few));
        QCOMPARE(resumed.code, 0);
        const Answer straight = cli({"information", "-"}, document(few));
        const QList<QJsonObject> a = linesOf(resumed.out), b = linesOf(straight.out);
        QCOMPARE(a.size(), 2 * (few + 1));
        QCOMPARE(a.size(), b.size());
        for (int i = 0; i < a.size(); ++i)
            for (const char* figures : {"train", "test", "loss_nats"})
                QCOMPARE(a[i][figures], b[i][figures]);
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no threads") << QStringList{"information", "-", "--threads", "0"};
        QTest::newRow("resume nothing") << QStringList{"information", "-", "--resume"};
        QTest::newRow("bounds") << QStringList{"information", "-", "--set", "information.beta=2"};
        QTest::newRow("no networks") << QStringList{"information", "-", "--set", "training.networks=[]"};
        QTest::newRow("convolutional") << QStringList{
            "information", "-", "--set", "training.networks=[{\"network\": \"cnn\"}]"};
        QTest::newRow("other command") << QStringList{"run", "-"};
        QTest::newRow("other laboratory") << QStringList{"train", "-"};
    }
    void refusals()
    {
        QFETCH(QStringList, arguments);
        const Answer answer = cli(arguments, document());
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.out.isEmpty());
        QVERIFY2(answer.err.startsWith("endospike-cli: "), answer.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliInformation)
#include "tst_cli_information.moc"
