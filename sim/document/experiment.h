// The document: one equality-comparable value that holds all that a run needs. Window and command line read and write
// the same versioned JSON through the two functions below.
#pragma once

#include "sim/base/parameter.h"
#include "sim/control/plan.h"
#include "sim/network/training_plan.h"
#include "sim/neuron/neuron_plan.h"

#include <string>
#include <string_view>

namespace endospike {

class ObjectReader;
struct LaboratoryKind;

struct Experiment {
    Experiment(); ///< of the first laboratory
    explicit Experiment(const LaboratoryKind& laboratory); ///< empty plans, default settings

    const LaboratoryKind* laboratory;
    std::string title;
    std::string notes; ///< what to look for, in a few sentences
    NeuronPlan neuron; ///< stored by every laboratory
    TrainingPlan training; ///< used, and stored, by the laboratories of trained networks alone
    ControlPlan control; ///< used, and stored, by the control laboratory alone
    ParameterValues own; ///< the laboratory's own settings

    friend bool operator==(const Experiment&, const Experiment&) = default;
};

/// Pretty-printed JSON, ends in a newline.
std::string toJson(const Experiment& experiment);

/// Throws DocumentError: not JSON, truncated, too large, unknown key, wrong type, out of bounds, newer version, more
/// than maximumCells.
Experiment experimentFromJson(std::string_view text);

/// The document that stands below `key` in another file. Throws DocumentError with its place there.
Experiment experimentAt(ObjectReader& reader, std::string_view key);

/// The experiment with one value replaced; `path` as in a DocumentError ("cells.0.parameters.tau_ms",
/// "stimulus.0.parameters.amplitude_ua_per_cm2", "simulation.dt_ms", "training.networks.LIF fc.parameters.threshold",
/// "title"), `value` as JSON, or plain text for a choice or a name. Throws DocumentError.
Experiment withValue(const Experiment& experiment, std::string_view path, std::string_view value);

/// All tables (models, stimuli, simulation settings) as JSON, for `endospike-cli models` and for tests.
std::string tablesAsJson();

} // namespace endospike
