// What the window keeps of a live run: a bounded stretch of the newest samples, with extremes for each chunk, so that
// any range can be reduced to pixels quickly. Not thread-safe: it belongs to the reader.
#pragma once

#include "sim/trace/trace_buffer.h"

#include <deque>
#include <span>

namespace endospike {

/// Minimum and maximum of a channel within one pixel column, at the time of its centre; equal where a pixel holds one
/// sample.
struct EnvelopePoint {
    double time_ms;
    double minimum;
    double maximum;
};

class TraceHistory {
public:
    static constexpr int chunkSamples = 1024;

    explicit TraceHistory(std::size_t maximumValues = 32u << 20);

    /// Blocks in order. A block marked `restarted` clears what is held first. Another layout (cells added, removed) is
    /// fine.
    void append(const TraceBlock& block);
    void clear();

    bool empty() const { return m_chunks.empty(); }
    double first_ms() const; ///< 0 if empty
    double last_ms() const;
    /// True once old samples have been given up to stay within the bound.
    bool hasForgotten() const { return m_forgotten; }
    std::uint64_t revision() const { return m_revision; } ///< changes with every change

    std::uint64_t generation() const
    {
        return m_generation;
    } ///< changes when what was held is thrown away (another run)

    /// The newest layout, or null.
    std::shared_ptr<const TraceLayout> layout() const;

    /// At most about `pixels` points for t in [from, to], one neighbour outside each end included; where a pixel holds
    /// one sample or fewer, the samples themselves. A stretch in which the cell did not exist is a point with NaN.
    void envelope(int cellId, std::string_view channelKey, double from_ms, double to_ms, int pixels,
        std::vector<EnvelopePoint>& out) const;

    /// Value at the sample nearest to t, NaN if there is none.
    double valueAt(int cellId, std::string_view channelKey, double t_ms) const;

    /// Spike times of one cell within [from, to], rising.
    std::vector<double> spikes(int cellId, double from_ms, double to_ms) const;

    /// Runs of equal layout within [from, to] for export: calls visit(layout, t, row) for each sample in order of time;
    /// row has one value per column.
    template <class Visit>
    void forEachSample(double from_ms, double to_ms, Visit visit) const;

private:
    struct Chunk {
        std::shared_ptr<const TraceLayout> layout;
        double first_ms = 0;
        double interval_ms = 0;
        int count = 0;
        std::vector<double> values; ///< column c at [c * chunkSamples]
        std::vector<double> minimum; ///< of each column
        std::vector<double> maximum;
        std::vector<CellSpike> spikes;

        double last_ms() const { return first_ms + (count - 1) * interval_ms; }
    };

    using ChunkIterator = std::deque<Chunk>::const_iterator;
    Chunk& openChunk(const TraceBlock& block, int done);
    ChunkIterator chunkAtOrBefore(double t_ms) const;

    std::deque<Chunk> m_chunks;
    std::size_t m_maximumValues;
    std::size_t m_heldValues = 0;
    bool m_forgotten = false;
    std::uint64_t m_revision = 0;
    std::uint64_t m_generation = 0;
};

template <class Visit>
void TraceHistory::forEachSample(double from_ms, double to_ms, Visit visit) const
{
    std::vector<double> row;
    for (const Chunk& chunk : m_chunks) {
        if (chunk.last_ms() < from_ms || chunk.first_ms > to_ms)
            continue;
        const std::size_t columns = chunk.layout->columns.size();
        row.resize(columns);
        for (int k = 0; k < chunk.count; ++k) {
            const double t_ms = chunk.first_ms + k * chunk.interval_ms;
            if (t_ms < from_ms || t_ms > to_ms)
                continue;
            for (std::size_t c = 0; c < columns; ++c)
                row[c] = chunk.values[c * chunkSamples + k];
            visit(*chunk.layout, t_ms, std::span<const double>(row));
        }
    }
}

} // namespace endospike
