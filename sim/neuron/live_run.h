// Live: runs until it is stopped, takes edits between blocks, paces itself to the wall clock, writes to a TraceBuffer.
#pragma once

#include "sim/base/job.h"
#include "sim/base/latest.h"
#include "sim/neuron/neuron_plan.h"
#include "sim/trace/trace_buffer.h"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace endospike {

/// The strings from the window to a live run. Every member may be touched at any time from the window's thread.
struct LiveControl {
    Latest<NeuronPlan> edit;
    std::atomic<bool> paused = false;
    std::atomic<double> speed_ms_per_s = 100; ///< biological ms per second of wall time; 0: as fast as possible
    std::atomic<double> injection_ua_per_cm2 = 0; ///< held by hand, added to every cell
    std::atomic<int> resets = 0; ///< count up to ask for a reset
    std::atomic<int> singleSteps = 0; ///< count up to ask for one recorded sample while paused
};

/// How it goes; written by the live run, read by the window.
struct LiveStatus {
    std::atomic<double> time_ms = 0;
    std::atomic<std::int64_t> steps = 0; ///< steps so far, all cells together
    std::atomic<double> achieved_ms_per_s = 0; ///< over about the last half second
    std::atomic<bool> atEnd = false; ///< the duration of a run that is not endless is reached
};

/// What the pace is taken from.
using WallClock = std::chrono::steady_clock::time_point (*)();

/// Returns when stopped. Throws SimulationError.
void runLive(NeuronPlan plan, LiveControl& control, LiveStatus& status, TraceBuffer& traces, const JobContext& context,
    WallClock clock = std::chrono::steady_clock::now);

} // namespace endospike
