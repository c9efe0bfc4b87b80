#include "sim/control/balancing_task.h"

#include "sim/base/errors.h"
#include "sim/base/random.h"

#include <algorithm>
#include <cmath>

namespace endospike {

BalancingTask::BalancingTask(const EnvironmentKind& kind, const ParameterValues& values)
    : m_kind(kind)
    , m_observation(std::size_t(kind.observations))
    , m_values(values)
{
    if (values.table().data() != kind.parameters.data())
        throw DocumentError(
            "environment.parameters", "", "are those of another environment than " + std::string(kind.key));
}

EnvironmentStep BalancingTask::step(double action)
{
    if (!std::isfinite(action))
        throw EnvironmentError(std::string(m_kind.name), "the action is not a finite number", m_steps + 1);
    advance(std::clamp(action, -m_kind.actionLimit, m_kind.actionLimit));
    ++m_steps;
    const bool terminated = fallen() || !std::all_of(m_observation.begin(), m_observation.end(), [](double number) {
        return std::isfinite(number);
    });
    return {shapedReward(m_kind, m_values, m_observation, terminated), taskReward(), terminated,
        m_steps >= m_kind.maximumSteps};
}

void BalancingTask::push(double impulse_n_s)
{
    if (!std::isfinite(impulse_n_s))
        throw EnvironmentError(std::string(m_kind.name), "the impulse is not a finite number", m_steps + 1);
    addMomentum(impulse_n_s);
}

double BalancingTask::damping() const { return m_values[environment::joint_damping]; }

int BalancingTask::checkedSteps(std::span<const double> state, std::size_t size) const
{
    const std::string path = "environment.state";
    if (state.size() != size)
        throw DocumentError(
            path, std::to_string(state.size()) + " numbers", std::string(m_kind.name) + " has " + std::to_string(size));
    for (std::size_t i = 0; i < size; ++i)
        if (!std::isfinite(state[i]))
            throw DocumentError(path + "." + std::to_string(i), "", "is not a finite number");
    if (state[0] < 0 || state[0] > 1e9 || state[0] != std::floor(state[0]))
        throw DocumentError(path + ".0", shortNumber(state[0]), "counts steps: a whole number from 0");
    return static_cast<int>(state[0]);
}

double startUniform(std::uint64_t seed, std::uint64_t index, double width)
{
    const double fraction = double(randomBits(seed, RandomPurpose::environment, index) >> 11) * 0x1p-53; // [0, 1)
    return width * (2 * fraction - 1);
}

double startNormal(std::uint64_t seed, std::uint64_t index)
{
    return randomNormal(seed, RandomPurpose::environment, index);
}

} // namespace endospike
