#include "sim/equivalence/settings.h"

namespace endospike {
namespace {

constexpr Choice xorKinds[] = {
    {"one_and_not_three", "1 and not 3 (published)",
        "The output cell is driven by +I from cell 1 and -I from cell 3: that is \"1 and not 3\", not a full XOR."},
    {"true_xor", "XOR (mirrored branch added)",
        "A second branch with the signs exchanged, so that either input alone fires the output."},
};

constexpr Choice starts[] = {
    {"published", "V = -70 mV (published)",
        "V = -70, m = 0.0289, h = 0.7541, n = 0.2446. Not a rest: an anode-break spike follows near 5 ms without any "
        "input."},
    {"rest", "Rest", "The exact resting state."},
};

constexpr Choice layerWeights[] = {
    {"trained", "Trained",
        "A network 784 to 128 to 10 is trained on Fashion-MNIST first (a few seconds); the circuit gets its weights."},
    {"seeded", "Seeded", "Uniform random weights."},
};

constexpr auto choice = ParameterKind::choice;
constexpr auto integer = ParameterKind::integer;
constexpr auto real = ParameterKind::real;

constexpr Parameter rows[] = {
    {"coupling", "Coupling", "W", "", 1e5, 0, 1e9, 1, 1e6,
        "Strength with which a spike of the driving unit enters the driven one.", real, {}, true},
    {"simplified_dt_ms", "HH time step", "Δt", "ms", 1e-3, 1e-4, 0.05, 1e-3, 0.01,
        "Forward Euler step of the HH cells beside the simplified units.", real, {}, true},
    {"simplified_duration_ms", "Duration", "T", "ms", 80, 1, 1e5, 20, 1000,
        "Simulated time for each of the five stimuli.", real, {}, true},
    {"van_rossum_tau_ms", "Van Rossum time constant", "τ", "ms", 10, 0.1, 1e4, 1, 100,
        "Memory of the van Rossum distance between two spike trains.", real, {}, true},
    {"coincidence_window_ms", "Coincidence window", "Δ", "ms", 2, 0.01, 100, 0.5, 10,
        "Spikes closer than this count as coincident.", real, {}, true},
    {"f_i_maximum_ua_per_cm2", "f-I curve up to", "", "µA/cm²", 60, 1, 1000, 10, 200,
        "Largest constant current of the f-I curves."},
    {"f_i_points", "f-I curve points", "", "", 61, 2, 2001, 11, 201, "Number of currents of the f-I curves.", integer},
    {"f_i_duration_ms", "f-I curve duration", "", "ms", 500, 50, 1e5, 100, 2000,
        "Time over which spikes are counted for each current.", real, {}, true},
    {"xor_kind", "XOR wiring", "", "", 0, 0, 1, 0, 1, "Wiring of the XOR circuit.", choice, xorKinds},
    {"xor_current_ua_per_cm2", "Input", "I", "µA/cm²", 40, 0, 1000, 0, 100,
        "Current into an input cell whose input is 1."},
    {"xor_synapse_ua_per_cm2", "Synapse", "", "µA/cm²", 20, 0, 1000, 0, 100,
        "Current that an input cell above threshold passes on."},
    {"circuit_start", "Start", "", "", 0, 0, 1, 0, 1, "Initial state of every cell of a circuit.", choice, starts},
    {"circuit_dt_ms", "Circuit time step", "Δt", "ms", 1e-3, 1e-4, 0.05, 1e-3, 0.01,
        "Forward Euler step of the circuits.", real, {}, true},
    {"circuit_duration_ms", "Circuit duration", "T", "ms", 40, 1, 1e4, 10, 200, "Simulated time of the circuits.", real,
        {}, true},
    {"image", "Image", "", "", 0, 0, 9999, 0, 9999,
        "Number of the Fashion-MNIST test image that drives the 128 inputs.", integer},
    {"weight_seed", "Weight seed", "", "", 1, 0, 4294967295.0, 0, 1000, "Seed of the layer's weights.", integer},
    {"layer_current_ua_per_cm2", "Current scale", "", "µA/cm²", 40, 0, 1000, 0, 100,
        "Current of the most strongly driven of the 128 input cells."},
    {"layer_weights", "Weights", "", "", 0, 0, 1, 0, 1, "Where the weights of the two layers come from.", choice,
        layerWeights},
    {"layer_synapse_ua_per_cm2", "Synapse of the layer", "S", "µA/cm²", 20, 0, 1000, 0, 60,
        "Size of the current into an output cell while all inputs are above threshold: the weights are scaled to rows "
        "of length 1 and multiplied by this."},
};
static_assert(std::size(rows) == equivalence::layer_synapse_ua_per_cm2 + 1);

} // namespace

ParameterTable equivalenceTable() { return rows; }

} // namespace endospike
