#include "sim/base/errors.h"
#include "sim/network/checkpoint.h"
#include "sim/network/evaluation.h"
#include "sim/network/operation_count.h"
#include "sim/network/run_folder.h"
#include "tests/sim/base/file_size_limit.h"
#include "tests/sim/network/training_fixture.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <cmath>
#include <set>
#include <thread>

using namespace endospike;

namespace {

const RunId& runOf(const TrainingPlan& plan)
{
    static RunId id;
    return id = runsOf(plan).front();
}

RunOutcome train(const TrainingPlan& plan, const TrainingOptions& options = {}, const RunSinks& sinks = {},
    const JobContext& context = {})
{
    return trainNetwork(plan, runOf(plan), smallData(plan), options, sinks, context);
}

/// Asks for a stop after the first batch of the epoch, or at its end for epoch -1.
RunOutcome trainUntil(const TrainingPlan& plan, const TrainingOptions& options, int epoch)
{
    std::stop_source stop;
    JobContext context;
    context.stop = stop.get_token();
    RunSinks sinks;
    sinks.batch = [&](const BatchMetrics& metrics) {
        if (metrics.epoch == epoch)
            stop.request_stop();
    };
    sinks.epoch = [&](const EpochMetrics& metrics, const auto&) {
        if (metrics.epoch == epoch)
            stop.request_stop();
    };
    return train(plan, options, sinks, context);
}

} // namespace

class TestTrainer : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string folder(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    QByteArray bytesOf(const std::string& path) const
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const std::string& path, const QByteArray& bytes) const
    {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

private slots:
    void runsAreNetworksTimesSeeds()
    {
        TrainingPlan plan = smallPlan("lif_fc");
        plan.networks.emplace_back(*findNetworkKind("hh_fc"));
        plan.settings.set(training::seeds, 2);
        plan.settings.set(training::first_seed, 4294967295.0);
        const std::vector<RunId> runs = runsOf(plan);
        QCOMPARE(runs.size(), 4u);
        QCOMPARE(runs[0].label(), std::string("LIF fc, seed 4294967295"));
        QCOMPARE(runs[1].seed, 0u);
        QCOMPARE(runs[2].network, std::string("HH fc (published)"));
        const TrainingPlan own = planOf(plan, runs[2]);
        QVERIFY(runsOf(own) == std::vector<RunId>{runs[2]});
        QVERIFY(planOf(own, runs[2]) == own);
        QVERIFY_EXCEPTION_THROWN(planOf(plan, {"nothing", 1}), DocumentError);
    }

    void folderNamesTellRunsApart()
    {
        QCOMPARE((RunId{"LIF fc", 1}).folderName(), std::string("LIF_fc-seed1"));
        std::set<std::string> names;
        for (const char* network : {"a b", "a_b", "a/b", "a%2Fb", "..", ".", "a\\b", "a\nb", "ä"}) {
            const std::string name = RunId{network, 3}.folderName();
            QVERIFY2(name.find('/') == name.npos && name.front() != '.', name.c_str());
            QVERIFY(names.insert(name).second);
        }
    }

    void everyEpochIsTested()
    {
        TrainingPlan plan = smallPlan("lif_fc");
        plan.networks[0].parameters.set("decay_epoch_1", 1);
        plan.networks[0].parameters.set("decay_epoch_2", 2);
        std::vector<EpochMetrics> seen;
        std::vector<std::shared_ptr<const Network>> snapshots;
        std::vector<BatchMetrics> batches;
        RunSinks sinks;
        sinks.batch = [&](const BatchMetrics& metrics) { batches.push_back(metrics); };
        sinks.epoch = [&](const EpochMetrics& metrics, std::shared_ptr<const Network> snapshot) {
            seen.push_back(metrics);
            snapshots.push_back(std::move(snapshot));
        };
        std::vector<std::string> sentences;
        std::vector<double> fractions;
        JobContext context;
        context.progress = [&](double fraction, const std::string& sentence) {
            fractions.push_back(fraction);
            sentences.push_back(sentence);
        };
        const RunOutcome outcome = train(plan, {}, sinks, context);
        QVERIFY(!outcome.stopped);
        QVERIFY(sameFigures(outcome.epochs, seen));
        QCOMPARE(seen.size(), 4u);
        for (int i = 0; i < 4; ++i)
            QCOMPARE(seen[static_cast<std::size_t>(i)].epoch, i - 1);
        QVERIFY(std::isnan(seen[0].trainLoss) && std::isnan(seen[0].trainAccuracy[1]));
        QVERIFY(std::abs(seen[0].testLoss - 2 * std::log(10.0)) < 0.5); // it knows nothing yet
        QCOMPARE(seen[0].operations, 0.0);
        QCOMPARE(seen[1].learningRate, 0.01);
        QVERIFY(std::abs(seen[2].learningRate - 1e-3) < 1e-12 && std::abs(seen[3].learningRate - 1e-4) < 1e-12);
        QCOMPARE(seen[3].operations, 3 * 3 * 50 * publishedCount(plan.networks[0]).total());
        QVERIFY(seen[3].samples_per_s > 0 && seen[3].elapsed_s > seen[1].elapsed_s);
        QVERIFY(seen[3].peakMemory_bytes > 1'000'000);

        QVERIFY(valuesOf(*snapshots[0]) == valuesOf(*makeNetwork(plan.networks[0], 1)));
        QVERIFY(valuesOf(*snapshots[1]) != valuesOf(*snapshots[0]));
        QVERIFY(valuesOf(*snapshots[3]) == valuesOf(*outcome.network));

        QVERIFY(batches.size() >= 3u);
        for (const BatchMetrics& metrics : batches) {
            QCOMPARE(metrics.batchesPerEpoch, 4); // 16 + 16 + 16 + 2
            QVERIFY(metrics.batch >= 0 && metrics.batch < 4 && metrics.samples_per_s > 0);
        }
        QCOMPARE(batches.back().batch, 3);
        QVERIFY(std::ranges::is_sorted(fractions));
        QCOMPARE(fractions.back(), 1.0);
        QVERIFY2(sentences.front().starts_with("LIF fc, seed 1: epoch 1 of 3, "), sentences.front().c_str());
        QVERIFY(sentences.front().ends_with(" left"));
    }

    void theEpochsFiguresAreMeansOverPairs()
    {
        // With hardly a step, what passes by in training is what a test of the same pairs would say.
        TrainingPlan plan = smallPlan("ann_fc", 50, 1, 16);
        plan.networks[0].parameters.set("learning_rate", 1e-8);
        const TrainingData data = smallData(plan);
        const RunOutcome outcome = trainNetwork(plan, runOf(plan), data, {}, {}, {});
        Workers workers(1);
        const EpochMetrics tested = evaluate(*makeNetwork(plan.networks[0], 1), data.train, workers, {});
        QVERIFY(std::abs(outcome.epochs[1].trainLoss / tested.testLoss - 1) < 1e-5);
        QCOMPARE(outcome.epochs[1].trainAccuracy, tested.testAccuracy);
    }

    void everyEpochHasItsOwnOrder()
    {
        // With hardly a step, the loss of an epoch's first batch depends on its pairs alone.
        TrainingPlan plan = smallPlan("ann_fc", 64, 3, 4);
        plan.networks[0].parameters.set("learning_rate", 1e-8);
        const auto firstLosses = [&] {
            std::vector<double> losses;
            RunSinks sinks;
            sinks.batch = [&](const BatchMetrics& metrics) {
                if (metrics.batch == 0)
                    losses.push_back(metrics.loss);
            };
            train(plan, {}, sinks);
            return losses;
        };
        const std::vector<double> losses = firstLosses();
        QCOMPARE(losses.size(), 3u);
        QVERIFY(std::abs(losses[0] - losses[1]) > 1e-4 && std::abs(losses[1] - losses[2]) > 1e-4);
        QCOMPARE(firstLosses(), losses);
        plan.settings.set(training::first_seed, 2);
        QVERIFY(firstLosses() != losses);
    }

    void aFewPairsAreLearntByHeart_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"lif_fc", "s_lif2hh_fc", "hh_vd_fc"})
            QTest::newRow(kind) << kind;
    }
    void aFewPairsAreLearntByHeart()
    {
        QFETCH(QString, kind);
        TrainingPlan plan = smallPlan(kind.toStdString(), 40, 80, 20);
        plan.networks[0].parameters.set("hidden", 64);
        const RunOutcome outcome = train(plan);
        QVERIFY2(outcome.epochs.back().trainLoss < 0.3, qPrintable(QString::number(outcome.epochs.back().trainLoss)));
        QCOMPARE(outcome.epochs.back().trainAccuracy[0], 1.0);
        QCOMPARE(outcome.epochs.back().trainAccuracy[1], 1.0);
    }

    void seedsDifferThreadsDoNot()
    {
        TrainingPlan plan = smallPlan("lif_fc");
        const RunOutcome one = train(plan);
        TrainingOptions two;
        two.threads = 2;
        const RunOutcome other = train(plan, two);
        QVERIFY(valuesOf(*one.network) == valuesOf(*other.network));
        QVERIFY(sameFigures(one.epochs, other.epochs));
        plan.settings.set(training::first_seed, 2);
        QVERIFY(valuesOf(*train(plan).network) != valuesOf(*one.network));
    }

    void resumesToTheBit_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<bool>("momentum");
        QTest::addColumn<double>("noise");
        for (const NetworkKind& kind : networkKinds())
            QTest::newRow(std::string(kind.key).c_str())
                << QString::fromStdString(std::string(kind.key)) << false << 0.0;
        QTest::newRow("momentum") << "lif_fc" << true << 0.0;
        QTest::newRow("fresh noise") << "lif_fc" << false << 20.0;
    }
    void resumesToTheBit()
    {
        QFETCH(QString, kind);
        QFETCH(bool, momentum);
        QFETCH(double, noise);
        TrainingPlan plan = smallPlan(kind.toStdString());
        plan.settings.set(training::noise, training::freshNoise);
        plan.settings.set(training::noise_amplitude, noise);
        plan.networks[0].parameters.set("optimizer", momentum ? 1 : 0);
        plan.networks[0].parameters.set("learning_rate", momentum ? 1e-3 : 1e-2);
        const RunOutcome straight = train(plan);

        TrainingOptions options;
        options.folder = folder(QString("resume ") + QTest::currentDataTag());
        options.resume = true;
        options.threads = 2;
        const RunOutcome first = trainUntil(plan, options, 1);
        QVERIFY(first.stopped);
        const Checkpoint middle = readCheckpoint(checkpointPath(options.folder));
        QCOMPARE(middle.epoch, 1);
        QCOMPARE(middle.batch, 1); // in the middle of the second epoch, not at its edge
        QVERIFY(valuesOf(*middle.network) == valuesOf(*first.network));
        options.threads = 1;
        QVERIFY(trainUntil(plan, options, 2).stopped);
        const RunOutcome resumed = train(plan, options);
        QVERIFY(!resumed.stopped);
        QVERIFY(valuesOf(*resumed.network) == valuesOf(*straight.network));
        QVERIFY(sameFigures(resumed.epochs, straight.epochs));
        // The disk says the same, and there is nothing left to do.
        QVERIFY(sameFigures(readRunFolder(options.folder).epochs, straight.epochs));
        QVERIFY(sameFigures(train(plan, options).epochs, straight.epochs));
        QVERIFY(valuesOf(*readCheckpoint(checkpointPath(options.folder)).network) == valuesOf(*straight.network));
    }

    void stopsAnywhere_data()
    {
        QTest::addColumn<int>("epoch");
        for (const int epoch : {-1, 0, 1, 2})
            QTest::addRow("%d", epoch) << epoch;
    }
    void stopsAnywhere()
    {
        QFETCH(int, epoch);
        const TrainingPlan plan = smallPlan("lif_fc");
        TrainingOptions options;
        options.folder = folder(QString("anywhere %1").arg(epoch));
        const RunOutcome stopped = trainUntil(plan, options, epoch);
        QVERIFY(stopped.stopped);
        QCOMPARE(static_cast<int>(stopped.epochs.size()), std::max(epoch, 0) + 1);
        options.resume = true;
        const RunOutcome resumed = train(plan, options);
        QVERIFY(valuesOf(*resumed.network) == valuesOf(*train(plan).network));
        QVERIFY(readRunFolder(options.folder).finished());
    }

    void stoppedWithinABatch()
    {
        const TrainingPlan plan = smallPlan("lif_conv", 200, 3, 200);
        const RunOutcome straight = train(plan);
        for (const int after_ms : {0, 2, 5, 10, 20}) {
            TrainingOptions options;
            options.folder = folder(QString::number(after_ms));
            options.resume = true;
            std::stop_source stop;
            JobContext context;
            context.stop = stop.get_token();
            std::jthread asks;
            RunSinks sinks;
            sinks.epoch = [&](const EpochMetrics& metrics, const auto&) {
                if (metrics.epoch == 0)
                    asks = std::jthread([&] {
                        std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
                        stop.request_stop();
                    });
            };
            train(plan, options, sinks, context);
            asks.join();
            QVERIFY(valuesOf(*train(plan, options).network) == valuesOf(*straight.network));
        }
    }

    void stoppedBeforeItBegan()
    {
        std::stop_source stop;
        stop.request_stop();
        JobContext context;
        context.stop = stop.get_token();
        const TrainingPlan plan = smallPlan("lif_fc");
        TrainingOptions options;
        options.folder = folder("never");
        options.resume = true;
        const RunOutcome outcome = train(plan, options, {}, context);
        QVERIFY(outcome.stopped && outcome.epochs.empty());
        QVERIFY(!readRunFolder(options.folder).hasCheckpoint);
        QVERIFY(valuesOf(*train(plan, options).network) == valuesOf(*train(plan).network));
    }

    void moreEpochsGoOn()
    {
        const TrainingPlan longer = smallPlan("lif_fc", 50, 4);
        TrainingOptions options;
        options.folder = folder("longer");
        options.resume = true;
        train(smallPlan("lif_fc", 50, 2), options);
        QVERIFY(valuesOf(*train(longer, options).network) == valuesOf(*train(longer).network));
        QCOMPARE(readRunFolder(options.folder).plan.epochs(), 4);
    }

    void anotherPlanIsNotResumed_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<double>("value");
        QTest::newRow("threshold") << "threshold" << 0.31;
        QTest::newRow("hidden") << "hidden" << 13.0;
        QTest::newRow("batch") << "batch" << 8.0;
        QTest::newRow("train_pairs") << "train_pairs" << 60.0;
        QTest::newRow("pairing_seed") << "pairing_seed" << 9.0;
        QTest::newRow("first_seed") << "first_seed" << 9.0;
    }
    void anotherPlanIsNotResumed()
    {
        QFETCH(QString, key);
        QFETCH(double, value);
        TrainingPlan plan = smallPlan("lif_fc", 50, 1);
        TrainingOptions options;
        options.folder = folder("another " + key);
        train(plan, options);
        const QByteArray before = bytesOf(checkpointPath(options.folder));
        options.resume = true;
        const std::string row = key.toStdString();
        if (rowOf(trainingTable(), row) >= 0)
            plan.settings.set(row, value);
        else
            plan.networks[0].parameters.set(row, value);
        try {
            train(plan, options);
            QFAIL("resumed");
        } catch (const DocumentError& error) {
            QVERIFY2(QString::fromStdString(error.path).endsWith(key), error.what());
        }
        QVERIFY(bytesOf(checkpointPath(options.folder)) == before);
    }

    void anotherNetIsNotResumed()
    {
        TrainingOptions options;
        options.folder = folder("net");
        train(smallPlan("lif_fc", 50, 1), options);
        options.resume = true;
        TrainingPlan other = smallPlan("hh_fc", 50, 1);
        other.networks[0].name = "LIF fc";
        QVERIFY_EXCEPTION_THROWN(train(other, options), DocumentError);
    }

    void numbersThatExplodeStopTheTraining()
    {
        const TrainingPlan plan = explodingPlan();
        TrainingOptions options;
        options.folder = folder("explodes");
        std::vector<EpochMetrics> seen;
        RunSinks sinks;
        sinks.epoch = [&](const EpochMetrics& metrics, const auto&) { seen.push_back(metrics); };
        try {
            train(plan, options, sinks);
            QFAIL("it should have become infinite");
        } catch (const TrainingError& error) {
            QCOMPARE(error.run, std::string("ANN fc, seed 1"));
            QCOMPARE(error.epoch, static_cast<int>(seen.size()));
            QVERIFY(error.batch >= 1 && error.batch <= 13);
            QVERIFY2(QString(error.what()).contains("finite number in epoch "), error.what());
        }
        const Checkpoint good = readCheckpoint(checkpointPath(options.folder));
        QVERIFY(sameFigures(good.history, seen));
        QVERIFY(sameFigures(readRunFolder(options.folder).epochs, seen));
    }

    void aFullDiskKeepsTheLastCheckpoint()
    {
        const TrainingPlan plan = smallPlan("lif_fc", 50, 2);
        TrainingOptions options;
        options.folder = folder("full");
        trainUntil(plan, options, 0);
        const QByteArray before = bytesOf(checkpointPath(options.folder));
        options.resume = true;
        {
            const FileSizeLimit limit(20'000);
            QVERIFY_EXCEPTION_THROWN(train(plan, options), FileError);
        }
        QVERIFY(bytesOf(checkpointPath(options.folder)) == before);
        QVERIFY(valuesOf(*train(plan, options).network) == valuesOf(*train(plan).network));
    }

    void anUnusableFolderIsSaid()
    {
        write(folder("file"), "x");
        TrainingOptions options;
        options.folder = folder("file/below");
        QVERIFY_EXCEPTION_THROWN(train(smallPlan("lif_fc"), options), FileError);
        options.folder = "/proc/endospike";
        QVERIFY_EXCEPTION_THROWN(train(smallPlan("lif_fc"), options), FileError);
    }
};

QTEST_GUILESS_MAIN(TestTrainer)
#include "tst_trainer.moc"
