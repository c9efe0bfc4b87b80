// A neuron model as the rest of the program sees it: a name, its parameter table, the quantities it can record, and a
// factory for a population of such cells. Add a model: one .h/.cpp pair, one line in models.cpp, one line in CMake.
#pragma once

#include "sim/base/hue.h"
#include "sim/base/operations.h"
#include "sim/base/parameter.h"
#include "sim/trace/channel.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace endospike {

enum class Integrator { forwardEuler, exponentialEuler, rungeKutta4 };
enum class Precision { float64, float32 };

/// Input current in uA/cm^2 for a run of steps. The value for step k and cell c is at [k * stepStride + c *
/// cellStride]: (1, 0) one shared waveform, (0, 1) one constant for each cell, (cells, 1) everything apart. `start`,
/// `middle`, `end` are the current at the beginning, the middle and just before the end of each step; only Runge-Kutta
/// reads the latter two.
struct InputBlock {
    const double* start;
    const double* middle;
    const double* end;
    std::ptrdiff_t stepStride;
    std::ptrdiff_t cellStride;
};

/// Upward crossing of the detection threshold inside step `step` (counted from the start of the advance() call) at the
/// fraction 0..1 of that step, by linear interpolation.
struct SpikeEvent {
    int cell;
    int step;
    double fraction;
};

/// A state variable that is infinite or NaN.
struct NonFinite {
    int cell;
    int variable; ///< index into NeuronModel::stateVariables
};

/// Cells of one model, integrator, precision and time step. State and parameters are held struct-of-arrays; each cell
/// has its own parameters. The result for a cell does not depend, to the bit, on how many cells stand beside it or on
/// how the steps are split over calls.
class Population {
public:
    virtual ~Population() = default;

    virtual int size() const = 0;

    /// New parameters for one cell, from this model's table; its state is kept.
    virtual void setParameters(int cell, const ParameterValues& values) = 0;

    /// Every cell to the initial state of its parameters (rest, where the model has one).
    virtual void reset() = 0;

    /// The state of one cell, in the order of NeuronModel::stateVariables. Includes everything that makes the future.
    virtual void copyState(int cell, std::span<double> out) const = 0;
    virtual void setState(int cell, std::span<const double> state) = 0;

    /// `steps` steps of dt. Spikes are appended, ordered by step for each cell.
    virtual void advance(int steps, const InputBlock& input, std::vector<SpikeEvent>& spikes) = 0;

    /// The first non-finite state variable, if there is one.
    virtual std::optional<NonFinite> nonFinite() const = 0;

    /// All channels of all cells for the present state, out[channel * size() + cell].
    virtual void sample(std::span<double> out) const = 0;

    /// The membrane potential alone, the first channel of sample(), out[cell]: for what looks at it in every step.
    virtual void voltages(std::span<double> out) const = 0;
};

/// Range of the voltage axis that holds a normal trace, mV.
struct VoltageRange {
    double minimum_mv;
    double maximum_mv;
};

/// A horizontal line worth showing in the voltage plot (rest, threshold, reversal potential), from the cell's
/// parameters.
struct ReferenceLine {
    std::string_view label; ///< short rich text: it stands beside the plot
    double v_mv;
};

struct NeuronModel {
    std::string_view key; ///< "hh"
    std::string_view name; ///< "Hodgkin-Huxley"
    std::string_view shortName; ///< "HH"
    std::string_view summary; ///< one or two sentences
    std::string_view source; ///< citation with DOI
    Hue hue;
    /// One cell for one step as He et al. 2024 count it; nothing for a model that they did not count.
    std::optional<OperationCount> published;
    ParameterTable parameters;
    std::span<const Channel> channels; ///< the first one is the membrane potential
    std::span<const std::string_view> stateVariables;
    VoltageRange voltageRange;
    std::vector<ReferenceLine> (*referenceLines)(const ParameterValues&);
    /// Cells start with the default parameters, reset. dt in ms.
    std::unique_ptr<Population> (*create)(int cells, Integrator, Precision, double dt_ms);

    friend bool operator==(const NeuronModel& a, const NeuronModel& b) { return a.key == b.key; }
};

/// Every model, in the order in which they are offered.
std::span<const NeuronModel> neuronModels();

/// The model with this key, or nullptr.
const NeuronModel* findNeuronModel(std::string_view key);

} // namespace endospike
