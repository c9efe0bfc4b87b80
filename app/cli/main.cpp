// endospike-cli: the engine without a window.
#include "app/cli/console.h"
#include "app/cli/cost.h"
#include "app/cli/information.h"
#include "app/cli/run.h"
#include "app/cli/sweep.h"
#include "app/cli/train.h"
#include "app/cli/train_policies.h"

#include "endospike_version.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/control/plan.h"
#include "sim/cost/laboratory.h"
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"
#include "sim/network/workers.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>

namespace {

using namespace endospike;

constexpr const char* examples = R"(Examples:
  endospike-cli new neuron > first.json
  endospike-cli check first.json
  endospike-cli run first.json --out results
  endospike-cli run first.json --set simulation.duration_ms=500 --set cells.HH.parameters.g_na_ms_per_cm2=0
  endospike-cli run first.json --set stimulus.0.parameters.amplitude_ua_per_cm2=20 --out strong --npy
  endospike-cli new equivalence > four.json && endospike-cli run four.json --out four
  endospike-cli new training > nets.json && endospike-cli train nets.json --out runs > metrics.jsonl
  endospike-cli train nets.json --set training.settings.epochs=40 --network lif_fc --out long
  endospike-cli train nets.json --out runs --resume
  endospike-cli evaluate runs/LIF_fc-seed1 --confusion
  endospike-cli new control > pole.json && endospike-cli train pole.json --out poles > episodes.jsonl
  endospike-cli evaluate poles/LIF-seed1 --episodes 20 --noise 0.002
  endospike-cli new information > plane.json && endospike-cli information plane.json --out plane
  endospike-cli new robustness > noise.json && endospike-cli sweep noise.json --out noise
  mpirun -n 8 endospike-cli sweep noise.json --out noise --checkpoints runs
  endospike-cli cost
  endospike-cli new cost > nets.json && endospike-cli cost nets.json --json
  endospike-cli models | less

Exit codes: 0 done; 2 bad input (options, document, --set, checkpoint); 3 the run failed, data are missing, or files
could not be written; 130 stopped by Ctrl-C, 143 by a termination signal (what was computed until then is kept).)";

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

Experiment readDocument(const std::string& path, const std::vector<std::string>& settings)
{
    Experiment experiment = experimentFromJson(readWholeFile(path, maximumDocumentBytes));
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || equals == 0)
            throw DocumentError("--set " + setting, "", "must have the form path=value");
        experiment = withValue(experiment, setting.substr(0, equals), setting.substr(equals + 1));
    }
    return experiment;
}

/// Nothing if it is bad, which has then been said.
std::optional<Experiment> readOrSay(const std::string& path, const std::vector<std::string>& settings)
{
    try {
        return readDocument(path, settings);
    } catch (const DocumentError& error) {
        std::fprintf(stderr, "endospike-cli: %s: %s\n", path.c_str(), error.what());
    } catch (const FileError& error) {
        std::fprintf(stderr, "endospike-cli: %s\n", error.what());
    }
    return std::nullopt;
}

/// "a, b or c"
std::string listed(const std::vector<std::string>& words)
{
    std::string list;
    for (std::size_t i = 0; i < words.size(); ++i)
        list += (i == 0 ? "" : i + 1 < words.size() ? ", " : " or ") + words[i];
    return list;
}

/// The commands and what is given to them.
/// An empty name, as of a variable that is not set, would mean no folder at all: it is refused.
CLI::Option* addOut(CLI::App& command, std::string& folder, const std::string& meaning)
{
    return command.add_option("--out", folder, meaning)
        ->check(CLI::Validator(
            [](const std::string& name) {
                return name.empty() ? std::string("the folder needs a name") : std::string();
            },
            ""));
}

struct CommandLine {
    CommandLine();

    CLI::App app{
        "Endospike simulates Hodgkin-Huxley and integrate-and-fire neurons, compares them and trains networks of them.",
        "endospike-cli"};
    CLI::App* models = nullptr;
    CLI::App* create = nullptr;
    CLI::App* check = nullptr;
    CLI::App* run = nullptr;
    CLI::App* train = nullptr;
    CLI::App* evaluate = nullptr;
    CLI::App* information = nullptr;
    CLI::App* sweep = nullptr;
    CLI::App* cost = nullptr;
    std::string laboratory;
    std::string file;
    std::vector<std::string> settings;
    RunOptions runOptions;
    TrainOptions trainOptions;
    EvaluateOptions evaluateOptions;
    PlayOptions playOptions;
    TrainingOptions informationOptions;
    SweepCommand sweepCommand;
    CostCommand costCommand;

private:
    void addDocument(CLI::App* command);
    void addSettings(CLI::App* command);
    void declareTrain();
    void declareEvaluate();
    void declareInformation();
    void declareSweep();
    void declareCost();
};

CommandLine::CommandLine()
{
    app.set_version_flag("--version", "endospike-cli " ENDOSPIKE_VERSION);
    app.require_subcommand(1);
    app.footer(examples);
    models = app.add_subcommand("models", "Print every model, network, stimulus and setting with its bounds, as JSON");
    create = app.add_subcommand("new", "Print a new document");
    std::vector<std::string> keys;
    for (const LaboratoryKind& kind : laboratories())
        keys.emplace_back(kind.key);
    create->add_option("laboratory", laboratory, "Which laboratory: " + listed(keys))
        ->required()
        ->check(CLI::IsMember(keys));
    check = app.add_subcommand("check", "Say whether a document is right, and if not, where it is wrong");
    addDocument(check);
    run = app.add_subcommand("run", "Run a document of the neuron or equivalence laboratory for its duration");
    addDocument(run);
    addSettings(run);
    addOut(*run, runOptions.folder,
        "Folder for the tables (voltage, gates, currents, ...) and result.json. Without it, result.json is printed and "
        "no table is written");
    run->add_flag("--npy", runOptions.npy, "Write the tables for NumPy (.npy) in place of CSV")->needs("--out");
    declareTrain();
    declareEvaluate();
    declareInformation();
    declareSweep();
    declareCost();
}

void CommandLine::addDocument(CLI::App* command)
{
    command->add_option("file", file, "The document; - for standard input")->required();
}

void CommandLine::addSettings(CLI::App* command)
{
    command
        ->add_option("--set", settings,
            "Replace one value, path=value; may be given again. A cell or a network is named by its number or name")
        ->expected(1)
        ->take_all();
}

void CommandLine::declareTrain()
{
    train = app.add_subcommand("train",
        "Train the networks of a document, one after the other, or its policies, several at once (under mpirun the "
        "processes share them): JSON lines to standard output, a table to standard error");
    train->footer(trainingLines);
    addDocument(train);
    addSettings(train);
    CLI::Option* out = addOut(*train, trainOptions.folder,
        "Folder that gets one folder for each network or policy and seed: checkpoint.safetensors, metrics.jsonl, "
        "experiment.json (and policy.safetensors). Without it nothing is kept");
    train->add_flag("--resume", trainOptions.resume, "Go on from the checkpoints in the folder, to the bit")
        ->needs(out);
    train->add_option("--threads", trainOptions.threads, "Threads; the result does not depend on it. Default: all")
        ->check(CLI::Range(1, 256));
    train
        ->add_option("--network,--policy", trainOptions.networks,
            "Train only this network or policy, by name or kind; may be given again")
        ->expected(1)
        ->take_all();
}

void CommandLine::declareEvaluate()
{
    evaluate = app.add_subcommand("evaluate",
        "Test a checkpoint: loss, both accuracies and how busy the neurons are, or how long a policy "
        "balances, as JSON");
    evaluate->add_option("checkpoint", evaluateOptions.checkpoint, "The .safetensors file, or the folder of a training")
        ->required();
    evaluate->add_option("--episodes", playOptions.episodes, "Of a policy: episodes to play. Default: 10")
        ->check(CLI::Range(1, 100'000));
    evaluate
        ->add_option("--noise", playOptions.noise,
            "Of a policy: standard deviation of the noise added to every observation. Default: as in its training")
        ->check(CLI::Range(0.0, 100.0));
    evaluate->add_option("--seed", playOptions.seed, "Of a policy: seed of the episodes and the noise. Default: 1");
    evaluate->add_flag("--sampled", playOptions.sampled,
        "Of a policy: draw actions from its Gaussian, as in training, in place of the mean");
    evaluate->add_option("--data", evaluateOptions.dataFolder, "Folder of the four Fashion-MNIST files");
    evaluate->add_option("--digits", evaluateOptions.digitsFolder, "Folder of the four MNIST files");
    evaluate->add_option("--test-pairs", evaluateOptions.testPairs, "How many pairs. Default: as in the training")
        ->check(CLI::Range(1, 1'000'000));
    evaluate->add_option("--threads", evaluateOptions.threads, "Threads. Default: all")->check(CLI::Range(1, 256));
    evaluate->add_flag("--confusion", evaluateOptions.confusion,
        "Add for each task how often each class (row) was taken for each other (column)");
}

void CommandLine::declareInformation()
{
    information = app.add_subcommand("information",
        "Train the networks of a document with a bottleneck and measure after each epoch how much its code tells about "
        "the canvas and about the answers. Standard output gets one JSON object for each epoch, a table goes to "
        "standard error at the end");
    addDocument(information);
    informationOptions.threads = processorCount();
    addSettings(information);
    CLI::Option* out = addOut(*information, informationOptions.folder,
        "Folder that gets result.json and one folder for each network and seed: experiment.json, metrics.jsonl, "
        "checkpoint.safetensors. Without it nothing is kept");
    information->add_flag("--resume", informationOptions.resume, "Go on from the last whole epochs in the folder")
        ->needs(out);
    information
        ->add_option("--threads", informationOptions.threads, "Threads; the result does not depend on it. Default: all")
        ->check(CLI::Range(1, 256));
}

void CommandLine::declareSweep()
{
    sweep = app.add_subcommand("sweep",
        "Test networks under noise, for each of the document's networks, seeds and amplitudes; train those that are "
        "not trained yet. Run it again to go on: finished cells are never done twice. Under mpirun the processes "
        "share the work; the folder must be one that all machines see. Standard output gets one JSON object a line "
        "for every cell; a table goes to standard error at the end");
    addDocument(sweep);
    addSettings(sweep);
    addOut(*sweep, sweepCommand.folder, "Folder for the cells, the trained networks, experiment.json and summary.json")
        ->required();
    sweep->add_option("--checkpoints", sweepCommand.checkpoints,
        "A folder of earlier trainings: a network whose settings and seed are the same is taken from there");
    sweep
        ->add_option("--threads", sweepCommand.threads,
            "Threads; the result does not depend on it. Default: all, shared by the processes on this machine")
        ->check(CLI::Range(1, 256));
}

void CommandLine::declareCost()
{
    cost = app.add_subcommand("cost",
        "Operations, parameters, memory and measured time of a forward pass, for the networks of a document or, "
        "without one, every network as published; and of one step of every model of a cell. \"published\" counts as "
        "the paper does, \"executed\" what this program does in its place");
    cost->add_option("file", file, "The document; - for standard input");
    cost->add_flag("--json", costCommand.json, "Print JSON in place of a table");
    cost->add_option("--threads", costCommand.threads, "Threads to measure with. Default: 1")
        ->check(CLI::Range(1, 256));
}

/// The whole of one command; the exit code.
int perform(int argc, char** argv)
{
    CommandLine line;
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::Success& request) {
        return line.app.exit(request);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "endospike-cli: %s\nendospike-cli --help shows how it is used.\n", error.what());
        return badInput;
    }

    if (line.models->parsed())
        return print(tablesAsJson());
    if (line.create->parsed())
        return print(toJson(findLaboratory(line.laboratory)->first()));
    if (line.evaluate->parsed() && holdsPolicy(line.evaluateOptions.checkpoint)) {
        line.playOptions.checkpoint = line.evaluateOptions.checkpoint;
        return playPolicy(line.playOptions);
    }
    if (line.evaluate->parsed())
        return evaluateCheckpoint(line.evaluateOptions);
    if (line.cost->parsed() && line.file.empty())
        return printCost(firstCost().training.networks, line.costCommand);
    const std::optional<Experiment> experiment = readOrSay(line.file, line.settings);
    if (!experiment)
        return badInput;
    if (line.check->parsed())
        return print("ok\n");
    if (line.information->parsed())
        return planeOfDocument(*experiment, line.informationOptions);
    if (line.cost->parsed())
        return printCost(experiment->training.networks, line.costCommand);
    if (line.sweep->parsed())
        return sweepDocument(*experiment, line.sweepCommand);
    if (line.train->parsed() && experiment->laboratory->key == control::key)
        return trainPolicies(*experiment, line.trainOptions);
    return line.train->parsed() ? trainDocument(*experiment, line.trainOptions)
                                : runDocument(*experiment, line.runOptions);
}

} // namespace

int main(int argc, char** argv)
{
    // A closed pipe and a file-size limit are errors of writing, and said as such.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        return perform(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "endospike-cli: %s\n", error.what());
        return endospike::runFailed;
    }
}
