// What every cart with poles has in common: clipping, counting, ends of episodes and rewards around some physics.
#pragma once

#include "sim/control/environment.h"

namespace endospike {

class BalancingTask : public Environment {
public:
    BalancingTask(const EnvironmentKind& kind, const ParameterValues& values);

    const EnvironmentKind& kind() const final { return m_kind; }
    EnvironmentStep step(double action) final;
    std::span<const double> observation() const final { return m_observation; }
    int stepsDone() const final { return m_steps; }
    void push(double impulse_n_s) final;

protected:
    virtual void advance(double clippedAction) = 0; ///< one step of physics, and the new observation
    virtual void addMomentum(double impulse_n_s) = 0; ///< and the new observation
    virtual bool fallen() const = 0; ///< after the last advance()
    virtual double taskReward() const = 0; ///< for the last advance()

    double parameter(std::size_t row) const { return m_values[row]; }
    double damping() const;

    /// The step counter from the first number of a state of `size` numbers; DocumentError as for setState().
    int checkedSteps(std::span<const double> state, std::size_t size) const;

    const EnvironmentKind& m_kind;
    int m_steps = 0;
    std::vector<double> m_observation;

private:
    ParameterValues m_values;
};

/// Where episode `seed` begins: uniform in -width..width, and standard normal; `index` tells the numbers apart.
double startUniform(std::uint64_t seed, std::uint64_t index, double width);
double startNormal(std::uint64_t seed, std::uint64_t index);

} // namespace endospike
