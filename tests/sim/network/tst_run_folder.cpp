#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/network/checkpoint.h"
#include "sim/network/run_folder.h"
#include "sim/network/training_log.h"
#include "tests/sim/network/training_fixture.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>
#include <optional>

using namespace endospike;

namespace {

EpochMetrics epochMetrics(int epoch)
{
    EpochMetrics metrics;
    metrics.epoch = epoch;
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    metrics.trainLoss = epoch < 0 ? nothing : 1.0 / 3;
    metrics.trainAccuracy = {epoch < 0 ? nothing : 0.1, epoch < 0 ? nothing : 0.7};
    metrics.testLoss = 2.0 / 7;
    metrics.testAccuracy = {0.123456789012345678, 1};
    metrics.learningRate = 1e-4;
    metrics.samples_per_s = 12345.678;
    metrics.elapsed_s = 0.1 + epoch;
    metrics.operations = 1.23e17;
    metrics.peakMemory_bytes = 123'456'789'012;
    metrics.layers = {{"Layer 1", 0.25, 100, 3, 1}, {"Layer 2", nothing, 10, 0, 0}};
    return metrics;
}

BatchMetrics batchMetrics(int epoch, int batch) { return {epoch, batch, 469, 4.5, {0.1, 0.2}, 1e4, 1.25 * batch}; }

} // namespace

class TestRunFolder : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const TrainingPlan m_plan = smallPlan("lif_fc");
    const RunId m_id = runsOf(m_plan).front();

    std::string folder(const QString& name) const { return m_folder.filePath(name).toStdString(); }

    RunFolder begun(const QString& name) const { return RunFolder::begin(folder(name), planOf(m_plan, m_id)); }

private slots:
    void everyFigureComesBack()
    {
        for (const int epoch : {-1, 0, 7}) {
            const EpochMetrics written = epochMetrics(epoch);
            const auto read = std::get<EpochMetrics>(eventFromJsonLine(toJsonLine(m_id, written)));
            QVERIFY(same(read.trainLoss, written.trainLoss) && same(read.trainAccuracy[1], written.trainAccuracy[1]));
            QCOMPARE(read.epoch, written.epoch);
            QCOMPARE(read.testLoss, written.testLoss);
            QCOMPARE(read.testAccuracy, written.testAccuracy);
            QCOMPARE(read.learningRate, written.learningRate);
            QCOMPARE(read.samples_per_s, written.samples_per_s);
            QCOMPARE(read.elapsed_s, written.elapsed_s);
            QCOMPARE(read.operations, written.operations);
            QCOMPARE(read.peakMemory_bytes, written.peakMemory_bytes);
            QCOMPARE(read.layers.size(), 2u);
            QCOMPARE(read.layers[0].name, std::string("Layer 1"));
            QCOMPARE(read.layers[0].dead, 3);
            QVERIFY(std::isnan(read.layers[1].meanRate));
        }
        const auto batch = std::get<BatchMetrics>(eventFromJsonLine(toJsonLine(m_id, batchMetrics(3, 468))));
        QCOMPARE(batch.epoch, 3);
        QCOMPARE(batch.batch, 468);
        QCOMPARE(batch.batchesPerEpoch, 469);
        QCOMPARE(batch.accuracy[1], 0.2);
        QCOMPARE(batch.elapsed_s, 585.0);
    }

    void badLinesAreRefused_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("unknown event") << "\"event\":\"epoch\""
                                       << "\"event\":\"party\"";
        QTest::newRow("unknown key") << "\"test_loss\""
                                     << "\"taste_loss\"";
        QTest::newRow("text") << "\"learning_rate\":0.0001"
                              << "\"learning_rate\":\"fast\"";
        QTest::newRow("one accuracy") << "[0.1,0.7]"
                                      << "[0.1]";
        QTest::newRow("half an epoch") << "\"epoch\":7"
                                       << "\"epoch\":7.5";
        QTest::newRow("epoch -2") << "\"epoch\":7"
                                  << "\"epoch\":-2";
        QTest::newRow("absurd epoch") << "\"epoch\":7"
                                      << "\"epoch\":1e12";
        QTest::newRow("negative memory") << "\"peak_memory_bytes\":"
                                         << "\"peak_memory_bytes\":-";
        QTest::newRow("dead neurons") << "\"dead\":3"
                                      << "\"dead\":null";
        QTest::newRow("too large a number") << "\"operations\":1.23e+17"
                                            << "\"operations\":1e999";
        QTest::newRow("cut off") << "}]}"
                                 << "}]";
    }
    void badLinesAreRefused()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QString line = QString::fromStdString(toJsonLine(m_id, epochMetrics(7)));
        QVERIFY2(line.contains(from), qPrintable(line));
        line.replace(line.indexOf(from), from.size(), to);
        QVERIFY_EXCEPTION_THROWN(eventFromJsonLine(line.toStdString()), DocumentError);
        try {
            eventsFromJsonLines(toJsonLine(m_id, batchMetrics(0, 1)) + "\n" + line.toStdString() + "\n", "m.jsonl");
            QFAIL("accepted");
        } catch (const DocumentError& error) {
            QCOMPARE(error.path, std::string("m.jsonl, line 2"));
        }
    }

    void aFolderIsARecord()
    {
        std::optional<RunFolder> begun = this->begun("record");
        const RunFolder& run = *begun;
        run.append(toJsonLine(m_id, epochMetrics(-1)));
        run.append(toJsonLine(m_id, batchMetrics(0, 0)));
        run.append(toJsonLine(m_id, batchMetrics(0, 4)));
        run.append(toJsonLine(m_id, epochMetrics(0)));
        RunRecord record = readRunFolder(folder("record"));
        QVERIFY(record.id == m_id);
        QVERIFY(record.plan == planOf(m_plan, m_id));
        QCOMPARE(record.title, m_id.label());
        QCOMPARE(record.epochs.size(), 2u);
        QCOMPARE(record.batches.size(), 2u);
        QVERIFY(!record.hasCheckpoint && !record.finished());
        run.append(toJsonLine(m_id, epochMetrics(1)));
        run.append(toJsonLine(m_id, epochMetrics(2)));
        writeWholeFile(checkpointPath(folder("record")), "x");
        record = readRunFolder(folder("record"));
        QVERIFY(record.hasCheckpoint && record.finished());
        // The next training in this folder begins with nothing.
        begun.reset();
        this->begun("record");
        record = readRunFolder(folder("record"));
        QVERIFY(!record.hasCheckpoint && record.epochs.empty());
    }

    void everyInterruptionCanBeRead()
    {
        const RunFolder run = begun("cut");
        const std::string kept = toJsonLine(m_id, epochMetrics(-1)) + "\n";
        const std::string last = toJsonLine(m_id, epochMetrics(0));
        for (std::size_t length = 0; length < last.size(); ++length) {
            QFile file(QString::fromStdString(metricsPath(folder("cut"))));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray::fromStdString(kept + last.substr(0, length)));
            file.close();
            QCOMPARE(readRunFolder(folder("cut")).epochs.size(), 1u);
        }
        writeWholeFile(metricsPath(folder("cut")), kept + last);
        QCOMPARE(readRunFolder(folder("cut")).epochs.size(), 2u);
        writeWholeFile(metricsPath(folder("cut")), last + "\n" + kept);
        QVERIFY2(readRunFolder(folder("cut")).epochs.front().epoch == -1, "epochs are in order");
    }

    void resumingDropsWhatWillComeAgain()
    {
        const std::vector<EpochMetrics> history = {epochMetrics(-1), epochMetrics(0)};
        {
            const RunFolder run = begun("again");
            run.append(toJsonLine(m_id, history[0]));
            run.append(toJsonLine(m_id, batchMetrics(0, 3)));
            // Epoch 0 was stored in the checkpoint, but the process died before its line; then part of a line.
            run.append(toJsonLine(m_id, batchMetrics(1, 10)));
            run.append(toJsonLine(m_id, batchMetrics(1, 20)));
            run.append("{\"event\":\"ba");
        }
        std::string text = readWholeFile(metricsPath(folder("again")), 1 << 20);
        text.pop_back();
        writeWholeFile(metricsPath(folder("again")), text);
        const RunFolder run = RunFolder::resume(folder("again"), planOf(m_plan, m_id), m_id, history, 1, 15);
        run.append(toJsonLine(m_id, batchMetrics(1, 15)));
        const auto events =
            eventsFromJsonLines(readWholeFile(metricsPath(folder("again")), 1 << 20), metricsPath(folder("again")));
        QCOMPARE(events.size(), 5u);
        QCOMPARE(std::get<EpochMetrics>(events[0]).epoch, -1);
        QCOMPARE(std::get<BatchMetrics>(events[1]).batch, 3);
        QCOMPARE(std::get<EpochMetrics>(events[2]).epoch, 0);
        QCOMPARE(std::get<BatchMetrics>(events[3]).batch, 10);
        QCOMPARE(std::get<BatchMetrics>(events[4]).batch, 15);
    }

    void listsRunsAndProblems()
    {
        for (const char* name : {"list/b", "list/a"})
            begun(name);
        QVERIFY(QDir(m_folder.path()).mkpath("list/empty"));
        QVERIFY(QDir(m_folder.path()).mkpath("list/broken"));
        writeWholeFile(folder("list/broken/experiment.json"), "{");
        writeWholeFile(folder("list/file"), "x");
        begun("list/damaged");
        writeWholeFile(metricsPath(folder("list/damaged")), "party\n");
        const RunList list = readRunFolders(folder("list"));
        QCOMPARE(list.runs.size(), 2u);
        QCOMPARE(list.runs[0].folder, folder("list/a"));
        QCOMPARE(list.problems.size(), 2u);
        QVERIFY_EXCEPTION_THROWN(readRunFolders(folder("nothing")), FileError);
        QVERIFY_EXCEPTION_THROWN(readRunFolder(folder("list/empty")), FileError);
    }

    void oneTrainingAtATime()
    {
        const TrainingData data = smallData(m_plan);
        TrainingOptions options;
        options.folder = folder("taken");
        trainNetwork(m_plan, m_id, data, options, {}, {});
        const std::string before = readWholeFile(checkpointPath(options.folder), maximumCheckpointBytes);
        {
            const FolderLock other(options.folder);
            writeWholeFile(options.folder + "/checkpoint.safetensors.part-x", "being written");
            for (const bool resume : {false, true}) {
                options.resume = resume;
                QVERIFY_EXCEPTION_THROWN(trainNetwork(m_plan, m_id, data, options, {}, {}), FileError);
            }
            QVERIFY(QFile::exists(QString::fromStdString(options.folder) + "/checkpoint.safetensors.part-x"));
            QCOMPARE(readWholeFile(checkpointPath(options.folder), maximumCheckpointBytes), before);
        }
        options.resume = false;
        trainNetwork(m_plan, m_id, data, options, {}, {});
    }

    void aCheckpointFromElsewhereIsAdopted()
    {
        const TrainingPlan plan = smallPlan("lif_fc", 400, 3);
        const TrainingData data = smallData(plan);
        TrainingOptions options;
        options.folder = folder("elsewhere/anything");
        const RunOutcome whole = trainNetwork(plan, m_id, data, options, {}, {});
        const std::string file = checkpointPath(options.folder);
        const std::string before = readWholeFile(file, maximumCheckpointBytes);
        const RunRecord with = adoptCheckpoint(file, folder("adopted/one"));
        QCOMPARE(with.folder, folder("adopted/one/LIF_fc-seed1"));
        QVERIFY(with.finished() && with.hasCheckpoint && sameFigures(with.epochs, whole.epochs));
        QCOMPARE(with.batches.size(), readRunFolder(options.folder).batches.size());
        QCOMPARE(readWholeFile(checkpointPath(with.folder), maximumCheckpointBytes), before);
        // Alone, or beside another run's figures: what the checkpoint knows.
        for (const char* metrics : {"", "party\n"}) {
            QDir(m_folder.path()).mkpath("alone");
            writeWholeFile(folder("alone/mail.safetensors"), before);
            writeWholeFile(metricsPath(folder("alone")), metrics);
            QDir(QString::fromStdString(folder("adopted/two"))).removeRecursively();
            const RunRecord without = adoptCheckpoint(folder("alone/mail.safetensors"), folder("adopted/two"));
            QVERIFY(sameFigures(without.epochs, whole.epochs) && without.batches.empty());
        }
        QVERIFY_EXCEPTION_THROWN(adoptCheckpoint(file, folder("adopted/one")), FileError); // and it stays
        QCOMPARE(readWholeFile(checkpointPath(with.folder), maximumCheckpointBytes), before);
        // It goes on there, and the original stays.
        TrainingPlan longer = with.plan;
        longer.settings.set(training::epochs, 4);
        options.folder = with.folder;
        options.resume = true;
        const RunOutcome more = trainNetwork(longer, m_id, data, options, {}, {});
        QCOMPARE(more.epochs.size(), std::size_t(5));
        QCOMPARE(readWholeFile(file, maximumCheckpointBytes), before);
        // What is no checkpoint leaves nothing behind.
        writeWholeFile(folder("alone/mail.safetensors"), before.substr(0, before.size() / 2));
        QVERIFY_EXCEPTION_THROWN(adoptCheckpoint(folder("alone/mail.safetensors"), folder("adopted/no")), FileError);
        QVERIFY(!QDir(QString::fromStdString(folder("adopted/no"))).exists());
    }

    void trainedNetworksAreFoundBelow()
    {
        const TrainingData data = smallData(m_plan);
        const auto train = [&](const char* name) {
            TrainingOptions options;
            options.folder = folder(QString("below/") + name + "/LIF_fc-seed1");
            trainNetwork(m_plan, m_id, data, options, {}, {});
        };
        train("training/one");
        train("sweeps/two/runs");
        train("too/deep/for/it");
        train("training/.removed");
        begun("below/training/one/begun"); // no checkpoint yet
        const RunList list = readTrainedBelow({folder("below")});
        QCOMPARE(list.runs.size(), std::size_t(2));
        QVERIFY(list.problems.empty());
        QVERIFY(list.runs[0].folder.ends_with("sweeps/two/runs/LIF_fc-seed1") && list.runs[0].finished());
        QVERIFY(list.runs[1].folder.ends_with("training/one/LIF_fc-seed1"));
        // A root may be a run, or several; one that cannot be read is an error.
        QCOMPARE(readTrainedBelow({list.runs[1].folder}).runs.size(), std::size_t(1));
        QCOMPARE(readTrainedBelow({folder("below/training"), folder("below/sweeps")}).runs.size(), std::size_t(2));
        QVERIFY_EXCEPTION_THROWN(readTrainedBelow({folder("nowhere")}), FileError);
    }
};

QTEST_GUILESS_MAIN(TestRunFolder)
#include "tst_run_folder.moc"
