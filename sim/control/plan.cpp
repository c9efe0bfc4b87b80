#include "sim/control/plan.h"

namespace endospike {
namespace {

using enum ParameterKind;
constexpr double mostSeed = 4294967295.0;

constexpr Parameter rows[] = {
    {"steps", "Environment steps", "", "", 40000, 1, 1e8, 5000, 200'000,
        "How long each policy is trained, in steps of the environment.", integer, {}, true},
    {"seeds", "Seeds", "", "", 1, 1, 100, 1, 10, "How often each policy is trained, with other random numbers.",
        integer},
    {"first_seed", "First seed", "", "", 1, 0, mostSeed, 0, 1000, "Seed of the first training; the next ones count up.",
        integer},
    {"discount", "Discount", "γ", "", 0.99, 0, 0.99999, 0.9, 0.999, "What a reward is worth one step later."},
    {"target_rate", "Target averaging", "τ", "", 0.005, 1e-5, 1, 1e-3, 0.1,
        "The critics that give the targets move this part of the way to the trained ones after every update.", real, {},
        true},
    {"learning_rate", "Learning rate", "", "", 3e-4, 1e-7, 1, 1e-5, 0.01,
        "Size of a step of the optimiser (Adam), for critics, policy and temperature.", real, {}, true},
    {"temperature", "Temperature", "α", "", 0.2, 1e-6, 1000, 0.01, 2,
        "What entropy is worth, in units of the reward; with automatic temperature, where it starts.", real, {}, true},
    {"automatic_temperature", "Automatic temperature", "", "", 0, 0, 1, 0, 1,
        "Tune the temperature so that the policy's entropy stays near its target. Published: off.",
        ParameterKind::flag},
    {"target_entropy", "Target entropy", "", "nat", -1, -20, 1, -5, 0,
        "With automatic temperature: entropy of the action, as part of its limit, that is aimed at."},
    {"batch", "Batch", "", "", 64, 1, 4096, 16, 256, "Transitions for each update.", integer, {}, true},
    {"replay", "Replay", "", "", 1e6, 100, 1e7, 1e4, 1e6, "Observations kept to learn from; the oldest are dropped.",
        integer, {}, true},
    {"random_steps", "Random steps", "", "", 2000, 0, 1e7, 0, 10000,
        "Steps at the beginning whose actions are drawn uniformly; learning begins as soon as there is a batch.",
        integer},
    {"updates_per_step", "Updates for each step", "", "", 1, 0, 100, 1, 4,
        "Updates of critics and policy after each step of the environment.", integer},
    {"critic_width", "Critic width", "", "", 128, 1, 1024, 32, 512,
        "Neurons of each of the two hidden layers of both critics. Not published; 256 is customary, at three times the "
        "cost.",
        integer, {}, true},
    {"state_noise", "State noise", "", "", 0, 0, 100, 0, 0.01,
        "Gaussian noise of this standard deviation is added to every observation. Published: 0.002."},
    {"reward_noise", "Reward noise", "", "", 0, 0, 100, 0, 0.5,
        "The reward is computed from an observation to which noise of this standard deviation was added. Published: "
        "0.1."},
    {"evaluation_interval", "Evaluate every", "", "steps", 2000, 0, 1e8, 0, 10000,
        "Steps between tests of the policy without noise in its action; 0 for none.", integer},
    {"evaluation_episodes", "Episodes of a test", "", "", 3, 1, 1000, 1, 20, "Whole episodes played in each test.",
        integer},
    {"checkpoint_interval", "Checkpoint every", "", "steps", 5000, 1, 1e8, 1000, 50000,
        "Steps between checkpoints; another is written on stop and at the end.", integer, {}, true},
};
static_assert(std::size(rows) == control::checkpoint_interval + 1);

} // namespace

ParameterTable controlTable() { return rows; }

ControlPlan::ControlPlan()
    : environment(&environmentKinds().front())
    , environmentParameters(environment->parameters)
    , settings(controlTable())
{
}

void ControlPlan::setEnvironment(const EnvironmentKind& kind)
{
    environment = &kind;
    environmentParameters = ParameterValues(kind.parameters);
}

} // namespace endospike
