#include "sim/network/training_log.h"

#include "sim/base/document_json.h"
#include "sim/network/trainer.h"
#include "sim/runs/run_files.h"

namespace endospike {
namespace {

constexpr std::size_t maximumLayers = 16;

Json layersToJson(const std::vector<LayerActivity>& layers)
{
    Json json = Json::array();
    for (const LayerActivity& layer : layers)
        json.push_back({{"name", layer.name}, {"mean_rate", figureToJson(layer.meanRate)}, {"neurons", layer.neurons},
            {"dead", layer.dead}, {"saturated", layer.saturated}});
    return json;
}

Json lineFor(const char* event, const RunId& id, int epoch)
{
    return {{"event", event}, {"network", id.network}, {"seed", id.seed}, {"epoch", epoch}};
}

BatchMetrics batchFromJson(ObjectReader& reader)
{
    BatchMetrics metrics;
    metrics.epoch = reader.count("epoch");
    metrics.batch = reader.count("batch");
    metrics.batchesPerEpoch = reader.count("batches_per_epoch", 1);
    metrics.loss = reader.figure("loss");
    metrics.accuracy = reader.figures("accuracy");
    metrics.samples_per_s = reader.figure("samples_per_s");
    metrics.elapsed_s = reader.figure("elapsed_s");
    return metrics;
}

LayerActivity layerFromJson(const Json& json)
{
    ObjectReader reader(json, "layers");
    LayerActivity layer;
    layer.name = reader.text("name", "");
    layer.meanRate = reader.figure("mean_rate");
    layer.neurons = reader.count("neurons");
    layer.dead = reader.count("dead");
    layer.saturated = reader.count("saturated");
    reader.finish();
    return layer;
}

EpochMetrics epochFromJson(ObjectReader& reader)
{
    EpochMetrics metrics;
    metrics.epoch = reader.count("epoch", -1);
    metrics.trainLoss = reader.figure("train_loss");
    metrics.trainAccuracy = reader.figures("train_accuracy");
    metrics.testLoss = reader.figure("test_loss");
    metrics.testAccuracy = reader.figures("test_accuracy");
    metrics.learningRate = reader.figure("learning_rate");
    metrics.samples_per_s = reader.figure("samples_per_s");
    metrics.elapsed_s = reader.figure("elapsed_s");
    metrics.operations = reader.figure("operations");
    metrics.peakMemory_bytes = static_cast<std::size_t>(reader.whole("peak_memory_bytes", 0, 1e15));
    for (const Json& layer : listOf(reader.need("layers"), maximumLayers, "layers"))
        metrics.layers.push_back(layerFromJson(layer));
    return metrics;
}

} // namespace

std::string toJsonLine(const RunId& id, const BatchMetrics& metrics)
{
    Json json = lineFor("batch", id, metrics.epoch);
    json["batch"] = metrics.batch;
    json["batches_per_epoch"] = metrics.batchesPerEpoch;
    json["loss"] = figureToJson(metrics.loss);
    json["accuracy"] = figuresToJson(metrics.accuracy);
    json["samples_per_s"] = figureToJson(metrics.samples_per_s);
    json["elapsed_s"] = figureToJson(metrics.elapsed_s);
    return lineOf(json);
}

std::string toJsonLine(const RunId& id, const EpochMetrics& metrics)
{
    Json json = lineFor("epoch", id, metrics.epoch);
    json["train_loss"] = figureToJson(metrics.trainLoss);
    json["train_accuracy"] = figuresToJson(metrics.trainAccuracy);
    json["test_loss"] = figureToJson(metrics.testLoss);
    json["test_accuracy"] = figuresToJson(metrics.testAccuracy);
    json["learning_rate"] = figureToJson(metrics.learningRate);
    json["samples_per_s"] = figureToJson(metrics.samples_per_s);
    json["elapsed_s"] = figureToJson(metrics.elapsed_s);
    json["operations"] = figureToJson(metrics.operations);
    json["peak_memory_bytes"] = metrics.peakMemory_bytes;
    json["layers"] = layersToJson(metrics.layers);
    return lineOf(json);
}

std::string runLine(const RunOutcome& outcome, const std::string& error)
{
    const bool tested = !outcome.epochs.empty();
    const EpochMetrics last = tested ? outcome.epochs.back() : EpochMetrics();
    return lineOf({{"event", "run"}, {"network", outcome.id.network}, {"seed", outcome.id.seed},
        {"outcome",
            !error.empty()        ? "failed"
                : outcome.stopped ? "stopped"
                                  : "done"},
        {"epochs", tested ? last.epoch + 1 : 0}, {"test_loss", tested ? figureToJson(last.testLoss) : Json(nullptr)},
        {"test_accuracy", tested ? figuresToJson(last.testAccuracy) : Json{nullptr, nullptr}},
        {"elapsed_s", last.elapsed_s}, {"error", error}});
}

std::string evaluationAsJson(const RunId& id, int epochsTrained, const Evaluation& evaluation,
    const std::array<std::vector<std::string>, taskCount>& classNames, bool withConfusion)
{
    Json json = {{"network", id.network}, {"seed", id.seed}, {"epochs", epochsTrained}, {"pairs", evaluation.pairs},
        {"loss", figureToJson(evaluation.metrics.testLoss)},
        {"accuracy", figuresToJson(evaluation.metrics.testAccuracy)},
        {"layers", layersToJson(evaluation.metrics.layers)}};
    if (withConfusion) {
        json["classes"] = classNames;
        json["confusion"] = evaluation.confusion;
    }
    return prettyJson(json);
}

TrainingEvent eventFromJsonLine(std::string_view line)
{
    const Json json = parseDocument(line);
    ObjectReader reader(json, "");
    const std::string event = reader.text("event", "");
    reader.text("network", "");
    reader.whole("seed", 0, 0x1p53);
    TrainingEvent result;
    if (event == "batch")
        result = batchFromJson(reader);
    else if (event == "epoch")
        result = epochFromJson(reader);
    else
        throw DocumentError("event", "\"" + event.substr(0, 60) + "\"", "must be batch or epoch");
    reader.finish();
    return result;
}

std::vector<TrainingEvent> eventsFromJsonLines(std::string_view text, const std::string& path)
{
    return eventsOfLines(text, path, eventFromJsonLine);
}

} // namespace endospike
