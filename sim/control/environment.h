// The environments of the control laboratory: a cart on a rail with one or two poles to balance, with Gymnasium's
// semantics (Towers et al. 2023; InvertedPendulum-v4 and InvertedDoublePendulum-v4), and the shaped reward with which
// He et al. train, Nature Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9, Fig. 4d, 4i.
//
// Conventions: x along the rail to the right, z up, angles in rad from upright, positive towards +x.
//
//   inverted_pendulum, cart_pole   observation [x, theta, x', theta']
//   inverted_double_pendulum       observation [x, sin theta1, sin theta2, cos theta1, cos theta2, x', theta1', theta2'
//                                  (velocities clipped to +-10), constraint forces on x, theta1, theta2 (clipped to
//                                  +-10)], theta2 measured from the first pole
#pragma once

#include "sim/base/parameter.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace endospike {

/// Rows of an environment's table, in its order.
namespace environment {
enum Row { penalty, position_bound_m, angle_bound_rad, joint_damping, second_angle_bound /* two poles only */ };
}

struct EnvironmentKind {
    std::string_view key; ///< "inverted_pendulum"
    std::string_view name; ///< "Inverted pendulum"
    std::string_view summary;
    int observations; ///< numbers in an observation
    int poles; ///< 1 or 2
    double actionLimit; ///< an action beyond +- this acts like this
    double forcePerAction_n; ///< force on the cart for an action of 1
    double railLimit_m; ///< the cart stays within about +- this
    double step_s; ///< simulated time of one step
    int maximumSteps; ///< an episode is truncated after so many
    bool needsMujoco; ///< see environmentAvailable()
    ParameterTable parameters; ///< shaping of the reward and damping; the published values are the defaults
};

/// In the order in which a person chooses.
std::span<const EnvironmentKind> environmentKinds();
const EnvironmentKind* findEnvironmentKind(std::string_view key); ///< nullptr if there is none
bool environmentAvailable(const EnvironmentKind& kind); ///< false if it needs MuJoCo and this build has none

struct EnvironmentStep {
    double reward = 0; ///< shaped, of the exact state
    double taskReward = 0; ///< the public task's own: 1 a step, or 10 less penalties for distance and speed
    bool terminated = false; ///< fallen: no reward can follow
    bool truncated = false; ///< maximumSteps are over; the future is cut off, not worthless
};

/// Where everything is, for drawing and for plots.
struct PendulumPose {
    struct Point {
        double x_m = 0;
        double z_m = 0;
    };
    double cart_m = 0;
    std::vector<double> angles_rad; ///< of each pole, absolute
    std::vector<Point> ends; ///< upper end of each pole; the last one is the tip
};

/// One cart with its poles. Not to be used from two threads at once; different ones are independent.
class Environment {
public:
    virtual ~Environment() = default;

    virtual const EnvironmentKind& kind() const = 0;

    /// Begins an episode; the same seed, the same episode. Must be called before the first step.
    virtual void reset(std::uint64_t seed) = 0;
    /// Beyond +-actionLimit an action is clipped. May be called on after an episode's end; nothing resets by itself.
    /// Throws EnvironmentError for an action that is not a finite number, and changes nothing then.
    virtual EnvironmentStep step(double action) = 0;
    virtual std::span<const double> observation() const = 0; ///< of the current state; valid until it changes
    virtual int stepsDone() const = 0; ///< since the last reset

    virtual PendulumPose pose() const = 0;
    /// A blow on the cart: its generalised momentum grows by this at once. EnvironmentError if it is not finite.
    virtual void push(double impulse_n_s) = 0;
    virtual double energy_j() const = 0; ///< kinetic and potential, zero at rest with every pole at the rail's height

    /// All that decides the future, with the step counter; setState() continues to the bit.
    /// Throws DocumentError for a state of another size or with numbers that are not finite, and changes nothing then.
    virtual std::vector<double> state() const = 0;
    virtual void setState(std::span<const double> state) = 0;
};

/// `values` must be over kind.parameters. Throws MissingLibraryError, with what to install, if this build cannot.
std::unique_ptr<Environment> makeEnvironment(const EnvironmentKind& kind, const ParameterValues& values);
std::unique_ptr<Environment> makeEnvironment(const EnvironmentKind& kind); ///< with the published values

/// The shaped reward of an observation. With N the penalty, and for each watched quantity q with bound Q the term
/// N/2 if |q| > Q, else N |q| / Q - N/2: x and theta (double: x, sin theta1 and sin theta2); N more if `terminated`.
/// Reward noise is this function of an observation to which the noise was added.
double shapedReward(
    const EnvironmentKind& kind, const ParameterValues& values, std::span<const double> observation, bool terminated);

} // namespace endospike
