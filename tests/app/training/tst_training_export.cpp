#include "app/training/export.h"
#include "tests/sim/network/training_fixture.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace endospike;

namespace {

RunRecord record(const char* folder)
{
    RunRecord run;
    run.folder = folder;
    run.plan = smallPlan("lif_fc");
    run.id = {"LIF, \"mine\"", 7};
    for (int epoch = -1; epoch < 2; ++epoch) {
        EpochMetrics metrics;
        metrics.epoch = epoch;
        metrics.trainLoss = epoch < 0 ? std::numeric_limits<double>::quiet_NaN() : 1.5 - epoch;
        metrics.testLoss = 2;
        metrics.testAccuracy = {0.25, 0.5};
        metrics.layers = {{"Hidden", 0.125, 12, 3, 1}};
        run.epochs.push_back(metrics);
    }
    return run;
}

} // namespace

class TestTrainingExport : public QObject {
    Q_OBJECT

private slots:
    void everyLineHasEveryColumn()
    {
        const std::vector<RunRecord> runs{record("a/x")};
        const QStringList lines = QString::fromStdString(runsAsCsv(runs)).split('\n');
        QCOMPARE(lines.size(), 5); // header, three epochs, the last line break
        const QStringList header = lines[0].split(',');
        const QString name = "\"LIF, \"\"mine\"\"\",";
        for (int i = 1; i < 4; ++i) {
            QVERIFY(lines[i].startsWith(name));
            const QStringList cells = QString("-," + lines[i].mid(name.size())).split(',');
            QCOMPARE(cells.size(), header.size());
            QCOMPARE(cells[header.indexOf("seed")], QString("7"));
            QCOMPARE(cells[header.indexOf("epochs")], QString::number(i - 1));
            QCOMPARE(cells[header.indexOf("train_loss")], i == 1 ? QString() : QString::number(1.5 - (i - 2)));
            QCOMPARE(cells[header.indexOf("test_accuracy_2")], QString("0.5"));
            QCOMPARE(cells[header.indexOf("layer_1_mean_rate")], QString("0.125"));
            QCOMPARE(cells[header.indexOf("layer_1_dead")], QString("3"));
            QCOMPARE(cells[header.indexOf("layer_1_saturated")], QString("1"));
        }
    }

    void everyRunGetsAFolderForTensorBoard()
    {
        const QTemporaryDir folder;
        const std::vector<RunRecord> runs{record("first/x"), record("second/x")};
        writeRunsForTensorBoard(folder.path().toStdString(), runs, 1000, {});
        const QStringList folders = QDir(folder.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QCOMPARE(folders.size(), 2); // although both have the same name
        for (const QString& name : folders) {
            const QStringList files = QDir(folder.filePath(name)).entryList(QDir::Files);
            QCOMPARE(files.size(), 1);
            QVERIFY(files.front().contains("tfevents"));
            QFile file(folder.filePath(name) + '/' + files.front());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(file.readAll().contains("brain.Event:2"));
        }
    }
};

QTEST_GUILESS_MAIN(TestTrainingExport)
#include "tst_training_export.moc"
