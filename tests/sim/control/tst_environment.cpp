// What every environment keeps: seeds, clipping, ends of episodes, rewards, exact states, blows, refusals.
#include "sim/base/errors.h"
#include "sim/base/random.h"
#include "sim/control/cart_pole.h"
#include "sim/control/environment.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace endospike;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> copied(std::span<const double> numbers) { return {numbers.begin(), numbers.end()}; }

double noise(std::uint64_t index) { return double(randomBits(99, RandomPurpose::code, index) >> 11) * 0x1p-52 - 1; }

/// Linear-quadratic regulators of the linearised equations, worked out apart from this program.
double balancing(const Environment& environment)
{
    const std::span<const double> o = environment.observation();
    if (environment.kind().poles == 1)
        return 0.7413 * o[0] + 6.0235 * o[1] + 0.8675 * o[2] + 1.0122 * o[3];
    return -(0.2288 * o[0] + 1.5514 * o[1] + 4.9348 * o[2] + 0.3079 * o[5] + 0.7985 * o[6] + 0.7591 * o[7]);
}

/// Generalised momenta from the geometry alone; velocities in `v`, absolute angles in the pose.
std::vector<double> momenta(const Environment& environment)
{
    const Capsule cart = capsule(0.1, 0.2);
    const PendulumPose pose = environment.pose();
    const std::span<const double> o = environment.observation();
    if (environment.kind().poles == 1) {
        const Capsule pole = capsule(0.049, std::hypot(0.6, 0.001));
        const double d = std::hypot(0.6, 0.001) / 2, phi = pose.angles_rad[0] + std::atan2(0.001, 0.6);
        const double coupling = pole.mass_kg * d * std::cos(phi);
        return {(cart.mass_kg + pole.mass_kg) * o[2] + coupling * o[3],
            coupling * o[2] + (pole.inertia_kg_m2 + pole.mass_kg * d * d) * o[3]};
    }
    const Capsule pole = capsule(0.045, 0.6);
    const double a = pose.angles_rad[0], b = pose.angles_rad[1], l = 0.6, d = 0.3, m = pole.mass_kg;
    const double x = o[5], wa = o[6], wb = o[6] + o[7]; // absolute angular velocities
    const double x1 = x + d * std::cos(a) * wa, z1 = -d * std::sin(a) * wa;
    const double x2 = x + l * std::cos(a) * wa + d * std::cos(b) * wb;
    const double z2 = -l * std::sin(a) * wa - d * std::sin(b) * wb;
    const double px = cart.mass_kg * x + m * x1 + m * x2;
    const double pb = m * d * (std::cos(b) * x2 - std::sin(b) * z2) + pole.inertia_kg_m2 * wb;
    const double pa = m * d * (std::cos(a) * x1 - std::sin(a) * z1) + m * l * (std::cos(a) * x2 - std::sin(a) * z2)
        + pole.inertia_kg_m2 * wa;
    return {px, pa + pb, pb}; // relative angles: moving the first joint moves both poles
}

} // namespace

class TestEnvironment : public QObject {
    Q_OBJECT

    const EnvironmentKind* m_kind = nullptr;

    static void everyKind()
    {
        QTest::addColumn<QString>("key");
        for (const EnvironmentKind& kind : environmentKinds())
            if (environmentAvailable(kind))
                QTest::newRow(std::string(kind.key).c_str())
                    << QString::fromUtf8(kind.key.data(), qsizetype(kind.key.size()));
    }
    static std::unique_ptr<Environment> made()
    {
        QFETCH(QString, key);
        return makeEnvironment(*findEnvironmentKind(key.toStdString()));
    }

private slots:
    void kindsAreSane();
    void withoutMujocoSaysWhatToInstall();
    void refusesParametersOfAnother();

    void sameSeedSameEpisode_data() { everyKind(); }
    void sameSeedSameEpisode();
    void startsAreDistributed_data() { everyKind(); }
    void startsAreDistributed();
    void clipsActions_data() { everyKind(); }
    void clipsActions();
    void refusesWhatIsNotFinite_data() { everyKind(); }
    void refusesWhatIsNotFinite();
    void refusesForeignStates_data() { everyKind(); }
    void refusesForeignStates();
    void continuesToTheBit_data() { everyKind(); }
    void continuesToTheBit();
    void blowChangesMomentum_data() { everyKind(); }
    void blowChangesMomentum();
    void truncatesWhatIsBalanced_data() { everyKind(); }
    void truncatesWhatIsBalanced();
    void terminatesWhatFalls_data() { everyKind(); }
    void terminatesWhatFalls();
    void poseFollowsTheObservation_data() { everyKind(); }
    void poseFollowsTheObservation();
    void railEndsHold_data() { everyKind(); }
    void railEndsHold();
    void energyIsKeptWithoutDamping_data() { everyKind(); }
    void energyIsKeptWithoutDamping();

    void shapedRewardByHand_data();
    void shapedRewardByHand();
};

void TestEnvironment::kindsAreSane()
{
    QCOMPARE(environmentKinds().size(), 3u);
    for (const EnvironmentKind& kind : environmentKinds()) {
        QCOMPARE(findEnvironmentKind(kind.key), &kind);
        QCOMPARE(kind.parameters.size(), kind.poles == 2 ? 5u : 4u);
        QCOMPARE(rowOf(kind.parameters, "penalty"), int(environment::penalty));
        QCOMPARE(rowOf(kind.parameters, "joint_damping"), int(environment::joint_damping));
        for (const Parameter& row : kind.parameters)
            QVERIFY2(refusal(row, row.initial).empty(), std::string(row.key).c_str());
    }
    QCOMPARE(findEnvironmentKind("pendulum"), nullptr);
    QVERIFY(environmentAvailable(*findEnvironmentKind("cart_pole")));
}

void TestEnvironment::withoutMujocoSaysWhatToInstall()
{
    for (const EnvironmentKind& kind : environmentKinds()) {
        if (environmentAvailable(kind)) {
            QCOMPARE(&makeEnvironment(kind)->kind(), &kind);
            continue;
        }
        try {
            makeEnvironment(kind);
            QFAIL("MuJoCo is missing, and nothing was said");
        } catch (const MissingLibraryError& error) {
            QCOMPARE(error.package, std::string("libmujoco-dev"));
            QVERIFY(std::string(error.what()).find(kind.name) == 0);
            QVERIFY(std::string(error.what()).find("libmujoco-dev") != std::string::npos);
        }
    }
}

void TestEnvironment::refusesParametersOfAnother()
{
    const EnvironmentKind& one = *findEnvironmentKind("cart_pole");
    const EnvironmentKind& two = *findEnvironmentKind("inverted_double_pendulum");
    QVERIFY_EXCEPTION_THROWN(makeEnvironment(one, ParameterValues(two.parameters)), DocumentError);
    QVERIFY_EXCEPTION_THROWN(makeEnvironment(one, ParameterValues()), DocumentError);
    ParameterValues values(one.parameters);
    QVERIFY_EXCEPTION_THROWN(values.set("joint_damping", -0.001), DocumentError);
    QVERIFY_EXCEPTION_THROWN(values.set("position_bound_m", 0), DocumentError);
    QVERIFY_EXCEPTION_THROWN(values.set("penalty", notANumber), DocumentError);
}

void TestEnvironment::sameSeedSameEpisode()
{
    const auto first = made(), second = made();
    first->reset(7);
    for (int i = 0; i < 20; ++i)
        first->step(1);
    first->reset(7); // what went before must not matter
    second->reset(7);
    for (std::uint64_t i = 0; i < 50; ++i) {
        QCOMPARE(copied(first->observation()), copied(second->observation()));
        QCOMPARE(first->stepsDone(), int(i));
        first->step(noise(i));
        second->step(noise(i));
    }
    first->reset(7);
    second->reset(8);
    QVERIFY(copied(first->observation()) != copied(second->observation()));
}

void TestEnvironment::startsAreDistributed()
{
    const auto environment = made();
    const bool two = environment->kind().poles == 2;
    const std::size_t freedoms = two ? 3 : 2;
    const double width = two ? 0.1 : 0.01;
    constexpr int episodes = 4000;
    std::vector<double> sum(2 * freedoms), squares(2 * freedoms), most(2 * freedoms);
    int withinOneDeviation = 0;
    for (int seed = 0; seed < episodes; ++seed) {
        environment->reset(std::uint64_t(seed));
        const std::vector<double> state = environment->state();
        const double* numbers = state.data() + (environment->kind().needsMujoco ? 2 : 1);
        for (std::size_t i = 0; i < 2 * freedoms; ++i) {
            sum[i] += numbers[i];
            squares[i] += numbers[i] * numbers[i];
            most[i] = std::max(most[i], std::abs(numbers[i]));
        }
        withinOneDeviation += std::abs(numbers[2 * freedoms - 1]) < 0.1;
    }
    for (std::size_t i = 0; i < 2 * freedoms; ++i) {
        const bool normal = two && i >= freedoms;
        const double variance = normal ? 0.01 : width * width / 3;
        QVERIFY(std::abs(sum[i] / episodes) < 4 * std::sqrt(variance / episodes));
        // The variance of a squared uniform number is 4/5 of its mean squared, of a squared normal number twice.
        QVERIFY(std::abs(squares[i] / episodes - variance) < 4 * variance * std::sqrt((normal ? 2 : 0.8) / episodes));
        if (normal)
            QVERIFY(most[i] > 0.3);
        else
            QVERIFY(most[i] <= width && most[i] > 0.99 * width);
    }
    if (two) // 68.3 % of a normal distribution
        QVERIFY(std::abs(withinOneDeviation - 0.6827 * episodes) < 4 * std::sqrt(0.6827 * 0.3173 * episodes));
}

void TestEnvironment::clipsActions()
{
    const auto environment = made();
    const double limit = environment->kind().actionLimit;
    const auto after = [&](double action) {
        environment->reset(3);
        environment->step(action);
        return copied(environment->observation());
    };
    QCOMPARE(after(10 * limit), after(limit));
    QCOMPARE(after(-1e300), after(-limit));
    QVERIFY(after(limit) != after(0.999 * limit));
    // The force on the cart at rest, over one step: its momentum, less a little damping.
    environment->reset(3);
    const double before = momenta(*environment)[0];
    environment->step(0.02 * limit);
    const EnvironmentKind& kind = environment->kind();
    const double expected = 0.02 * limit * kind.forcePerAction_n * kind.step_s;
    QVERIFY(std::abs(momenta(*environment)[0] - before - expected) < 0.02 * expected);
}

void TestEnvironment::refusesWhatIsNotFinite()
{
    const auto environment = made();
    environment->reset(1);
    environment->step(0.1);
    const std::vector<double> before = environment->state();
    for (double bad : {notANumber, infinity, -infinity}) {
        QVERIFY_EXCEPTION_THROWN(environment->step(bad), EnvironmentError);
        QVERIFY_EXCEPTION_THROWN(environment->push(bad), EnvironmentError);
    }
    QCOMPARE(environment->state(), before);
    try {
        environment->step(notANumber);
    } catch (const EnvironmentError& error) {
        QCOMPARE(error.step, 2);
        QVERIFY(std::string(error.what()).find("step 2: the action is not a finite number") != std::string::npos);
    }
}

void TestEnvironment::refusesForeignStates()
{
    const auto environment = made();
    environment->reset(1);
    environment->step(0.1);
    const std::vector<double> before = environment->state();
    std::vector<double> longer = before, unfinished = before, uncountable = before, negative = before;
    longer.push_back(0);
    unfinished.back() = notANumber;
    uncountable[0] = 1.5;
    negative[0] = -1;
    for (const std::vector<double>& bad : {longer, unfinished, uncountable, negative, std::vector<double>()})
        QVERIFY_EXCEPTION_THROWN(environment->setState(bad), DocumentError);
    QCOMPARE(environment->state(), before);
}

void TestEnvironment::continuesToTheBit()
{
    const auto first = made(), second = made();
    const double limit = first->kind().actionLimit;
    // Long enough, and biased enough, to run into the end of the rail, where MuJoCo's solver starts from its last
    // answer.
    bool touched = false;
    first->reset(5);
    for (std::uint64_t i = 0; i < 120; ++i) {
        if (i % 3 == 0) {
            second->reset(i); // some other past
            second->step(0.3);
            second->setState(first->state());
            QCOMPARE(copied(second->observation()), copied(first->observation()));
            QCOMPARE(second->stepsDone(), first->stepsDone());
        }
        const double action = limit * (0.3 + 0.5 * noise(i));
        const EnvironmentStep a = first->step(action), b = second->step(action);
        QCOMPARE(second->state(), first->state());
        QCOMPARE(b.reward, a.reward);
        QCOMPARE(b.taskReward, a.taskReward);
        QCOMPARE(b.terminated, a.terminated);
        touched = touched || std::abs(first->pose().cart_m) > 1;
        if (i % 7 == 0) {
            first->push(noise(1000 + i));
            second->push(noise(1000 + i));
        }
    }
    QVERIFY(touched);
    QCOMPARE(first->stepsDone(), 120);
}

void TestEnvironment::blowChangesMomentum()
{
    const auto environment = made();
    environment->reset(11);
    for (std::uint64_t i = 0; i < 10; ++i)
        environment->step(0.1 * noise(i));
    const std::vector<double> before = momenta(*environment);
    const PendulumPose pose = environment->pose();
    environment->push(2.5);
    const std::vector<double> after = momenta(*environment);
    QVERIFY(std::abs(after[0] - before[0] - 2.5) < 1e-12);
    for (std::size_t i = 1; i < before.size(); ++i)
        QVERIFY(std::abs(after[i] - before[i]) < 1e-12);
    QCOMPARE(environment->pose().cart_m, pose.cart_m);
    QCOMPARE(environment->stepsDone(), 10);
    environment->push(-2.5);
    for (std::size_t i = 0; i < before.size(); ++i)
        QVERIFY(std::abs(momenta(*environment)[i] - before[i]) < 1e-12);
}

void TestEnvironment::truncatesWhatIsBalanced()
{
    const auto environment = made();
    environment->reset(2);
    double task = 0;
    for (int i = 1; i <= 1000; ++i) {
        const EnvironmentStep step = environment->step(balancing(*environment));
        QVERIFY(!step.terminated);
        QCOMPARE(step.truncated, i == 1000);
        task += step.taskReward;
    }
    if (environment->kind().poles == 1)
        QCOMPARE(task, 1000.0);
    else // 1.2 m of pole under the 2 m that the task would like: 10 - 0.64 a step at best
        QVERIFY(task > 9300 && task < 9360);
}

void TestEnvironment::terminatesWhatFalls()
{
    const auto environment = made();
    environment->reset(4);
    EnvironmentStep step;
    double lastReward = 0;
    int steps = 0;
    for (; !step.terminated && steps < 1000; ++steps) {
        if (steps > 0)
            QCOMPARE(step.reward, lastReward);
        step = environment->step(0);
        lastReward = shapedReward(environment->kind(), ParameterValues(environment->kind().parameters),
            environment->observation(), step.terminated);
    }
    QVERIFY(step.terminated && !step.truncated);
    QVERIFY(steps > 5 && steps < 200);
    QCOMPARE(step.reward, lastReward);
    const PendulumPose pose = environment->pose();
    if (environment->kind().poles == 1)
        QVERIFY(std::abs(pose.angles_rad[0]) > 0.2);
    else // judged a moment before, by less than one of MuJoCo's steps
        QVERIFY(pose.ends[1].z_m < 1.02);
    // Nothing resets by itself, and a fall stays one.
    QVERIFY(environment->step(0).terminated);
    QCOMPARE(environment->stepsDone(), steps + 1);
}

void TestEnvironment::poseFollowsTheObservation()
{
    const auto environment = made();
    environment->reset(6);
    for (std::uint64_t i = 0; i < 15; ++i)
        environment->step(0.5 * noise(i));
    const std::span<const double> o = environment->observation();
    const PendulumPose pose = environment->pose();
    QCOMPARE(pose.cart_m, o[0]);
    QCOMPARE(int(pose.angles_rad.size()), environment->kind().poles);
    QCOMPARE(pose.ends.size(), pose.angles_rad.size());
    const double first = environment->kind().poles == 1 ? o[1] : std::atan2(o[1], o[3]);
    QVERIFY(std::abs(std::sin(pose.angles_rad[0] - first)) < 1e-12);
    QVERIFY(std::abs(pose.angles_rad[0]) > 1e-3);
    QVERIFY(std::abs(pose.ends[0].x_m - o[0] - 0.6 * std::sin(first)) < 1.1e-3); // the single pole leans by 1 mm
    QVERIFY(std::abs(pose.ends[0].z_m - 0.6 * std::cos(first)) < 1e-3);
    if (environment->kind().poles == 2) {
        QVERIFY(std::abs(std::sin(pose.angles_rad[1] - pose.angles_rad[0]) - o[2]) < 1e-12);
        QVERIFY(std::abs(std::cos(pose.angles_rad[1] - pose.angles_rad[0]) - o[4]) < 1e-12);
        QVERIFY(std::abs(std::hypot(pose.ends[1].x_m - pose.ends[0].x_m, pose.ends[1].z_m - pose.ends[0].z_m) - 0.6)
            < 1e-12);
    }
}

void TestEnvironment::railEndsHold()
{
    const auto environment = made();
    environment->reset(1);
    double farthest = 0;
    for (int i = 0; i < 100; ++i) {
        environment->step(0.3 * environment->kind().actionLimit);
        farthest = std::max(farthest, environment->pose().cart_m);
    }
    QVERIFY(farthest > 0.98);
    QVERIFY2(farthest < 1.3, std::to_string(farthest).c_str());
}

void TestEnvironment::energyIsKeptWithoutDamping()
{
    QFETCH(QString, key);
    const EnvironmentKind& kind = *findEnvironmentKind(key.toStdString());
    ParameterValues values(kind.parameters);
    values.set("joint_damping", 0);
    const auto free = makeEnvironment(kind, values), damped = makeEnvironment(kind);
    const Capsule pole = kind.poles == 1 ? capsule(0.049, std::hypot(0.6, 0.001)) : capsule(0.045, 0.6);
    const double scale = pole.mass_kg * 9.81 * 0.3 * (kind.poles == 1 ? 1 : 4);
    free->reset(9);
    damped->reset(9);
    const double energy = free->energy_j(), dampedEnergy = damped->energy_j();
    QVERIFY(std::abs(energy - scale) < 0.1 * scale); // nearly upright, nearly at rest
    double drift = 0, lowest = 1e9;
    // Until a hinge's or the rail's end takes energy away.
    while (std::abs(free->pose().angles_rad[0]) < 1.4 && std::abs(free->pose().cart_m) < 0.95) {
        free->step(0);
        damped->step(0);
        drift = std::max(drift, std::abs(free->energy_j() - energy));
        lowest = std::min(lowest, free->pose().ends.back().z_m);
        QVERIFY(free->stepsDone() < 500);
    }
    QVERIFY(lowest < (kind.poles == 1 ? 0.4 : 0.9)); // much of it became motion
    qInfo("%s: energy %.3f J kept to %.2g J", qPrintable(key), energy, drift);
    QVERIFY(drift < 1e-3 * scale);
    QVERIFY(dampedEnergy - damped->energy_j() > 10 * drift);
}

void TestEnvironment::shapedRewardByHand_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<std::vector<double>>("observation");
    QTest::addColumn<bool>("terminated");
    QTest::addColumn<double>("reward");
    using V = std::vector<double>;
    QTest::newRow("best") << "cart_pole" << V{0, 0, 5, 5} << false << 10.0;
    QTest::newRow("half way") << "cart_pole" << V{-0.5, 0, 0, 0} << false << 5.0;
    QTest::newRow("angle") << "cart_pole" << V{0, 0.1045, 0, 0} << false << 7.5;
    QTest::newRow("at the bounds") << "cart_pole" << V{1, -0.418, 0, 0} << false << -10.0;
    QTest::newRow("beyond") << "cart_pole" << V{3, 2, 0, 0} << false << -10.0;
    QTest::newRow("fallen") << "cart_pole" << V{0.25, 0.209, 0, 0} << true << 2.5 + 0.0 - 10;
    QTest::newRow("two poles, best") << "inverted_double_pendulum" << V{0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0} << false
                                     << 15.0;
    QTest::newRow("two poles") << "inverted_double_pendulum" << V{1, -0.209, 0.025, 1, 1, 9, 9, 9, 9, 9, 9} << false
                               << 2.5;
    QTest::newRow("two poles, fallen") << "inverted_double_pendulum" << V{2, 0.9, -0.2, 0, 0, 0, 0, 0, 0, 0, 0} << true
                                       << -25.0;
}

void TestEnvironment::shapedRewardByHand()
{
    QFETCH(QString, key);
    QFETCH(std::vector<double>, observation);
    QFETCH(bool, terminated);
    QFETCH(double, reward);
    const EnvironmentKind& kind = *findEnvironmentKind(key.toStdString());
    ParameterValues values(kind.parameters);
    QVERIFY(std::abs(shapedReward(kind, values, observation, terminated) - reward) < 1e-12);
    values.set("penalty", -20);
    QVERIFY(std::abs(shapedReward(kind, values, observation, terminated) - 2 * reward) < 1e-12);
}

QTEST_APPLESS_MAIN(TestEnvironment)
#include "tst_environment.moc"
