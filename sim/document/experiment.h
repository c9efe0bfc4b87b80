// The document: one equality-comparable value that holds all that a run needs. Window and command line read and write
// the same versioned JSON through the two functions below.
#pragma once

#include "sim/base/parameter.h"
#include "sim/control/plan.h"
#include "sim/network/training_plan.h"
#include "sim/neuron/neuron_model.h"
#include "sim/neuron/stimulus.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

struct LaboratoryKind;

struct Cell {
    explicit Cell(const NeuronModel& model);

    int id = 0; ///< unique within the experiment, stable under edits; not stored in files
    std::string name;
    const NeuronModel* model;
    ParameterValues parameters;
    std::optional<Stimulus> ownStimulus; ///< in place of the shared one
    bool visible = true;

    friend bool operator==(const Cell&, const Cell&) = default;
};

inline constexpr std::size_t maximumCells = 8;

/// Rows of the simulation settings, in the order of simulationTable().
namespace simulation {
enum Row { integrator, precision, dt_ms, record_interval_ms, endless, duration_ms };
}
ParameterTable simulationTable();

/// Two cells whose membrane potentials are compared at every step: |V1 - V2|, its running maximum and root mean square
/// become recorded columns (`comparisonChannels`) of the second cell.
struct Comparison {
    int firstId = 0;
    int secondId = 0;
    friend bool operator==(const Comparison&, const Comparison&) = default;
};

struct Experiment {
    Experiment(); ///< of the first laboratory
    explicit Experiment(const LaboratoryKind& laboratory); ///< no cells, no stimulus, default settings

    const LaboratoryKind* laboratory;
    std::string title;
    std::string notes; ///< what to look for, in a few sentences
    std::vector<Cell> cells;
    Stimulus stimulus;
    ParameterValues simulation;
    std::optional<Comparison> comparison;
    TrainingPlan training; ///< used, and stored, by the laboratories of trained networks alone
    ControlPlan control; ///< used, and stored, by the control laboratory alone
    ParameterValues own; ///< the laboratory's own settings

    Integrator integrator() const;
    Precision precision() const;
    double dt_ms() const { return simulation[simulation::dt_ms]; }
    /// Steps between two recorded samples, at least 1 (the record interval rounded to whole steps).
    int stepsPerSample() const;
    bool endless() const { return simulation[simulation::endless] != 0; }
    double duration_ms() const { return simulation[simulation::duration_ms]; }
    /// A name that no cell has yet: "HH", "HH 2", ...
    std::string freeCellName(std::string_view base) const;
    int freeCellId() const;
    Cell& addCell(const NeuronModel& model); ///< with a free id
    const Cell* findCell(int id) const; ///< nullptr if there is none
    const Stimulus& stimulusOf(const Cell& cell) const { return cell.ownStimulus ? *cell.ownStimulus : stimulus; }

    friend bool operator==(const Experiment&, const Experiment&) = default;
};

inline constexpr int documentVersion = 1;
inline constexpr std::size_t maximumDocumentBytes = 64u << 20;

/// Pretty-printed JSON, ends in a newline.
std::string toJson(const Experiment& experiment);

/// Throws DocumentError: not JSON, truncated, too large, unknown key, wrong type, out of bounds, newer version, more
/// than maximumCells.
Experiment experimentFromJson(std::string_view text);

/// The experiment with one value replaced; `path` as in a DocumentError ("cells.0.parameters.tau_ms",
/// "stimulus.0.parameters.amplitude_ua_per_cm2", "simulation.dt_ms", "training.networks.LIF fc.parameters.threshold",
/// "title"), `value` as JSON, or plain text for a choice or a name. Throws DocumentError.
Experiment withValue(const Experiment& experiment, std::string_view path, std::string_view value);

/// All tables (models, stimuli, simulation settings) as JSON, for `endospike-cli models` and for tests.
std::string tablesAsJson();

} // namespace endospike
