// From the engine to the screen: recorded samples in column blocks, handed over under one short lock.
#pragma once

#include "sim/trace/channel.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace endospike {

struct NeuronModel;

/// One recorded column: a channel of a cell.
struct TraceColumn {
    int cellId;
    std::string cellName;
    const NeuronModel* model;
    Channel channel;
};

/// The columns of a recording. For each cell, in the experiment's order: the model's channels, then its input current
/// (`inputChannel`); last, with a comparison, the comparison channels.
struct TraceLayout {
    std::vector<TraceColumn> columns;

    /// Position of a cell's channel, or -1.
    int find(int cellId, std::string_view channelKey) const;
};

/// The injected current that a cell receives, "i_input_ua_per_cm2", group stimulus.
extern const Channel inputChannel;

/// |V1 - V2| of a plan's comparison: now, its maximum and its root mean square since the last reset.
extern const Channel comparisonChannels[3];

struct CellSpike {
    int cellId;
    double time_ms;
    friend bool operator==(const CellSpike&, const CellSpike&) = default;
};

/// Consecutive samples at t = first_ms + k * interval_ms, k in 0..count-1. Column c is values[c * count .. c * count +
/// count). `restarted` marks the first block after a reset: what came before is another run.
struct TraceBlock {
    std::shared_ptr<const TraceLayout> layout;
    double first_ms = 0;
    double interval_ms = 0;
    int count = 0;
    bool restarted = false;
    std::vector<double> values;
    std::vector<CellSpike> spikes; ///< ordered by time for each cell
};

/// Bounded queue of blocks, one writer, one reader. What does not fit is dropped whole, oldest first, and counted.
class TraceBuffer {
public:
    explicit TraceBuffer(std::size_t maximumValues = 8u << 20);

    /// Waits up to `patience_ms` for room (or a stop), then appends; drops the oldest blocks if there still is none.
    void append(TraceBlock block, std::stop_token stop = {}, int patience_ms = 0);

    /// Everything that has arrived since the last call, oldest first.
    std::vector<TraceBlock> drain();

    /// Samples (rows) dropped so far.
    std::uint64_t lostSamples() const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable_any m_room;
    std::vector<TraceBlock> m_blocks;
    std::size_t m_maximumValues;
    std::size_t m_heldValues = 0;
    std::uint64_t m_lost = 0;
};

} // namespace endospike
