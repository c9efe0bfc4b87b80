#include "sim/information/checkpoint.h"

#include "sim/base/document_json.h"
#include "sim/document/laboratory.h"
#include "sim/information/log.h"
#include "sim/information/settings.h"
#include "sim/network/checkpoint.h"
#include "sim/runs/same_settings.h"

#include <algorithm>

namespace endospike {
namespace {

constexpr std::string_view formatName = "endospike-information-checkpoint";
constexpr std::string_view formatVersion = "1";
constexpr std::string_view averaged = "average.";
constexpr std::string_view firstMoment = "optimizer.first_moment.";
constexpr std::string_view secondMoment = "optimizer.second_moment.";

NetworkSettings optimizerSettings(const ParameterValues& values)
{
    NetworkSettings settings;
    settings.optimizer = OptimizerKind::adam;
    settings.beta1 = values[information::beta1];
    settings.beta2 = values[information::beta2];
    settings.weightDecay = 0;
    return settings;
}

/// Calls tensor(prefix, place, values) for everything that is stored; the frozen tensors are so once.
template <class Values, class F>
void forEachTensor(Values& network, Values& average, auto& first, auto& second, const F& tensor)
{
    for (const TensorPlace& place : network.tensors()) {
        tensor("", place, network.values());
        if (!place.trained)
            continue;
        tensor(averaged, place, average.values());
        tensor(firstMoment, place, std::span(first));
        tensor(secondMoment, place, std::span(second));
    }
}

Experiment experimentIn(const SafeTensors& file, const std::string& name)
{
    if (metadataOf(file, "format", name) != formatName)
        throw FileError(name, "is not a checkpoint of the information plane");
    if (metadataOf(file, "version", name) != formatVersion)
        throw FileError(name, "was written by a newer version of Endospike");
    Experiment experiment = experimentFromJson(metadataOf(file, "experiment", name));
    if (experiment.laboratory->key != information::key || runsOf(experiment.training).size() != 1)
        throw FileError(name, "does not say which one run it is of");
    // Before anything is made that would be far larger than the file.
    const double code = experiment.own[information::code_size];
    const double hidden = experiment.training.networks.front().parameters["hidden"];
    std::size_t bytes = 0;
    for (const SafeTensor& tensor : file.tensors)
        bytes += tensor.bytes.size();
    if (static_cast<double>(bytes) < sizeof(float) * (hidden * (canvasPixels + 2 * code)))
        throw FileError(name, "is a checkpoint of another net: it holds too few numbers");
    return experiment;
}

} // namespace

InformationCheckpoint::InformationCheckpoint(const Experiment& own)
    : experiment(own)
    , id(runsOf(own.training).front())
    , network(own.training.networks.front(), bottleneckSettings(own.own), id.seed)
    , average(network)
    , optimizer(optimizerSettings(own.own), network.trainedCount())
{
}

void writeCheckpoint(const std::string& path, const InformationCheckpoint& c)
{
    const OptimizerState& state = c.optimizer.state();
    const Json progress = {{"epoch", c.epoch}, {"elapsed_s", c.elapsed_s}, {"optimizer_steps", state.steps}};
    std::string history;
    for (const InformationEpoch& epoch : c.history)
        history += toJsonLine(c.id, epoch) + '\n';
    SafeTensors file;
    file.metadata = {{"format", std::string(formatName)}, {"version", std::string(formatVersion)},
        {"run", c.id.label()}, {"experiment", toJson(c.experiment)}, {"progress", progress.dump()},
        {"history", history}};
    forEachTensor(c.network, c.average, state.firstMoment, state.secondMoment,
        [&](std::string_view prefix, const TensorPlace& place, std::span<const float> all) {
            file.tensors.push_back(
                floatTensor(std::string(prefix) + place.name, shapeOf(place), all.subspan(place.offset, place.size())));
        });
    writeSafeTensors(path, file);
}

InformationCheckpoint parseInformationCheckpoint(std::string_view bytes, const std::string& name)
{
    const SafeTensors file = parseSafeTensors(bytes, name);
    InformationCheckpoint c(experimentIn(file, name));
    OptimizerState state = c.optimizer.state();
    std::size_t taken = 0;
    forEachTensor(c.network, c.average, state.firstMoment, state.secondMoment,
        [&](std::string_view prefix, const TensorPlace& place, std::span<float> all) {
            takeTensor(file, std::string(prefix) + place.name, place, all, name);
            ++taken;
        });
    if (taken != file.tensors.size())
        throw FileError(name, "is a checkpoint of another net: it has tensors that this one does not have");
    const std::size_t trained = c.network.trainedCount();
    std::ranges::copy(c.network.values().subspan(trained), c.average.values().subspan(trained).begin());

    const Json progress = parseDocument(metadataOf(file, "progress", name));
    ObjectReader reader(progress, "progress");
    c.epoch = reader.count("epoch");
    c.elapsed_s = reader.figure("elapsed_s");
    state.steps = static_cast<std::uint64_t>(reader.whole("optimizer_steps", 0, 0x1p53));
    reader.finish();
    c.optimizer.setState(std::move(state));
    c.history = informationFromJsonLines(metadataOf(file, "history", name));
    if (static_cast<int>(c.history.size()) != c.epoch + 1)
        throw DocumentError("history", "", "must end with the last whole epoch");
    return c;
}

void checkSameExperiment(const Experiment& begun, const Experiment& asked)
{
    const NetworkPlan& was = begun.training.networks.front();
    const NetworkPlan& now = asked.training.networks.front();
    const std::string path = "training.networks." + now.name;
    if (was.kind != now.kind)
        throw DocumentError(join(path, "network"), std::string(now.kind->key),
            "is another net than that of the checkpoint, " + std::string(was.kind->key));
    checkSameSettings(was.parameters, now.parameters, join(path, "parameters"));
    checkSameSettings(begun.training.settings, asked.training.settings, "training.settings", {training::epochs});
    checkSameSettings(begun.own, asked.own, "information");
}

} // namespace endospike
