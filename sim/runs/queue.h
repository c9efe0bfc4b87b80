// The one way through several units of work, such as the trainings of a plan: one after the other or several at once,
// by one process or shared among many.
#pragma once

#include "sim/base/job.h"

#include <cstddef>
#include <functional>

namespace endospike {

struct QueueOptions {
    int atOnce = 1; ///< units under way at a time; the first on the calling thread, each other on one of its own
    /// Hands out the units by number, counting up, each once over all processes that share them; a number past the end
    /// means that there are no more. One thread at a time calls it. Empty: this process does all.
    std::function<std::size_t()> next = {};
};

/// Calls unit(number, context) for the numbers 0 .. count - 1 and returns when all that began have ended; none begins
/// after a stop. What a unit reports as its own progress is passed on, one report at a time, as that of the whole, in
/// which units of other processes count as done once a later one is begun here. The first exception of a unit stops the
/// others and is thrown again.
void runQueue(std::size_t count, const std::function<void(std::size_t number, const JobContext& context)>& unit,
    const JobContext& context, const QueueOptions& options = {});

} // namespace endospike
