#include "app/training_export.h"

#include "sim/analysis/cost.h"
#include "sim/errors.h"
#include "sim/network/event_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <system_error>
#include <vector>

namespace endospike {

namespace {

namespace fs = std::filesystem;

std::string number(double value) { return std::isfinite(value) ? shortNumber(value) : std::string(); }

std::string quoted(const std::string& text)
{
    if (text.find_first_of(",\"\n") == text.npos)
        return text;
    std::string result = "\"";
    for (const char c : text)
        result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
}

void append(std::string& line, const std::string& cell)
{
    line += line.empty() || line.back() == '\n' ? "" : ",";
    line += cell;
}

std::string epochLine(const RunRecord& run, const EpochMetrics& metrics, std::size_t layers)
{
    std::string line = quoted(run.id.network);
    append(line, std::to_string(run.id.seed));
    append(line, std::to_string(metrics.epoch + 1));
    append(line, number(metrics.trainLoss));
    for (const double accuracy : metrics.trainAccuracy)
        append(line, number(accuracy));
    append(line, number(metrics.testLoss));
    for (const double accuracy : metrics.testAccuracy)
        append(line, number(accuracy));
    for (const double value : {metrics.learningRate, metrics.samples_per_s, metrics.elapsed_s, metrics.operations,
             parameterCount(run.plan.networks.front()), static_cast<double>(metrics.peakMemory_bytes)})
        append(line, number(value));
    for (std::size_t i = 0; i < layers; ++i) {
        const bool there = i < metrics.layers.size();
        append(line, there ? quoted(metrics.layers[i].name) : "");
        append(line, there ? number(metrics.layers[i].meanRate) : "");
        append(line, there ? std::to_string(metrics.layers[i].dead) : "");
        append(line, there ? std::to_string(metrics.layers[i].saturated) : "");
    }
    return line + "\n";
}

} // namespace

std::string runsAsCsv(std::span<const RunRecord> runs)
{
    std::size_t layers = 0;
    for (const RunRecord& run : runs)
        for (const EpochMetrics& metrics : run.epochs)
            layers = std::max(layers, metrics.layers.size());
    std::string text = "network,seed,epochs,train_loss,train_accuracy_1,train_accuracy_2,test_loss,test_accuracy_1,"
                       "test_accuracy_2,learning_rate,samples_per_s,elapsed_s,operations,parameters,peak_memory_bytes";
    for (std::size_t i = 1; i <= layers; ++i)
        for (const char* const what : {"", "_mean_rate", "_dead", "_saturated"})
            append(text, std::string("layer_").append(std::to_string(i)).append(what));
    text += '\n';
    for (const RunRecord& run : runs)
        for (const EpochMetrics& metrics : run.epochs)
            text += epochLine(run, metrics, layers);
    return text;
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
            name += "-" + fs::path(run.folder).parent_path().filename().string();
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
