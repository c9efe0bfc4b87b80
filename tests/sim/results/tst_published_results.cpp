#include "sim/base/document_json.h"
#include "sim/document/laboratory.h"
#include "sim/network/training_plan.h"
#include "sim/results/published_results.h"

#include <QTest>

#include <cmath>

using namespace endospike;

class TestPublishedResults : public QObject {
    Q_OBJECT

    static Json run(const char* network, int seed, double first, double second)
    {
        return {{"network", network}, {"seed", seed}, {"epochs", 40}, {"test_accuracy", {first, second}},
            {"best_test_accuracy", {first, second}}, {"test_loss", 1.5}, {"seconds", 100.5}};
    }
    static Json results()
    {
        Experiment experiment(*findLaboratory(training::key));
        experiment.training.settings.set(training::epochs, 40);
        experiment.training.settings.set(training::seeds, 3);
        for (const char* kind : {"lif_fc", "hh_fc", "s_lif2hh_fc"})
            experiment.training.networks.emplace_back(*findNetworkKind(kind));
        Json runs = Json::array();
        for (int seed = 1; seed <= 3; ++seed) {
            runs.push_back(run("LIF fc", seed, 0.69, 0.66));
            runs.push_back(run("HH fc (published)", seed, 0.80, 0.6605));
            runs.push_back(run("s-LIF2HH fc", seed, 0.77 + 0.02 * seed, 0.70));
        }
        return {{"format", "endospike-training-results"}, {"version", 1}, {"program", "Endospike 0.4"},
            {"date", "2026-11-24"}, {"machine", "two cores"}, {"command", "train"},
            {"settings",
                {{{"setting", "as_published"}, {"document", Json::parse(toJson(experiment))}, {"runs", runs}}}}};
    }

private slots:
    void whatIsWrittenIsRead()
    {
        const PublishedResults read = publishedResultsFromJson(results().dump());
        QCOMPARE(read.machine, std::string("two cores"));
        QVERIFY(!read.find(ResultSetting::ownBest));
        const MeasuredSetting* setting = read.find(ResultSetting::asPublished);
        QVERIFY(setting);
        QCOMPARE(setting->runs.size(), std::size_t{9});
        QCOMPARE(setting->runs[1].network, std::string("HH fc (published)"));
        QCOMPARE(setting->runs[1].accuracy[0], 0.80);
        QCOMPARE(setting->document.training.epochs(), 40);
    }

    void wrongFilesAreRefused_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value"); // JSON; empty: taken out
        QTest::newRow("another format") << "/format"
                                        << "\"other\"";
        QTest::newRow("newer") << "/version"
                               << "2";
        QTest::newRow("unknown key") << "/extra"
                                     << "1";
        QTest::newRow("no machine") << "/machine"
                                    << "";
        QTest::newRow("machine is a number") << "/machine"
                                             << "3";
        QTest::newRow("settings are no list") << "/settings"
                                              << "{}";
        QTest::newRow("another setting") << "/settings/0/setting"
                                         << "\"best\"";
        QTest::newRow("no document") << "/settings/0/document"
                                     << "";
        QTest::newRow("document of another laboratory") << "/settings/0/document/laboratory"
                                                        << "\"neuron\"";
        QTest::newRow("document with a wrong key") << "/settings/0/document/networks"
                                                   << "[]";
        QTest::newRow("unknown network") << "/settings/0/runs/0/network"
                                         << "\"SNN\"";
        QTest::newRow("seed not in the document") << "/settings/0/runs/0/seed"
                                                  << "4";
        QTest::newRow("the same seed twice") << "/settings/0/runs/3/seed"
                                             << "1";
        QTest::newRow("half an epoch") << "/settings/0/runs/0/epochs"
                                       << "1.5";
        QTest::newRow("more epochs than planned") << "/settings/0/runs/0/epochs"
                                                  << "41";
        QTest::newRow("percent") << "/settings/0/runs/0/test_accuracy/1"
                                 << "66";
        QTest::newRow("one task") << "/settings/0/runs/0/test_accuracy"
                                  << "[0.5]";
        QTest::newRow("no loss") << "/settings/0/runs/0/test_loss"
                                 << "null";
        QTest::newRow("no best") << "/settings/0/runs/0/best_test_accuracy"
                                 << "";
    }
    void wrongFilesAreRefused()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        Json json = results();
        const Json::json_pointer place(pointer.toStdString());
        if (value.isEmpty())
            json[place.parent_pointer()].erase(place.back());
        else
            json[place] = Json::parse(value.toStdString());
        QVERIFY_EXCEPTION_THROWN(publishedResultsFromJson(json.dump()), DocumentError);
    }

    void truncatedIsRefused()
    {
        const std::string text = results().dump();
        for (std::size_t length = 0; length < text.size(); length += 97)
            QVERIFY_EXCEPTION_THROWN(publishedResultsFromJson(std::string_view(text).substr(0, length)), DocumentError);
    }

    void spreadIsTheStandardErrorOfTheMean()
    {
        const PublishedResults read = publishedResultsFromJson(results().dump());
        const Spread spread = spreadOf(read.settings[0], "s-LIF2HH fc", 0);
        QCOMPARE(spread.seeds, 3);
        QVERIFY(std::abs(spread.mean - 81) < 1e-9); // 79, 81, 83
        QVERIFY(std::abs(spread.standardError - 2 / std::sqrt(3.0)) < 1e-9);
        QCOMPARE(spreadOf(read.settings[0], "none", 0).seeds, 0);
    }

    void toleranceIsHalfAPointOrBothErrors()
    {
        QCOMPARE(tolerance({3, 0, 0.1}, {3, 0, 0.2}), 0.5);
        QCOMPARE(tolerance({3, 0, 0.4}, {3, 0, 0.3}), 0.7);
    }

    void claimsAreJudgedForEachTask_data()
    {
        QTest::addColumn<QString>("first");
        QTest::addColumn<int>("relation");
        QTest::addColumn<QString>("second");
        QTest::addColumn<bool>("topLeft");
        QTest::addColumn<bool>("bottomRight");
        const auto about = static_cast<int>(Relation::about);
        const auto above = static_cast<int>(Relation::above);
        const auto aboutOrAbove = static_cast<int>(Relation::aboutOrAbove);
        // 80.0 / 66.05 against 69.0 / 66.0, no spread
        QTest::newRow("HH above LIF") << "hh_fc" << above << "lif_fc" << true << false;
        QTest::newRow("HH about LIF") << "hh_fc" << about << "lif_fc" << false << true;
        QTest::newRow("LIF above HH") << "lif_fc" << above << "hh_fc" << false << false;
        QTest::newRow("LIF about or above HH") << "lif_fc" << aboutOrAbove << "hh_fc" << false << true;
        // 80.0 / 66.05 against 81 +- 1.15 / 70.0
        QTest::newRow("HH about s-LIF2HH") << "hh_fc" << about << "s_lif2hh_fc" << true << false;
        QTest::newRow("s-LIF2HH above HH") << "s_lif2hh_fc" << above << "hh_fc" << false << true;
    }
    void claimsAreJudgedForEachTask()
    {
        QFETCH(QString, first);
        QFETCH(int, relation);
        QFETCH(QString, second);
        QFETCH(bool, topLeft);
        QFETCH(bool, bottomRight);
        const PublishedResults read = publishedResultsFromJson(results().dump());
        const std::string a = first.toStdString();
        const std::string b = second.toStdString();
        const auto measured = measuredOrdering(read.settings[0], {a, static_cast<Relation>(relation), b});
        QVERIFY(measured);
        QCOMPARE(measured->holds[0], topLeft);
        QCOMPARE(measured->holds[1], bottomRight);
    }

    void whatWasNotMeasuredHasNoVerdict()
    {
        const PublishedResults read = publishedResultsFromJson(results().dump());
        int tested = 0;
        for (const Ordering& ordering : paperOrderings()) {
            QVERIFY(findNetworkKind(ordering.first) && findNetworkKind(ordering.second));
            tested += measuredOrdering(read.settings[0], ordering) ? 1 : 0;
        }
        QCOMPARE(tested, 3); // without 4LIF and the convolutional ones
    }
};

QTEST_APPLESS_MAIN(TestPublishedResults)
#include "tst_published_results.moc"
