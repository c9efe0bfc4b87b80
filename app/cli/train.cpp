// The train command: the networks of a document one after the other, or its policies (train_policies.cpp).
#include "app/cli/train.h"

#include "app/cli/console.h"
#include "app/cli/text_table.h"
#include "sim/document/laboratory.h"
#include "sim/network/checkpoint.h"
#include "sim/network/operation_count.h"
#include "sim/network/run_folder.h"
#include "sim/network/trainer.h"
#include "sim/network/training_log.h"
#include "sim/network/workers.h"
#include "sim/runs/queue.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace endospike {
namespace {

namespace fs = std::filesystem;

constexpr const char* trainingLines =
    R"(Each line of standard output is one JSON object; epochs and batches count from 0, epoch -1 is the
untrained network; accuracies run from 0 to 1, one for each task; what is not a number is null:
  event "batch"  network, seed, epoch, batch, batches_per_epoch, loss, accuracy, samples_per_s, elapsed_s
  event "epoch"  network, seed, epoch, train_loss, train_accuracy, test_loss, test_accuracy, learning_rate,
                 samples_per_s, elapsed_s, operations, peak_memory_bytes,
                 layers: name, mean_rate (spikes per step), neurons, dead, saturated
  event "run"    network, seed, outcome (done, stopped, failed), epochs, test_loss, test_accuracy, elapsed_s, error
A document of the control laboratory gives these in their place; episodes count from 0, losses are means since the last
report, the reward of "progress" is the mean of the last 1000 steps:
  event "episode"     policy, seed, episode, step, length, reward, terminated
  event "progress"    policy, seed, step, reward, critic_loss, policy_loss, entropy, temperature, steps_per_s, elapsed_s
  event "evaluation"  policy, seed, step, lengths, rewards, task_rewards
  event "run"         policy, seed, outcome, steps, episodes, first_full_episode_step, elapsed_s, error
Standard error gets the table at the end, and on a terminal the progress.)";

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
        int code = done;
        const auto train = [&](std::size_t number, const JobContext& part) {
            code = std::max(code, trainOne(m_runs[number], data, part));
        };
        runQueue(m_runs.size(), train, contextOf(m_signals, m_progress));
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
    options.threads = m_options.threads > 0 ? m_options.threads : processorCount();
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

int trainNetworks(const Experiment& experiment, const TrainOptions& options)
{
    TrainingPlan plan = experiment.training;
    plan.networks = chosen(plan.networks, options, "training.networks", "network");
    orBadInput([&] { checkFolders(plan, options); });
    return Trainings(plan, experiment.title, options).run();
}

std::function<int()> declareTrain(CLI::App& verb)
{
    const auto options = std::make_shared<TrainOptions>();
    addDocument(verb, options->document);
    addOut(verb, options->folder,
        "Folder that gets one folder for each network or policy and seed: checkpoint.safetensors, metrics.jsonl, "
        "experiment.json (and policy.safetensors). Without it nothing is kept");
    addFlag(verb, "--resume", options->resume, "Go on from the checkpoints in the folder, to the bit", "--out");
    addThreads(verb, options->threads, "Threads; the result does not depend on it. Default: all");
    addTexts(verb, "--network,--policy", options->names,
        "Train only this network or policy, by name or kind; may be given again");
    return [options] {
        const Experiment experiment = readDocument(options->document);
        checkLaboratory(
            experiment, "train", "only a document of the " + laboratoriesOf("train") + " laboratory can be trained");
        return experiment.laboratory->key == control::key ? trainPolicies(experiment, *options)
                                                          : trainNetworks(experiment, *options);
    };
}

} // namespace

Verb trainVerb()
{
    return {"train",
        "Train the networks of a document, one after the other, or its policies, several at once (under mpirun the "
        "processes share them): JSON lines to standard output, a table to standard error",
        declareTrain, trainingLines};
}

} // namespace endospike
