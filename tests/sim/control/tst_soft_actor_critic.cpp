#include "sim/base/random.h"
#include "sim/control/soft_actor_critic.h"
#include "sim/control/squashed_gaussian.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

ControlPlan smallPlan(const char* policy)
{
    ControlPlan plan;
    plan.setEnvironment(*findEnvironmentKind("cart_pole"));
    PolicyPlan& small = plan.policies.emplace_back(*findPolicyKind(policy));
    small.parameters.set("hidden", 16);
    small.parameters.set("tower_width", 16);
    plan.settings.set("critic_width", 16);
    plan.settings.set("learning_rate", 3e-3);
    return plan;
}

/// Episodes of one step, whose reward is best for an action of 1 where the pole leans right and -1 where it leans left.
void fillWithChoices(SoftActorCritic& learner)
{
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const double side = i % 2 ? 1 : -1;
        const std::vector<float> observation = {0, static_cast<float>(side), 0, 0};
        const double action =
            3 * (2 * static_cast<double>(randomBits(1, RandomPurpose::exploration, i) >> 11) * 0x1p-53 - 1);
        learner.replay().begin(observation);
        learner.replay().add(observation, action, -(action - side) * (action - side), true);
    }
}

double meanAction(SoftActorCritic& learner, float side)
{
    std::vector<float> window;
    for (int k = 0; k < learner.actor().shown(); ++k)
        window.insert(window.end(), {0, side, 0, 0});
    float mean = 0, logSigma = 0;
    learner.actor().forward(window.data(), 1, 1, &mean, &logSigma);
    return 3 * std::tanh(static_cast<double>(mean));
}

} // namespace

class TestSoftActorCritic : public QObject {
    Q_OBJECT

private slots:
    void findsTheBestAction_data()
    {
        QTest::addColumn<QString>("policy");
        for (const PolicyKind& kind : policyKinds())
            QTest::newRow(kind.key.data()) << QString::fromStdString(std::string(kind.key));
    }
    void findsTheBestAction()
    {
        QFETCH(QString, policy);
        ControlPlan plan = smallPlan(qPrintable(policy));
        plan.settings.set("temperature", 0.01);
        SoftActorCritic learner(plan, 1);
        fillWithChoices(learner);
        const double before = std::abs(meanAction(learner, 1) - 1) + std::abs(meanAction(learner, -1) + 1);
        SacUpdate last;
        for (std::uint64_t i = 0; i < 3000; ++i)
            last = learner.update(i);
        const double right = meanAction(learner, 1), left = meanAction(learner, -1);
        QVERIFY2(std::abs(right - 1) < 0.3 && std::abs(left + 1) < 0.3,
            qPrintable(QString("%1 and %2, before %3").arg(right).arg(left).arg(before)));
        QVERIFY(last.criticLoss < 0.5);
        QVERIFY(before > 0.6);
    }

    void temperatureKeepsTheEntropy()
    {
        ControlPlan plan = smallPlan("ann");
        plan.settings.set("automatic_temperature", 1);
        plan.settings.set("target_entropy", -0.5);
        SoftActorCritic learner(plan, 1);
        fillWithChoices(learner);
        double entropy = 0;
        constexpr int updates = 6000, last = 1000;
        for (int i = 0; i < updates; ++i) {
            const SacUpdate update = learner.update(static_cast<std::uint64_t>(i));
            entropy += i >= updates - last ? update.entropy / last : 0;
        }
        QVERIFY2(std::abs(entropy + 0.5) < 0.1, qPrintable(QString::number(entropy)));
        QVERIFY(learner.temperature() != 0.2);
    }

    void sameSeedGivesTheSameBits()
    {
        const auto learnt = [](std::uint64_t seed) {
            SoftActorCritic learner(smallPlan("lif"), seed);
            fillWithChoices(learner);
            for (std::uint64_t i = 0; i < 20; ++i)
                learner.update(i);
            return learner.actor().tensors();
        };
        QVERIFY(learnt(1) == learnt(1));
        QVERIFY(!(learnt(1) == learnt(2)));
    }
};

QTEST_APPLESS_MAIN(TestSoftActorCritic)
#include "tst_soft_actor_critic.moc"
