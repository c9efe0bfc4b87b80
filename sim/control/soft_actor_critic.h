// Soft actor-critic as it learns: networks, optimisers, temperature and replay of one training, and one update. The
// same seed gives the same bits. Equations in actor_critic.h; one update is
//
//   draw a batch; Adam on both critics; Adam on the policy with the new critics; if asked for, Adam on log alpha:
//   loss -log alpha (mean log p + target entropy); targets += tau (critics - targets)
#pragma once

#include "sim/control/actor_critic.h"
#include "sim/control/plan.h"
#include "sim/control/replay.h"
#include "sim/network/optimizer.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace endospike {

struct SacUpdate {
    double criticLoss = 0; ///< sum of both
    double policyLoss = 0;
    double entropy = 0; ///< of the policy, mean over the batch, nats
};

/// Of one policy and seed, with published or trained weights; memory for so many samples at once.
std::unique_ptr<Actor<float>> makeActor(const ControlPlan& plan, std::uint64_t seed, int mostSamples);

class SoftActorCritic {
public:
    /// `plan` of one policy alone. Throws DocumentError if the settings cannot be run.
    SoftActorCritic(const ControlPlan& plan, std::uint64_t seed);

    Actor<float>& actor() { return *m_actor; }
    const Actor<float>& actor() const { return *m_actor; }
    Replay& replay() { return m_replay; }
    const Replay& replay() const { return m_replay; }
    bool canUpdate() const { return m_replay.transitions() >= static_cast<std::size_t>(m_batchSize); }
    /// `index` counts updates from 0. Throws nothing; what is not finite shows in the result.
    SacUpdate update(std::uint64_t index);
    double temperature() const;

    /// All that changes besides the replay, for a checkpoint. Parameters in padded rows, as they are in memory.
    struct State {
        std::vector<float> critics, targets; ///< two perceptrons each
        OptimizerState actorMoments, criticMoments;
        double logTemperature = 0, temperatureMean = 0, temperatureSquare = 0; ///< with the moments of its Adam
    };
    const PerceptronShape& criticShape() const { return m_losses.criticShape(); }
    State state() const;
    /// Throws std::invalid_argument if lengths do not fit.
    void setState(State state);

private:
    void tuneTemperature(double logProbability);
    void averageTargets();

    std::uint64_t m_seed;
    int m_batchSize;
    double m_discount, m_targetRate, m_learningRate, m_targetEntropy;
    bool m_automatic;
    std::unique_ptr<Actor<float>> m_actor;
    ActorCritic<float> m_losses;
    Replay m_replay;
    std::vector<float> m_critics, m_targets, m_criticGradient, m_actorGradient, m_normals;
    TransitionBatch<float> m_batch;
    Optimizer m_actorOptimizer, m_criticOptimizer;
    double m_logTemperature, m_temperatureMean = 0, m_temperatureSquare = 0;
    Workers m_alone{1};
};

} // namespace endospike
