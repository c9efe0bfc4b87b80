#include "sim/network/checkpoint.h"

#include "sim/base/document_json.h"
#include "sim/base/whole_file.h"
#include "sim/network/operation_count.h"
#include "sim/network/training_log.h"
#include "sim/network/training_plan_json.h"
#include "sim/runs/safetensors.h"
#include "sim/runs/same_settings.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

constexpr std::string_view formatVersion = "1";
constexpr std::string_view firstMoment = "optimizer.first_moment.";
constexpr std::string_view secondMoment = "optimizer.second_moment.";

std::string progressText(const Checkpoint& c)
{
    const Json json = {{"epoch", c.epoch}, {"batch", c.batch}, {"epoch_loss", c.epochLoss},
        {"epoch_correct", {c.epochCorrect[0], c.epochCorrect[1]}}, {"epoch_s", c.epoch_s}, {"elapsed_s", c.elapsed_s},
        {"optimizer_steps", c.optimizer.state().steps}};
    return json.dump();
}

std::string historyText(const Checkpoint& checkpoint)
{
    std::string text;
    for (const EpochMetrics& metrics : checkpoint.history)
        text += toJsonLine(checkpoint.id, metrics) + '\n';
    return text;
}

Checkpoint emptyCheckpoint(const SafeTensors& file, const std::string& name)
{
    if (metadataOf(file, "format", name) != checkpointFormat)
        throw FileError(name, "is not a checkpoint of Endospike");
    if (metadataOf(file, "version", name) != formatVersion)
        throw FileError(name, "was written by a newer version of Endospike");
    const TrainingPlan plan = trainingPlanOf(readRunDocument(metadataOf(file, "experiment", name), training::key));
    const std::vector<RunId> runs = runsOf(plan);
    if (runs.size() != 1)
        throw FileError(name, "does not say which one training it is of");
    // Before anything is made that would be far larger than the file.
    std::size_t bytes = 0;
    for (const SafeTensor& tensor : file.tensors)
        bytes += tensor.bytes.size();
    if (static_cast<double>(bytes) < sizeof(float) * parameterCount(plan.networks.front()))
        throw FileError(name, "is a checkpoint of another net: it holds too few numbers");
    return Checkpoint(plan, runs.front());
}

/// Takes every tensor; the optimiser's steps are set later.
OptimizerState takeTensors(const SafeTensors& file, Checkpoint& checkpoint, const std::string& name)
{
    OptimizerState state = checkpoint.optimizer.state();
    std::size_t taken = 0;
    const auto takeOne = [&](std::string_view prefix, const TensorPlace& place, std::span<float> all) {
        takeTensor(file, std::string(prefix) + place.name, place, all, name);
        ++taken;
    };
    for (const TensorPlace& place : checkpoint.network->tensors()) {
        takeOne("", place, checkpoint.network->values());
        if (place.trained)
            takeOne(firstMoment, place, state.firstMoment);
        if (place.trained && !state.secondMoment.empty())
            takeOne(secondMoment, place, state.secondMoment);
    }
    if (taken != file.tensors.size())
        throw FileError(name, "is a checkpoint of another net: it has tensors that this one does not have");
    return state;
}

void takeProgress(const Json& json, Checkpoint& c, OptimizerState& state)
{
    const double pairs = c.plan.settings[training::train_pairs];
    ObjectReader reader(json, "progress");
    c.epoch = reader.count("epoch");
    c.batch = static_cast<int>(reader.whole("batch", 0, std::ceil(pairs / c.plan.batch())));
    c.epochLoss = reader.number("epoch_loss", 0, 1e300);
    c.epochCorrect = reader.figures("epoch_correct");
    for (const double correct : c.epochCorrect)
        if (!(correct >= 0 && correct <= pairs))
            refuse("progress.epoch_correct", reader.need("epoch_correct"), "must be numbers of pairs");
    c.epoch_s = reader.number("epoch_s", 0, 1e12);
    c.elapsed_s = reader.number("elapsed_s", 0, 1e12);
    state.steps = static_cast<std::uint64_t>(reader.whole("optimizer_steps", 0, 0x1p53));
    reader.finish();
}

void takeHistory(const std::string& text, Checkpoint& checkpoint)
{
    for (const TrainingEvent& event : eventsFromJsonLines(text, "history")) {
        const auto* metrics = std::get_if<EpochMetrics>(&event);
        if (!metrics || metrics->epoch != static_cast<int>(checkpoint.history.size()) - 1)
            throw DocumentError("history", "", "must be every test from epoch -1 on");
        checkpoint.history.push_back(*metrics);
    }
    if (static_cast<int>(checkpoint.history.size()) != checkpoint.epoch + 1)
        throw DocumentError("history", "", "must end with the last whole epoch");
}

} // namespace

std::vector<std::uint64_t> shapeOf(const TensorPlace& place) { return {place.shape.begin(), place.shape.end()}; }

void takeTensor(const SafeTensors& file, const std::string& tensor, const TensorPlace& place, std::span<float> all,
    const std::string& name)
{
    takeFloats(file, tensor, shapeOf(place), all.subspan(place.offset, place.size()), name);
}

Checkpoint::Checkpoint(const TrainingPlan& plan_, const RunId& id_)
    : plan(planOf(plan_, id_))
    , id(id_)
    , network(makeNetwork(plan.networks.front(), id.seed))
    , optimizer(network->settings(), network->trainedCount())
{
}

void writeCheckpoint(const std::string& path, const Checkpoint& checkpoint)
{
    SafeTensors file;
    file.metadata = {{"format", std::string(checkpointFormat)}, {"version", std::string(formatVersion)},
        {"run", checkpoint.id.label()}, {"experiment", trainingDocument(checkpoint.plan, checkpoint.id.label())},
        {"progress", progressText(checkpoint)}, {"history", historyText(checkpoint)}};
    const OptimizerState& state = checkpoint.optimizer.state();
    const auto add = [&](std::string_view prefix, const TensorPlace& place, std::span<const float> all) {
        file.tensors.push_back(
            floatTensor(std::string(prefix) + place.name, shapeOf(place), all.subspan(place.offset, place.size())));
    };
    const Network& network = *checkpoint.network;
    for (const TensorPlace& place : network.tensors())
        add("", place, network.values());
    for (const TensorPlace& place : network.tensors()) {
        if (place.trained)
            add(firstMoment, place, state.firstMoment);
        if (place.trained && !state.secondMoment.empty())
            add(secondMoment, place, state.secondMoment);
    }
    writeSafeTensors(path, file);
}

Checkpoint readCheckpoint(const std::string& path)
{
    return parseCheckpoint(readWholeFile(path, maximumCheckpointBytes), path);
}

Checkpoint parseCheckpoint(std::string_view bytes, const std::string& name)
{
    const SafeTensors file = parseSafeTensors(bytes, name);
    try {
        Checkpoint checkpoint = emptyCheckpoint(file, name);
        OptimizerState state = takeTensors(file, checkpoint, name);
        takeProgress(parseDocument(metadataOf(file, "progress", name)), checkpoint, state);
        takeHistory(metadataOf(file, "history", name), checkpoint);
        checkpoint.optimizer.setState(std::move(state));
        return checkpoint;
    } catch (const DocumentError& error) { // else its places would be taken for those of the user's document
        throw DocumentError(name + ": " + error.path, error.value, error.why);
    }
}

void checkSamePlan(const Checkpoint& checkpoint, const TrainingPlan& plan)
{
    const NetworkPlan& begun = checkpoint.plan.networks.front();
    const NetworkPlan& asked = plan.networks.front();
    const std::string path = "training.networks." + asked.name;
    if (begun.kind != asked.kind)
        throw DocumentError(join(path, "network"), std::string(asked.kind->key),
            "is another net than that of the checkpoint, " + std::string(begun.kind->key));
    checkSameSettings(begun.parameters, asked.parameters, join(path, "parameters"), {});
    checkSameSettings(checkpoint.plan.settings, plan.settings, "training.settings", {training::epochs});
}

} // namespace endospike
