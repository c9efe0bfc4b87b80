#include "sim/control/environment.h"

#include "sim/base/errors.h"
#include "sim/control/cart_pole.h"
#include "sim/control/mujoco_pendulum.h"

#include <cmath>
#include <string>

namespace endospike {
namespace {

#ifdef ENDOSPIKE_MUJOCO
constexpr bool mujocoBuilt = true;
#else
constexpr bool mujocoBuilt = false;
#endif

constexpr Parameter penaltyRow{"penalty", "Penalty", "N", "", -10, -1000, 0, -100, -1,
    "Half of it is the worst that each watched quantity can bring in a step, half of its opposite the best; all of it "
    "is added when the episode ends in a fall."};
constexpr Parameter angleRow{"angle_bound_rad", "Angle bound", "Θ", "rad", 0.418, 1e-3, 1.6, 0.05, 0.5,
    "Where the reward for the first pole's angle is worst. Two poles: of its sine."};

constexpr Parameter positionRow(double initial)
{
    return {"position_bound_m", "Position bound", "X", "m", initial, 1e-3, 100, 0.5, 3,
        "Where the reward for the cart's position is worst."};
}

constexpr Parameter dampingRow(double initial)
{
    return {"joint_damping", "Joint damping", "c", "N s/m, N m s", initial, 0, 100, 0, 5,
        "Friction of the cart on the rail and of each hinge, in proportion to the speed."};
}

constexpr Parameter onePole[] = {penaltyRow, positionRow(1), angleRow, dampingRow(1)};
constexpr Parameter twoPoles[] = {penaltyRow, positionRow(2), angleRow, dampingRow(0.05),
    {"second_angle_bound", "Second angle bound", "Θ<sub>2</sub>", "", 0.1, 1e-3, 1, 0.01, 1,
        "Where the reward for the sine of the second pole's angle to the first is worst."}};
static_assert(std::size(onePole) == environment::joint_damping + 1);
static_assert(std::size(twoPoles) == environment::second_angle_bound + 1);

constexpr EnvironmentKind kinds[] = {
    {"inverted_pendulum", "Inverted pendulum",
        "One pole on a cart, simulated by MuJoCo. Over once it leans by more than 0.2 rad (Gymnasium: "
        "InvertedPendulum-v4).",
        4, 1, 3, 100, 1, 0.04, 1000, true, onePole},
    {"inverted_double_pendulum", "Inverted double pendulum",
        "Two poles, one upon the other, on a cart, simulated by MuJoCo. Over once the tip is at or below 1 m "
        "(Gymnasium: InvertedDoublePendulum-v4).",
        11, 2, 1, 500, 1, 0.05, 1000, true, twoPoles},
    {"cart_pole", "Cart and pole",
        "The inverted pendulum's equations of motion in closed form; needs no MuJoCo. Same masses, forces and "
        "observations.",
        4, 1, 3, 100, 1, 0.04, 1000, false, onePole},
};

double shapedTerm(double penalty, double quantity, double bound)
{
    const double size = std::abs(quantity);
    return size > bound ? penalty / 2 : penalty * size / bound - penalty / 2;
}

} // namespace

std::span<const EnvironmentKind> environmentKinds() { return kinds; }

const EnvironmentKind* findEnvironmentKind(std::string_view key)
{
    for (const EnvironmentKind& kind : kinds)
        if (kind.key == key)
            return &kind;
    return nullptr;
}

bool environmentAvailable(const EnvironmentKind& kind) { return mujocoBuilt || !kind.needsMujoco; }

std::unique_ptr<Environment> makeEnvironment(const EnvironmentKind& kind, const ParameterValues& values)
{
    if (!kind.needsMujoco)
        return std::make_unique<CartPole>(kind, values);
#ifdef ENDOSPIKE_MUJOCO
    return makeMujocoPendulum(kind, values);
#else
    throw MissingLibraryError("MuJoCo", "libmujoco-dev", std::string(kind.name));
#endif
}

std::unique_ptr<Environment> makeEnvironment(const EnvironmentKind& kind)
{
    return makeEnvironment(kind, ParameterValues(kind.parameters));
}

double shapedReward(
    const EnvironmentKind& kind, const ParameterValues& values, std::span<const double> observation, bool terminated)
{
    const double penalty = values[environment::penalty];
    double reward = shapedTerm(penalty, observation[0], values[environment::position_bound_m])
        + shapedTerm(penalty, observation[1], values[environment::angle_bound_rad]);
    if (kind.poles == 2)
        reward += shapedTerm(penalty, observation[2], values[environment::second_angle_bound]);
    return terminated ? reward + penalty : reward;
}

} // namespace endospike
