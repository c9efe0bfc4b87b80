// Trace blocks made by hand for the tests of buffers and histories.
#pragma once

#include "sim/trace/trace_buffer.h"

#include <functional>

namespace endospike::test {

/// One voltage column for each id.
inline std::shared_ptr<const TraceLayout> voltageLayout(std::initializer_list<int> ids)
{
    static const Channel voltage = {"v_mv", "V", "V", "mV", ChannelGroup::voltage};
    auto layout = std::make_shared<TraceLayout>();
    for (int id : ids)
        layout->columns.push_back({id, "cell " + std::to_string(id), nullptr, voltage});
    return layout;
}

/// Column c of the sample at t holds value(c, t).
inline TraceBlock makeBlock(std::shared_ptr<const TraceLayout> layout, double first_ms, double interval_ms, int count,
    const std::function<double(std::size_t, double)>& value)
{
    TraceBlock block;
    block.first_ms = first_ms;
    block.interval_ms = interval_ms;
    block.count = count;
    for (std::size_t c = 0; c < layout->columns.size(); ++c)
        for (int k = 0; k < count; ++k)
            block.values.push_back(value(c, first_ms + k * interval_ms));
    block.layout = std::move(layout);
    return block;
}

} // namespace endospike::test
