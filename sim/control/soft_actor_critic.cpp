#include "sim/control/soft_actor_critic.h"

#include "sim/base/errors.h"
#include "sim/base/random.h"
#include "sim/control/tensor_view.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace endospike {
namespace {

constexpr double mostNumbers = 1e8; ///< of the policy's working memory, 400 MB

NetworkSettings adamSettings()
{
    NetworkSettings settings;
    settings.optimizer = OptimizerKind::adam;
    settings.weightDecay = 0;
    return settings;
}

void checkMemory(const ControlPlan& plan, int mostSamples)
{
    const PolicySettings s = policySettings(plan.policies.front());
    const double parts = plan.policies.front().kind->unit == PolicyUnit::sLifHh ? 4 : 1;
    const double numbers = (2 * parts * s.hidden * (s.observations + 2) + 8.0 * s.towerWidth) * mostSamples;
    if (numbers > mostNumbers)
        throw DocumentError("control", "",
            "batch, hidden neurons and observations shown need too much memory together; make one of them smaller");
}

std::vector<float> initialCritics(const PerceptronShape& shape, std::uint64_t seed)
{
    std::vector<float> critics(2 * shape.size());
    for (int c = 0; c < 2; ++c)
        for (const TensorView& view :
            perceptronTensors("critic." + std::to_string(c), shape, 1, shape.inputs, c * shape.size()))
            fillXavier<float>(view, seed, critics);
    return critics;
}

} // namespace

std::unique_ptr<Actor<float>> makeActor(const ControlPlan& plan, std::uint64_t seed, int mostSamples)
{
    checkMemory(plan, mostSamples);
    const PolicyPlan& policy = plan.policies.front();
    auto layer = makeNeuronLayer<float>(policy.kind->unit, policySettings(policy), drawFrozenNeurons(policy, seed));
    auto actor = std::make_unique<Actor<float>>(plan.environment->observations, std::move(layer), mostSamples);
    actor->fill(seed, policy);
    return actor;
}

SoftActorCritic::SoftActorCritic(const ControlPlan& plan, std::uint64_t seed)
    : m_seed(seed)
    , m_batchSize(static_cast<int>(plan.settings[control::batch]))
    , m_discount(plan.settings[control::discount])
    , m_targetRate(plan.settings[control::target_rate])
    , m_learningRate(plan.settings[control::learning_rate])
    , m_targetEntropy(plan.settings[control::target_entropy])
    , m_automatic(plan.settings[control::automatic_temperature] != 0)
    , m_actor(makeActor(plan, seed, m_batchSize))
    , m_losses(
          *m_actor, plan.environment->actionLimit, static_cast<int>(plan.settings[control::critic_width]), m_batchSize)
    , m_replay(
          static_cast<std::size_t>(plan.settings[control::replay]), plan.environment->observations, m_actor->shown())
    , m_critics(initialCritics(m_losses.criticShape(), seed))
    , m_targets(m_critics)
    , m_criticGradient(m_critics.size())
    , m_actorGradient(m_actor->values().size())
    , m_normals(2 * static_cast<std::size_t>(m_batchSize))
    , m_actorOptimizer(adamSettings(), m_actor->values().size())
    , m_criticOptimizer(adamSettings(), m_critics.size())
    , m_logTemperature(std::log(plan.settings[control::temperature]))
{
}

double SoftActorCritic::temperature() const { return std::exp(m_logTemperature); }

SacUpdate SoftActorCritic::update(std::uint64_t index)
{
    m_replay.draw(m_seed, index, m_batchSize, m_batch);
    randomNormals(m_seed, RandomPurpose::policyDraw, index, m_normals);
    const double alpha = temperature();
    SacUpdate result;
    m_losses.decide(m_batch);
    result.criticLoss =
        m_losses.criticLoss(m_batch, m_discount, alpha, m_normals.data(), m_critics, m_targets, m_criticGradient);
    m_criticOptimizer.step(m_critics, m_criticGradient, m_learningRate, m_alone);
    const PolicyLoss policy =
        m_losses.policyLoss(m_batch, alpha, m_normals.data() + m_batchSize, m_critics, m_actorGradient);
    m_actorOptimizer.step(m_actor->values(), m_actorGradient, m_learningRate, m_alone);
    result.policyLoss = policy.loss;
    result.entropy = -policy.logProbability;
    if (m_automatic)
        tuneTemperature(policy.logProbability);
    averageTargets();
    return result;
}

/// Adam on one number; see sim/network/optimizer.h.
void SoftActorCritic::tuneTemperature(double logProbability)
{
    constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    const double gradient = -(logProbability + m_targetEntropy);
    const auto t = static_cast<double>(m_actorOptimizer.state().steps);
    m_temperatureMean = beta1 * m_temperatureMean + (1 - beta1) * gradient;
    m_temperatureSquare = beta2 * m_temperatureSquare + (1 - beta2) * gradient * gradient;
    const double mean = m_temperatureMean / (1 - std::pow(beta1, t));
    const double square = m_temperatureSquare / (1 - std::pow(beta2, t));
    m_logTemperature -= m_learningRate * mean / (std::sqrt(square) + epsilon);
}

void SoftActorCritic::averageTargets()
{
    const auto tau = static_cast<float>(m_targetRate);
    float* const to = m_targets.data();
    const float* const from = m_critics.data();
    const std::size_t count = m_targets.size();
    for (std::size_t i = 0; i < count; ++i)
        to[i] += tau * (from[i] - to[i]);
}

SoftActorCritic::State SoftActorCritic::state() const
{
    return {m_critics, m_targets, m_actorOptimizer.state(), m_criticOptimizer.state(), m_logTemperature,
        m_temperatureMean, m_temperatureSquare};
}

void SoftActorCritic::setState(State state)
{
    if (state.critics.size() != m_critics.size() || state.targets.size() != m_targets.size())
        throw std::invalid_argument("the critics have another length");
    m_actorOptimizer.setState(std::move(state.actorMoments));
    m_criticOptimizer.setState(std::move(state.criticMoments));
    m_critics = std::move(state.critics);
    m_targets = std::move(state.targets);
    m_logTemperature = state.logTemperature;
    m_temperatureMean = state.temperatureMean;
    m_temperatureSquare = state.temperatureSquare;
}

} // namespace endospike
