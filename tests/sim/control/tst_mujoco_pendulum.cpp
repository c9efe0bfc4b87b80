// MuJoCo's pendulums against the closed form, and its manners. Built only where MuJoCo is.
#include "sim/base/errors.h"
#include "sim/base/random.h"
#include "sim/control/environment.h"

#include <QtTest>

#include <cmath>

using namespace endospike;

extern "C" void mju_error_i(const char* message, int number);
extern "C" void mju_warning(const char* message);

namespace {

double noise(std::uint64_t index) { return double(randomBits(99, RandomPurpose::code, index) >> 11) * 0x1p-52 - 1; }

std::unique_ptr<Environment> made(const char* key) { return makeEnvironment(*findEnvironmentKind(key)); }

} // namespace

class TestMujocoPendulum : public QObject {
    Q_OBJECT

private slots:
    void followsTheClosedForm();
    void meetsTheRailAsTheClosedForm();
    void sameEnergyAsTheClosedForm();
    void twoPolesFeelTheRailsEnd();
    void survivesABlowThatNothingStands();
    void saysItsErrorsInsteadOfEndingTheProgram();
};

namespace {

struct Comparison {
    double difference = 0; ///< largest of any observation
    double farthest = 0; ///< how far the cart came
    bool sameEnds = true;
};

/// Same start with this much added to it, same random forces, twenty times.
Comparison comparison(double position, double velocity, double actionScale)
{
    const auto closed = made("cart_pole"), mujoco = made("inverted_pendulum");
    Comparison result;
    for (std::uint64_t episode = 0; episode < 20; ++episode) {
        closed->reset(episode);
        const std::vector<double> s = closed->state();
        const double x = s[1] + position, v = s[3] + velocity;
        closed->setState(std::vector<double>{0, x, s[2], v, s[4]});
        mujoco->setState(std::vector<double>{0, 0, x, s[2], v, s[4], 0, 0, 0, 0});
        // The closed form has no ends of the hinge at 90 degrees.
        for (std::uint64_t i = 0; i < 40 && std::abs(closed->observation()[1]) < 1.3; ++i) {
            const double action = actionScale * noise(1000 * episode + i);
            result.sameEnds = result.sameEnds && closed->step(action).terminated == mujoco->step(action).terminated;
            for (std::size_t j = 0; j < 4; ++j)
                result.difference =
                    std::max(result.difference, std::abs(closed->observation()[j] - mujoco->observation()[j]));
            result.farthest = std::max(result.farthest, std::abs(closed->observation()[0]));
        }
    }
    return result;
}

} // namespace

void TestMujocoPendulum::followsTheClosedForm()
{
    const Comparison c = comparison(0, 0, 0.3);
    qInfo("within %.2f m of the middle: observations differ by at most %.2g", c.farthest, c.difference);
    QVERIFY(c.sameEnds);
    QVERIFY(c.farthest < 1 && c.farthest > 0.05);
    QVERIFY(c.difference < 1e-12);
}

void TestMujocoPendulum::meetsTheRailAsTheClosedForm()
{
    for (double side : {-1, 1}) {
        const Comparison c = comparison(side * 0.9, side * 1.5, 0.3);
        qInfo("into the rail's end, to %.4f m: observations differ by at most %.2g", c.farthest, c.difference);
        QVERIFY(c.sameEnds);
        QVERIFY(c.farthest > 1);
        QVERIFY(c.difference < 1e-8);
    }
}

void TestMujocoPendulum::sameEnergyAsTheClosedForm()
{
    const auto closed = made("cart_pole"), mujoco = made("inverted_pendulum");
    closed->setState(std::vector<double>{0, 0.2, 0.4, -0.7, 1.3});
    mujoco->setState(std::vector<double>{0, 0, 0.2, 0.4, -0.7, 1.3, 0, 0, 0, 0});
    QVERIFY(std::abs(closed->energy_j() - mujoco->energy_j()) < 1e-10);
}

void TestMujocoPendulum::twoPolesFeelTheRailsEnd()
{
    const auto environment = made("inverted_double_pendulum");
    environment->reset(1);
    bool felt = false;
    for (int i = 0; i < 40; ++i) {
        environment->step(0.2);
        const std::span<const double> o = environment->observation();
        if (o[0] < 0.9)
            QVERIFY(o[8] == 0);
        felt = felt || o[8] < -5;
        QVERIFY(std::abs(o[8]) <= 10 && std::abs(o[5]) <= 10 && std::abs(o[7]) <= 10);
        QVERIFY(o[9] == 0 && o[10] == 0);
    }
    QVERIFY(felt);
}

void TestMujocoPendulum::survivesABlowThatNothingStands()
{
    for (const char* key : {"inverted_pendulum", "inverted_double_pendulum"}) {
        const auto environment = made(key);
        environment->reset(1);
        environment->push(1e13);
        QVERIFY(environment->step(0).terminated);
        for (double number : environment->state())
            QVERIFY(std::isfinite(number));
        environment->reset(1);
        QVERIFY(!environment->step(0).terminated);
    }
}

void TestMujocoPendulum::saysItsErrorsInsteadOfEndingTheProgram()
{
    const auto environment = made("inverted_pendulum");
    try {
        mju_error_i("out of %d things", 3);
        QFAIL("an error passed in silence");
    } catch (const EnvironmentError& error) {
        QCOMPARE(error.why, std::string("out of 3 things"));
    }
    mju_warning("unheard");
    QVERIFY(!QFile::exists("MUJOCO_LOG.TXT"));
}

QTEST_APPLESS_MAIN(TestMujocoPendulum)
#include "tst_mujoco_pendulum.moc"
