#include "sim/control/checkpoint.h"

#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/control/plan_json.h"
#include "sim/control/tensor_view.h"
#include "sim/runs/same_settings.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <type_traits>

namespace endospike {
namespace {

constexpr std::string_view formatVersion = "1";
constexpr std::size_t maximumControlBytes = std::size_t{4} << 30;

/// Two critics in one row of numbers.
std::vector<TensorView> criticViews(const PerceptronShape& shape)
{
    std::vector<TensorView> views;
    for (int c = 0; c < 2; ++c)
        for (TensorView& view : perceptronTensors(std::to_string(c), shape, 1, shape.inputs, c * shape.size()))
            views.push_back(std::move(view));
    return views;
}

std::vector<ControlTensor> criticTensors(const std::vector<TensorView>& views, std::span<const float> values)
{
    std::vector<ControlTensor> tensors;
    for (const TensorView& view : views)
        tensors.push_back(tensorOf<float>(view, values));
    return tensors;
}

/// All tensors of networks and optimisers, group by group.
struct TensorGroup {
    std::string prefix;
    std::vector<ControlTensor> tensors;
};
std::vector<TensorGroup> groupsOf(const SoftActorCritic& learner, const SoftActorCritic::State& state)
{
    const Actor<float>& actor = learner.actor();
    const std::vector<TensorView> views = criticViews(learner.criticShape());
    return {{"", actor.tensors()}, {"first_moment.", actor.tensorsOf(state.actorMoments.firstMoment)},
        {"second_moment.", actor.tensorsOf(state.actorMoments.secondMoment)},
        {"critic.", criticTensors(views, state.critics)}, {"target.", criticTensors(views, state.targets)},
        {"first_moment.critic.", criticTensors(views, state.criticMoments.firstMoment)},
        {"second_moment.critic.", criticTensors(views, state.criticMoments.secondMoment)}};
}

template <class T>
constexpr std::string_view typeName()
{
    if (std::is_same_v<T, float>)
        return "F32";
    if (std::is_same_v<T, double>)
        return "F64";
    return std::is_same_v<T, std::int32_t> ? "I32" : "U8";
}

/// A view of a row of numbers, or of rows of `columns`.
template <class T>
SafeTensor rowTensor(std::string name, const std::vector<T>& values, std::size_t columns = 0)
{
    std::vector<std::uint64_t> shape = {values.size()};
    if (columns > 0)
        shape = {values.size() / columns, columns};
    return {std::move(name), std::string(typeName<T>()), std::move(shape),
        {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}};
}

/// What comes out of a file besides networks. `taken` counts.
class RowReader {
public:
    RowReader(const SafeTensors& file, const std::string& name)
        : m_file(file)
        , m_name(name)
    {
    }

    template <class T>
    std::vector<T> take(const std::string& tensor)
    {
        const SafeTensor* found = m_file.find(tensor);
        if (!found || found->type != typeName<T>())
            throw FileError(m_name, "has no tensor \"" + tensor + "\" of the type " + std::string(typeName<T>()));
        ++m_taken;
        std::vector<T> values(found->bytes.size() / sizeof(T));
        if (!values.empty())
            std::memcpy(values.data(), found->bytes.data(), values.size() * sizeof(T));
        if constexpr (std::is_floating_point_v<T>)
            if (!std::ranges::all_of(values, [](T value) { return std::isfinite(value); }))
                throw FileError(m_name, "has a number in \"" + tensor + "\" that is not finite");
        return values;
    }
    std::size_t taken() const { return m_taken; }

private:
    const SafeTensors& m_file;
    const std::string& m_name;
    std::size_t m_taken = 0;
};

std::string progressText(const ControlCheckpoint& c, const SoftActorCritic::State& state)
{
    const ControlPosition& p = c.position;
    const Json json = {{"step", p.step}, {"updates", p.updates}, {"episode", p.episode},
        {"episode_length", p.episodeLength}, {"episode_reward", p.episodeReward}, {"report_updates", p.reportUpdates},
        {"critic_loss", p.criticLoss}, {"policy_loss", p.policyLoss}, {"entropy", p.entropy},
        {"elapsed_s", p.elapsed_s}, {"policy_optimizer_steps", state.actorMoments.steps},
        {"critic_optimizer_steps", state.criticMoments.steps}, {"log_temperature", state.logTemperature},
        {"temperature_mean", state.temperatureMean}, {"temperature_square", state.temperatureSquare}};
    return json.dump();
}

double finite(ObjectReader& reader, std::string_view key)
{
    const double value = reader.figure(key);
    if (!std::isfinite(value))
        throw DocumentError(reader.pathOf(key), "", "must be a finite number");
    return value;
}

void takeProgress(const std::string& text, ControlPosition& p, SoftActorCritic::State& state)
{
    const Json json = parseDocument(text);
    ObjectReader reader(json, "progress");
    p.step = static_cast<std::int64_t>(reader.whole("step", 0, 1e12));
    p.updates = static_cast<std::uint64_t>(reader.whole("updates", 0, 1e14));
    p.episode = reader.count("episode");
    p.episodeLength = reader.count("episode_length");
    p.episodeReward = finite(reader, "episode_reward");
    p.reportUpdates = reader.count("report_updates");
    p.criticLoss = finite(reader, "critic_loss");
    p.policyLoss = finite(reader, "policy_loss");
    p.entropy = finite(reader, "entropy");
    p.elapsed_s = finite(reader, "elapsed_s");
    state.actorMoments.steps = static_cast<std::uint64_t>(reader.whole("policy_optimizer_steps", 0, 0x1p53));
    state.criticMoments.steps = static_cast<std::uint64_t>(reader.whole("critic_optimizer_steps", 0, 0x1p53));
    state.logTemperature = finite(reader, "log_temperature");
    state.temperatureMean = finite(reader, "temperature_mean");
    state.temperatureSquare = finite(reader, "temperature_square");
    reader.finish();
}

std::size_t takeLearnt(
    const SafeTensors& file, ControlCheckpoint& c, SoftActorCritic::State& state, const std::string& name)
{
    Actor<float>& actor = c.learner->actor();
    const std::vector<TensorView> views = criticViews(c.learner->criticShape());
    const auto forActor = [&](std::span<float> to) {
        return [&actor, to](std::span<const ControlTensor> found) { actor.setTensors(found, to); };
    };
    const auto forCritics = [&](std::span<float> to) {
        return [&views, to](std::span<const ControlTensor> found) {
            for (std::size_t i = 0; i < views.size(); ++i)
                takeTensor<float>(views[i], found[i], to);
        };
    };
    const std::function<void(std::span<const ControlTensor>)> takers[] = {forActor(actor.values()),
        forActor(state.actorMoments.firstMoment), forActor(state.actorMoments.secondMoment), forCritics(state.critics),
        forCritics(state.targets), forCritics(state.criticMoments.firstMoment),
        forCritics(state.criticMoments.secondMoment)};
    std::size_t taken = 0;
    std::vector<TensorGroup> groups = groupsOf(*c.learner, state);
    for (std::size_t i = 0; i < groups.size(); ++i)
        taken += takeTensors(file, groups[i].prefix, std::move(groups[i].tensors), takers[i], name);
    return taken;
}

void checkPosition(const ControlCheckpoint& c, const std::string& name)
{
    const ControlPosition& p = c.position;
    const auto window = static_cast<std::size_t>(c.plan.environment->observations * c.learner->actor().shown());
    if (p.recentRewards.size() > controlRewardWindow
        || p.step > static_cast<std::int64_t>(c.plan.settings[control::steps])
        || (p.episodeLength > 0 && p.window.size() != window))
        throw FileError(name, "has figures that do not fit each other");
}

} // namespace

ControlCheckpoint::ControlCheckpoint(const ControlPlan& plan_, const RunId& id_)
    : plan(planOf(plan_, id_))
    , id(id_)
    , learner(std::make_unique<SoftActorCritic>(plan, id.seed))
{
}

std::shared_ptr<const Policy> ControlCheckpoint::policy() const
{
    return std::make_shared<const Policy>(
        plan, id, position.step, std::make_shared<const Actor<float>>(learner->actor(), 1));
}

std::string policyPath(const std::string& folder)
{
    return (std::filesystem::path(folder) / "policy.safetensors").string();
}

void writeControlCheckpoint(const std::string& path, const ControlCheckpoint& c)
{
    const SoftActorCritic::State state = c.learner->state();
    const std::vector<TensorGroup> groups = groupsOf(*c.learner, state);
    const ReplayMoments replay = c.learner->replay().moments();
    const auto numbers = static_cast<std::size_t>(c.plan.environment->observations);
    SafeTensors file;
    file.metadata = {{"format", std::string(controlCheckpointFormat)}, {"version", std::string(formatVersion)},
        {"run", c.id.label()}, {"experiment", controlDocument(c.plan, c.id.label())},
        {"progress", progressText(c, state)}};
    for (const TensorGroup& group : groups)
        addTensors(file, group.prefix, group.tensors);
    for (const SafeTensor& tensor :
        {rowTensor("environment.state", c.position.environment), rowTensor("recent_rewards", c.position.recentRewards),
            rowTensor("window", c.position.window), rowTensor("replay.observations", replay.observations, numbers),
            rowTensor("replay.actions", replay.actions), rowTensor("replay.rewards", replay.rewards),
            rowTensor("replay.ages", replay.ages), rowTensor("replay.terminated", replay.terminated)})
        file.tensors.push_back(tensor);
    writeSafeTensors(path, file);
}

ControlCheckpoint readControlCheckpoint(const std::string& path)
{
    return parseControlCheckpoint(readWholeFile(path, maximumControlBytes), path);
}

ControlCheckpoint parseControlCheckpoint(std::string_view bytes, const std::string& name)
{
    const SafeTensors file = parseSafeTensors(bytes, name);
    if (metadataOf(file, "format", name) != controlCheckpointFormat)
        throw FileError(name, "is not a checkpoint of a policy's training");
    if (metadataOf(file, "version", name) != formatVersion)
        throw FileError(name, "was written by a newer version of Endospike");
    const auto [plan, id] = planOfExperimentText(metadataOf(file, "experiment", name), file, name);
    ControlCheckpoint c(plan, id);
    SoftActorCritic::State state = c.learner->state();
    const std::size_t learnt = takeLearnt(file, c, state, name);
    takeProgress(metadataOf(file, "progress", name), c.position, state);
    RowReader rows(file, name);
    c.position.environment = rows.take<double>("environment.state");
    c.position.recentRewards = rows.take<double>("recent_rewards");
    c.position.window = rows.take<float>("window");
    ReplayMoments replay{rows.take<float>("replay.observations"), rows.take<float>("replay.actions"),
        rows.take<float>("replay.rewards"), rows.take<std::int32_t>("replay.ages"),
        rows.take<std::uint8_t>("replay.terminated")};
    if (learnt + rows.taken() != file.tensors.size())
        throw FileError(name, "is a checkpoint of another policy: it has tensors that this one does not have");
    checkPosition(c, name);
    try {
        c.learner->setState(std::move(state));
        c.learner->replay().setMoments(replay);
    } catch (const std::invalid_argument& error) {
        throw FileError(name, error.what());
    }
    return c;
}

void checkSamePlan(const ControlCheckpoint& checkpoint, const ControlPlan& plan)
{
    const PolicyPlan& begun = checkpoint.plan.policies.front();
    const PolicyPlan& asked = plan.policies.front();
    if (checkpoint.plan.environment != plan.environment)
        throw DocumentError("control.environment.kind", std::string(plan.environment->key),
            "is another environment than that of the checkpoint, " + std::string(checkpoint.plan.environment->key));
    const std::string path = "control.policies." + asked.name;
    if (begun.kind != asked.kind)
        throw DocumentError(join(path, "policy"), std::string(asked.kind->key),
            "is another policy than that of the checkpoint, " + std::string(begun.kind->key));
    checkSameSettings(begun.parameters, asked.parameters, join(path, "parameters"));
    checkSameSettings(
        checkpoint.plan.environmentParameters, plan.environmentParameters, "control.environment.parameters");
    checkSameSettings(checkpoint.plan.settings, plan.settings, "control.settings",
        {control::steps, control::evaluation_interval, control::evaluation_episodes, control::checkpoint_interval});
}

std::pair<ControlPlan, RunId> planOfExperimentText(
    const std::string& text, const SafeTensors& file, const std::string& name)
{
    const ControlPlan plan = controlPlanOf(readRunDocument(text, control::key));
    const std::vector<RunId> runs = runsOf(plan);
    if (runs.size() != 1)
        throw FileError(name, "does not say which one training it is of");
    // Before anything is made that would be far larger than the file.
    std::size_t bytes = 0;
    for (const SafeTensor& tensor : file.tensors)
        bytes += tensor.bytes.size();
    const PolicySettings s = policySettings(plan.policies.front());
    const double width = s.towerWidth;
    if (static_cast<double>(bytes) < sizeof(float) * 2 * width * (width + s.hidden))
        throw FileError(name, "is of another policy: it holds too few numbers");
    return {plan, runs.front()};
}

void addTensors(SafeTensors& file, const std::string& prefix, std::span<const ControlTensor> tensors)
{
    for (const ControlTensor& tensor : tensors)
        file.tensors.push_back(
            floatTensor(prefix + tensor.name, {tensor.shape.begin(), tensor.shape.end()}, tensor.values));
}

std::size_t takeTensors(const SafeTensors& file, const std::string& prefix, std::vector<ControlTensor> wanted,
    const std::function<void(std::span<const ControlTensor>)>& take, const std::string& name)
{
    for (ControlTensor& tensor : wanted)
        takeFloats(file, prefix + tensor.name, {tensor.shape.begin(), tensor.shape.end()}, tensor.values, name);
    take(wanted);
    return wanted.size();
}

} // namespace endospike
