#include "sim/network/training_plan.h"

#include "sim/base/errors.h"

#include <algorithm>

namespace endospike {
namespace {

constexpr Choice sources[] = {
    {"fashion", "Fashion-MNIST twice", "Both corners show a Fashion-MNIST image."},
    {"fashion_and_digits", "Fashion-MNIST and digits",
        "A Fashion-MNIST image at the top left, an MNIST digit at the bottom right (published). Needs a folder with "
        "the four MNIST files."},
};

constexpr Choice noises[] = {
    {"fresh", "Fresh on every canvas", "Every canvas gets other noise, in every epoch again."},
    {"one_image", "One image for all (published)",
        "One noise image, drawn once, is added to every training and test canvas; a network can learn it."},
};

using enum ParameterKind;

constexpr Parameter rows[] = {
    {"source", "Images", "", "", 0, 0, 1, 0, 1, "What the two corners of a canvas show.", ParameterKind::choice,
        sources},
    {"train_pairs", "Training pairs", "", "", 60000, 1, 10'000'000, 1000, 120000,
        "Canvases in one epoch; each pairs two training images at random.", integer, {}, true},
    {"test_pairs", "Test pairs", "", "", 10000, 1, 1'000'000, 500, 20000, "Canvases of the test set.", integer, {},
        true},
    {"validation_pairs", "Validation pairs", "", "", 0, 0, 1'000'000, 0, 10000,
        "If above 0, the last tenth of the training images is held back, and this many pairs of it take the place of "
        "the test set: for searching settings without looking at the test set.",
        integer},
    {"pairing_seed", "Pairing seed", "", "", 1, 0, 4294967295.0, 0, 1000, "Seed of which image meets which.", integer},
    {"epochs", "Epochs", "", "", 40, 1, 10000, 1, 100, "Times that every training pair is shown.", integer, {}, true},
    {"batch", "Batch", "", "", 128, 1, 4096, 16, 512, "Pairs for each step of the optimiser.", integer, {}, true},
    {"seeds", "Seeds", "", "", 1, 1, 100, 1, 10, "How often each network is trained, with other random numbers.",
        integer},
    {"first_seed", "First seed", "", "", 1, 0, 4294967295.0, 0, 1000,
        "Seed of the first training; the next ones count up.", integer},
    {"noise_amplitude", "Noise amplitude", "A", "", 0, 0, 1e5, 0, 100,
        "Gaussian noise of this standard deviation is added to every pixel (0 to 255), in training and test."},
    {"noise", "Noise", "", "", 0, 0, 1, 0, 1, "Which canvases share their noise.", ParameterKind::choice, noises},
    {"noise_seed", "Noise seed", "", "", 1, 0, 4294967295.0, 0, 1000, "Seed of the noise.", integer},
};
static_assert(std::size(rows) == training::noise_seed + 1);

} // namespace

ParameterTable trainingTable() { return rows; }

TrainingPlan::TrainingPlan()
    : settings(trainingTable())
{
}

void TrainingPlan::setLength(int trainPairs, int testPairs, int epochs)
{
    settings.set(training::train_pairs, trainPairs);
    settings.set(training::test_pairs, testPairs);
    settings.set(training::epochs, epochs);
}

NetworkPlan& TrainingPlan::addAtItsBest(const NetworkKind& kind)
{
    NetworkPlan& plan = networks.emplace_back(kind);
    plan.parameters = ownBestParameters(kind);
    return plan;
}

std::vector<RunId> runsOf(const TrainingPlan& plan)
{
    std::vector<RunId> runs;
    for (const NetworkPlan& network : plan.networks)
        for (int i = 0; i < plan.seeds(); ++i)
            runs.push_back({network.name, (plan.firstSeed() + static_cast<std::uint64_t>(i)) & 0xffffffff});
    return runs;
}

TrainingPlan planOf(const TrainingPlan& plan, const RunId& id)
{
    const auto at = std::ranges::find(plan.networks, id.network, &NetworkPlan::name);
    if (at == plan.networks.end())
        throw DocumentError("training.networks." + id.network, "", "there is no such network");
    TrainingPlan own = plan;
    own.networks = {*at};
    own.settings.set(training::seeds, 1);
    own.settings.set(training::first_seed, static_cast<double>(id.seed));
    return own;
}

} // namespace endospike
