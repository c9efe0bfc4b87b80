// To an end: run an experiment for its duration and keep every sample.
#pragma once

#include "sim/base/job.h"
#include "sim/document/experiment.h"
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
    Experiment experiment;
    bool stopped = false; ///< ended before its duration because it was asked to
    double simulated_ms = 0; ///< time reached
    std::vector<SpikeSummary> spikes; ///< one for each cell
};

/// Takes recorded blocks in order, as they come; for files and for memory alike.
using BlockSink = std::function<void(const TraceBlock&)>;

/// Runs for experiment.duration_ms() whether or not it is marked endless. The first sample is the initial state at t =
/// 0. Throws SimulationError.
Result run(const Experiment& experiment, const JobContext& context, const BlockSink& sink);

} // namespace endospike
