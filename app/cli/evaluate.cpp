// The evaluate command: tests a trained network, or lets a policy play.
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "sim/control/checkpoint.h"
#include "sim/control/log.h"
#include "sim/control/policy.h"
#include "sim/control/trainer.h"
#include "sim/network/checkpoint.h"
#include "sim/network/evaluation.h"
#include "sim/network/run_folder.h"
#include "sim/network/training_log.h"
#include "sim/runs/safetensors.h"

#include <filesystem>
#include <memory>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

struct EvaluateOptions {
    std::string checkpoint; ///< the file, or a run's folder
    int threads = 0; ///< 0: one for each processor
    // Of a network:
    std::string dataFolder; ///< in place of the checkpoint's
    std::string digitsFolder;
    int testPairs = 0; ///< 0: as many as in training
    bool confusion = false;
    // Of a policy:
    int episodes = 10;
    double noise = -1; ///< of every observation; below 0: as in training
    std::uint64_t seed = 1; ///< of the episodes and the noise
    bool sampled = false; ///< actions drawn from its Gaussian
};

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

int evaluateNetwork(const EvaluateOptions& options)
{
    const Checkpoint checkpoint = orBadInput([&] {
        std::error_code ignored;
        const std::string file =
            fs::is_directory(options.checkpoint, ignored) ? checkpointPath(options.checkpoint) : options.checkpoint;
        readMetadata(file, "format"); // nothing large is read, and no pipe is waited for, before its header was seen
        return readCheckpoint(file);
    });
    const TrainingPlan plan = planFor(checkpoint, options);
    StopSignals signals;
    JobContext context;
    context.stop = signals.token();
    const TrainingImages images = readTrainingImages(plan);
    const TrainingData data = pairImages(images, plan);
    Workers workers(options.threads > 0 ? options.threads : processorCount());
    const Evaluation evaluation = evaluateFully(*checkpoint.network, data.test, workers, context);
    if (signals.received() != 0)
        return 128 + signals.received();
    return print(evaluationAsJson(checkpoint.id, checkpoint.epoch, evaluation, data.classNames, options.confusion));
}

/// Whether a file or a run's folder holds a policy rather than a network.
bool holdsPolicy(const std::string& checkpoint)
{
    std::error_code ignored;
    if (fs::is_directory(checkpoint, ignored))
        return fs::exists(policyPath(checkpoint), ignored);
    try {
        const std::string format = readMetadata(checkpoint, "format");
        return format == controlCheckpointFormat || format == policyFormat;
    } catch (const FileError&) {
        return false; // said by whoever reads it as a network
    }
}

int evaluatePolicy(const EvaluateOptions& options)
{
    const std::shared_ptr<const Policy> policy = orBadInput([&] { return readPolicy(options.checkpoint); });
    StopSignals signals;
    JobContext context;
    context.stop = signals.token();
    ControlTest test;
    test.episodes = options.episodes;
    test.stateNoise = options.noise < 0 ? policy->plan().settings[control::state_noise] : options.noise;
    test.seed = options.seed;
    test.deterministic = !options.sampled;
    const ControlEvaluation evaluation = evaluateControl(policy, test, context);
    if (signals.received() != 0)
        return 128 + signals.received();
    return print(evaluationAsJson(*policy, test, evaluation));
}

std::function<int()> declareEvaluate(CLI::App& verb)
{
    const auto options = std::make_shared<EvaluateOptions>();
    addFile(verb, "checkpoint", options->checkpoint, "The .safetensors file, or the folder of a training", true);
    addCount(verb, "--episodes", options->episodes, 100'000, "Of a policy: episodes to play. Default: 10");
    addNumber(verb, "--noise", options->noise, 100,
        "Of a policy: standard deviation of the noise added to every observation. Default: as in its training");
    addSeed(verb, "--seed", options->seed, "Of a policy: seed of the episodes and the noise. Default: 1");
    addFlag(verb, "--sampled", options->sampled,
        "Of a policy: draw actions from its Gaussian, as in training, in place of the mean");
    addText(verb, "--data", options->dataFolder, "Folder of the four Fashion-MNIST files");
    addText(verb, "--digits", options->digitsFolder, "Folder of the four MNIST files");
    addCount(verb, "--test-pairs", options->testPairs, 1'000'000, "How many pairs. Default: as in the training");
    addThreads(verb, options->threads, "Threads. Default: all");
    addFlag(verb, "--confusion", options->confusion,
        "Add for each task how often each class (row) was taken for each other (column)");
    return
        [options] { return holdsPolicy(options->checkpoint) ? evaluatePolicy(*options) : evaluateNetwork(*options); };
}

} // namespace

Verb evaluateVerb()
{
    return {"evaluate",
        "Test a checkpoint: loss, both accuracies and how busy the neurons are, or how long a policy "
        "balances, as JSON",
        declareEvaluate};
}

} // namespace endospike
