#include "sim/information/settings.h"

#include "sim/base/errors.h"

namespace endospike {
namespace {

constexpr auto integer = ParameterKind::integer;
constexpr auto real = ParameterKind::real;

constexpr Parameter rows[] = {
    {"code_size", "Code", "K", "", 256, 1, 4096, 8, 512, "Numbers in the code Z that the answers are read from.",
        integer, {}, true},
    {"beta", "Weight of compression", "β", "", 0, 0, 1, 0, 0.01,
        "This much of I(Z;X) is added to the loss. Published: 0, so that nothing presses the code together; "
        "0.001 is usual (Alemi et al. 2017)."},
    {"learning_rate", "Learning rate", "", "", 1e-4, 1e-8, 1, 1e-5, 0.01, "Size of a step of Adam at the beginning.",
        real, {}, true},
    {"beta1", "Beta 1", "β<sub>1</sub>", "", 0.5, 0, 0.99999, 0.5, 0.99, "Memory of the mean of the gradient."},
    {"beta2", "Beta 2", "β<sub>2</sub>", "", 0.999, 0, 0.9999999, 0.9, 0.9999, "Memory of its square."},
    {"decay_factor", "Learning rate factor", "", "", 0.97, 1e-3, 1, 0.5, 1,
        "The learning rate is multiplied by this again and again."},
    {"decay_every", "After every", "", "epochs", 2, 1, 10000, 1, 20, "How often it is multiplied.", integer},
    {"weight_averaging", "Weight averaging", "", "", 0.999, 0, 0.999999, 0.9, 0.9999,
        "Predictions use weights averaged over the steps of training; this much of the average is kept at each step. "
        "0: the last weights."},
    {"samples", "Samples for a prediction", "", "", 12, 1, 1000, 1, 50,
        "Draws of Z for each canvas; their probabilities are averaged.", integer, {}, true},
    {"measured_pairs", "Training pairs measured", "", "", 10000, 1, 10'000'000, 1000, 60000,
        "At most so many training pairs are measured after each epoch; the test pairs always are.", integer, {}, true},
};
static_assert(std::size(rows) == information::measured_pairs + 1);

} // namespace

ParameterTable informationTable() { return rows; }

void checkInformationPlan(const TrainingPlan& plan, const std::string& path)
{
    for (std::size_t i = 0; i < plan.networks.size(); ++i)
        if (const NetworkKind& kind = *plan.networks[i].kind; kind.convolutional)
            throw DocumentError(path + ".networks." + std::to_string(i) + ".network",
                "\"" + std::string(kind.key) + "\"",
                "is convolutional; the information plane has fully connected networks only");
}

} // namespace endospike
