// All trainings of a control document, several at a time, as one long work.
#pragma once

#include "sim/control/folder.h"

#include <functional>
#include <string>
#include <vector>

namespace endospike {

/// One training as the page shows it.
struct ControlRun {
    RunId id;
    const PolicyKind* kind;
    std::int64_t steps = 0; ///< planned
    std::vector<EpisodeMetrics> episodes;
    std::vector<ControlProgress> progress;
    std::vector<ControlEvaluation> evaluations;

    std::int64_t step() const { return progress.empty() ? 0 : progress.back().step; }
    /// Takes the place of what was reported from its step on: a resumed training repeats what its checkpoint had not.
    void add(const ControlEvent& event);
};

/// Every training of the plan, still without figures.
std::vector<ControlRun> waitingControlRuns(const ControlPlan& plan);
/// What a work's folder holds of this plan's trainings, in their order; empty if it is the work of another plan.
std::vector<ControlRun> keptControlRuns(const std::string& folder, const ControlPlan& plan);
/// Whatever a work's folder holds.
std::vector<ControlRun> allControlRuns(const std::string& folder);

/// Called from several threads at once.
struct ControlWorkSinks {
    std::function<void(const RunId&, const ControlEvent&)> event;
    std::function<void(const RunId&, std::shared_ptr<const Policy>)> snapshot;
};

/// Each training in its own folder below `folder`, `threads` of them at a time, one thread each. The first one that
/// fails stops the others, and its exception is thrown.
void trainControlPlan(const ControlPlan& plan, const std::string& folder, bool resume, int threads,
    const ControlWorkSinks& sinks, const JobContext& context);

} // namespace endospike
