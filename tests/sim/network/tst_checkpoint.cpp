#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/document/experiment.h"
#include "sim/network/checkpoint.h"
#include "sim/runs/safetensors.h"
#include "tests/sim/network/training_fixture.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <functional>
#include <limits>

using namespace endospike;

namespace {

/// Half-way through an epoch, with nothing at its initial value.
Checkpoint someCheckpoint(const TrainingPlan& plan)
{
    Checkpoint checkpoint(plan, runsOf(plan).front());
    Workers workers(1);
    const std::unique_ptr<Workspace> workspace = checkpoint.network->makeWorkspace();
    const TrainingData data = smallData(plan);
    Batch batch;
    for (int pair = 0; pair < 10; ++pair)
        data.train.append(pair, batch);
    std::vector<float> gradient(checkpoint.network->trainedCount());
    for (int step = 0; step < 3; ++step) {
        checkpoint.network->backward(batch, *workspace, workers, gradient);
        checkpoint.optimizer.step(checkpoint.network->values().first(gradient.size()), gradient, 0.01, workers);
    }
    checkpoint.epoch = 1;
    checkpoint.batch = 2;
    checkpoint.epochLoss = 1.0 / 3;
    checkpoint.epochCorrect = {5, 7};
    checkpoint.epoch_s = 0.1;
    checkpoint.elapsed_s = 1e-3 / 7;
    for (const int epoch : {-1, 0}) {
        EpochMetrics metrics;
        metrics.epoch = epoch;
        metrics.trainLoss = epoch < 0 ? std::numeric_limits<double>::quiet_NaN() : 0.1 + 0.2;
        metrics.testAccuracy = {1.0 / 7, 1};
        metrics.layers = {{"Layer \"1\"", 1e-300, 12, 3, 4}};
        checkpoint.history.push_back(metrics);
    }
    return checkpoint;
}

} // namespace

class TestCheckpoint : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path() const { return m_folder.filePath("a.safetensors").toStdString(); }

    /// The checkpoint of a small net with something changed in its file.
    std::string tampered(const std::function<void(SafeTensors&)>& change) const
    {
        writeCheckpoint(path(), someCheckpoint(smallPlan("lif_fc")));
        const std::string bytes = readWholeFile(path(), maximumCheckpointBytes);
        SafeTensors file = parseSafeTensors(bytes, "x");
        change(file);
        writeSafeTensors(path(), file);
        return readWholeFile(path(), maximumCheckpointBytes);
    }

    void refuses(const std::string& bytes, const char* why) const
    {
        try {
            parseCheckpoint(bytes, "this.safetensors");
            QFAIL("accepted");
        } catch (const FileError& error) {
            QVERIFY2(QString::fromStdString(error.what()).contains(why), error.what());
            QCOMPARE(error.path, std::string("this.safetensors"));
        } catch (const DocumentError& error) {
            QVERIFY2(QString::fromStdString(error.what()).contains(why), error.what());
        }
    }

private slots:
    void comesBackToTheBit_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("optimizer");
        for (const char* kind : {"lif_fc", "hh_fc", "s_lif2hh_fc", "ann_fc", "hh_vd_fc", "lif_conv", "s_lif2hh_conv"})
            for (const int optimizer : {0, 1})
                QTest::addRow("%s, %s", kind, optimizer ? "SGD" : "Adam") << kind << optimizer;
    }
    void comesBackToTheBit()
    {
        QFETCH(QString, kind);
        QFETCH(int, optimizer);
        TrainingPlan plan = smallPlan(kind.toStdString());
        plan.networks[0].parameters.set("optimizer", optimizer);
        const Checkpoint written = someCheckpoint(plan);
        writeCheckpoint(path(), written);
        const Checkpoint read = readCheckpoint(path());
        QVERIFY(read.plan == written.plan);
        QVERIFY(read.id == written.id);
        QVERIFY(valuesOf(*read.network) == valuesOf(*written.network));
        QVERIFY(read.optimizer.state().firstMoment == written.optimizer.state().firstMoment);
        QVERIFY(read.optimizer.state().secondMoment == written.optimizer.state().secondMoment);
        QCOMPARE(read.optimizer.state().secondMoment.empty(), optimizer == 1);
        QCOMPARE(read.optimizer.state().steps, std::uint64_t(3));
        QCOMPARE(read.epoch, 1);
        QCOMPARE(read.batch, 2);
        QVERIFY(read.epochLoss == 1.0 / 3);
        QCOMPARE(read.epochCorrect, written.epochCorrect);
        QVERIFY(read.epoch_s == 0.1);
        QVERIFY(read.elapsed_s == 1e-3 / 7);
        QVERIFY(sameFigures(read.history, written.history));
        // What is written again is the same file.
        const std::string before = readWholeFile(path(), maximumCheckpointBytes);
        writeCheckpoint(path(), read);
        QVERIFY(readWholeFile(path(), maximumCheckpointBytes) == before);
    }

    void namesAndShapesAreThoseOfTheNetwork()
    {
        const Checkpoint checkpoint = someCheckpoint(smallPlan("hh_fc"));
        writeCheckpoint(path(), checkpoint);
        const std::string bytes = readWholeFile(path(), maximumCheckpointBytes);
        const SafeTensors file = parseSafeTensors(bytes, "x");
        for (const TensorPlace& place : checkpoint.network->tensors()) {
            const SafeTensor* tensor = file.find(place.name);
            QVERIFY2(tensor, place.name.c_str());
            QVERIFY(std::ranges::equal(tensor->shape, place.shape, [](std::uint64_t a, int b) { return int(a) == b; }));
            QCOMPARE(file.find("optimizer.first_moment." + place.name) != nullptr, place.trained);
        }
        QCOMPARE(file.metadata.at("format"), std::string("endospike-checkpoint"));
        QCOMPARE(file.metadata.at("run"), std::string("HH fc (published), seed 1"));
        QVERIFY(experimentFromJson(file.metadata.at("experiment")).training == checkpoint.plan);
    }

    void tamperedFilesAreRefused_data()
    {
        using Change = std::function<void(SafeTensors&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* name, const char* why, Change change) {
            QTest::newRow(name) << change << QString(why);
        };
        const auto text = [](const char* key, const char* from, const char* to) {
            return [=](SafeTensors& file) {
                QString value = QString::fromStdString(file.metadata.at(key));
                QVERIFY2(value.contains(from), "nothing to change");
                file.metadata[key] = value.replace(from, to).toStdString();
            };
        };
        row("no metadata", "not a checkpoint of Endospike", [](SafeTensors& file) { file.metadata.clear(); });
        row("another program's", "not a checkpoint of Endospike", text("format", "endospike", "pt"));
        row("newer", "newer version", text("version", "1", "2"));
        row("damaged experiment", "training.settings.batch", text("experiment", "\"batch\": 16", "\"batch\": 0"));
        row("neuron laboratory", "training",
            text("experiment", "\"laboratory\": \"training\"", "\"laboratory\": \"neuron\""));
        row("two seeds", "which one training", text("experiment", "\"seeds\": 1", "\"seeds\": 2"));
        row("larger net", "another net: it holds too few", text("experiment", "\"hidden\": 12", "\"hidden\": 16384"));
        row("smaller net", "another net: its tensor \"input.weight\" has another shape",
            text("experiment", "\"hidden\": 12", "\"hidden\": 11"));
        row("no progress", "no \"progress\"", [](SafeTensors& file) { file.metadata.erase("progress"); });
        row("negative batch", "progress.batch", text("progress", "\"batch\":2", "\"batch\":-2"));
        row("batch beyond", "progress.batch", text("progress", "\"batch\":2", "\"batch\":5"));
        row("absurd epoch", "progress.epoch", text("progress", "\"epoch\":1,", "\"epoch\":1e18,"));
        row("epoch is text", "progress.epoch", text("progress", "\"epoch\":1,", "\"epoch\":\"1\","));
        row("too many right", "progress.epoch_correct", text("progress", "[5.0,", "[51.0,"));
        row("unknown progress", "progress.x", text("progress", "{", "{\"x\":1,"));
        row("epoch without history", "history", text("progress", "\"epoch\":1,", "\"epoch\":2,"));
        row("history out of order", "history", text("history", "\"epoch\":-1", "\"epoch\":0"));
        row("history of batches", "history", text("history", "\"event\":\"epoch\"", "\"event\":\"batch\""));
        row("missing tensor", "no tensor \"head.1.bias\"",
            [](SafeTensors& file) { std::erase_if(file.tensors, [](auto& t) { return t.name == "head.1.bias"; }); });
        row("missing moment", "no tensor \"optimizer.second_moment.input.bias\"", [](SafeTensors& file) {
            std::erase_if(file.tensors, [](auto& t) { return t.name == "optimizer.second_moment.input.bias"; });
        });
        row("unknown tensor", "tensors that this one does not have", [](SafeTensors& file) {
            file.tensors.push_back({"extra", "F32", {1}, file.tensors[0].bytes.substr(0, 4)});
        });
        row("another type", "another shape or type", [](SafeTensors& file) { file.tensors[0].type = "I32"; });
        row("turned", "another shape or type", [](SafeTensors& file) { std::ranges::reverse(file.tensors[0].shape); });
        row("not a number", "not finite", [](SafeTensors& file) {
            static const std::vector<float> bad(12, std::numeric_limits<float>::quiet_NaN());
            for (SafeTensor& tensor : file.tensors)
                if (tensor.name == "input.bias")
                    tensor = floatTensor("input.bias", {12}, bad);
        });
    }
    void tamperedFilesAreRefused()
    {
        QFETCH(std::function<void(SafeTensors&)>, change);
        QFETCH(QString, why);
        refuses(tampered(change), qPrintable(why));
    }

    void cutAndScrambledFilesAreRefused()
    {
        const std::string good = tampered([](SafeTensors&) {});
        parseCheckpoint(good, "x");
        for (std::size_t length = 0; length < good.size(); length += 1 + length / 7)
            QVERIFY_EXCEPTION_THROWN(parseCheckpoint(std::string_view(good).substr(0, length), "x"), FileError);
        refuses(good + "x", "belong to no tensor");
        std::string absurd = good;
        absurd[7] = '\x7f';
        refuses(absurd, "header would be");
        QVERIFY_EXCEPTION_THROWN(readCheckpoint(m_folder.path().toStdString()), FileError);
        QVERIFY_EXCEPTION_THROWN(readCheckpoint("/no/such/file"), FileError);
    }

    void samePlanNamesTheFirstDifference()
    {
        const Checkpoint checkpoint = someCheckpoint(smallPlan("lif_fc"));
        TrainingPlan plan = checkpoint.plan;
        plan.settings.set(training::epochs, 99);
        plan.dataFolder = "/elsewhere";
        checkSamePlan(checkpoint, plan);
        plan.networks[0].parameters.set("decay", 0.4);
        try {
            checkSamePlan(checkpoint, plan);
            QFAIL("accepted");
        } catch (const DocumentError& error) {
            QCOMPARE(error.path, std::string("training.networks.LIF fc.parameters.decay"));
            QCOMPARE(error.value, std::string("0.4"));
            QVERIFY2(QString::fromStdString(error.why).contains("was 0.2"), error.what());
        }
    }
};

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "tst_checkpoint.moc"
