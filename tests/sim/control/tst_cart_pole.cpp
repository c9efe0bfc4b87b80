// The cart and pole in closed form: its masses against integrals, its motion against solutions known apart from it.
#include "sim/control/cart_pole.h"

#include <QtTest>

#include <cmath>
#include <numbers>

using namespace endospike;

class TestCartPole : public QObject {
    Q_OBJECT

    static std::unique_ptr<Environment> made(double damping)
    {
        const EnvironmentKind& kind = *findEnvironmentKind("cart_pole");
        ParameterValues values(kind.parameters);
        values.set("joint_damping", damping);
        return makeEnvironment(kind, values);
    }

private slots:
    void capsuleIsTheIntegralOfItsSlices();
    void balancesOnItsCentreOfMass();
    void fallsAsTheLinearSolution();
    void freeCentreOfMassStaysOverItsPlace();
};

void TestCartPole::capsuleIsTheIntegralOfItsSlices()
{
    for (const auto& [radius, length] : {std::pair(0.1, 0.2), std::pair(0.049, 0.6), std::pair(0.045, 0.6)}) {
        double mass = 0, inertia = 0;
        constexpr int slices = 200000;
        const double half = length / 2 + radius, thickness = 2 * half / slices;
        for (int i = 0; i < slices; ++i) {
            const double z = -half + (i + 0.5) * thickness;
            const double beyond = std::max(std::abs(z) - length / 2, 0.0);
            const double square = radius * radius - beyond * beyond; // of the slice's radius
            const double slice = 1000 * std::numbers::pi * square * thickness;
            mass += slice;
            inertia += slice * (square / 4 + z * z);
        }
        QVERIFY(std::abs(capsule(radius, length).mass_kg / mass - 1) < 1e-8);
        QVERIFY(std::abs(capsule(radius, length).inertia_kg_m2 / inertia - 1) < 1e-8);
    }
}

void TestCartPole::balancesOnItsCentreOfMass()
{
    const auto environment = made(1);
    const double upright = -std::atan2(0.001, 0.6); // the pole leans by 1 mm at theta = 0
    environment->setState(std::vector<double>{0, 0.3, upright, 0, 0});
    for (int i = 0; i < 25; ++i)
        environment->step(0);
    QVERIFY(std::abs(environment->observation()[1] - upright) < 1e-12);
    QVERIFY(std::abs(environment->observation()[0] - 0.3) < 1e-12);
    environment->setState(std::vector<double>{0, 0.3, 0, 0, 0});
    for (int i = 0; i < 25; ++i)
        environment->step(0);
    QVERIFY(environment->observation()[1] > 1e-3); // falls to the side on which it leans
}

void TestCartPole::fallsAsTheLinearSolution()
{
    // Without damping and for small phi: phi'' = k^2 phi, k^2 = m g d / (I + m d^2 - (m d)^2 / (M + m)).
    const auto environment = made(0);
    const double length = std::hypot(0.6, 0.001), d = length / 2, lean = std::atan2(0.001, 0.6);
    const Capsule cart = capsule(0.1, 0.2), pole = capsule(0.049, length);
    const double m = pole.mass_kg;
    const double k = std::sqrt(m * 9.81 * d / (pole.inertia_kg_m2 + m * d * d - m * d * m * d / (cart.mass_kg + m)));
    constexpr double start = 1e-6;
    environment->setState(std::vector<double>{0, 0, start - lean, 0, 0});
    for (int i = 1; i <= 20; ++i) {
        environment->step(0);
        const double expected = start * std::cosh(k * i * environment->kind().step_s);
        QVERIFY(std::abs((environment->observation()[1] + lean) / expected - 1) < 1e-4);
    }
}

void TestCartPole::freeCentreOfMassStaysOverItsPlace()
{
    // No outside force along the rail without damping: the common centre of mass does not move sideways.
    const auto environment = made(0);
    const double length = std::hypot(0.6, 0.001);
    const double pole = capsule(0.049, length).mass_kg, cart = capsule(0.1, 0.2).mass_kg;
    const auto centre = [&] {
        const PendulumPose pose = environment->pose();
        return (cart * pose.cart_m + pole * (pose.cart_m + pose.ends[0].x_m) / 2) / (cart + pole);
    };
    environment->setState(std::vector<double>{0, 0, 0.2, 0, 0});
    const double before = centre();
    for (int i = 0; i < 40; ++i)
        environment->step(0);
    QVERIFY(environment->observation()[1] > 1);
    QVERIFY2(std::abs(centre() - before) < 1e-5, std::to_string(centre() - before).c_str());
}

QTEST_APPLESS_MAIN(TestCartPole)
#include "tst_cart_pole.moc"
