#include "sim/control/policy.h"

#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/control/checkpoint.h"
#include "sim/control/plan_json.h"
#include "sim/control/soft_actor_critic.h"
#include "sim/control/squashed_gaussian.h"
#include "sim/runs/safetensors.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <stdexcept>

namespace endospike {
namespace {

constexpr std::string_view formatVersion = "1";
constexpr std::size_t maximumPolicyBytes = std::size_t{2} << 30;

std::vector<float> toFloats(std::span<const double> values) { return {values.begin(), values.end()}; }

} // namespace

Policy::Policy(ControlPlan plan, RunId id, std::int64_t stepsTrained, std::shared_ptr<const Actor<float>> actor)
    : m_plan(std::move(plan))
    , m_id(std::move(id))
    , m_stepsTrained(stepsTrained)
    , m_actor(std::move(actor))
{
}

std::vector<ControlTensor> Policy::tensors() const { return m_actor->tensors(); }

PolicyPlayer::PolicyPlayer(std::shared_ptr<const Policy> policy) { setPolicy(std::move(policy)); }

PolicyPlayer::~PolicyPlayer() = default;

void PolicyPlayer::setPolicy(std::shared_ptr<const Policy> policy)
{
    if (m_policy && policy->plan().environment != m_policy->plan().environment)
        throw std::invalid_argument("the policy is for another environment");
    m_policy = std::move(policy);
    m_actor = std::make_unique<Actor<float>>(m_policy->actor(), 1);
    const auto numbers = static_cast<std::size_t>(m_actor->observationSize());
    if (!m_window.empty() && m_window.size() != numbers * static_cast<std::size_t>(m_actor->shown()))
        fill({m_window.end() - static_cast<std::ptrdiff_t>(numbers), m_window.end()});
}

void PolicyPlayer::fill(std::vector<float> observation)
{
    m_window.clear();
    for (int k = 0; k < m_actor->shown(); ++k)
        m_window.insert(m_window.end(), observation.begin(), observation.end());
}

void PolicyPlayer::begin(std::span<const double> observation) { fill(toFloats(observation)); }

void PolicyPlayer::observe(std::span<const double> observation)
{
    m_window.erase(m_window.begin(), m_window.begin() + std::ssize(observation));
    m_window.insert(m_window.end(), observation.begin(), observation.end());
}

double PolicyPlayer::actWith(double normal, PolicyRecord* record)
{
    float mean = 0, logSigma = 0;
    m_actor->forward(m_window.data(), 1, 1, &mean, &logSigma);
    const SquashedGaussian<float> decision(mean, logSigma, static_cast<float>(normal));
    const double action = m_policy->plan().environment->actionLimit * static_cast<double>(decision.action);
    if (record) {
        m_actor->record(*record);
        record->mean = static_cast<double>(mean);
        record->logSigma = static_cast<double>(
            std::clamp(logSigma, SquashedGaussian<float>::lowestLogSigma, SquashedGaussian<float>::highestLogSigma));
        record->action = action;
    }
    return action;
}

std::shared_ptr<const Policy> makePolicy(const ControlPlan& plan, const RunId& id)
{
    ControlPlan own = planOf(plan, id);
    auto actor = std::shared_ptr<const Actor<float>>(makeActor(own, id.seed, 1));
    return std::make_shared<const Policy>(std::move(own), id, 0, std::move(actor));
}

void writePolicy(const std::string& path, const Policy& policy)
{
    SafeTensors file;
    file.metadata = {{"format", std::string(policyFormat)}, {"version", std::string(formatVersion)},
        {"run", policy.id().label()}, {"experiment", controlDocument(policy.plan(), policy.id().label())},
        {"steps", std::to_string(policy.stepsTrained())}};
    const std::vector<ControlTensor> tensors = policy.tensors();
    addTensors(file, "", tensors);
    writeSafeTensors(path, file);
}

std::shared_ptr<const Policy> readPolicy(const std::string& path)
{
    std::error_code ignored;
    const std::string file = std::filesystem::is_directory(path, ignored) ? policyPath(path) : path;
    return parsePolicy(readWholeFile(file, maximumPolicyBytes), file);
}

std::shared_ptr<const Policy> parsePolicy(std::string_view bytes, const std::string& name)
{
    const SafeTensors file = parseSafeTensors(bytes, name);
    if (metadataOf(file, "format", name) == controlCheckpointFormat)
        return parseControlCheckpoint(bytes, name).policy();
    if (metadataOf(file, "format", name) != policyFormat)
        throw FileError(name, "is not a policy of Endospike");
    if (metadataOf(file, "version", name) != formatVersion)
        throw FileError(name, "was written by a newer version of Endospike");
    auto [plan, id] = planOfExperimentText(metadataOf(file, "experiment", name), file, name);
    const std::string& steps = metadataOf(file, "steps", name);
    std::int64_t trained = -1;
    std::from_chars(steps.data(), steps.data() + steps.size(), trained);
    if (trained < 0)
        throw FileError(name, "does not say how long the policy was trained");
    std::shared_ptr<Actor<float>> actor = makeActor(plan, id.seed, 1);
    const std::size_t taken = takeTensors(
        file, "", actor->tensors(),
        [&](std::span<const ControlTensor> found) { actor->setTensors(found, actor->values()); }, name);
    if (taken != file.tensors.size())
        throw FileError(name, "is of another policy: it has tensors that this one does not have");
    return std::make_shared<const Policy>(std::move(plan), id, trained, std::move(actor));
}

} // namespace endospike
