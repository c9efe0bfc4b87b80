#include "sim/base/document_json.h"
#include "sim/control/plan.h"
#include "sim/document/laboratory.h"
#include "sim/results/control_curves.h"

#include <QFile>
#include <QTest>

#include <cmath>

using namespace endospike;

class TestControlCurves : public QObject {
    Q_OBJECT

    static Experiment document(const char* environment = "inverted_pendulum", double noise = 0)
    {
        Experiment experiment(*findLaboratory(control::key));
        experiment.control.setEnvironment(*findEnvironmentKind(environment));
        experiment.control.settings.set(control::steps, 2000);
        experiment.control.settings.set(control::seeds, 2);
        experiment.control.settings.set(control::state_noise, noise);
        for (const char* kind : {"hh", "lif"})
            experiment.control.policies.emplace_back(*findPolicyKind(kind));
        return experiment;
    }
    static Json seed(int number, Json heldStep)
    {
        return {{"seed", number}, {"held_step", std::move(heldStep)}, {"lengths", {1000, 20 * number}},
            {"rewards", {9000.5, 150.25}}};
    }
    static Json policy(const char* name)
    {
        return {{"policy", name}, {"reward", {5.25, 8}}, {"reward_spread", {0.5, nullptr}}, {"length", {nullptr, 21.5}},
            {"length_spread", {nullptr, 2}}, {"runs", {seed(1, 1500), seed(2, nullptr)}}};
    }
    static Json setting(const Experiment& experiment)
    {
        return {{"document", Json::parse(toJson(experiment))}, {"steps", {1000, 2000}},
            {"policies", {policy("HH (published)"), policy("LIF")}}};
    }
    static Json curves()
    {
        return {{"format", "endospike-control-curves"}, {"version", 1}, {"program", "Endospike 0.1.0"},
            {"date", "2026-11-26"}, {"machine", "two cores"}, {"command", "train"},
            {"settings", Json::array({setting(document()), setting(document("inverted_pendulum", 0.002))})}};
    }

private slots:
    void whatIsWrittenIsRead()
    {
        const ControlCurves read = controlCurvesFromJson(curves().dump());
        QCOMPARE(read.machine, std::string("two cores"));
        QVERIFY(!read.find("inverted_double_pendulum", ControlNoise::none));
        QVERIFY(!read.find("inverted_pendulum", ControlNoise::both));
        const ControlSetting* setting = read.find("inverted_pendulum", ControlNoise::none);
        QVERIFY(setting && setting->document == document());
        QCOMPARE(read.find("inverted_pendulum", ControlNoise::state), &read.settings[1]);
        QCOMPARE(setting->steps, (std::vector<double>{1000, 2000}));
        QCOMPARE(setting->policies.size(), std::size_t{2});
        const PolicyCurves& lif = setting->policies[0]; // in the order of the kinds
        QCOMPARE(lif.policy, std::string("LIF"));
        QCOMPARE(setting->planOf(lif).kind->key, std::string_view("lif"));
        QCOMPARE(lif.reward.mean[0], 5.25);
        QVERIFY(std::isnan(lif.reward.spread[1]) && std::isnan(lif.length.mean[0]));
        QCOMPARE(lif.runs[0].heldStep, 1500);
        QCOMPARE(lif.runs[1].heldStep, -1);
        QCOMPARE(lif.runs[0].meanReward(), (9000.5 + 150.25) / 2);
        QCOMPARE(lif.runs[1].meanLength(), 520.0);
        QVERIFY(lif.runs[0].heldEvery(20) && !lif.runs[0].heldEvery(21));
    }

    void wrongFilesAreRefused_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value"); // JSON; empty: taken out
        const auto add = [](const char* name, const char* pointer, const char* value) {
            QTest::newRow(name) << pointer << value;
        };
        add("another format", "/format", "\"other\"");
        add("newer", "/version", "2");
        add("unknown key", "/extra", "1");
        add("no machine", "/machine", "");
        add("no document", "/settings/0/document", "");
        add("document of another laboratory", "/settings/0/document/laboratory", "\"neuron\"");
        add("the same noise twice", "/settings/1/document/control/settings/state_noise", "0");
        add("steps that do not rise", "/settings/0/steps", "[1000, 1000]");
        add("steps beyond the end", "/settings/0/steps", "[1000, 2001]");
        add("a step more than values", "/settings/0/steps", "[1000, 1500, 2000]");
        add("a step of NaN", "/settings/0/steps", "[1000, null]");
        add("unknown policy", "/settings/0/policies/0/policy", "\"SNN\"");
        add("a policy twice", "/settings/0/policies/0/policy", "\"LIF\"");
        add("words for a reward", "/settings/0/policies/0/reward/1", "\"8\"");
        add("an endless reward", "/settings/0/policies/0/reward/1", "1e300");
        add("a negative spread", "/settings/0/policies/0/reward_spread/0", "-0.1");
        add("a spread of nothing", "/settings/0/policies/0/length_spread/0", "1");
        add("an episode without steps", "/settings/0/policies/0/length/1", "0");
        add("too long an episode", "/settings/0/policies/0/length/1", "1001");
        add("no runs", "/settings/0/policies/0/runs", "[]");
        add("a seed not in the document", "/settings/0/policies/0/runs/1/seed", "3");
        add("the same seed twice", "/settings/0/policies/0/runs/1/seed", "1");
        add("held after the end", "/settings/0/policies/0/runs/0/held_step", "2001");
        add("half a step", "/settings/0/policies/0/runs/0/lengths/0", "20.5");
        add("no test", "/settings/0/policies/0/runs/0/lengths", "[]");
        add("a reward too few", "/settings/0/policies/0/runs/0/rewards", "[1]");
    }
    void wrongFilesAreRefused()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        Json json = curves();
        const Json::json_pointer place(pointer.toStdString());
        if (value.isEmpty())
            json[place.parent_pointer()].erase(place.back());
        else
            json[place] = Json::parse(value.toStdString());
        QVERIFY_EXCEPTION_THROWN(controlCurvesFromJson(json.dump()), DocumentError);
    }

    void truncatedOrTooLongIsRefused()
    {
        const std::string text = curves().dump();
        for (std::size_t length = 0; length < text.size(); length += 97)
            QVERIFY_EXCEPTION_THROWN(controlCurvesFromJson(std::string_view(text).substr(0, length)), DocumentError);
        QVERIFY_EXCEPTION_THROWN(controlCurvesFromJson(text + std::string(maximumCurveBytes, ' ')), DocumentError);
    }

    void theTableHasALineForEveryStep()
    {
        const ControlCurves read = controlCurvesFromJson(curves().dump());
        const QStringList lines = QString::fromStdString(curvesAsCsv(read.settings[0])).split(u'\n');
        QCOMPARE(lines.size(), 6); // head, two policies at two steps, nothing after the last newline
        QCOMPARE(lines[0].count(u','), 6);
        QCOMPARE(lines[1], QStringLiteral("LIF,2,1000,5.25,0.5,,"));
        QCOMPARE(lines[4], QStringLiteral("HH (published),2,2000,8,,21.5,2"));
    }

    /// What travels with the program: small, and every curve as long as its training.
    void theFileOfTheProgram()
    {
        QFile file(QStringLiteral(ENDOSPIKE_SOURCE_DIR "/resources/results/control_curves.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.size() < 150'000);
        const ControlCurves all = controlCurvesFromJson(file.readAll().toStdString());
        QVERIFY(all.find("inverted_pendulum", ControlNoise::none));
        for (const ControlSetting& setting : all.settings) {
            const ControlPlan& plan = setting.document.control;
            QCOMPARE(setting.steps.back(), static_cast<double>(plan.steps()));
            QCOMPARE(setting.policies.size(), plan.policies.size());
            for (const PolicyCurves& policy : setting.policies) {
                const double most = 5 * (plan.environment->poles + 1);
                for (const double reward : policy.reward.mean)
                    QVERIFY(reward <= most);
                for (const TrainedSeed& run : policy.runs)
                    QCOMPARE(run.lengths.size(), static_cast<std::size_t>(plan.settings[control::evaluation_episodes]));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestControlCurves)
#include "tst_control_curves.moc"
