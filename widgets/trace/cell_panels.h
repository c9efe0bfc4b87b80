// The plots that a stack begins with, one row for each: what they show of the cells of an plan.
#pragma once

#include "sim/neuron/neuron_plan.h"

#include <span>

namespace endospike {

class TimePlot;

/// What is shown, and of whom.
struct PanelScene {
    NeuronPlan plan;
    int selectedCell = -1;
    int detailCell = -1; ///< the last selected cell that has gates
    bool allCells = false; ///< gates, currents and conductances of every visible cell in place of the selected one's
    bool referenceLines = true; ///< of the selected cell
};

struct PanelKind {
    const char* key; ///< stable: settings and menus name it
    const char* title; ///< to be translated, in the context endospike::PlotStack
    bool shown; ///< at first
    int height; ///< share of the whole
    TimePlot* (*make)();
    void (*fill)(TimePlot& plot, const PanelScene& scene);
};
std::span<const PanelKind> cellPanels();

bool hasGroup(const NeuronModel& model, ChannelGroup group);

} // namespace endospike
