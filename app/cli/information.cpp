#include "app/cli/information.h"

#include "app/cli/console.h"
#include "sim/base/errors.h"
#include "sim/document/laboratory.h"
#include "sim/information/log.h"
#include "sim/information/settings.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

/// Standard output is gone; it has been said.
struct OutputLost { };

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
    std::size_t width = 7;
    for (const InformationRun& run : runs)
        width = std::max(width, run.id.network.size());
    std::fprintf(stderr,
        "%s\n%-*s  seed  epochs  set    I(Z;X)   I(Z;Y1)  I(Z;Y2)  joint  published counting  "
        "task 1 %%  task 2 %%\n",
        informationEstimator, static_cast<int>(width), "network");
    for (const InformationRun& run : runs)
        for (const bool test : {false, true}) {
            if (run.epochs.empty())
                continue;
            const InformationEpoch& last = run.epochs.back();
            const InformationPoint& point = test ? last.test : last.train;
            std::fprintf(stderr, "%-*s  %4llu  %6d  %-5s  %7.1f  %7.3f  %7.3f  %5.3f  %18.3f  %8.2f  %8.2f\n",
                static_cast<int>(width), run.id.network.c_str(), static_cast<unsigned long long>(run.id.seed),
                last.epoch + 1, test ? "test" : "train", point.inputBits(), point.taskBits(0), point.taskBits(1),
                point.jointBits(), point.publishedJointBits(), 100 * point.accuracy[0], 100 * point.accuracy[1]);
        }
}

int measure(const Experiment& experiment, const TrainingOptions& options)
{
    StopSignals signals;
    ProgressLine progress;
    JobContext context;
    context.stop = signals.token();
    context.progress = [&](double fraction, const std::string& sentence) { progress.show(fraction, sentence); };
    const InformationSink sink = [&](const RunId& id, const InformationEpoch& epoch) {
        if (print(toJsonLine(id, epoch) + "\n") != done)
            throw OutputLost();
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
