#include "sim/control/actor_critic.h"
#include "sim/control/squashed_gaussian.h"
#include "sim/control/tensor_view.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace endospike;

namespace {

constexpr int size = 6;
constexpr int numbers = 4;
constexpr double limit = 3, discount = 0.9, temperature = 0.3;

std::vector<double> randomNumbers(std::size_t count, unsigned seed, double scale = 1)
{
    std::mt19937 engine(seed);
    std::normal_distribution<double> normal;
    std::vector<double> result(count);
    for (double& each : result)
        each = scale * normal(engine);
    return result;
}

PolicyPlan planOf(const char* kind)
{
    PolicyPlan plan(*findPolicyKind(kind));
    plan.parameters.set("hidden", 10);
    plan.parameters.set("tower_width", 9);
    plan.parameters.set("observations", 3);
    return plan;
}

struct Case {
    explicit Case(const char* kind)
        : plan(planOf(kind))
        , actor(numbers,
              makeSmoothNeuronLayer<double>(plan.kind->unit, policySettings(plan), drawFrozenNeurons(plan, 1)), size)
        , losses(actor, limit, 11, size)
        , critics(2 * losses.criticShape().size())
        , targets(critics.size())
    {
        actor.fill(5, plan);
        fill(critics, 1);
        fill(targets, 2);
        batch.size = size;
        batch.observations = randomNumbers(4 * size * numbers, 3);
        batch.actions = randomNumbers(size, 4);
        batch.rewards = randomNumbers(size, 5, 2);
        batch.goesOn = {1, 0, 1, 1, 0, 1};
        normals = randomNumbers(size, 6);
    }
    void fill(std::vector<double>& values, std::uint64_t seed) const
    {
        for (int c = 0; c < 2; ++c)
            for (const TensorView& view : perceptronTensors(
                     std::to_string(c), losses.criticShape(), 1, numbers + 1, c * losses.criticShape().size()))
                fillXavier<double>(view, seed, values);
    }

    PolicyPlan plan;
    Actor<double> actor;
    ActorCritic<double> losses;
    std::vector<double> critics, targets, normals;
    TransitionBatch<double> batch;
};

/// At every place where the parameter is not 0: a weight that is drawn, not what is padded or a bias.
template <class Loss>
void compare(std::span<double> at, std::span<const double> gradient, const Loss& loss)
{
    constexpr double step = 1e-6;
    int compared = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        if (at[i] == 0.0)
            continue;
        const double before = at[i];
        at[i] = before + step;
        const double above = loss();
        at[i] = before - step;
        const double below = loss();
        at[i] = before;
        const double slope = (above - below) / (2 * step);
        QVERIFY2(std::abs(slope - gradient[i]) < 2e-6 * (1 + std::abs(slope)),
            qPrintable(QString("%1: %2, not %3").arg(i).arg(gradient[i]).arg(slope)));
        ++compared;
    }
    QVERIFY(compared > 100);
}

} // namespace

class TestActorCritic : public QObject {
    Q_OBJECT

private slots:
    void gradientsAreThoseOfFiniteDifferences_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"ann", "lif", "hh", "s_lif2hh"})
            QTest::newRow(kind) << kind;
    }
    void gradientsAreThoseOfFiniteDifferences()
    {
        QFETCH(QString, kind);
        Case c(qPrintable(kind));
        std::vector<double> toCritics(c.critics.size()), toActor(c.actor.values().size());
        c.losses.decide(c.batch);
        const auto criticLoss = [&](std::span<double> gradient) {
            return c.losses.criticLoss(
                c.batch, discount, temperature, c.normals.data(), c.critics, c.targets, gradient);
        };
        std::vector<double> unused(c.critics.size()), unusedActor(toActor.size());
        criticLoss(toCritics);
        compare(c.critics, toCritics, [&] { return criticLoss(unused); });

        const auto policyLoss = [&](std::span<double> gradient) {
            c.losses.decide(c.batch);
            return c.losses.policyLoss(c.batch, temperature, c.normals.data(), c.critics, gradient).loss;
        };
        policyLoss(toActor);
        compare(c.actor.values(), toActor, [&] { return policyLoss(unusedActor); });
    }

    /// The losses written out from decisions and critics, one transition at a time.
    void lossesAreThoseOfTheEquations()
    {
        Case c("lif");
        std::vector<double> gradient(c.critics.size()), toActor(c.actor.values().size());
        std::vector<double> mean(2 * size), logSigma(2 * size);
        c.actor.forward(c.batch.observations.data(), size, 2, mean.data(), logSigma.data());
        c.losses.decide(c.batch);
        const double criticLoss =
            c.losses.criticLoss(c.batch, discount, temperature, c.normals.data(), c.critics, c.targets, gradient);
        const PolicyLoss policyLoss = c.losses.policyLoss(c.batch, temperature, c.normals.data(), c.critics, toActor);
        Perceptron<double> net(c.losses.criticShape(), 1);
        const auto value = [&](const std::vector<double>& both, int which, int row, int moment, double action) {
            std::vector<double> x(c.batch.observations.begin() + ((2 + moment) * size + row) * numbers,
                c.batch.observations.begin() + ((2 + moment) * size + row + 1) * numbers);
            x.push_back(action);
            double y = 0;
            net.forward(both.data() + which * c.losses.criticShape().size(), x.data(), numbers + 1, 1, &y);
            return y;
        };
        double expectedCritics = 0, expectedPolicy = 0, logProbability = 0;
        for (int i = 0; i < size; ++i) {
            const SquashedGaussian<double> next(mean[size + i], logSigma[size + i], c.normals[i]);
            const double a = limit * next.action;
            const double best = std::min(value(c.targets, 0, i, 1, a), value(c.targets, 1, i, 1, a));
            const double y =
                c.batch.rewards[i] + discount * c.batch.goesOn[i] * (best - temperature * next.logProbability);
            for (int k = 0; k < 2; ++k)
                expectedCritics += std::pow(value(c.critics, k, i, 0, c.batch.actions[i]) - y, 2) / size;
            const SquashedGaussian<double> now(mean[i], logSigma[i], c.normals[i]);
            const double b = limit * now.action;
            expectedPolicy += (temperature * now.logProbability
                                  - std::min(value(c.critics, 0, i, 0, b), value(c.critics, 1, i, 0, b)))
                / size;
            logProbability += now.logProbability / size;
        }
        QVERIFY(std::abs(criticLoss - expectedCritics) < 1e-12 * expectedCritics);
        QVERIFY(std::abs(policyLoss.loss - expectedPolicy) < 1e-12);
        QVERIFY(std::abs(policyLoss.logProbability - logProbability) < 1e-12);
    }

    void tensorsComeBack()
    {
        Case c("s_lif2hh");
        const std::vector<ControlTensor> tensors = c.actor.tensors();
        Case other("s_lif2hh");
        std::ranges::fill(other.actor.values(), 0.0);
        other.actor.setTensors(tensors, other.actor.values());
        QVERIFY(other.actor.tensors() == tensors);
        QCOMPARE(tensors.front().name, std::string("input.0.weight"));
        QCOMPARE(tensors.front().shape, (std::vector<int>{10, numbers}));
        Case another("lif");
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, another.actor.setTensors(tensors, another.actor.values()));
    }
};

QTEST_APPLESS_MAIN(TestActorCritic)
#include "tst_actor_critic.moc"
