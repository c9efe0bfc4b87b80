// What a document says of cells that run in time: the cells, the current into them, how they are stepped and recorded.
#pragma once

#include "sim/base/parameter.h"
#include "sim/neuron/neuron_model.h"
#include "sim/neuron/stimulus.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

namespace neuron {
inline constexpr std::string_view key = "neuron"; ///< of the documents that hold nothing else
}

struct Cell {
    explicit Cell(const NeuronModel& model);

    int id = 0; ///< unique within the plan, stable under edits; not stored in files
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

struct NeuronPlan {
    NeuronPlan(); ///< no cells, no stimulus, default settings

    std::vector<Cell> cells;
    Stimulus stimulus;
    ParameterValues simulation;
    std::optional<Comparison> comparison;

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

    friend bool operator==(const NeuronPlan&, const NeuronPlan&) = default;
};

} // namespace endospike
