#include "app/cli/information.h"

#include "app/cli/console.h"
#include "app/cli/text_table.h"
#include "sim/base/errors.h"
#include "sim/document/laboratory.h"
#include "sim/information/log.h"
#include "sim/information/settings.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

void checkDocument(const Experiment& experiment, const TrainingOptions& options)
{
    if (experiment.laboratory->key != information::key)
        throw DocumentError("laboratory", "", "only a document of the information plane can be measured so");
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
    StopSignals signals;
    ProgressLine progress;
    JobContext context;
    context.stop = signals.token();
    context.progress = [&](double fraction, const std::string& sentence) { progress.show(fraction, sentence); };
    const InformationSink sink = [&](const RunId& id, const InformationEpoch& epoch) {
        printLine(toJsonLine(id, epoch));
    };
    const std::vector<InformationRun> runs = runInformation(experiment, options, sink, context);
    progress.clear();
    printTable(runs);
    if (signals.received() == 0)
        return done;
    std::fprintf(stderr, "endospike-cli: stopped%s\n",
        options.folder.empty() ? "" : "; the same command with --resume goes on from the last whole epoch");
    return 128 + signals.received();
}

} // namespace

int planeOfDocument(const Experiment& experiment, const TrainingOptions& options)
{
    try {
        checkDocument(experiment, options);
        return measure(experiment, options);
    } catch (const DocumentError& error) {
        std::fprintf(stderr, "endospike-cli: %s\n", error.what());
        return badInput;
    } catch (const OutputLost&) {
        return runFailed;
    }
}

} // namespace endospike
