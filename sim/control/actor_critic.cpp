#include "sim/control/actor_critic.h"

#include "sim/control/squashed_gaussian.h"

#include <algorithm>

namespace endospike {

template <class T>
ActorCritic<T>::ActorCritic(Actor<T>& actor, double actionLimit, int criticWidth, int batch)
    : m_actor(actor)
    , m_actionLimit(static_cast<T>(actionLimit))
    , m_critics{Perceptron<T>({actor.observationSize() + 1, criticWidth}, batch),
          Perceptron<T>({actor.observationSize() + 1, criticWidth}, batch)}
{
    const auto size = static_cast<std::size_t>(batch);
    for (auto* values : {&m_mean, &m_logSigma})
        values->resize(2 * size);
    for (auto* values : {&m_actions, &m_logProbabilities, &m_targets, &m_toMean, &m_toLogSigma, &m_given, &m_values[0],
             &m_values[1], &m_toAction})
        values->resize(size);
    m_rows.reserve(size);
    m_inputs.resize(size * static_cast<std::size_t>(actor.observationSize() + 1));
}

template <class T>
void ActorCritic<T>::decide(const TransitionBatch<T>& batch)
{
    m_actor.forward(batch.observations.data(), batch.size, 2, m_mean.data(), m_logSigma.data());
}

/// The latest observation (moment 0) or the next (1), then the action.
template <class T>
void ActorCritic<T>::fillInputs(const TransitionBatch<T>& batch, int moment, const T* actions)
{
    const int numbers = m_actor.observationSize();
    const T* from =
        batch.observations.data() + (m_actor.shown() - 1 + moment) * static_cast<std::ptrdiff_t>(batch.size) * numbers;
    T* to = m_inputs.data();
    for (int i = 0; i < batch.size; ++i, from += numbers) {
        to = std::copy_n(from, numbers, to);
        *to++ = actions[i];
    }
}

template <class T>
double ActorCritic<T>::criticLoss(const TransitionBatch<T>& batch, double discount, double temperature,
    const T* normals, std::span<const T> critics, std::span<const T> targets, std::span<T> gradients)
{
    const int size = batch.size;
    const std::size_t count = criticShape().size();
    const std::ptrdiff_t stride = m_actor.observationSize() + 1;
    const auto gamma = static_cast<T>(discount), alpha = static_cast<T>(temperature);
    for (int i = 0; i < size; ++i) {
        const SquashedGaussian<T> next(m_mean[size + i], m_logSigma[size + i], normals[i]);
        m_actions[i] = m_actionLimit * next.action;
        m_logProbabilities[i] = next.logProbability;
    }
    fillInputs(batch, 1, m_actions.data());
    for (int c = 0; c < 2; ++c)
        m_critics[c].forward(targets.data() + c * count, m_inputs.data(), stride, size, m_values[c].data());
    for (int i = 0; i < size; ++i)
        m_targets[i] = batch.rewards[i]
            + gamma * batch.goesOn[i] * (std::min(m_values[0][i], m_values[1][i]) - alpha * m_logProbabilities[i]);

    fillInputs(batch, 0, batch.actions.data());
    double loss = 0;
    for (int c = 0; c < 2; ++c) {
        const T* const parameters = critics.data() + c * count;
        m_critics[c].forward(parameters, m_inputs.data(), stride, size, m_values[c].data());
        for (int i = 0; i < size; ++i) {
            const T difference = m_values[c][i] - m_targets[i];
            loss += static_cast<double>(difference * difference);
            m_given[i] = 2 * difference / static_cast<T>(size);
        }
        m_critics[c].goBack(parameters, m_given.data(), size);
        m_critics[c].gradient(m_inputs.data(), stride, m_given.data(), size, gradients.data() + c * count);
    }
    return loss / size;
}

template <class T>
PolicyLoss ActorCritic<T>::policyLoss(const TransitionBatch<T>& batch, double temperature, const T* normals,
    std::span<const T> critics, std::span<T> gradient)
{
    const int size = batch.size;
    const std::size_t count = criticShape().size();
    const std::ptrdiff_t stride = m_actor.observationSize() + 1;
    const auto alpha = static_cast<T>(temperature), share = 1 / static_cast<T>(size);
    for (int i = 0; i < size; ++i)
        m_actions[i] = m_actionLimit * SquashedGaussian<T>(m_mean[i], m_logSigma[i], normals[i]).action;
    fillInputs(batch, 0, m_actions.data());
    for (int c = 0; c < 2; ++c)
        m_critics[c].forward(critics.data() + c * count, m_inputs.data(), stride, size, m_values[c].data());
    // The gradient takes the lower critic of each transition alone.
    std::fill_n(m_given.data(), size, T(1));
    for (int c = 0; c < 2; ++c) {
        m_rows.clear();
        for (int i = 0; i < size; ++i)
            if ((m_values[0][i] <= m_values[1][i] ? 0 : 1) == c)
                m_rows.push_back(i);
        const int rows = static_cast<int>(m_rows.size());
        m_critics[c].keepRows(m_rows);
        m_critics[c].goBack(critics.data() + c * count, m_given.data(), rows);
        m_critics[c].inputGradient(critics.data() + c * count, m_actor.observationSize(), rows, m_targets.data());
        for (int i = 0; i < rows; ++i)
            m_toAction[m_rows[i]] = m_targets[i];
    }
    PolicyLoss result;
    for (int i = 0; i < size; ++i) {
        const SquashedGaussian<T> now(m_mean[i], m_logSigma[i], normals[i]);
        result.loss += static_cast<double>(alpha * now.logProbability - std::min(m_values[0][i], m_values[1][i]));
        result.logProbability += static_cast<double>(now.logProbability);
        const T toU = m_toAction[i] * m_actionLimit * now.slope; // d Q / d u
        m_toMean[i] = share * (alpha * now.toMean() - toU);
        m_toLogSigma[i] = now.clamped ? T(0) : share * (alpha * now.toLogSigma() - toU * now.spread);
    }
    m_actor.gradient(batch.observations.data(), size, m_toMean.data(), m_toLogSigma.data(), gradient.data());
    result.loss /= size;
    result.logProbability /= size;
    return result;
}

template class ActorCritic<float>;
template class ActorCritic<double>;

} // namespace endospike
