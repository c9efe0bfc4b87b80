// One pole on a cart in closed form, from the geometry of the inverted pendulum's capsules. With the cart at x, the
// pole's centre of mass at the distance d from the hinge and phi = theta + delta (delta: how far the pole leans at
// theta = 0), Lagrange's equations are
//
//   [ M + m         m d cos phi ] [ x''     ]   [ F - c x' + m d theta'^2 sin phi + L ]
//   [ m d cos phi   I + m d^2   ] [ theta'' ] = [ m g d sin phi - c theta'            ]
//
// M, m, I: masses and central moment of inertia of solid capsules; c: damping of both joints. L is the soft end of the
// rail, a spring and damper with the stiffness that MuJoCo's documentation ("Computation: constraint model") gives a
// joint's limit, which for a single limit has this closed form too. Fourth-order Runge-Kutta, 0.02 s, the force held.
#pragma once

#include "sim/control/balancing_task.h"

#include <array>

namespace endospike {

/// Solid capsule of 1000 kg/m3: two half balls on a cylinder of `length`.
struct Capsule {
    double mass_kg;
    double inertia_kg_m2; ///< about an axis through the centre, across the capsule
};
Capsule capsule(double radius_m, double length_m);

class CartPole final : public BalancingTask {
public:
    CartPole(const EnvironmentKind& kind, const ParameterValues& values);

    void reset(std::uint64_t seed) override;
    PendulumPose pose() const override;
    double energy_j() const override;
    std::vector<double> state() const override; ///< steps, x, theta, x', theta'
    void setState(std::span<const double> state) override;

private:
    using Vector = std::array<double, 4>; ///< x, theta, x', theta'
    struct Inertia {
        double xx, xt, tt; ///< the symmetric matrix above
    };

    void advance(double clippedAction) override;
    void addMomentum(double impulse_n_s) override;
    bool fallen() const override;
    double taskReward() const override { return 1; }

    void setVector(const Vector& vector);
    Inertia inertia(double theta) const;
    Vector derivative(const Vector& s, double force_n) const;
    double railForce(const Vector& s, const Inertia& inertia, double acceleration) const;

    Capsule m_cart;
    Capsule m_pole;
    double m_reference = 0; ///< inverse inertia of the cart at theta = 0, which scales the rail's end
    Vector m_state{};
};

} // namespace endospike
