// To an end: run a plan for its duration and keep every sample.
#pragma once

#include "sim/base/job.h"
#include "sim/neuron/neuron_plan.h"
#include "sim/trace/trace_buffer.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace endospike {

/// What is said about one cell's spikes.
struct SpikeSummary {
    int cellId = 0;
    std::string cellName;
    std::vector<double> times_ms;
    double meanRate_hz = 0; ///< spikes / simulated time
    double meanInterval_ms = 0; ///< NaN with fewer than two spikes
    double intervalCoefficientOfVariation = 0; ///< NaN with fewer than three spikes
};

struct Result {
    bool stopped = false; ///< ended before its duration because it was asked to
    double simulated_ms = 0; ///< time reached
    std::vector<SpikeSummary> spikes; ///< one for each cell
};

/// Takes recorded blocks in order, as they come; for files and for memory alike.
using BlockSink = std::function<void(const TraceBlock&)>;

/// Runs for plan.duration_ms() whether or not it is marked endless. The first sample is the initial state at t =
/// 0. Throws SimulationError.
Result run(const NeuronPlan& plan, const JobContext& context, const BlockSink& sink);

} // namespace endospike
