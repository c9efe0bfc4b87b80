#include "sim/base/errors.h"
#include "sim/control/plan.h"
#include "sim/control/plan_json.h"
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"
#include "sim/document/plan_laboratories.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

Experiment experiment()
{
    Experiment result(*findLaboratory(control::key));
    result.title = "Six policies";
    result.control.setEnvironment(*findEnvironmentKind("inverted_double_pendulum"));
    for (std::size_t row = 0; row < result.control.environmentParameters.size(); ++row)
        result.control.environmentParameters.set(row, result.control.environment->parameters[row].maximum);
    for (const PolicyKind& kind : policyKinds())
        result.control.policies.emplace_back(kind).parameters.set("hidden", 7);
    result.control.policies[0].name = "größer, \"schneller\"";
    for (std::size_t row = 0; row < controlTable().size(); ++row)
        result.control.settings.set(row, controlTable()[row].maximum);
    return result;
}

} // namespace

class TestControlPlan : public QObject {
    Q_OBJECT

private slots:
    void comesBack()
    {
        const Experiment written = experiment();
        QVERIFY(experimentFromJson(toJson(written)) == written);
        QVERIFY(experimentFromJson(toJson(firstControl())) == firstControl());
        QVERIFY(!firstControl().control.policies.empty());
        QVERIFY(!(written == firstControl()));
    }

    void whatIsLeftOutHasItsDefault()
    {
        const Experiment read =
            experimentFromJson("{\"format\": \"endospike-experiment\", \"version\": 1, \"laboratory\": \"control\","
                               "\"control\": {\"policies\": [{\"policy\": \"hh\"}]}}");
        ControlPlan expected;
        expected.policies.emplace_back(*findPolicyKind("hh"));
        QVERIFY(read.control == expected);
        // Section 3 of the paper's methods.
        const ParameterValues& s = read.control.settings;
        QCOMPARE(s["discount"], 0.99);
        QCOMPARE(s["target_rate"], 0.005);
        QCOMPARE(s["learning_rate"], 3e-4);
        QCOMPARE(s["temperature"], 0.2);
        QCOMPARE(s["batch"], 64.0);
        QCOMPARE(s["random_steps"], 2000.0);
        const PolicySettings policy = policySettings(read.control.policies[0]);
        QCOMPARE(policy.steps(), 15);
        QCOMPARE(policy.threshold, 2.0);
        const EnvironmentKind& twoPoles = *findEnvironmentKind("inverted_double_pendulum");
        const ParameterValues published = publishedParameters(*findPolicyKind("hh"), twoPoles);
        QCOMPARE(published["threshold"], 2.3);
        QCOMPARE(published["rate_scale_per_ms"], 0.01);
    }

    /// HH has other values on two poles than on one; so far as the document says nothing, they are those.
    void publishedValuesFollowTheEnvironment()
    {
        const std::string begin = "{\"format\": \"endospike-experiment\", \"version\": 1, \"laboratory\": \"control\","
                                  "\"control\": {\"policies\": [{\"policy\": \"hh\"";
        // The environment may come after the policies.
        const std::string end = "}], \"environment\": {\"kind\": \"inverted_double_pendulum\"}}}";
        const PolicyKind& hh = *findPolicyKind("hh");
        const EnvironmentKind& twoPoles = *findEnvironmentKind("inverted_double_pendulum");
        const auto parametersOf = [](const Experiment& read) { return read.control.policies[0].parameters; };
        QVERIFY(parametersOf(experimentFromJson(begin + end)) == publishedParameters(hh, twoPoles));
        const ParameterValues partly =
            parametersOf(experimentFromJson(begin + ", \"parameters\": {\"threshold\": 2, \"hidden\": 64}" + end));
        QCOMPARE(partly["threshold"], 2.0);
        QCOMPARE(partly["hidden"], 64.0);
        QCOMPARE(partly["rate_scale_per_ms"], 0.01);
        QVERIFY_THROWS_EXCEPTION(DocumentError, experimentFromJson(begin + ", \"parameters\": 1" + end));
        QVERIFY(experimentFromJson(toJson(experimentFromJson(begin + end))) == experimentFromJson(begin + end));
    }

    /// As the window does: published values go along, a person's own stay, and there is a way back.
    void theEnvironmentIsChangedByPath()
    {
        const Experiment first = withValue(firstControl(), "control.policies.LIF.parameters.threshold", "0.3");
        const Experiment moved = withValue(first, "control.environment.kind", "inverted_double_pendulum");
        const EnvironmentKind& twoPoles = *findEnvironmentKind("inverted_double_pendulum");
        QCOMPARE(moved.control.environment, &twoPoles);
        QVERIFY(moved.control.environmentParameters == ParameterValues(twoPoles.parameters));
        QCOMPARE(moved.control.policies[0].parameters["threshold"], 0.3);
        QCOMPARE(moved.control.policies[1].parameters["threshold"], 2.3);
        QVERIFY(withValue(moved, "control.environment.kind", "inverted_pendulum") == first);
    }

    void valuesAreSetByPath()
    {
        Experiment edited = withValue(firstControl(), "control.policies.LIF.parameters.threshold", "0.3");
        QCOMPARE(edited.control.policies[0].parameters["threshold"], 0.3);
        edited = withValue(edited, "control.environment.kind", "cart_pole");
        QCOMPARE(edited.control.environment, findEnvironmentKind("cart_pole"));
        edited = withValue(edited, "control.settings.state_noise", "0.002");
        QCOMPARE(edited.control.settings[control::state_noise], 0.002);
    }

    void badPlanIsRefused_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("value");
        QTest::newRow("no such policy") << "control.policies.0.policy"
                                        << "spiking";
        QTest::newRow("no such environment") << "control.environment.kind"
                                             << "moon_lander";
        QTest::newRow("same name twice") << "control.policies.1.name"
                                         << "LIF";
        QTest::newRow("no name") << "control.policies.1.name"
                                 << "";
        QTest::newRow("half a batch") << "control.settings.batch"
                                      << "1.5";
        QTest::newRow("not a list") << "control.policies"
                                    << "{}";
        QTest::newRow("no such row") << "control.settings"
                                     << "{\"gamma\": 1}";
    }
    void badPlanIsRefused()
    {
        QFETCH(QString, path);
        QFETCH(QString, value);
        QVERIFY_THROWS_EXCEPTION(DocumentError, withValue(firstControl(), path.toStdString(), value.toStdString()));
    }

    void everyRowRefusesWhatIsOutOfBounds()
    {
        for (const Parameter& row : controlTable()) {
            const std::string path = "control.settings." + std::string(row.key);
            if (row.kind == ParameterKind::flag)
                continue;
            const bool whole = row.kind == ParameterKind::integer;
            for (const double bad : {whole ? row.minimum - 1 : std::nextafter(row.minimum, -HUGE_VAL),
                     whole ? row.maximum + 1 : std::nextafter(row.maximum, HUGE_VAL)})
                QVERIFY_THROWS_EXCEPTION(
                    DocumentError, withValue(firstControl(), path, QString::number(bad, 'g', 17).toStdString()));
        }
    }

    void kindsAreFoundByTheirKeys()
    {
        QCOMPARE(policyKinds().size(), std::size_t(6));
        for (const PolicyKind& kind : policyKinds())
            QCOMPARE(findPolicyKind(kind.key), &kind);
        QVERIFY(!findPolicyKind("no"));
    }
};

QTEST_APPLESS_MAIN(TestControlPlan)
#include "tst_control_plan.moc"
