// One policy at play: an environment, the policy's window on it, and the noise that is added.
#pragma once

#include "sim/control/policy.h"

#include <memory>
#include <optional>

namespace endospike {

/// What a person does to the play; the same for every player.
struct Disturbances {
    double stateNoise = 0; ///< standard deviation, on every observation that the policy sees
    double rewardNoise = 0; ///< the shown reward is computed from an observation with this much noise
    std::uint64_t seed = 1; ///< of the first episode; the next ones count up
};

class ControlPlayer {
public:
    /// Throws MissingLibraryError if the policy's environment cannot be simulated; without MuJoCo the cart and pole in
    /// closed form stand for the inverted pendulum, which they equal.
    void setPolicy(std::shared_ptr<const Policy> policy);
    /// A later state of the same training takes over in the middle of an episode.
    void exchangePolicy(std::shared_ptr<const Policy> policy);
    bool hasPolicy() const { return m_player != nullptr; }
    const Policy& policy() const { return m_player->policy(); }

    void setDisturbances(const Disturbances& disturbances) { m_disturbances = disturbances; }
    void begin(int episode); ///< counts from 0
    /// One decision and one step of the environment.
    void step();
    void push(double impulse_n_s);

    bool isFallen() const { return m_fallen; }
    int episode() const { return m_episode; }
    int steps() const { return m_environment ? m_environment->stepsDone() : 0; }
    double reward() const { return m_reward; } ///< of the last step
    double step_s() const { return m_environment->kind().step_s; }
    const PolicyRecord& record() const { return m_record; } ///< of the last decision
    const Environment& environment() const { return *m_environment; }
    /// Between the last two states: 0 the former, 1 the present one.
    PendulumPose poseAt(double part) const;

private:
    std::vector<double> seen(std::uint64_t index) const;

    std::unique_ptr<Environment> m_environment;
    std::unique_ptr<PolicyPlayer> m_player;
    Disturbances m_disturbances;
    PolicyRecord m_record;
    PendulumPose m_before;
    PendulumPose m_now;
    double m_reward = 0;
    int m_episode = 0;
    bool m_fallen = false;
};

} // namespace endospike
