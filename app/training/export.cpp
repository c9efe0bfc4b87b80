#include "app/training/export.h"

#include "sim/base/csv.h"
#include "sim/base/errors.h"
#include "sim/network/event_file.h"
#include "sim/network/operation_count.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <system_error>
#include <vector>

namespace endospike {

namespace {

namespace fs = std::filesystem;

void addEpoch(CsvTable& table, const RunRecord& run, const EpochMetrics& metrics, std::size_t layers)
{
    table.add(run.id.network);
    table.add(run.id.seed);
    table.add(metrics.epoch + 1);
    table.add(metrics.trainLoss);
    for (const double accuracy : metrics.trainAccuracy)
        table.add(accuracy);
    table.add(metrics.testLoss);
    for (const double accuracy : metrics.testAccuracy)
        table.add(accuracy);
    for (const double value : {metrics.learningRate, metrics.samples_per_s, metrics.elapsed_s, metrics.operations,
             parameterCount(run.plan.networks.front()), static_cast<double>(metrics.peakMemory_bytes)})
        table.add(value);
    table.add(run.title);
    table.add(run.folder);
    for (const LayerActivity& layer : metrics.layers) {
        table.add(layer.name);
        table.add(layer.meanRate);
        table.add(layer.dead);
        table.add(layer.saturated);
    }
    for (std::size_t i = 4 * metrics.layers.size(); i < 4 * layers; ++i)
        table.add("");
    table.endRow();
}

} // namespace

std::string runsAsCsv(std::span<const RunRecord> runs)
{
    std::size_t layers = 0;
    for (const RunRecord& run : runs)
        for (const EpochMetrics& metrics : run.epochs)
            layers = std::max(layers, metrics.layers.size());
    CsvTable table;
    for (const char* const title : {"network", "seed", "epochs", "train_loss", "train_accuracy_1", "train_accuracy_2",
             "test_loss", "test_accuracy_1", "test_accuracy_2", "learning_rate", "samples_per_s", "elapsed_s",
             "operations", "parameters", "peak_memory_bytes", "experiment", "folder"})
        table.add(title);
    for (std::size_t i = 1; i <= layers; ++i)
        for (const char* const what : {"", "_mean_rate", "_dead", "_saturated"})
            table.add(std::string("layer_").append(std::to_string(i)).append(what));
    table.endRow();
    for (const RunRecord& run : runs)
        for (const EpochMetrics& metrics : run.epochs)
            addEpoch(table, run, metrics, layers);
    return table.text();
}

void writeRunsForTensorBoard(
    const std::string& folder, std::span<const RunRecord> runs, double now_s, const JobContext& context)
{
    std::set<std::string> taken;
    double done = 0;
    for (const RunRecord& run : runs) {
        if (context.stop.stop_requested())
            return;
        std::string name = run.id.folderName();
        if (!taken.insert(name).second) {
            name.append("-").append(fs::path(run.folder).parent_path().filename().string());
            taken.insert(name);
        }
        std::error_code error;
        fs::create_directories(fs::path(folder) / name, error);
        if (error)
            throw FileError((fs::path(folder) / name).string(), error.message());
        const double elapsed_s = run.epochs.empty() ? 0 : run.epochs.back().elapsed_s;
        writeEventFile((fs::path(folder) / name / "events.out.tfevents.endospike").string(),
            scalarSeries(run.epochs, now_s - elapsed_s));
        context.report(++done / static_cast<double>(runs.size()), run.id.label());
    }
}

} // namespace endospike
