#include "sim/base/document_json.h"
#include "sim/cost/laboratory.h"
#include "sim/document/laboratory.h"
#include "sim/network/operation_count.h"
#include "sim/results/claims.h"
#include "sim/robustness/laboratory.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <cmath>
#include <set>

using namespace endospike;

namespace {

Json row(const char* key, double value, int seeds = 0, Json spread = nullptr)
{
    return {
        {"key", key}, {"name", key}, {"unit", "mV"}, {"value", value}, {"spread", std::move(spread)}, {"seeds", seeds}};
}

Json measurement(const char* claim, Json rows)
{
    return {{"claim", claim}, {"setting", "dt 0.001 ms"}, {"date", "2026-11-25"}, {"machine", "two cores"},
        {"program", "Endospike 0.1.0"}, {"command", "endospike-cli run"}, {"document", nullptr},
        {"rows", std::move(rows)}};
}

Json exactRows() { return {row("maximum_mv", 4e-11), row("hh_spikes", 5), row("tv_lif2hh_spikes", 5)}; }

Json file(Json measurements)
{
    return {{"format", "endospike-claims"}, {"version", 1}, {"measurements", std::move(measurements)}};
}

Measurements read(const Json& json) { return measurementsFromJson(json.dump()); }

/// What the rules say whose rows are there, in their order.
std::vector<bool> held(const char* claim, Json rows)
{
    const Measurements all = read(file(Json::array({measurement(claim, std::move(rows))})));
    std::vector<bool> holds;
    for (const Finding& finding : findingsOf(*findClaim(claim), all.all.front()))
        holds.push_back(finding.holds);
    return holds;
}

} // namespace

class TestClaims : public QObject {
    Q_OBJECT

private slots:
    void everyClaimSaysWhatItIs()
    {
        std::set<std::string_view> keys;
        for (const PaperClaim& claim : claimTable()) {
            QVERIFY(keys.insert(claim.key).second);
            QCOMPARE(findClaim(claim.key), &claim);
            for (const std::string_view words : {claim.title, claim.statement, claim.place, claim.rule, claim.howTo})
                QVERIFY2(!words.empty(), std::string(claim.key).c_str());
            for (const ClaimRule& rule : claim.rules)
                QVERIFY(!rule.first.empty() && rule.first != rule.second);
        }
        for (const char* key : {"equivalence", "simplified", "circuits", "training_fc", "training_conv",
                 "pendulum_single", "pendulum_double", "robustness", "cost", "information"})
            QVERIFY2(findClaim(key), key);
        QVERIFY(!findClaim("nothing"));
    }

    void valuesAreRead()
    {
        Json json = measurement("robustness", {row("hh_fc/25", 80.5, 3, 0.6), row("lif_fc/25", 75)});
        Experiment experiment = firstRobustness();
        json["document"] = Json::parse(toJson(experiment));
        const Measurements all = read(file(Json::array({json, measurement("equivalence", exactRows())})));
        QCOMPARE(all.all.size(), std::size_t{2});
        const Measurement* found = all.find("robustness");
        QVERIFY(found && found->document && *found->document == experiment);
        QCOMPARE(found->find("hh_fc/25")->value, 80.5);
        QCOMPARE(found->find("hh_fc/25")->standardError(), 0.6 / std::sqrt(3.0));
        QCOMPARE(found->find("lif_fc/25")->standardError(), 0.0);
        QVERIFY(!found->find("hh_fc/50") && !all.find("cost"));
        QVERIFY(!all.find("equivalence")->document);
    }

    void rulesFollowTheNumbers_data()
    {
        QTest::addColumn<double>("maximum");
        QTest::addColumn<int>("spikes");
        QTest::addColumn<bool>("first");
        QTest::addColumn<bool>("second");
        QTest::newRow("both hold") << 1e-9 << 5 << true << true;
        QTest::newRow("too far apart") << 1.0001e-9 << 5 << false << true;
        QTest::newRow("a spike more") << 0.0 << 6 << true << false;
    }
    void rulesFollowTheNumbers()
    {
        QFETCH(double, maximum);
        QFETCH(int, spikes);
        QFETCH(bool, first);
        QFETCH(bool, second);
        const std::vector<bool> expected{first, second}; // the shift of spikes was not measured
        QCOMPARE(
            held("equivalence", {row("maximum_mv", maximum), row("hh_spikes", 5), row("tv_lif2hh_spikes", spikes)}),
            expected);
    }

    /// Half a point, or both standard errors where they are more.
    void theToleranceGrowsWithTheSpread_data()
    {
        QTest::addColumn<double>("difference");
        QTest::addColumn<double>("spread"); // of both, over four seeds
        QTest::addColumn<bool>("about");
        QTest::addColumn<bool>("above");
        QTest::addColumn<bool>("aboutOrAbove");
        QTest::newRow("just about") << 0.5 << 0.1 << true << false << true;
        QTest::newRow("above") << 0.625 << 0.1 << false << true << true;
        QTest::newRow("above, but noisy") << 0.625 << 1.0 << true << false << true;
        QTest::newRow("below") << -0.625 << 0.1 << false << false << false;
        QTest::newRow("a little below") << -0.25 << 0.1 << true << false << true;
    }
    void theToleranceGrowsWithTheSpread()
    {
        QFETCH(double, difference);
        QFETCH(double, spread);
        const auto one = [&](const char* rich, const char* other) {
            const std::vector<bool> holds =
                held("robustness", {row(rich, 80 + difference, 4, spread), row(other, 80, 4, spread)});
            return holds.size() == 1 && holds.front();
        };
        QTEST(one("hh_fc/50", "s_lif2hh_fc/50"), "about");
        QTEST(one("hh_fc/50", "lif_fc/50"), "above");
        QTEST(one("hh_fc/50", "4lif_fc/50"), "aboutOrAbove");
    }

    /// 1 % of the most: 10 in each of 1000 steps with one pole, 15 with two.
    void policiesAreComparedWithAndWithoutNoise()
    {
        for (const auto& [measure, part] : {std::pair("none", 1.0), {"state", 1.0}, {"reward", 1.0},
                 {"none/training", 1e-3}, {"state/training", 1e-3}, {"reward/training", 1e-3}})
            for (const auto& [claim, most] : {std::pair("pendulum_single", 100.0), {"pendulum_double", 150.0}}) {
                const double tolerance = part * most;
                const auto policies = [&](double more) {
                    const auto at = [&](const char* kind) { return std::string(kind) + "/" + measure; };
                    return held(claim, {row(at("hh").c_str(), 8 + more), row(at("lif").c_str(), 8)});
                };
                QCOMPARE(policies(1.01 * tolerance), std::vector<bool>{true});
                QCOMPARE(policies(0.99 * tolerance), std::vector<bool>{false});
                QCOMPARE(policies(-1000), std::vector<bool>{false});
            }
        QCOMPARE(findClaim("pendulum_single")->rules.size(), std::size_t{30});
    }

    void thePrintedCountsAreAskedForToTheDigit()
    {
        const OperationCount lif = publishedCount(NetworkPlan(*findNetworkKind("lif_fc")));
        const std::vector<bool> right{true, true}, wrong{true, false};
        QCOMPARE(
            held("cost", {row("lif_fc/additions", lif.additions), row("lif_fc/multiplications", lif.multiplications)}),
            right);
        QCOMPARE(held("cost",
                     {row("lif_fc/additions", lif.additions), row("lif_fc/multiplications", lif.multiplications + 10)}),
            wrong);
    }

    void outcomes()
    {
        QCOMPARE((Verdict{0, 0, 3}.outcome()), Outcome::notMeasured);
        QCOMPARE((Verdict{3, 3, 3}.outcome()), Outcome::holds);
        QCOMPARE((Verdict{1, 3, 3}.outcome()), Outcome::inPart);
        QCOMPARE((Verdict{0, 3, 3}.outcome()), Outcome::doesNotHold);
    }

    void damagedFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        const auto add = [](const char* name, const char* place, auto damage) {
            Json json = file(Json::array({measurement("equivalence", exactRows())}));
            damage(json);
            QTest::newRow(name) << QByteArray::fromStdString(json.dump()) << QString(place);
        };
        const auto first = [](Json& json) -> Json& { return json["measurements"][0]; };
        add("format", "format", [](Json& json) { json["format"] = "endospike-experiment"; });
        add("newer", "version", [](Json& json) { json["version"] = 2; });
        add("unknown key", "verdict", [](Json& json) { json["verdict"] = "holds"; });
        add("typed-in verdict", "measurements.0.verdict", [&](Json& json) { first(json)["verdict"] = "holds"; });
        add("unknown claim", "measurements.0.claim", [&](Json& json) { first(json)["claim"] = "nothing"; });
        add("judged elsewhere", "measurements.0.claim", [&](Json& json) { first(json)["claim"] = "training_fc"; });
        add("no date", "measurements.0.date", [&](Json& json) { first(json).erase("date"); });
        add("empty setting", "measurements.0.setting", [&](Json& json) { first(json)["setting"] = ""; });
        add("twice", "measurements.1.claim", [&](Json& json) { json["measurements"].push_back(first(json)); });
        add("value of words", "measurements.0.rows.0.value",
            [&](Json& json) { first(json)["rows"][0]["value"] = "5"; });
        add("value null", "measurements.0.rows.0.value",
            [&](Json& json) { first(json)["rows"][0]["value"] = nullptr; });
        add("half a seed", "measurements.0.rows.0.seeds", [&](Json& json) { first(json)["rows"][0]["seeds"] = 1.5; });
        add("spread below 0", "measurements.0.rows.0.spread", [&](Json& json) {
            first(json)["rows"][0]["seeds"] = 3;
            first(json)["rows"][0]["spread"] = -0.1;
        });
        add("spread of one", "measurements.0.rows.0.spread",
            [&](Json& json) { first(json)["rows"][0]["spread"] = 0.1; });
        add("key twice", "measurements.0.rows.1.key",
            [&](Json& json) { first(json)["rows"][1]["key"] = "maximum_mv"; });
        add("bad document", "measurements.0.document.format",
            [&](Json& json) { first(json)["document"] = Json::object(); });
        add("rows of one", "measurements.0.rows", [&](Json& json) { first(json)["rows"] = 1; });
        add("too many rows", "measurements.0.rows", [&](Json& json) {
            for (int i = 0; i < 501; ++i)
                first(json)["rows"].push_back(row(std::to_string(i).c_str(), i));
        });
    }
    void damagedFilesAreRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        try {
            measurementsFromJson(text.toStdString());
            QFAIL("it was read");
        } catch (const DocumentError& error) {
            QCOMPARE(QString::fromStdString(error.path), place);
        }
    }

    void everyPrefixIsRefused()
    {
        const std::string text = file(Json::array({measurement("equivalence", exactRows())})).dump();
        for (std::size_t length = 0; length < text.size(); ++length)
            QVERIFY_EXCEPTION_THROWN(measurementsFromJson(text.substr(0, length)), DocumentError);
    }

    /// What travels with the program can be read, and was measured on documents that are still understood.
    void theFilesOfTheProgram()
    {
        QFile claims(QStringLiteral(ENDOSPIKE_SOURCE_DIR "/resources/results/claims.json"));
        QVERIFY(claims.open(QIODevice::ReadOnly));
        const Measurements all = measurementsFromJson(claims.readAll().toStdString());
        QVERIFY(!all.all.empty());
        for (const Measurement& measurement : all.all)
            QVERIFY2(!findingsOf(*findClaim(measurement.claim), measurement).empty(), measurement.claim.c_str());
        const Measurement* counts = all.find("cost");
        QVERIFY(counts && counts->document && counts->document->laboratory->key == cost::key);
        for (const Finding& finding : findingsOf(*findClaim("cost"), *counts))
            QVERIFY(finding.holds);
    }
};

QTEST_GUILESS_MAIN(TestClaims)
#include "tst_claims.moc"
