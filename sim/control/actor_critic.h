// The losses of soft actor-critic over a batch and their gradients (Haarnoja et al. 2018, arXiv:1812.05905), with
// a' and a drawn from the policy after the next and after this observation:
//
//   target    y = r + gamma (1 - terminated) (min(Q1t, Q2t)(o', a') - alpha log p(a'))
//   critics   mean (Q1(o, a_taken) - y)^2 + mean (Q2(o, a_taken) - y)^2
//   policy    mean (alpha log p(a) - min(Q1, Q2)(o, a))
//
// Critics see the latest observation and the action in the environment's unit (limit x tanh); log p is the density of
// the tanh (squashed_gaussian.h). An episode that was cut off after its last step goes on for the target.
// For .cpp files of this folder and tests: T is float, or double for comparison with finite differences.
#pragma once

#include "sim/control/actor.h"

#include <array>
#include <span>
#include <vector>

namespace endospike {

/// Transitions, memory to be reused.
template <class T>
struct TransitionBatch {
    int size = 0;
    std::vector<T> observations; ///< [shown + 1][size][numbers]; the last is the next, the one before the latest
    std::vector<T> actions; ///< [size], in the environment's unit
    std::vector<T> rewards; ///< [size]
    std::vector<T> goesOn; ///< [size], 0 where the episode terminated, else 1
};

struct PolicyLoss {
    double loss = 0;
    double logProbability = 0; ///< mean; the entropy is the negative
};

template <class T>
class ActorCritic {
public:
    /// `actor` must live longer.
    ActorCritic(Actor<T>& actor, double actionLimit, int criticWidth, int batch);

    /// Inputs: the observation, then the action.
    const PerceptronShape& criticShape() const { return m_critics[0].shape(); }

    /// The policy's decisions for both moments of every transition; the losses use them.
    void decide(const TransitionBatch<T>& batch);
    /// `critics`, `targets`, `gradients`: parameters of two perceptrons, one after the other. `normals` [size].
    double criticLoss(const TransitionBatch<T>& batch, double discount, double temperature, const T* normals,
        std::span<const T> critics, std::span<const T> targets, std::span<T> gradients);
    /// `gradient` laid out as the actor's values.
    PolicyLoss policyLoss(const TransitionBatch<T>& batch, double temperature, const T* normals,
        std::span<const T> critics, std::span<T> gradient);

private:
    void fillInputs(const TransitionBatch<T>& batch, int moment, const T* actions);

    Actor<T>& m_actor;
    T m_actionLimit;
    std::array<Perceptron<T>, 2> m_critics;
    std::vector<T> m_mean, m_logSigma; ///< [2][size]
    std::vector<T> m_inputs; ///< [size][numbers + 1]
    std::vector<T> m_actions, m_logProbabilities, m_targets, m_toMean, m_toLogSigma, m_given;
    std::vector<T> m_toAction;
    std::array<std::vector<T>, 2> m_values;
    std::vector<int> m_rows;
};

extern template class ActorCritic<float>;
extern template class ActorCritic<double>;

} // namespace endospike
