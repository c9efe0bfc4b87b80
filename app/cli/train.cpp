#include "app/cli/train.h"

#include "app/cli/console.h"
#include "app/cli/text_table.h"
#include "sim/base/errors.h"
#include "sim/document/laboratory.h"
#include "sim/network/checkpoint.h"
#include "sim/network/evaluation.h"
#include "sim/network/operation_count.h"
#include "sim/network/run_folder.h"
#include "sim/network/training_log.h"
#include "sim/network/training_plan.h"
#include "sim/network/workers.h"
#include "sim/runs/queue.h"
#include "sim/runs/safetensors.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

int threadsOr(int asked) { return asked > 0 ? asked : processorCount(); }

int sayBadInput(const std::exception& error)
{
    std::fprintf(stderr, "endospike-cli: %s\n", error.what());
    return badInput;
}

/// The plan with the networks that were asked for, by name or kind.
TrainingPlan chosen(const TrainingPlan& plan, const std::vector<std::string>& names)
{
    if (plan.networks.empty())
        throw DocumentError("training.networks", "empty", "name at least one network to train");
    if (names.empty())
        return plan;
    TrainingPlan result = plan;
    result.networks.clear();
    for (const std::string& name : names) {
        bool known = false;
        for (const NetworkPlan& network : plan.networks)
            if (network.name == name || network.kind->key == name) {
                known = true; // it may have been asked for by its kind before
                if (std::ranges::find(result.networks, network.name, &NetworkPlan::name) == result.networks.end())
                    result.networks.push_back(network);
            }
        if (!known)
            throw DocumentError("--network", "\"" + name + "\"", "the document has no network of this name or kind");
    }
    return result;
}

std::string folderOf(const TrainOptions& options, const RunId& id)
{
    return (fs::path(options.folder) / id.folderName()).string();
}

/// What was trained before is not overwritten by accident, and a checkpoint from which one run cannot go on is said
/// before another one is trained.
void checkFolders(const TrainingPlan& plan, const TrainOptions& options)
{
    if (options.folder.empty())
        return;
    for (const RunId& id : runsOf(plan)) {
        const std::string folder = folderOf(options, id);
        if (options.resume && fileExists(checkpointPath(folder)))
            checkSamePlan(readCheckpoint(checkpointPath(folder)), planOf(plan, id));
        else if (!options.resume && (fileExists(experimentPath(folder)) || fileExists(checkpointPath(folder))))
            throw DocumentError(
                "--out", folder, "holds a training already; go on with --resume, or choose another folder");
    }
}

/// What an earlier process did of a run that this one could not go on with.
std::vector<EpochMetrics> earlierEpochs(const std::string& folder)
{
    try {
        return readRunFolder(folder).epochs;
    } catch (const std::runtime_error&) {
        return {};
    }
}

class Trainings {
public:
    Trainings(const TrainingPlan& plan, const std::string& title, const TrainOptions& options)
        : m_plan(plan)
        , m_title(title)
        , m_options(options)
        , m_runs(runsOf(plan))
    {
    }

    int run()
    {
        const TrainingImages images = readTrainingImages(m_plan);
        const TrainingData data = pairImages(images, m_plan);
        const JobContext context{m_signals.token(),
            [this](double fraction, const std::string& sentence) { m_progress.show(fraction, sentence); }};
        int code = done;
        const auto train = [&](std::size_t number, const JobContext& part) {
            code = std::max(code, trainOne(m_runs[number], data, part));
        };
        runQueue(m_runs.size(), train, context);
        m_progress.clear();
        printTable();
        if (m_signals.received() == 0)
            return code;
        std::fprintf(stderr, "endospike-cli: stopped%s\n",
            m_options.folder.empty() ? "" : "; the same command with --resume goes on");
        return 128 + m_signals.received();
    }

private:
    int trainOne(const RunId& id, const TrainingData& data, const JobContext& context);
    void line(const std::string& text)
    {
        m_progress.clear(); // they may share a terminal
        printLine(text);
    }
    void printTable() const;

    const TrainingPlan& m_plan;
    const std::string& m_title;
    const TrainOptions& m_options;
    std::vector<RunId> m_runs;
    StopSignals m_signals;
    ProgressLine m_progress;
    std::vector<RunOutcome> m_outcomes; ///< without their networks
};

int Trainings::trainOne(const RunId& id, const TrainingData& data, const JobContext& context)
{
    TrainingOptions options;
    options.threads = threadsOr(m_options.threads);
    options.resume = m_options.resume;
    options.title = m_title;
    if (!m_options.folder.empty())
        options.folder = folderOf(m_options, id);
    RunOutcome outcome;
    outcome.id = id;
    RunSinks sinks;
    sinks.batch = [&](const BatchMetrics& metrics) { line(toJsonLine(id, metrics)); };
    sinks.epoch = [&](const EpochMetrics& metrics, const std::shared_ptr<const Network>&) {
        outcome.epochs.push_back(metrics); // kept if the training fails later
        line(toJsonLine(id, metrics));
    };
    std::string error;
    try {
        outcome = trainNetwork(m_plan, id, data, options, sinks, context);
    } catch (const std::runtime_error& failure) { // the other networks have their turn
        error = failure.what();
        m_progress.clear();
        std::fprintf(stderr, "endospike-cli: %s\n", error.c_str());
        if (options.resume && outcome.epochs.empty())
            outcome.epochs = earlierEpochs(options.folder);
    }
    line(runLine(outcome, error));
    outcome.network.reset();
    m_outcomes.push_back(std::move(outcome));
    return error.empty() ? done : runFailed;
}

void Trainings::printTable() const
{
    TextTable table({0, 4, 6, 8, 8, 9, 9, 6, 10});
    table.add({"network", "seed", "epochs", "task 1 %", "task 2 %", "test loss", "samples/s", "time s", "parameters"});
    for (const RunOutcome& outcome : m_outcomes) {
        if (outcome.epochs.empty())
            continue;
        const EpochMetrics& last = outcome.epochs.back();
        table.add({outcome.id.network, std::to_string(outcome.id.seed), std::to_string(last.epoch + 1),
            formatted("%.2f", 100 * last.testAccuracy[0]), formatted("%.2f", 100 * last.testAccuracy[1]),
            formatted("%.4f", last.testLoss), formatted("%.0f", last.epoch < 0 ? 0.0 : last.samples_per_s),
            formatted("%.0f", last.elapsed_s),
            formatted("%.0f", parameterCount(planOf(m_plan, outcome.id).networks.front()))});
    }
    std::fputs(table.text().c_str(), stderr);
}

/// What the checkpoint was trained on, with what was asked for in its place.
TrainingPlan planFor(const Checkpoint& checkpoint, const EvaluateOptions& options)
{
    TrainingPlan plan = checkpoint.plan;
    if (!options.dataFolder.empty())
        plan.dataFolder = options.dataFolder;
    if (!options.digitsFolder.empty())
        plan.digitsFolder = options.digitsFolder;
    const bool validation = plan.settings[training::validation_pairs] > 0;
    if (options.testPairs > 0)
        plan.settings.set(validation ? training::validation_pairs : training::test_pairs, options.testPairs);
    return plan;
}

} // namespace

int trainDocument(const Experiment& experiment, const TrainOptions& options)
{
    try {
        if (experiment.laboratory->key != training::key)
            throw DocumentError(
                "laboratory", "", "only a document of the training or control laboratory can be trained");
        const TrainingPlan plan = chosen(experiment.training, options.networks);
        try {
            checkFolders(plan, options);
        } catch (const FileError& error) {
            return sayBadInput(error);
        }
        return Trainings(plan, experiment.title, options).run();
    } catch (const DocumentError& error) {
        return sayBadInput(error);
    } catch (const OutputLost&) {
        return runFailed;
    }
}

int evaluateCheckpoint(const EvaluateOptions& options)
{
    std::optional<Checkpoint> checkpoint;
    TrainingPlan plan;
    try {
        std::error_code ignored;
        const std::string file =
            fs::is_directory(options.checkpoint, ignored) ? checkpointPath(options.checkpoint) : options.checkpoint;
        readMetadata(file, "format"); // nothing large is read, and no pipe is waited for, before its header was seen
        checkpoint = readCheckpoint(file);
        plan = planFor(*checkpoint, options);
    } catch (const DocumentError& error) {
        return sayBadInput(error);
    } catch (const FileError& error) {
        return sayBadInput(error);
    }
    StopSignals signals;
    JobContext context;
    context.stop = signals.token();
    const TrainingImages images = readTrainingImages(plan);
    const TrainingData data = pairImages(images, plan);
    Workers workers(threadsOr(options.threads));
    const Evaluation evaluation = evaluateFully(*checkpoint->network, data.test, workers, context);
    if (signals.received() != 0)
        return 128 + signals.received();
    return print(evaluationAsJson(checkpoint->id, checkpoint->epoch, evaluation, data.classNames, options.confusion));
}

} // namespace endospike
