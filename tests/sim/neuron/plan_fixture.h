// Plans of cells for the tests of the engine.
#pragma once

#include "sim/neuron/neuron_plan.h"
#include "sim/neuron/simulation.h"

#include <string_view>
#include <utility>
#include <vector>

namespace endospike::test {

using Values = std::vector<std::pair<std::string_view, double>>;

inline Cell& addCell(NeuronPlan& plan, std::string_view model, const Values& values = {})
{
    Cell cell(*findNeuronModel(model));
    cell.id = plan.freeCellId();
    cell.name = plan.freeCellName(cell.model->shortName);
    for (const auto& [key, value] : values)
        cell.parameters.set(key, value);
    return plan.cells.emplace_back(std::move(cell));
}

inline StimulusPart part(std::string_view kind, const Values& values = {})
{
    StimulusPart result(*findStimulusKind(kind));
    for (const auto& [key, value] : values)
        result.values.set(key, value);
    return result;
}

inline void setSimulation(NeuronPlan& plan, const Values& values)
{
    for (const auto& [key, value] : values)
        plan.simulation.set(key, value);
}

/// Five cells of three models that fire, on noise and a step; two of them hear something else.
inline NeuronPlan mixedPlan(Integrator integrator = Integrator::exponentialEuler)
{
    NeuronPlan plan;
    addCell(plan, "hh");
    addCell(plan, "lif", {{"tau_ms", 7}});
    addCell(plan, "hh", {{"temperature_c", 12}, {"g_na_ms_per_cm2", 100}});
    addCell(plan, "hh_shifted").ownStimulus = Stimulus{{part("sine", {{"mean_ua_per_cm2", 12}})}};
    addCell(plan, "lif").ownStimulus = Stimulus{{part("constant", {{"amplitude_ua_per_cm2", 15}})}};
    plan.stimulus.parts.push_back(part("step", {{"onset_ms", 2}}));
    plan.stimulus.parts.push_back(part("ornstein_uhlenbeck"));
    plan.stimulus.parts.push_back(part("white_noise", {{"mean_ua_per_cm2", 0}}));
    setSimulation(plan, {{"integrator", static_cast<double>(integrator)}, {"duration_ms", 60}});
    return plan;
}

inline std::vector<double> sampleOf(const Simulation& simulation)
{
    std::vector<double> row(simulation.layout()->columns.size());
    simulation.sample(row);
    return row;
}

inline double valueOf(const Simulation& simulation, int cellId, std::string_view channel)
{
    return sampleOf(simulation)[static_cast<std::size_t>(simulation.layout()->find(cellId, channel))];
}

} // namespace endospike::test
