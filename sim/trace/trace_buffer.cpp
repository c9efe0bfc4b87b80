#include "sim/trace/trace_buffer.h"

#include <algorithm>
#include <chrono>

namespace endospike {

const Channel inputChannel = {"i_input_ua_per_cm2", "Injected current", "I", "µA/cm²", ChannelGroup::stimulus};

const Channel comparisonChannels[3] = {
    {"difference_mv", "Difference of the membrane potentials", "|ΔV|", "mV", ChannelGroup::difference},
    {"difference_maximum_mv", "Largest difference so far", "max |ΔV|", "mV", ChannelGroup::difference},
    {"difference_rms_mv", "Root mean square of the difference", "RMS ΔV", "mV", ChannelGroup::difference},
};

int TraceLayout::find(int cellId, std::string_view channelKey) const
{
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].cellId == cellId && columns[i].channel.key == channelKey)
            return static_cast<int>(i);
    return -1;
}

namespace {

/// Rows count even without columns, so that an experiment without cells is bounded too.
std::size_t sizeOf(const TraceBlock& block)
{
    return std::max(block.values.size(), static_cast<std::size_t>(block.count));
}

} // namespace

TraceBuffer::TraceBuffer(std::size_t maximumValues)
    : m_maximumValues(maximumValues)
{
}

void TraceBuffer::append(TraceBlock block, std::stop_token stop, int patience_ms)
{
    const std::size_t size = sizeOf(block);
    std::unique_lock lock(m_mutex);
    const auto hasRoom = [&] { return m_blocks.empty() || m_heldValues + size <= m_maximumValues; };
    if (patience_ms > 0)
        m_room.wait_for(lock, stop, std::chrono::milliseconds(patience_ms), hasRoom);
    std::size_t dropped = 0;
    bool restarted = false;
    for (; dropped < m_blocks.size() && m_heldValues + size > m_maximumValues; ++dropped) {
        m_heldValues -= sizeOf(m_blocks[dropped]);
        m_lost += m_blocks[dropped].count;
        restarted |= m_blocks[dropped].restarted;
    }
    m_blocks.erase(m_blocks.begin(), m_blocks.begin() + static_cast<std::ptrdiff_t>(dropped));
    m_heldValues += size;
    m_blocks.push_back(std::move(block));
    m_blocks.front().restarted |= restarted;
}

std::vector<TraceBlock> TraceBuffer::drain()
{
    std::vector<TraceBlock> blocks;
    {
        const std::lock_guard lock(m_mutex);
        blocks.swap(m_blocks);
        m_heldValues = 0;
    }
    m_room.notify_all();
    return blocks;
}

std::uint64_t TraceBuffer::lostSamples() const
{
    const std::lock_guard lock(m_mutex);
    return m_lost;
}

} // namespace endospike
