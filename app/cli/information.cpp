// The information command: the information plane of a document's networks. JSON lines to standard output
// (sim/information/log.h), a table to standard error.
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/text_table.h"
#include "sim/information/log.h"
#include "sim/network/workers.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

void checkDocument(const Experiment& experiment, const TrainingOptions& options)
{
    checkLaboratory(experiment, "information", "only a document of the information plane can be measured so");
    std::error_code ignored;
    if (options.folder.empty() || options.resume)
        return;
    for (const RunId& id : runsOf(experiment.training))
        if (const fs::path folder = fs::path(options.folder) / id.folderName(); fs::exists(folder, ignored))
            throw DocumentError(
                "--out", folder.string(), "holds a run already; go on with --resume, or choose another folder");
}

void printTable(const std::vector<InformationRun>& runs)
{
    TextTable table({0, 4, 6, -5, 7, 7, 7, 5, 18, 8, 8});
    table.add({"network", "seed", "epochs", "set", "I(Z;X) ", "I(Z;Y1)", "I(Z;Y2)", "joint", "published counting",
        "task 1 %", "task 2 %"});
    for (const InformationRun& run : runs)
        for (const bool test : {false, true}) {
            if (run.epochs.empty())
                continue;
            const InformationEpoch& last = run.epochs.back();
            const InformationPoint& point = test ? last.test : last.train;
            table.add({run.id.network, std::to_string(run.id.seed), std::to_string(last.epoch + 1),
                test ? "test" : "train", formatted("%.1f", point.inputBits()), formatted("%.3f", point.taskBits(0)),
                formatted("%.3f", point.taskBits(1)), formatted("%.3f", point.jointBits()),
                formatted("%.3f", point.publishedJointBits()), formatted("%.2f", 100 * point.accuracy[0]),
                formatted("%.2f", 100 * point.accuracy[1])});
        }
    std::fprintf(stderr, "%s\n%s", informationEstimator, table.text().c_str());
}

int measure(const Experiment& experiment, const TrainingOptions& options)
{
    checkDocument(experiment, options);
    StopSignals signals;
    ProgressLine progress;
    const InformationSink sink = [](const RunId& id, const InformationEpoch& epoch) {
        printLine(toJsonLine(id, epoch));
    };
    const std::vector<InformationRun> runs = runInformation(experiment, options, sink, contextOf(signals, progress));
    progress.clear();
    printTable(runs);
    if (signals.received() == 0)
        return done;
    std::fprintf(stderr, "endospike-cli: stopped%s\n",
        options.folder.empty() ? "" : "; the same command with --resume goes on from the last whole epoch");
    return 128 + signals.received();
}

std::function<int()> declareInformation(CLI::App& verb)
{
    struct Options : TrainingOptions {
        DocumentOptions document;
    };
    const auto options = std::make_shared<Options>();
    options->threads = processorCount();
    addDocument(verb, options->document);
    addOut(verb, options->folder,
        "Folder that gets result.json and one folder for each network and seed: experiment.json, metrics.jsonl, "
        "checkpoint.safetensors. Without it nothing is kept");
    addFlag(verb, "--resume", options->resume, "Go on from the last whole epochs in the folder", "--out");
    addThreads(verb, options->threads, "Threads; the result does not depend on it. Default: all");
    return [options] { return measure(readDocument(options->document), *options); };
}

} // namespace

Verb informationVerb()
{
    return {"information",
        "Train the networks of a document with a bottleneck and measure after each epoch how much its code tells about "
        "the canvas and about the answers. Standard output gets one JSON object for each epoch, a table goes to "
        "standard error at the end",
        declareInformation};
}

} // namespace endospike
