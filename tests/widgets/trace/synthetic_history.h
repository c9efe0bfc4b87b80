// A recording with known values, for tests of plots: V is a straight ramp, the gates are constants, the input is a
// step.
#pragma once

#include "sim/neuron/neuron_plan.h"
#include "sim/trace/trace_history.h"

#include <cmath>

namespace endospike {

inline std::shared_ptr<const TraceLayout> layoutOf(const NeuronPlan& plan)
{
    auto layout = std::make_shared<TraceLayout>();
    for (const Cell& cell : plan.cells) {
        for (const Channel& channel : cell.model->channels)
            layout->columns.push_back({cell.id, cell.name, cell.model, channel});
        layout->columns.push_back({cell.id, cell.name, cell.model, inputChannel});
    }
    return layout;
}

/// V of cell i at time t in the recordings below.
inline double rampValue(int cellId, double t_ms) { return -80 + 0.1 * t_ms + cellId; }

/// `count` samples from `first_ms`, every 0.05 ms; every cell fires at each multiple of 10 ms.
inline TraceBlock rampBlock(const NeuronPlan& plan, std::shared_ptr<const TraceLayout> layout, double first_ms,
    int count, bool restarted = false)
{
    TraceBlock block;
    block.layout = layout;
    block.first_ms = first_ms;
    block.interval_ms = 0.05;
    block.count = count;
    block.restarted = restarted;
    for (const TraceColumn& column : layout->columns)
        for (int k = 0; k < count; ++k) {
            const double t_ms = first_ms + 0.05 * k;
            block.values.push_back(column.channel.group == ChannelGroup::voltage ? rampValue(column.cellId, t_ms)
                    : column.channel.group == ChannelGroup::stimulus             ? (t_ms < 50 ? 0.0 : 7.5)
                                                                                 : 0.25);
        }
    const double last_ms = first_ms + 0.05 * (count - 1);
    for (int k = static_cast<int>(std::ceil(first_ms / 10 - 1e-9)); 10.0 * k <= last_ms; ++k)
        for (const Cell& cell : plan.cells)
            block.spikes.push_back({cell.id, 10.0 * k});
    return block;
}

} // namespace endospike
