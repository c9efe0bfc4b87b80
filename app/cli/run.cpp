// The run command: an experiment to an end, its tables to a folder, Ctrl-C as its stop.
#include "app/cli/command.h"
#include "app/cli/console.h"

#include "sim/document/laboratory.h"
#include "sim/document/result_json.h"
#include "sim/equivalence/result_json.h"
#include "sim/equivalence/settings.h"
#include "sim/neuron/run.h"
#include "sim/trace/trace_writer.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

namespace endospike {
namespace {

struct RunOptions {
    DocumentOptions document;
    std::string folder; ///< empty: print the result, write no tables
    bool npy = false;
};

struct Outcome {
    Result result;
    std::string error; ///< empty if the run itself went well
};

Outcome simulate(const NeuronPlan& plan, const JobContext& context, const BlockSink& sink)
{
    try {
        return {run(plan, context, sink), {}};
    } catch (const SimulationError& error) {
        return {{false, error.time_ms, {}}, error.what()};
    }
}

/// What result.json holds: for the equivalence laboratory every figure of its page.
std::string resultText(const Experiment& experiment, const Outcome& outcome, const JobContext& context,
    const std::vector<std::string>& files)
{
    if (experiment.laboratory->key == equivalence::key && outcome.error.empty())
        return toJson(runEquivalence(experiment, context));
    return resultAsJson(experiment, outcome.result, files, outcome.error);
}

void summarise(const Outcome& outcome, const RunOptions& options)
{
    for (const SpikeSummary& cell : outcome.result.spikes)
        std::printf("%s: %zu spikes, %.4g Hz\n", cell.cellName.c_str(), cell.times_ms.size(), cell.meanRate_hz);
    std::printf("Written to %s\n", options.folder.c_str());
}

int runDocument(const Experiment& experiment, const RunOptions& options)
{
    if (const std::string command(experiment.laboratory->command); command != "run")
        throw BadInput("this document is of another laboratory; endospike-cli " + command + " runs it");
    StopSignals signals;
    ProgressLine progress;
    const JobContext context = contextOf(signals, progress);
    std::optional<TraceFolder> tables;
    BlockSink sink;
    if (!options.folder.empty()) {
        tables.emplace(options.folder, options.npy ? TraceFormat::npy : TraceFormat::csv);
        sink = [&](const TraceBlock& block) { tables->append(block); };
    }
    const Outcome outcome = simulate(experiment.neuron, context, sink);

    int code = done;
    if (tables) {
        const std::vector<std::string> files = tables->publish();
        writeWholeFile((std::filesystem::path(options.folder) / "result.json").string(),
            resultText(experiment, outcome, context, files));
        summarise(outcome, options);
    } else {
        code = print(resultText(experiment, outcome, context, {}));
    }
    progress.clear();
    if (!outcome.error.empty()) {
        std::fprintf(stderr, "endospike-cli: %s\n", outcome.error.c_str());
        return runFailed;
    }
    if (outcome.result.stopped) {
        std::fprintf(stderr, "endospike-cli: stopped at t = %s ms\n", shortNumber(outcome.result.simulated_ms).c_str());
        return 128 + signals.received();
    }
    return code;
}

std::function<int()> declareRun(CLI::App& verb)
{
    const auto options = std::make_shared<RunOptions>();
    addDocument(verb, options->document);
    addOut(verb, options->folder,
        "Folder for the tables (voltage, gates, currents, ...) and result.json. Without it, result.json is printed and "
        "no table is written");
    addFlag(verb, "--npy", options->npy, "Write the tables for NumPy (.npy) in place of CSV", "--out");
    return [options] { return runDocument(readDocument(options->document), *options); };
}

} // namespace

Verb runVerb()
{
    return {"run", "Run a document of the " + laboratoriesOf("run") + " laboratory for its duration", declareRun};
}

} // namespace endospike
