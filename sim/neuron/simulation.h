// The stepping of one plan: its cells as populations, its stimuli sampled, its spikes collected. Both ways to run
// (live and to an end) drive this same class.
#pragma once

#include "sim/neuron/neuron_plan.h"
#include "sim/trace/trace_buffer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace endospike {

/// At the stop request, however far apart the samples are.
inline constexpr std::int64_t stepsBetweenLooks = 256;

class Simulation {
public:
    explicit Simulation(NeuronPlan plan);
    ~Simulation();

    const NeuronPlan& plan() const { return m_plan; }
    std::shared_ptr<const TraceLayout> layout() const { return m_layout; }
    std::int64_t step() const { return m_step; }
    double time_ms() const;

    /// Takes an edited plan between two advances. Time goes on; a cell that keeps its id and model keeps its
    /// state.
    void apply(NeuronPlan plan);

    /// Time 0, every state initial, noise from its seed again.
    void reset();

    /// A current added to every cell from now on (injected by hand), uA/cm^2.
    void setInjection(double current_ua_per_cm2) { m_injection = current_ua_per_cm2; }

    /// `steps` steps. Spikes that keep the cell's minimum gap are appended. Throws SimulationError at the first
    /// non-finite state; the simulation then stands at the last finite step.
    void advance(int steps, std::vector<CellSpike>& spikes);

    /// The present value of every column of layout().
    /// With a comparison every step is compared, so that what lies between two recorded samples counts too.
    void sample(std::span<double> row) const;

private:
    struct Group;
    struct Input;
    struct Place {
        std::size_t group;
        std::size_t index;
    };

    void buildGroups();
    void buildInput();
    void rebuildKeepingState(const NeuronPlan& previous);
    void sampleInput(int steps);
    void runGroup(Group& group, int firstStep, int steps);
    void collectSpikes(std::vector<CellSpike>& spikes);
    void buildComparison();
    void compare();
    void findNonFinite(int steps, std::vector<CellSpike>& spikes);

    NeuronPlan m_plan;
    std::shared_ptr<const TraceLayout> m_layout;
    std::vector<std::unique_ptr<Group>> m_groups; ///< one for each model in use
    std::vector<Place> m_places; ///< of each cell of the plan
    std::unique_ptr<Input> m_input;
    std::vector<double> m_lastSpike_ms; ///< of each cell of the plan
    std::int64_t m_step = 0;
    double m_startTime_ms = 0; ///< time at m_step == 0; moves when dt or the cells change
    double m_injection = 0;

    /// Of the two cells of the plan's comparison, over every step since the last reset.
    struct Difference {
        std::size_t first = 0; ///< places in the plan
        std::size_t second = 0;
        double now_mv = 0;
        double maximum_mv = 0;
        double squares_mv2 = 0;
        double count = 0;
    };
    std::optional<Difference> m_difference;
};

} // namespace endospike
