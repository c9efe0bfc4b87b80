#include "sim/base/errors.h"
#include "sim/document/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/network/run_folder.h"
#include "sim/robustness/laboratory.h"
#include "sim/robustness/settings.h"
#include "sim/robustness/sweep.h"
#include "sim/robustness/sweep_files.h"
#include "tests/sim/network/training_fixture.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <set>

using namespace endospike;

namespace {

Experiment smallSweep(robustness::Noise form = robustness::freshOnTest)
{
    Experiment experiment(*findLaboratory(robustness::key));
    experiment.training = smallPlan("lif_fc", 40, 2);
    experiment.training.networks.push_back(smallPlan("ann_fc").networks[0]);
    experiment.training.settings.set(training::seeds, 2);
    experiment.own.set(robustness::noise, form);
    experiment.own.set(robustness::amplitudes, 3);
    experiment.own.set(robustness::amplitude_step, 40);
    experiment.own.set(robustness::repeats, 2);
    return experiment;
}

const TrainingImages& images()
{
    static const TrainingImages shared = numberedTrainingImages(40, 20);
    return shared;
}

SweepOutcome sweep(const Experiment& experiment, const SweepOptions& options = {}, const JobContext& context = {})
{
    return runSweep(experiment, images(), options, {}, context);
}

void compare(const SweepOutcome& outcome, const SweepOutcome& other)
{
    QCOMPARE(outcome.fields.size(), other.fields.size());
    for (std::size_t i = 0; i < outcome.fields.size(); ++i) {
        QCOMPARE(outcome.fields[i].field.label(), other.fields[i].field.label());
        QVERIFY2(outcome.fields[i].repeats == other.fields[i].repeats, outcome.fields[i].field.label().c_str());
        QCOMPARE(outcome.fields[i].error, other.fields[i].error);
    }
}

EpochMetrics lastTest(const TrainingPlan& plan)
{
    return trainNetwork(plan, runsOf(plan).front(), pairImages(images(), plan), {}, {}, {}).epochs.back();
}

} // namespace

class TestRobustness : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    static QByteArray bytesOf(const std::string& file)
    {
        QFile reader(QString::fromStdString(file));
        return reader.open(QIODevice::ReadOnly) ? reader.readAll() : QByteArray();
    }
    SweepOptions into(const char* name) const
    {
        SweepOptions options;
        options.folder = path(name);
        return options;
    }
    QStringList foldersIn(const std::string& folder) const
    {
        return QDir(QString::fromStdString(folder)).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    }

private slots:
    void theGrid_data()
    {
        QTest::addColumn<int>("form");
        QTest::addColumn<int>("units");
        QTest::addColumn<int>("repeatsWithNoise");
        QTest::newRow("one training serves all amplitudes") << int(robustness::freshOnTest) << 4 << 2;
        QTest::newRow("a training for each amplitude") << int(robustness::freshOnBoth) << 12 << 2;
        QTest::newRow("one image does not change") << int(robustness::oneImage) << 12 << 1;
    }
    void theGrid()
    {
        QFETCH(int, form);
        const Experiment experiment = smallSweep(static_cast<robustness::Noise>(form));
        const std::vector<SweepUnit> units = sweepUnits(experiment);
        QTEST(int(units.size()), "units");
        std::set<std::string> names, folders;
        for (const SweepUnit& unit : units) {
            folders.insert(unit.folderName);
            QCOMPARE(unit.plan.networks.size(), std::size_t(1));
            QCOMPARE(unit.plan.firstSeed(), unit.run.seed);
            for (const SweepField& field : unit.fields) {
                names.insert(field.fileName());
                QCOMPARE(field.run, unit.run);
                const bool noisyTraining = form != robustness::freshOnTest && field.amplitude > 0;
                QCOMPARE(unit.plan.settings[training::noise_amplitude], noisyTraining ? field.amplitude : 0);
                if (!noisyTraining)
                    QCOMPARE(unit.plan, planOf(experiment.training, unit.run));
                if (field.amplitude > 0)
                    QTEST(repeatsOf(experiment, field), "repeatsWithNoise");
                else
                    QCOMPARE(repeatsOf(experiment, field), 1);
            }
        }
        QCOMPARE(names.size(), std::size_t(12));
        QCOMPARE(folders.size(), units.size());
        QVERIFY(names.contains("LIF_fc-seed1-noise0.json") && names.contains("ANN_fc-seed2-noise80.json"));
        // The first seed of every network comes before the second of any.
        QCOMPARE(units.front().run.seed, std::uint64_t(1));
        QCOMPARE(units[units.size() / 2 - 1].run, (RunId{"ANN fc", 1}));
        QCOMPARE(units[units.size() / 2].run, (RunId{"LIF fc", 2}));
    }

    void documentsHoldTheSweep()
    {
        Experiment experiment = withValue(firstRobustness(), "robustness.noise", "one_image");
        experiment = withValue(experiment, "robustness.amplitude_step", "12.5");
        QCOMPARE(experimentFromJson(toJson(experiment)), experiment);
        QCOMPARE(experiment.own[robustness::noise], double(robustness::oneImage));
        QVERIFY(amplitudesOf(experiment.own) == (std::vector<double>{0, 12.5, 25, 37.5}));
        QVERIFY(experimentFromJson(toJson(firstTraining())).own == ParameterValues());
        for (std::size_t row = 0; row < robustnessTable().size(); ++row)
            for (const double value :
                {robustnessTable()[row].minimum - 1e-3, robustnessTable()[row].maximum + 1e-3, std::nan("")})
                QVERIFY_EXCEPTION_THROWN(experiment.own.set(row, value), DocumentError);
        QVERIFY_EXCEPTION_THROWN(withValue(experiment, "robustness.loudness", "1"), DocumentError);
        QVERIFY(tablesAsJson().find("\"amplitude_step\"") != std::string::npos);
    }

    void noNetworkIsRefused()
    {
        Experiment experiment = smallSweep();
        experiment.training.networks.clear();
        QVERIFY_EXCEPTION_THROWN(sweepUnits(experiment), DocumentError);
    }

    /// What a field says is what evaluating a network says that was trained by itself.
    void fieldsAreTrainingsAndTests()
    {
        const Experiment experiment = smallSweep();
        const SweepOutcome outcome = sweep(experiment);
        QVERIFY(!outcome.stopped);
        QCOMPARE(outcome.fields.size(), std::size_t(12));
        const EpochMetrics alone = lastTest(planOf(experiment.training, {"ANN fc", 2}));
        const FieldResult& clean = outcome.fields[9];
        QCOMPARE(clean.field, (SweepField{{"ANN fc", 2}, 0}));
        QCOMPARE(clean.repeats.size(), std::size_t(1));
        QCOMPARE(clean.repeats[0].loss, alone.testLoss);
        QVERIFY(clean.repeats[0].accuracy == alone.testAccuracy);
        for (const FieldResult& result : outcome.fields)
            if (result.field.amplitude > 0) {
                QCOMPARE(result.repeats.size(), std::size_t(2));
                QVERIFY2(result.repeats[0].loss != result.repeats[1].loss, "other noise in each repeat");
            }
    }

    /// The test within a noisy training shows the noise of the first repeat.
    void noisyTrainingsAreTestedAsInTraining()
    {
        for (const robustness::Noise form : {robustness::freshOnBoth, robustness::oneImage}) {
            const Experiment experiment = smallSweep(form);
            const SweepOutcome outcome = sweep(experiment);
            for (const std::size_t place : {1u, 2u, 11u}) {
                const SweepUnit unit = sweepUnits(experiment)[place];
                const FieldResult& result = outcome.fields[place];
                QCOMPARE(result.field, unit.fields.front());
                QCOMPARE(result.repeats[0].loss, lastTest(unit.plan).testLoss);
            }
        }
    }

    void threadsChangeNothing()
    {
        SweepOptions two;
        two.threads = 2;
        compare(sweep(smallSweep(), two), sweep(smallSweep()));
    }

    /// Splitting the units over processes in any way gives the same fields.
    void unitsCanBeSplit()
    {
        const SweepOutcome whole = sweep(smallSweep());
        for (const std::size_t begin : {1u, 0u}) {
            SweepOptions options = into("split");
            options.next = [next = begin]() mutable { return std::exchange(next, next + 2); };
            const SweepOutcome part = sweep(smallSweep(), options);
            QCOMPARE(part.fields.size(), begin == 1 ? std::size_t(6) : std::size_t(12));
            if (begin == 0)
                compare(part, whole);
        }
    }

    void finishedFieldsAreNotDoneAgain()
    {
        const SweepOptions options = into("again");
        const SweepOutcome first = sweep(smallSweep(), options);
        const std::string kept = fieldPath(options.folder, first.fields[0].field);
        const std::string lost = fieldPath(options.folder, first.fields[1].field);
        const QByteArray before = bytesOf(kept);
        const QDateTime time = QFileInfo(QString::fromStdString(kept)).lastModified();
        QVERIFY(QFile::remove(QString::fromStdString(lost)));
        int told = 0;
        const SweepOutcome second = runSweep(smallSweep(), images(), options, [&](const FieldResult&) { ++told; }, {});
        compare(second, first);
        QCOMPARE(told, 12);
        QCOMPARE(bytesOf(kept), before);
        QCOMPARE(QFileInfo(QString::fromStdString(kept)).lastModified(), time);
        QVERIFY(QFile::exists(QString::fromStdString(lost)));
    }

    void stoppedSweepsGoOn()
    {
        const SweepOutcome whole = sweep(smallSweep());
        for (const int after : {1, 4, 7}) {
            QTemporaryDir folder;
            SweepOptions options;
            options.folder = folder.path().toStdString();
            std::stop_source stop;
            JobContext context;
            context.stop = stop.get_token();
            int seen = 0;
            const SweepOutcome part = runSweep(
                smallSweep(), images(), options,
                [&](const FieldResult&) {
                    if (++seen == after)
                        stop.request_stop();
                },
                context);
            QVERIFY(part.stopped);
            QCOMPARE(part.fields.size(), std::size_t(after));
            compare(sweep(smallSweep(), options), whole);
        }
    }

    void trainedNetworksAreReused()
    {
        const Experiment experiment = smallSweep();
        // As the training laboratory leaves them: another name, another test set.
        TrainingPlan plan = experiment.training;
        plan.networks[0].name = "mine";
        plan.settings.set(training::test_pairs, 7);
        for (const RunId& id : {RunId{"mine", 1}, RunId{"ANN fc", 2}}) {
            TrainingOptions options;
            options.folder = path("trained") + "/" + id.folderName();
            trainNetwork(plan, id, pairImages(images(), plan), options, {}, {});
        }
        SweepOptions options = into("reusing");
        options.checkpoints = {path("trained")};
        compare(sweep(experiment, options), sweep(experiment));
        QCOMPARE(foldersIn(path("reusing") + "/runs"), (QStringList{"ANN_fc-seed1", "LIF_fc-seed2"}));
    }

    void otherNetworksAreNotReused_data()
    {
        QTest::addColumn<QString>("difference");
        QTest::newRow("epochs") << "training.settings.epochs=3";
        QTest::newRow("data") << "training.settings.pairing_seed=2";
        QTest::newRow("network") << "training.networks.0.parameters.threshold=0.31";
        QTest::newRow("noise") << "training.settings.noise_amplitude=1";
        QTest::newRow("seed") << "training.settings.first_seed=5";
    }
    void otherNetworksAreNotReused()
    {
        QFETCH(QString, difference);
        const QStringList parts = difference.split('=');
        const Experiment other = withValue(smallSweep(), parts[0].toStdString(), parts[1].toStdString());
        TrainingPlan plan = other.training;
        const RunId id = runsOf(plan).front();
        QTemporaryDir folder;
        TrainingOptions training;
        training.folder = folder.filePath("run").toStdString();
        trainNetwork(plan, id, pairImages(images(), plan), training, {}, {});
        SweepOptions options;
        options.checkpoints = {folder.path().toStdString()};
        QVERIFY2(sweep(smallSweep(), options).fields[0].training_s > 0, "it was not trained anew");
        QVERIFY2(sweep(other, options).fields[0].training_s == 0, "but it could have been reused");
    }

    /// A file that was cut off or says what cannot be is done again, and this is said.
    void damagedFieldsAreDoneAgain_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("cut off") << QByteArray("\"made\"") << QByteArray();
        QTest::newRow("not text") << QByteArray("\"samples\"") << QByteArray("\xff\xfe");
        QTest::newRow("other samples") << QByteArray("\"samples\": 30") << QByteArray("\"samples\": 31");
        QTest::newRow("accuracy above 1") << QByteArray("\"accuracy\": [") << QByteArray("\"accuracy\": [1");
        QTest::newRow("no loss") << QByteArray("\"loss\"") << QByteArray("\"lost\"");
        QTest::newRow("negative loss") << QByteArray("\"loss\": ") << QByteArray("\"loss\": -");
        QTest::newRow("repeats missing") << QByteArray("\"repeats\": [") << QByteArray("\"repeats\": [], \"more\": [");
        QTest::newRow("unknown key") << QByteArray("\"made\"") << QByteArray("\"paid\": 1, \"made\"");
    }
    void damagedFieldsAreDoneAgain()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        const SweepOptions options = into("damaged");
        const SweepOutcome whole = sweep(smallSweep(), options);
        QVERIFY(whole.problems.empty());
        const std::string file = fieldPath(options.folder, whole.fields[2].field);
        const QByteArray good = bytesOf(file);
        QByteArray bad = good;
        if (to.isEmpty())
            bad.truncate(bad.indexOf(from));
        else
            bad.replace(bad.indexOf(from), from.size(), to);
        QVERIFY(bad != good && good.contains(from));
        writeWholeFile(file, {bad.data(), static_cast<std::size_t>(bad.size())});
        const SweepOutcome again = sweep(smallSweep(), options);
        QCOMPARE(again.problems.size(), std::size_t(1));
        QVERIFY2(again.problems[0].starts_with(file), again.problems[0].c_str());
        compare(again, whole);
        QCOMPARE(bytesOf(file).left(bytesOf(file).indexOf("\"made\"")), good.left(good.indexOf("\"made\"")));
    }

    /// A whole file of something else is not overwritten.
    void foreignFieldsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("other settings") << QByteArray("\"epochs\": 2") << QByteArray("\"epochs\": 3");
        QTest::newRow("other network") << QByteArray("\"network\": \"LIF fc\"") << QByteArray("\"network\": \"LIF\"");
        QTest::newRow("other amplitude") << QByteArray("\"amplitude\": 80") << QByteArray("\"amplitude\": 81");
        QTest::newRow("other noise") << QByteArray("\"seed\": 2") << QByteArray("\"seed\": 3");
        QTest::newRow("newer") << QByteArray("\"version\": 1") << QByteArray("\"version\": 2");
        QTest::newRow("not a cell") << QByteArray("endospike-sweep-cell") << QByteArray("my-own-file");
        QTest::newRow("a list") << QByteArray() << QByteArray("[1, 2]");
    }
    void foreignFieldsAreRefused()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        const SweepOptions options = into("foreign");
        const SweepOutcome whole = sweep(smallSweep(), options);
        const std::string file = fieldPath(options.folder, whole.fields[2].field);
        const QByteArray good = bytesOf(file);
        QByteArray text = good;
        QVERIFY(text.contains(from));
        if (from.isEmpty())
            text = to;
        else
            text.replace(text.indexOf(from), from.size(), to);
        writeWholeFile(file, {text.data(), static_cast<std::size_t>(text.size())});
        try {
            sweep(smallSweep(), options);
            QFAIL("it was taken or overwritten");
        } catch (const DocumentError& error) {
            QVERIFY2(error.path == file && error.why.find("folder") != error.why.npos, error.what());
        }
        QCOMPARE(bytesOf(file), text);
        writeWholeFile(file, {good.data(), static_cast<std::size_t>(good.size())});
    }

    void settingsOfAnotherSweepAreNamed()
    {
        const SweepOptions options = into("named");
        sweep(smallSweep(), options);
        Experiment other = smallSweep();
        other.own.set(robustness::repeats, 3);
        try {
            sweep(other, options);
            QFAIL("two sweeps in one folder");
        } catch (const DocumentError& error) {
            QVERIFY2(error.why.find("settings/noise/repeats is 3 here, 2 there") != error.why.npos, error.what());
        }
        // More amplitudes and seeds only add fields.
        Experiment more = smallSweep();
        more.own.set(robustness::amplitudes, 4);
        more.training.settings.set(training::seeds, 3);
        QCOMPARE(sweep(more, options).fields.size(), std::size_t(24));
    }

    void aTrainingThatExplodesIsAResult()
    {
        Experiment experiment = smallSweep();
        ParameterValues& parameters = experiment.training.networks[0].parameters;
        parameters.set("optimizer", 1);
        parameters.set("learning_rate", 10);
        parameters.set("weight_decay", 1);
        experiment.training.settings.set(training::epochs, 40);
        const SweepOptions options = into("explodes");
        const SweepOutcome outcome = sweep(experiment, options);
        QCOMPARE(outcome.fields.size(), std::size_t(12));
        QVERIFY2(outcome.fields[0].error.find("LIF fc, seed 1") != std::string::npos, outcome.fields[0].error.c_str());
        QVERIFY(outcome.fields[0].repeats.empty());
        QVERIFY(outcome.fields[3].error.empty());
        QVERIFY(std::isnan(outcome.fields[0].mean().loss));
        compare(sweep(experiment, options), outcome);
        for (const SweepPoint& point : summarise(experiment, outcome.fields))
            QCOMPARE(point.network, std::string("ANN fc"));
    }

    void meanAndSpread()
    {
        const Experiment experiment = smallSweep();
        const auto result = [](std::uint64_t seed, double amplitude, std::vector<double> accuracies) {
            FieldResult field{{{"LIF fc", seed}, amplitude}, 30, {}, {}, {}, 0, 0};
            for (const double accuracy : accuracies)
                field.repeats.push_back({2 * accuracy, {accuracy, 1 - accuracy}});
            return field;
        };
        const std::vector<SweepPoint> points =
            summarise(experiment, {result(2, 40, {0.7, 0.9}), result(1, 0, {0.9}), result(1, 40, {0.5, 0.7})});
        QCOMPARE(points.size(), std::size_t(2));
        QCOMPARE(points[0].seeds, 1);
        QCOMPARE(points[0].mean[0], 0.9);
        QVERIFY(std::isnan(points[0].spread[0]));
        QCOMPARE(points[1].seeds, 2);
        QVERIFY(std::abs(points[1].mean[0] - 0.7) < 1e-12);
        QVERIFY(std::abs(points[1].mean[1] - 0.3) < 1e-12);
        QVERIFY(std::abs(points[1].spread[0] - std::sqrt(0.02)) < 1e-12);
        QVERIFY(std::abs(points[1].loss - 1.4) < 1e-12);
    }
};

QTEST_APPLESS_MAIN(TestRobustness)
#include "tst_robustness.moc"
