#include "sim/robustness/settings.h"

namespace endospike {
namespace {

constexpr Choice noises[] = {
    {"fresh_on_test", "Fresh on test canvases",
        "Networks are trained without noise; every test canvas gets other noise. One training serves all amplitudes."},
    {"fresh_on_both", "Fresh on training and test canvases",
        "Every training canvas gets other noise in every epoch, every test canvas again other noise; one training for "
        "each amplitude."},
    {"one_image", "One image for all (published)",
        "One noise image, drawn once, is added to every training and test canvas, so that a network can learn it; one "
        "training for each amplitude."},
};

constexpr auto integer = ParameterKind::integer;

constexpr Parameter rows[] = {
    {"noise", "Noise", "", "", 0, 0, 2, 0, 2, "Which canvases get Gaussian noise, and which share it.",
        ParameterKind::choice, noises},
    {"first_amplitude", "First amplitude", "A", "", 0, 0, 255, 0, 100,
        "Standard deviation of the noise on a pixel (0 to 255) at the lowest amplitude."},
    {"amplitude_step", "Amplitude step", "", "", 25, 0.1, 255, 5, 50, "From one amplitude to the next."},
    {"amplitudes", "Amplitudes", "", "", 4, 1, 30, 1, 10, "How many amplitudes there are.", integer},
    {"repeats", "Draws", "", "", 3, 1, 100, 1, 10,
        "How often the whole test set is shown, each time with other fresh noise (once where nothing changes).",
        integer},
    {"noise_seed", "Noise seed", "", "", 1, 0, 4294967295.0, 0, 1000,
        "Seed of the noise; every training seed has noise of its own.", integer},
};
static_assert(std::size(rows) == robustness::noise_seed + 1);

} // namespace

ParameterTable robustnessTable() { return rows; }

std::vector<double> amplitudesOf(const ParameterValues& values)
{
    std::vector<double> amplitudes;
    for (int i = 0; i < static_cast<int>(values[robustness::amplitudes]); ++i)
        amplitudes.push_back(values[robustness::first_amplitude] + i * values[robustness::amplitude_step]);
    return amplitudes;
}

} // namespace endospike
