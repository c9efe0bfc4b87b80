#include "sim/control/cart_pole.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace endospike {
namespace {

constexpr double gravity_m_per_s2 = 9.81;
constexpr double rail_m = 1;
constexpr double poleUp_m = 0.6;
constexpr double poleAside_m = 0.001;
constexpr double step_s = 0.02;
constexpr int stepsPerAction = 2;
const double poleLength_m = std::hypot(poleUp_m, poleAside_m);
const double lean_rad = std::atan2(poleAside_m, poleUp_m);
const double centre_m = poleLength_m / 2;

/// How firmly MuJoCo's limit holds at a violation: rises from 0.9 to 0.95 within 1 mm.
double impedance(double violation_m)
{
    const double x = std::min(violation_m / 0.001, 1.0);
    const double rise = x <= 0.5 ? 2 * x * x : 1 - 2 * (1 - x) * (1 - x);
    return 0.9 + 0.05 * rise;
}

} // namespace

Capsule capsule(double radius_m, double length_m)
{
    constexpr double density_kg_per_m3 = 1000;
    const double area = std::numbers::pi * radius_m * radius_m;
    const double cylinder = density_kg_per_m3 * area * length_m;
    const double ball = density_kg_per_m3 * area * radius_m * 4 / 3;
    const double square = radius_m * radius_m;
    return {cylinder + ball,
        cylinder * (square / 4 + length_m * length_m / 12)
            + ball * (2 * square / 5 + length_m * length_m / 4 + 3 * length_m * radius_m / 8)};
}

CartPole::CartPole(const EnvironmentKind& kind, const ParameterValues& values)
    : BalancingTask(kind, values)
    , m_cart(capsule(0.1, 0.2))
    , m_pole(capsule(0.049, poleLength_m))
{
    const Inertia upright = inertia(0);
    m_reference = upright.tt / (upright.xx * upright.tt - upright.xt * upright.xt);
    setVector({});
}

void CartPole::reset(std::uint64_t seed)
{
    Vector start;
    for (std::size_t i = 0; i < start.size(); ++i)
        start[i] = startUniform(seed, i, 0.01);
    m_steps = 0;
    setVector(start);
}

void CartPole::setVector(const Vector& vector)
{
    m_state = vector;
    std::copy(vector.begin(), vector.end(), m_observation.begin());
}

CartPole::Inertia CartPole::inertia(double theta) const
{
    return {m_cart.mass_kg + m_pole.mass_kg, m_pole.mass_kg * centre_m * std::cos(theta + lean_rad),
        m_pole.inertia_kg_m2 + m_pole.mass_kg * centre_m * centre_m};
}

/// What the end of the rail adds to the force when the cart would accelerate like this without it.
double CartPole::railForce(const Vector& s, const Inertia& inertia, double acceleration) const
{
    const double distance = rail_m - std::abs(s[0]);
    if (distance >= 0)
        return 0;
    const double inward = s[0] > 0 ? -1 : 1;
    constexpr double time_s = std::max(0.02, 2 * step_s);
    constexpr double firmest = 0.95;
    const double firm = impedance(-distance);
    const double wanted = -2 / (firmest * time_s) * inward * s[2] //
        - firm * distance / (firmest * firmest * time_s * time_s);
    const double inverse = inertia.tt / (inertia.xx * inertia.tt - inertia.xt * inertia.xt);
    const double softness = (1 - firm) / firm * m_reference;
    return inward * std::max(0.0, (wanted - inward * acceleration) / (inverse + softness));
}

CartPole::Vector CartPole::derivative(const Vector& s, double force_n) const
{
    const Inertia inertia = this->inertia(s[1]);
    const double determinant = inertia.xx * inertia.tt - inertia.xt * inertia.xt;
    const double torqueFactor = m_pole.mass_kg * centre_m * std::sin(s[1] + lean_rad);
    const double torque = torqueFactor * gravity_m_per_s2 - damping() * s[3];
    double force = force_n - damping() * s[2] + torqueFactor * s[3] * s[3];
    force += railForce(s, inertia, (inertia.tt * force - inertia.xt * torque) / determinant);
    return {s[2], s[3], (inertia.tt * force - inertia.xt * torque) / determinant,
        (inertia.xx * torque - inertia.xt * force) / determinant};
}

void CartPole::advance(double clippedAction)
{
    const double force_n = clippedAction * m_kind.forcePerAction_n;
    const auto moved = [](const Vector& from, double time_s, const Vector& slope) {
        Vector to;
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = from[i] + time_s * slope[i];
        return to;
    };
    Vector s = m_state;
    for (int i = 0; i < stepsPerAction; ++i) {
        const Vector k1 = derivative(s, force_n);
        const Vector k2 = derivative(moved(s, step_s / 2, k1), force_n);
        const Vector k3 = derivative(moved(s, step_s / 2, k2), force_n);
        const Vector k4 = derivative(moved(s, step_s, k3), force_n);
        for (std::size_t j = 0; j < s.size(); ++j)
            s[j] += step_s / 6 * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]);
    }
    setVector(s);
}

void CartPole::addMomentum(double impulse_n_s)
{
    const Inertia inertia = this->inertia(m_state[1]);
    const double determinant = inertia.xx * inertia.tt - inertia.xt * inertia.xt;
    Vector s = m_state;
    s[2] += inertia.tt * impulse_n_s / determinant;
    s[3] -= inertia.xt * impulse_n_s / determinant;
    setVector(s);
}

bool CartPole::fallen() const { return !(std::abs(m_state[1]) <= 0.2); }

PendulumPose CartPole::pose() const
{
    const double phi = m_state[1] + lean_rad;
    return {m_state[0], {m_state[1]}, {{m_state[0] + poleLength_m * std::sin(phi), poleLength_m * std::cos(phi)}}};
}

double CartPole::energy_j() const
{
    const auto [x, theta, v, omega] = m_state;
    const Inertia inertia = this->inertia(theta);
    return (inertia.xx * v * v + 2 * inertia.xt * v * omega + inertia.tt * omega * omega) / 2
        + m_pole.mass_kg * gravity_m_per_s2 * centre_m * std::cos(theta + lean_rad);
}

std::vector<double> CartPole::state() const
{
    std::vector<double> numbers{double(m_steps)};
    numbers.insert(numbers.end(), m_state.begin(), m_state.end());
    return numbers;
}

void CartPole::setState(std::span<const double> state)
{
    m_steps = checkedSteps(state, 1 + m_state.size());
    setVector({state[1], state[2], state[3], state[4]});
}

} // namespace endospike
