// Every shipped example is a valid document, survives a round trip, and shows what its notes claim.
#include "sim/base/whole_file.h"
#include "sim/control/plan.h"
#include "sim/control/trainer.h"
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"
#include "sim/network/trainer.h"
#include "sim/network/training_plan.h"
#include "sim/neuron/run.h"

#include <QDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>

using namespace endospike;

namespace {

QDir folder() { return QDir(ENDOSPIKE_SOURCE_DIR "/resources/examples", "*.json"); }

Experiment load(const QString& name)
{
    return experimentFromJson(readWholeFile(folder().filePath(name + ".json").toStdString(), maximumDocumentBytes));
}

/// A run, with the membrane potential of each cell.
struct Recording {
    Result result;
    double interval_ms = 0;
    std::map<QString, std::vector<double>> voltage;

    std::vector<double> spikes(const QString& cell) const
    {
        for (const SpikeSummary& summary : result.spikes)
            if (summary.cellName == cell.toStdString())
                return summary.times_ms;
        return {-1, -1, -1, -1, -1, -1, -1, -1}; // no such cell: no claim may hold
    }
    double maximum(const QString& cell) const { return std::ranges::max(voltage.at(cell)); }
    double minimum(const QString& cell) const { return std::ranges::min(voltage.at(cell)); }
    double msAbove(const QString& cell, double v_mv) const
    {
        return interval_ms
            * static_cast<double>(std::ranges::count_if(voltage.at(cell), [=](double v) { return v > v_mv; }));
    }
};

Recording record(const Experiment& experiment)
{
    Recording recording;
    recording.result = run(experiment.neuron, {}, [&](const TraceBlock& block) {
        recording.interval_ms = block.interval_ms;
        for (std::size_t c = 0; c < block.layout->columns.size(); ++c)
            if (block.layout->columns[c].channel.group == ChannelGroup::voltage) {
                const auto first = block.values.begin() + static_cast<std::ptrdiff_t>(c) * block.count;
                auto& all = recording.voltage[QString::fromStdString(block.layout->columns[c].cellName)];
                all.insert(all.end(), first, first + block.count);
            }
    });
    return recording;
}

/// From the last interval; 0 with fewer than three spikes.
double lateRate_hz(const std::vector<double>& times_ms)
{
    return times_ms.size() < 3 ? 0 : 1e3 / (times_ms.back() - times_ms[times_ms.size() - 2]);
}

/// Spikes that have a spike of the other train within `window_ms`.
int coincidences(const std::vector<double>& train, const std::vector<double>& other, double window_ms)
{
    return static_cast<int>(std::ranges::count_if(train,
        [&](double t) { return std::ranges::any_of(other, [&](double o) { return std::abs(t - o) <= window_ms; }); }));
}

/// The last figures of every network of the example, trained for a shorter time.
std::vector<EpochMetrics> trainBriefly(const Experiment& experiment)
{
    TrainingPlan plan = experiment.training;
    plan.settings.set(training::train_pairs, 3000);
    plan.settings.set(training::test_pairs, 1000);
    plan.settings.set(training::epochs, 2);
    const TrainingImages images = readTrainingImages(plan);
    const TrainingData data = pairImages(images, plan);
    std::vector<EpochMetrics> last;
    for (const RunId& id : runsOf(plan))
        last.push_back(trainNetwork(plan, id, data, {}, {}, {}).epochs.back());
    return last;
}

bool haveFashionMnist() { return QDir("/usr/share/datasets/fashion-mnist").exists(); }

} // namespace

class TestExamples : public QObject {
    Q_OBJECT

private slots:
    void areDocuments_data()
    {
        QTest::addColumn<QString>("name");
        const QStringList names = folder().entryList();
        QVERIFY(names.size() >= 11);
        for (const QString& name : names)
            QTest::newRow(qPrintable(name)) << name.chopped(5);
    }
    void areDocuments()
    {
        QFETCH(QString, name);
        const Experiment experiment = load(name);
        QVERIFY(experimentFromJson(toJson(experiment)) == experiment);
        QVERIFY(!experiment.title.empty());
        const auto sentences = std::ranges::count(experiment.notes, '.');
        QVERIFY2(sentences >= 2, "notes say in sentences what to look for");
        QVERIFY(experiment.laboratory->key == training::key  ? !experiment.training.networks.empty()
                : experiment.laboratory->key == control::key ? !experiment.control.policies.empty()
                                                             : !experiment.neuron.cells.empty());
    }

    // One row for each claim about how often a cell fires; -1 means "more than once".
    void spikeCounts_data()
    {
        QTest::addColumn<QString>("example");
        QTest::addColumn<QStringList>("cells");
        QTest::addColumn<QList<int>>("counts");
        const auto row = [](const char* name, QStringList cells, QList<int> counts) {
            QTest::newRow(name) << name << cells << counts;
        };
        row("resting_state", {"HH at rest", "HH from -60 mV", "LIF from -60 mV"}, {0, 0, 0});
        row("threshold", {"6.5 µA/cm²", "6.9 µA/cm²", "7 µA/cm²", "10 µA/cm²", "20 µA/cm²"}, {0, 0, 1, 1, 1});
        row("refractory_period", {"8 ms", "10 ms", "11 ms", "15 ms", "6 ms, second 60", "8 ms, second 60"},
            {1, 1, 2, 2, 1, 2});
        row("anode_break", {"HH, -2", "HH, -3", "HH, -10", "LIF, -10"}, {0, 1, 1, 0});
        row("hh_lif_sine", {"HH, 5 Hz", "LIF, 5 Hz", "HH, 50 Hz", "LIF, 50 Hz"}, {0, 5, 50, 0});
        row("sodium_block", {"100 % Na", "90 % Na", "75 % Na", "50 % Na", "0 % Na"}, {-1, -1, 1, 1, 0});
        row("potassium_block", {"100 % K", "75 % K", "50 % K"}, {1, 1, -1});
        row("temperature", {"6.3 °C", "12 °C", "18.5 °C", "25 °C", "32 °C"}, {1, 1, 1, 1, 0});
    }
    void spikeCounts()
    {
        QFETCH(QString, example);
        QFETCH(QStringList, cells);
        QFETCH(QList<int>, counts);
        const Recording recording = record(load(example));
        QCOMPARE(recording.result.spikes.size(), static_cast<std::size_t>(cells.size()));
        for (qsizetype i = 0; i < cells.size(); ++i) {
            const auto count = static_cast<int>(recording.spikes(cells[i]).size());
            QVERIFY2(counts[i] == count || (counts[i] < 0 && count > 1),
                qPrintable(QString("%1: %2 spikes").arg(cells[i]).arg(count)));
        }
    }

    void restIsWhereItShouldBe()
    {
        const Recording recording = record(load("resting_state"));
        QVERIFY(std::abs(recording.minimum("HH at rest") + 64.996) < 0.002);
        QVERIFY(std::abs(recording.maximum("HH at rest") + 64.996) < 0.002);
        QVERIFY(recording.minimum("HH from -60 mV") < -66);
        QVERIFY(std::abs(recording.voltage.at("HH from -60 mV").back() + 64.996) < 0.01);
        QVERIFY(recording.minimum("LIF from -60 mV") >= -65);
    }

    void spikesAreAllOrNone()
    {
        const Recording recording = record(load("threshold"));
        QVERIFY(recording.maximum("6.9 µA/cm²") < -55);
        const double rise = recording.maximum("20 µA/cm²") - recording.maximum("7 µA/cm²");
        QVERIFY(rise > 0 && rise < 7);
        QVERIFY(recording.spikes("20 µA/cm²")[0] < recording.spikes("7 µA/cm²")[0]);
    }

    void ratesJumpThenGrowThenStop()
    {
        const Recording recording = record(load("repetitive_firing"));
        QCOMPARE(recording.spikes("2 µA/cm²").size(), 0u);
        QCOMPARE(recording.spikes("5 µA/cm²").size(), 1u);
        const auto rate = [&](const char* cell) { return lateRate_hz(recording.spikes(QString::fromUtf8(cell))); };
        QVERIFY(std::abs(rate("6.5 µA/cm²") - 55) < 1);
        QVERIFY(rate("20 µA/cm²") > 80 && rate("20 µA/cm²") < 2 * rate("6.5 µA/cm²"));
        const std::vector<double>& strong = recording.voltage.at("80 µA/cm²");
        const double latePeak_mv = *std::max_element(strong.end() - 1000, strong.end());
        QVERIFY(latePeak_mv < 0 && latePeak_mv > -43);
        QVERIFY(recording.spikes("80 µA/cm²").back() > 190);
        QVERIFY(recording.spikes("180 µA/cm²").back() < 60);
    }

    void reboundComesAfterTheCurrent()
    {
        const Recording recording = record(load("anode_break"));
        for (const char* cell : {"HH, -3", "HH, -10"})
            QVERIFY(recording.spikes(cell)[0] > 30);
    }

    void cellsAgreeOnOneStepOnly()
    {
        Experiment experiment = load("hh_lif_step");
        const auto rates = [&](const char* amplitude) {
            const Recording recording =
                record(withValue(experiment, "stimulus.0.parameters.amplitude_ua_per_cm2", amplitude));
            std::vector<double> result;
            for (const SpikeSummary& cell : recording.result.spikes)
                result.push_back(lateRate_hz(cell.times_ms));
            return result;
        };
        QVERIFY(std::abs(rates("10")[0] - 68) < 1);
        QVERIFY(std::abs(rates("10")[1] - 71.5) < 1);
        QVERIFY(std::abs(rates("20")[0] - 87) < 1);
        QVERIFY(std::abs(rates("20")[1] - 142) < 1);
        QVERIFY(std::abs(rates("6.5")[0] - 55) < 1);
        QCOMPARE(rates("6.5")[1], 0.0);
    }

    void noiseDrivesOtherSpikesAtLikeRates()
    {
        const Experiment experiment = load("hh_lif_noise");
        const Recording recording = record(experiment);
        const std::vector<double> hh = recording.spikes("HH");
        const std::vector<double> lif = recording.spikes("LIF");
        QVERIFY(std::abs(static_cast<double>(hh.size()) - 57) <= 1);
        QVERIFY(std::abs(static_cast<double>(lif.size()) - 49) <= 1);
        QVERIFY(2 * coincidences(hh, lif, 3) < static_cast<int>(hh.size()));
        QCOMPARE(record(experiment).spikes("HH"), hh);
        QVERIFY(record(withValue(experiment, "stimulus.0.parameters.seed", "2")).spikes("HH") != hh);
    }

    void blockedSodiumSlowsAndShrinks()
    {
        const Recording recording = record(load("sodium_block"));
        QVERIFY(recording.spikes("90 % Na").size() < recording.spikes("100 % Na").size());
        QVERIFY(recording.maximum("75 % Na") < recording.maximum("100 % Na"));
        QVERIFY(recording.maximum("50 % Na") < recording.maximum("75 % Na"));
        QVERIFY(recording.maximum("0 % Na") < -50);
    }

    void blockedPotassiumWidens()
    {
        const Recording recording = record(load("potassium_block"));
        QVERIFY(recording.msAbove("75 % K", -20) > recording.msAbove("100 % K", -20));
        QVERIFY(recording.minimum("75 % K") > recording.minimum("100 % K"));
        QVERIFY(std::abs(recording.voltage.at("50 % K").front() + 61.6) < 0.1);
        QVERIFY(recording.spikes("50 % K").back() > 80);
    }

    void warmthShortens()
    {
        const Recording recording = record(load("temperature"));
        QVERIFY(std::abs(recording.msAbove("6.3 °C", -30) - 2) < 0.1);
        QVERIFY(std::abs(recording.msAbove("18.5 °C", -30) - 0.5) < 0.1);
        const QStringList cells = {"6.3 °C", "12 °C", "18.5 °C", "25 °C", "32 °C"};
        for (qsizetype i = 1; i < cells.size(); ++i)
            QVERIFY(recording.maximum(cells[i]) < recording.maximum(cells[i - 1]));
    }

    void twoPolesFallSoonByChance()
    {
        Experiment experiment = load("balance_two_poles");
        ControlPlan& plan = experiment.control;
        if (!environmentAvailable(*plan.environment))
            QSKIP("MuJoCo was not found when this was built");
        const PolicyPlan& hh = plan.policies[1];
        QVERIFY(hh.parameters == publishedParameters(*hh.kind, *plan.environment));
        const ParameterValues one = publishedParameters(*hh.kind, *findEnvironmentKind("inverted_pendulum"));
        QVERIFY(hh.parameters["threshold"] > one["threshold"]);
        QVERIFY(hh.parameters["rate_scale_per_ms"] < one["rate_scale_per_ms"]);
        QCOMPARE(plan.settings[control::random_steps], 2000.0);
        // What is random does not depend on what is learnt meanwhile.
        plan.settings.set(control::steps, 2000);
        plan.settings.set(control::updates_per_step, 0);
        plan.settings.set(control::evaluation_interval, 0);
        const ControlOutcome outcome = trainControl(plan, runsOf(plan)[0], {}, {}, {});
        const double mean = 2000.0 / static_cast<double>(outcome.episodes.size());
        QVERIFY2(mean > 3 && mean < 12, std::to_string(mean).c_str());
    }

    void currentsInReachLearnFaster()
    {
        if (!haveFashionMnist())
            QSKIP("dataset-fashion-mnist is not installed");
        const std::vector<EpochMetrics> nets = trainBriefly(load("input_scale"));
        for (std::size_t task = 0; task < taskCount; ++task)
            QVERIFY(nets[1].testAccuracy[task] > nets[0].testAccuracy[task] + 0.1);
    }

    void shutGatesChangeNothing()
    {
        if (!haveFashionMnist())
            QSKIP("dataset-fashion-mnist is not installed");
        const std::vector<EpochMetrics> nets = trainBriefly(load("hh_without_gates"));
        QCOMPARE(nets[0].testLoss, nets[1].testLoss);
        QCOMPARE(nets[0].testAccuracy, nets[1].testAccuracy);
        QVERIFY2(nets[0].testAccuracy[0] > 0.4, "both have learnt");
    }
};

QTEST_APPLESS_MAIN(TestExamples)
#include "tst_examples.moc"
