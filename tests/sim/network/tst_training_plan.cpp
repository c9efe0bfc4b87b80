#include "sim/base/errors.h"
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/network/training_plan.h"
#include "sim/network/training_plan_json.h"

#include <QTest>

using namespace endospike;

namespace {

Experiment experiment()
{
    Experiment result(*findLaboratory(training::key));
    result.title = "Two nets";
    for (const NetworkKind& kind : networkKinds())
        result.training.networks.emplace_back(kind).parameters.set("hidden", 7);
    result.training.networks[0].name = "größer, \"schneller\"";
    for (std::size_t row = 0; row < trainingTable().size(); ++row)
        result.training.settings.set(row, trainingTable()[row].maximum);
    result.training.dataFolder = "/somewhere/with spaces";
    result.training.digitsFolder = "digits";
    return result;
}

} // namespace

class TestTrainingPlan : public QObject {
    Q_OBJECT

private slots:
    void comesBack()
    {
        const Experiment written = experiment();
        QVERIFY(experimentFromJson(toJson(written)) == written);
        QVERIFY(experimentFromJson(toJson(firstTraining())) == firstTraining());
        QVERIFY(!firstTraining().training.networks.empty());
        QVERIFY(!(written == firstTraining()));
    }

    void whatIsLeftOutHasItsDefault()
    {
        const Experiment read =
            experimentFromJson("{\"format\": \"endospike-experiment\", \"version\": 1, \"laboratory\": \"training\","
                               "\"training\": {\"networks\": [{\"network\": \"hh_fc\"}]}}");
        TrainingPlan expected;
        expected.networks.emplace_back(*findNetworkKind("hh_fc"));
        QVERIFY(read.training == expected);
        QCOMPARE(read.training.epochs(), 40);
        QCOMPARE(read.training.batch(), 128);
        QCOMPARE(read.training.settings[training::train_pairs], 60000.0);
        QCOMPARE(read.training.settings[training::test_pairs], 10000.0);
        QCOMPARE(read.training.seeds(), 1);
    }

    void otherLaboratoriesDoNotHoldIt()
    {
        QVERIFY(toJson(firstExperiment()).find("train_pairs") == std::string::npos);
        std::string text = toJson(firstExperiment());
        text.insert(text.find("\"cells\""), "\"training\": {}, ");
        QVERIFY_EXCEPTION_THROWN(experimentFromJson(text), DocumentError);
    }

    void oneValueIsReplaced_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("value");
        QTest::newRow("setting") << "training.settings.epochs"
                                 << "3";
        QTest::newRow("choice") << "training.settings.source"
                                << "fashion_and_digits";
        QTest::newRow("network by name") << "training.networks.LIF fc.parameters.threshold"
                                         << "0.5";
        QTest::newRow("network by number") << "training.networks.0.parameters.optimizer"
                                           << "sgd";
        QTest::newRow("name") << "training.networks.0.name"
                              << "other";
        QTest::newRow("folder") << "training.data_folder"
                                << "/data";
    }
    void oneValueIsReplaced()
    {
        QFETCH(QString, path);
        QFETCH(QString, value);
        const Experiment changed = withValue(firstTraining(), path.toStdString(), value.toStdString());
        QVERIFY(!(changed == firstTraining()));
        QVERIFY(experimentFromJson(toJson(changed)) == changed);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("place");
        QTest::newRow("bounds") << "training.settings.epochs"
                                << "0"
                                << "training.settings.epochs";
        QTest::newRow("fraction") << "training.settings.batch"
                                  << "1.5"
                                  << "training.settings.batch";
        QTest::newRow("negative seed") << "training.settings.first_seed"
                                       << "-1"
                                       << "training.settings.first_seed";
        QTest::newRow("unknown setting") << "training.settings.speed"
                                         << "1"
                                         << "training.settings.speed";
        QTest::newRow("unknown choice") << "training.settings.source"
                                        << "cats"
                                        << "training.settings.source";
        QTest::newRow("unknown kind") << "training.networks.0.network"
                                      << "brain"
                                      << "training.networks.0.network";
        QTest::newRow("no name") << "training.networks.0.name"
                                 << ""
                                 << "training.networks.0.name";
        QTest::newRow("name twice") << "training.networks.1.name"
                                    << "LIF fc"
                                    << "training.networks.1.name";
        QTest::newRow("long name") << "training.networks.1.name" << QString(61, 'x') << "training.networks.1.name";
        QTest::newRow("row of another kind") << "training.networks.LIF fc.parameters.rate_scale"
                                             << "1"
                                             << "rate_scale";
        QTest::newRow("threshold") << "training.networks.LIF fc.parameters.threshold"
                                   << "1e9"
                                   << "threshold";
        QTest::newRow("width 0") << "training.networks.LIF fc.parameters.surrogate_width"
                                 << "0"
                                 << "surrogate_width";
        QTest::newRow("list") << "training.networks"
                              << "5"
                              << "training.networks";
    }
    void refusals()
    {
        QFETCH(QString, path);
        QFETCH(QString, value);
        QFETCH(QString, place);
        try {
            withValue(firstTraining(), path.toStdString(), value.toStdString());
            QFAIL("accepted");
        } catch (const DocumentError& error) {
            QVERIFY2(QString::fromStdString(error.path).contains(place), error.what());
        }
    }

    void notTooManyNetworks()
    {
        Experiment many = firstTraining();
        many.training.networks.clear();
        for (std::size_t i = 0; i <= maximumNetworks; ++i)
            many.training.networks.emplace_back(*findNetworkKind("lif_fc")).name = std::to_string(i);
        QVERIFY_EXCEPTION_THROWN(experimentFromJson(toJson(many)), DocumentError);
        many.training.networks.pop_back();
        QVERIFY(experimentFromJson(toJson(many)) == many);
    }
};

QTEST_APPLESS_MAIN(TestTrainingPlan)
#include "tst_training_plan.moc"
