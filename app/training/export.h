// The figures of trainings as files: one table of every epoch, or scalar curves for TensorBoard.
#pragma once

#include "sim/base/job.h"
#include "sim/network/run_folder.h"

#include <span>
#include <string>

namespace endospike {

/// One line an epoch: network, seed, epochs done, losses, accuracies, rate of learning, speed, times, operations,
/// parameters, memory, and for each layer its mean rate, dead and saturated neurons. What is not a number stays empty.
std::string runsAsCsv(std::span<const RunRecord> runs);

/// A folder for each run below `folder`, as TensorBoard wants them; two runs of one name are told apart by their work.
/// Throws FileError.
void writeRunsForTensorBoard(
    const std::string& folder, std::span<const RunRecord> runs, double now_s, const JobContext& context);

} // namespace endospike
