#include "app/control/player.h"

#include "sim/base/random.h"

#include <cmath>

namespace endospike {

namespace {

constexpr double poleLength_m = 0.6;

std::unique_ptr<Environment> environmentFor(const ControlPlan& plan)
{
    const EnvironmentKind& kind = *plan.environment;
    const EnvironmentKind* closedForm = findEnvironmentKind("cart_pole");
    if (environmentAvailable(kind) || kind.poles != closedForm->poles)
        return makeEnvironment(kind, plan.environmentParameters);
    ParameterValues values(closedForm->parameters);
    for (std::size_t row = 0; row < values.size(); ++row)
        values.set(row, plan.environmentParameters[row]);
    return makeEnvironment(*closedForm, values);
}

void addNoise(
    std::vector<double>& numbers, double deviation, std::uint64_t seed, RandomPurpose purpose, std::uint64_t index)
{
    if (deviation <= 0)
        return;
    std::vector<float> normals(numbers.size());
    randomNormals(seed, purpose, index, normals);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] += deviation * static_cast<double>(normals[i]);
}

} // namespace

void ControlPlayer::setPolicy(std::shared_ptr<const Policy> policy)
{
    auto environment = environmentFor(policy->plan()); // may throw: then everything stays
    m_player = std::make_unique<PolicyPlayer>(std::move(policy));
    m_environment = std::move(environment);
    m_record = {};
    begin(0);
}

void ControlPlayer::exchangePolicy(std::shared_ptr<const Policy> policy) { m_player->setPolicy(std::move(policy)); }

std::vector<double> ControlPlayer::seen(std::uint64_t index) const
{
    std::vector<double> numbers(m_environment->observation().begin(), m_environment->observation().end());
    addNoise(numbers, m_disturbances.stateNoise, m_disturbances.seed + std::uint64_t(m_episode),
        RandomPurpose::stateNoise, index);
    return numbers;
}

void ControlPlayer::begin(int episode)
{
    m_episode = episode;
    m_fallen = false;
    m_reward = 0;
    m_environment->reset(m_disturbances.seed + std::uint64_t(episode));
    m_now = m_before = m_environment->pose();
    m_player->begin(seen(0));
}

void ControlPlayer::step()
{
    const EnvironmentStep step = m_environment->step(m_player->act(&m_record));
    const auto index = static_cast<std::uint64_t>(m_environment->stepsDone());
    m_player->observe(seen(index));
    m_fallen = step.terminated;
    m_reward = step.reward;
    if (m_disturbances.rewardNoise > 0) {
        std::vector<double> numbers(m_environment->observation().begin(), m_environment->observation().end());
        addNoise(numbers, m_disturbances.rewardNoise, m_disturbances.seed + std::uint64_t(m_episode),
            RandomPurpose::rewardNoise, index);
        const ControlPlan& plan = policy().plan();
        m_reward = shapedReward(*plan.environment, plan.environmentParameters, numbers, step.terminated);
    }
    m_before = std::exchange(m_now, m_environment->pose());
}

void ControlPlayer::push(double impulse_n_s)
{
    if (m_environment && !m_fallen)
        m_environment->push(impulse_n_s);
}

PendulumPose ControlPlayer::poseAt(double part) const
{
    PendulumPose pose = m_now;
    pose.cart_m = std::lerp(m_before.cart_m, m_now.cart_m, part);
    PendulumPose::Point end{pose.cart_m, 0};
    for (std::size_t i = 0; i < pose.angles_rad.size(); ++i) {
        const double angle = std::lerp(m_before.angles_rad[i], m_now.angles_rad[i], part);
        end = {end.x_m + poleLength_m * std::sin(angle), end.z_m + poleLength_m * std::cos(angle)};
        pose.angles_rad[i] = angle;
        pose.ends[i] = end;
    }
    return pose;
}

} // namespace endospike
