#include "sim/base/errors.h"
#include "sim/base/random.h"
#include "sim/base/whole_file.h"
#include "sim/document/laboratory.h"
#include "sim/information/checkpoint.h"
#include "sim/information/laboratory.h"
#include "sim/information/log.h"
#include "sim/information/run.h"
#include "sim/information/settings.h"
#include "sim/network/checkpoint.h"
#include "sim/network/run_folder.h"
#include "tests/sim/network/training_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

constexpr double classBits = 3.321928094887362; // log2(10)

/// One network of this kind, small, with a code of five numbers.
Experiment smallExperiment(std::string_view kind, int pairs = 50, int epochs = 3)
{
    Experiment experiment(*findLaboratory(information::key));
    experiment.training = smallPlan(kind, pairs, epochs);
    experiment.own.set(information::code_size, 5);
    experiment.own.set(information::learning_rate, 0.01);
    experiment.own.set(information::weight_averaging, 0.9);
    experiment.own.set(information::samples, 3);
    return experiment;
}

bool samePoint(const InformationPoint& a, const InformationPoint& b)
{
    return a.kl_nats == b.kl_nats && a.crossEntropy_nats == b.crossEntropy_nats && a.accuracy == b.accuracy;
}

bool sameRun(const InformationRun& a, const InformationRun& b)
{
    return std::ranges::equal(a.epochs, b.epochs, [](const InformationEpoch& one, const InformationEpoch& other) {
        return one.epoch == other.epoch && same(one.loss_nats, other.loss_nats) && samePoint(one.train, other.train)
            && samePoint(one.test, other.test) && one.learningRate == other.learningRate;
    });
}

InformationCheckpoint checkpointIn(const std::string& folder)
{
    return parseInformationCheckpoint(readWholeFile(checkpointPath(folder), maximumCheckpointBytes), "checkpoint");
}

bool sameState(const InformationCheckpoint& a, const InformationCheckpoint& b)
{
    return std::ranges::equal(a.network.values(), b.network.values())
        && std::ranges::equal(a.average.values(), b.average.values())
        && a.optimizer.state().firstMoment == b.optimizer.state().firstMoment
        && a.optimizer.state().secondMoment == b.optimizer.state().secondMoment
        && a.optimizer.state().steps == b.optimizer.state().steps;
}

InformationRun train(const Experiment& experiment, const std::string& folder = {}, int threads = 1, bool resume = false)
{
    const RunId id = runsOf(experiment.training).front();
    return trainBottleneck(experiment, id, smallData(experiment.training), {threads, folder, resume}, {}, JobContext{});
}

} // namespace

class TestInformation : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string folder(const char* name) const { return m_folder.filePath(name).toStdString(); }

private slots:
    void sameBitsWithTwoThreads_data();
    void sameBitsWithTwoThreads();
    void learnsATinySet();
    void betaCompresses();
    void resumesToTheBit();
    void resumesOnlyWithTheSameSettings();
    void linesRoundTrip();
    void damagedFilesAreRefused();
    void runsOfAPlan();
    void badDocumentIsRefused_data();
    void badDocumentIsRefused();
    void convolutionalIsRefused();
    void explodingTrainingIsNamed();
};

void TestInformation::sameBitsWithTwoThreads_data()
{
    QTest::addColumn<QString>("kind");
    for (const NetworkKind& kind : networkKinds())
        if (!kind.convolutional)
            QTest::newRow(std::string(kind.key).c_str()) << QString::fromStdString(std::string(kind.key));
}

void TestInformation::sameBitsWithTwoThreads()
{
    QFETCH(QString, kind);
    Experiment experiment = smallExperiment(kind.toStdString(), 50, 2);
    experiment.training.networks.front().parameters.set("hidden", 150); // several panels
    experiment.own.set(information::code_size, 70);
    experiment.own.set(information::beta, 1e-3);
    const std::string one = folder("one"), two = folder("two");
    const InformationRun a = train(experiment, one, 1), b = train(experiment, two, 2);
    QCOMPARE(a.epochs.size(), 3u);
    QVERIFY(!a.stopped);
    QVERIFY(sameRun(a, b));
    QVERIFY(sameState(checkpointIn(one), checkpointIn(two)));
    QVERIFY(a.epochs[2].loss_nats != a.epochs[1].loss_nats);
}

void TestInformation::learnsATinySet()
{
    Experiment experiment = smallExperiment("hh_vd_fc", 30, 100);
    experiment.training.networks.front().parameters.set("hidden", 48);
    experiment.own.set(information::code_size, 16);
    const InformationRun run = train(experiment);
    const InformationPoint& first = run.epochs.front().train;
    const InformationPoint& last = run.epochs.back().train;
    for (int task = 0; task < taskCount; ++task) {
        QVERIFY(first.taskBits(task) < 0.7);
        QVERIFY(last.taskBits(task) > 3.0);
        QVERIFY(last.taskBits(task) <= classBits);
        QCOMPARE(last.accuracy[static_cast<std::size_t>(task)], 1.0);
    }
    QVERIFY(run.epochs.back().loss_nats < run.epochs[1].loss_nats / 4);
}

/// What presses the code together lowers I(Z;X); what tells both answers needs at least their bits.
void TestInformation::betaCompresses()
{
    Experiment experiment = smallExperiment("lif_fc", 40, 25);
    const InformationPoint free = train(experiment).epochs.back().train;
    experiment.own.set(information::beta, 0.03);
    const InformationPoint pressed = train(experiment).epochs.back().train;
    QVERIFY(pressed.inputBits() < 0.5 * free.inputBits());
    QVERIFY(pressed.inputBits() >= pressed.jointBits());
    QVERIFY(free.inputBits() >= free.jointBits());
}

void TestInformation::resumesToTheBit()
{
    const Experiment experiment = smallExperiment("s_lif2hh_fc", 50, 4);
    const std::string whole = folder("whole"), parts = folder("parts");
    const InformationRun expected = train(experiment, whole);
    const RunId id = runsOf(experiment.training).front();
    const TrainingData data = smallData(experiment.training);
    std::stop_source stop;
    JobContext context;
    context.stop = stop.get_token();
    int batches = 0;
    context.progress = [&](double, const std::string&) { // in the middle of the third epoch
        if (checkpointIn(parts).epoch == 2 && ++batches == 2)
            stop.request_stop();
    };
    // The first report comes before there is a checkpoint.
    Experiment shorter = experiment;
    shorter.training.settings.set(training::epochs, 1);
    QVERIFY(!train(shorter, parts).stopped);
    const InformationRun first = trainBottleneck(experiment, id, data, {1, parts, true}, {}, context);
    QVERIFY(first.stopped);
    QCOMPARE(first.epochs.size(), 3u); // untrained, two epochs
    const InformationRun rest = train(experiment, parts, 2, true);
    QVERIFY(!rest.stopped);
    QVERIFY(sameRun(rest, expected));
    QVERIFY(sameState(checkpointIn(whole), checkpointIn(parts)));
    const InformationRecord read = readInformationFolder(parts);
    QVERIFY(sameRun(read.run, expected));
    QVERIFY(!read.run.stopped);
    QVERIFY(read.experiment == experimentOf(experiment, id));
}

void TestInformation::resumesOnlyWithTheSameSettings()
{
    Experiment experiment = smallExperiment("ann_fc", 20, 1);
    const std::string place = folder("same");
    train(experiment, place);
    experiment.own.set(information::beta, 0.5);
    try {
        train(experiment, place, 1, true);
        QFAIL("went on with another beta");
    } catch (const DocumentError& error) {
        QCOMPARE(error.path, std::string("information.beta"));
    }
    QCOMPARE(checkpointIn(place).epoch, 1);
}

void TestInformation::linesRoundTrip()
{
    const RunId id{"A \"net\"", 3};
    InformationEpoch epoch{
        -1, std::nan(""), {1.5, {2.25, 0.5}, {0.125, 1}}, {2, {3, 4}, {0, 0.5}}, 1e-4, std::nan(""), 0};
    const std::string text = toJsonLine(id, epoch);
    epoch.epoch = 0;
    epoch.loss_nats = 0.1;
    const auto lines = informationFromJsonLines(text + '\n' + toJsonLine(id, epoch) + "\n{\"event\": \"epo");
    QCOMPARE(lines.size(), 2u);
    QVERIFY(std::isnan(lines[0].loss_nats));
    QCOMPARE(lines[1].loss_nats, 0.1);
    QVERIFY(samePoint(lines[1].train, epoch.train) && samePoint(lines[1].test, epoch.test));
    QVERIFY_THROWS_EXCEPTION(DocumentError, informationFromJsonLines(toJsonLine(id, epoch) + '\n')); // no epoch -1
    QVERIFY_THROWS_EXCEPTION(DocumentError, informationFromJsonLines("{\"event\": \"epoch\", \"epoch\": -1}\n"));
}

void TestInformation::damagedFilesAreRefused()
{
    const std::string place = folder("damaged");
    train(smallExperiment("lif_fc", 20, 1), place);
    const std::string bytes = readWholeFile(checkpointPath(place), maximumCheckpointBytes);
    QCOMPARE(parseInformationCheckpoint(bytes, "x").history.size(), 2u);
    for (std::size_t length = 0; length < bytes.size(); length += bytes.size() / 37)
        QVERIFY_THROWS_EXCEPTION(FileError, parseInformationCheckpoint(std::string_view(bytes).substr(0, length), "x"));
    std::string other = bytes; // another format with the same length
    other.replace(other.find("endospike-information"), 9, "endospikf");
    QVERIFY_THROWS_EXCEPTION(FileError, parseInformationCheckpoint(other, "x"));
    std::string large = bytes; // a code that the file cannot hold
    const std::string text = "\\\"code_size\\\": 5";
    const std::size_t at = large.find(text);
    QVERIFY(at != large.npos);
    large.replace(at, text.size(), "\\\"code_size\\\":99");
    QVERIFY_THROWS_EXCEPTION(FileError, parseInformationCheckpoint(large, "x"));
    std::string notFinite = bytes;
    notFinite.replace(notFinite.size() - 4, 4, "\xff\xff\xff\x7f");
    QVERIFY_THROWS_EXCEPTION(FileError, parseInformationCheckpoint(notFinite, "x"));
}

void TestInformation::runsOfAPlan()
{
    Experiment experiment = smallExperiment("lif_fc", 20, 2);
    experiment.training.networks.push_back(smallPlan("ann_fc").networks.front());
    experiment.training.settings.set(training::seeds, 2);
    const std::string data = folder("data"), out = folder("plan");
    writeDataset(data, 40, 20);
    experiment.training.dataFolder = data;
    int epochs = 0;
    const InformationSink sink = [&](const RunId&, const InformationEpoch&) { ++epochs; };
    const auto runs = runInformation(experiment, {1, out, false}, sink, JobContext{});
    QCOMPARE(runs.size(), 4u);
    QCOMPARE(epochs, 12);
    QVERIFY(!sameRun(runs[0], runs[1])); // another seed
    const std::string result = readWholeFile(out + "/result.json", 1 << 24);
    for (const char* word : {"Alemi", "i_zy_published_counting_bits", "\"outcome\": \"done\"", "ann_fc"})
        QVERIFY2(result.find(word) != result.npos, word);
    const auto records = readInformationFolders(out);
    QCOMPARE(records.size(), 4u);
    const auto again = runInformation(experiment, {1, out, true}, sink, JobContext{});
    QCOMPARE(epochs, 24);
    for (std::size_t i = 0; i < runs.size(); ++i)
        QVERIFY(sameRun(again[i], runs[i]));
    experiment.training.networks.clear();
    QVERIFY_THROWS_EXCEPTION(DocumentError, runInformation(experiment, {}, {}, JobContext{}));
}

void TestInformation::badDocumentIsRefused_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::newRow("beta") << "information.beta"
                          << "-0.1";
    QTest::newRow("no code") << "information.code_size"
                             << "0";
    QTest::newRow("part of a sample") << "information.samples"
                                      << "1.5";
    QTest::newRow("text") << "information.learning_rate"
                          << "fast";
}

void TestInformation::badDocumentIsRefused()
{
    QFETCH(QString, path);
    QFETCH(QString, value);
    const Experiment experiment = firstInformation();
    QVERIFY(experimentFromJson(toJson(experiment)) == experiment);
    try {
        const Experiment taken = withValue(experiment, path.toStdString(), value.toStdString());
        QFAIL("was taken");
    } catch (const DocumentError& error) {
        QCOMPARE(QString::fromStdString(error.path), path);
    }
}

void TestInformation::convolutionalIsRefused()
{
    Experiment experiment = firstInformation();
    experiment.training.networks.emplace_back(*findNetworkKind("lif_conv"));
    try {
        const Experiment taken = experimentFromJson(toJson(experiment));
        QFAIL("was taken");
    } catch (const DocumentError& error) {
        QCOMPARE(error.path, std::string("training.networks.4.network"));
    }
}

/// The last good checkpoint stays.
void TestInformation::explodingTrainingIsNamed()
{
    Experiment experiment = smallExperiment("lif_fc", 40, 1);
    const std::string place = folder("exploding");
    train(experiment, place);
    InformationCheckpoint checkpoint = checkpointIn(place);
    std::ranges::fill(checkpoint.network.valuesOf("code.bias"), 3e38f);
    writeCheckpoint(checkpointPath(place), checkpoint);
    experiment.training.settings.set(training::epochs, 2);
    try {
        train(experiment, place, 1, true);
        QFAIL("trained on");
    } catch (const TrainingError& error) {
        QCOMPARE(error.run, checkpoint.id.label());
        QCOMPARE(error.quantity, std::string("the loss"));
        QCOMPARE(error.epoch, 2);
        QCOMPARE(error.batch, 1);
    }
    QVERIFY(sameState(checkpointIn(place), checkpoint));
}

QTEST_GUILESS_MAIN(TestInformation)
#include "tst_information.moc"
