// What networks and single cells cost, counted and measured, as one table.
#pragma once

#include "sim/base/job.h"
#include "sim/network/operation_count.h"
#include "sim/network/training_plan.h"
#include "sim/neuron/neuron_model.h"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace endospike {

/// Of one canvas or one step, over several passes.
struct Timing {
    double median_s = std::numeric_limits<double>::quiet_NaN();
    double low_s = std::numeric_limits<double>::quiet_NaN(); ///< quarter of the passes are faster
    double high_s = std::numeric_limits<double>::quiet_NaN(); ///< quarter are slower
    int passes = 0;
};

struct NetworkCost {
    std::string name;
    std::string kind; ///< key
    int batch = 0; ///< canvases in one forward pass
    OperationCount published;
    std::optional<ExecutedCount> executed;
    double parameters = 0; ///< trained
    double parameterBytes = 0; ///< with what is frozen
    /// Taken for a forward pass over one batch; NaN where the system does not tell.
    double workingBytes = std::numeric_limits<double>::quiet_NaN();
    Timing perCanvas;
};

struct CellCost {
    std::string name;
    const NeuronModel* model = nullptr;
    std::optional<OperationCount> published; ///< for one step
    int stateBytes = 0; ///< in double precision
    Timing perStep; ///< one cell, forward Euler
    Timing perStepOfMany; ///< per cell, among `manyCells`
};

inline constexpr int costBatch = 128;
inline constexpr int convolutionalBatch = 8; ///< a pass of more would not end soon enough when it is to stop
inline constexpr int manyCells = 1024;

struct CostOptions {
    int threads = 1;
    int passes = 15; ///< of each measurement, at least 1
};

/// What is known without measuring: times and working memory are NaN.
NetworkCost countedCost(const NetworkPlan& plan);
CellCost countedCost(const NeuronModel& model);

struct CostTable {
    bool stopped = false;
    int threads = 1;
    std::vector<NetworkCost> networks;
    std::vector<CellCost> cells;
};

/// Told of every row as it is measured.
struct CostSink {
    std::function<void(const NetworkCost&)> network;
    std::function<void(const CellCost&)> cell;
};

/// Those networks, each with the initial weights of seed 1 on random canvases, and every model of a cell. The stop is
/// asked between passes; a row that it interrupts is left out.
CostTable costTable(const std::vector<NetworkPlan>& networks, const CostOptions& options, const JobContext& context,
    const CostSink& sink = {});

/// {"versions", "threads", "networks": [{"name", "network", "batch", "published": {"additions", "multiplications"},
///  "executed": {..., "lookups", "at_most"} or null, "parameters", "parameter_bytes", "working_bytes",
///  "s_per_canvas": {"median", "low", "high", "passes"}}], "cells": [{"name", "model", "published", "state_bytes",
///  "s_per_step", "s_per_step_of_many"}]}
std::string toJson(const CostTable& table);

} // namespace endospike
