#include "sim/trace/trace_history.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

TraceHistory::TraceHistory(std::size_t maximumValues)
    : m_maximumValues(maximumValues)
{
}

void TraceHistory::clear()
{
    m_chunks.clear();
    m_heldValues = 0;
    m_forgotten = false;
    ++m_revision;
    ++m_generation;
}

double TraceHistory::first_ms() const { return m_chunks.empty() ? 0 : m_chunks.front().first_ms; }

double TraceHistory::last_ms() const { return m_chunks.empty() ? 0 : m_chunks.back().last_ms(); }

std::shared_ptr<const TraceLayout> TraceHistory::layout() const
{
    return m_chunks.empty() ? nullptr : m_chunks.back().layout;
}

TraceHistory::Chunk& TraceHistory::openChunk(const TraceBlock& block, int done)
{
    const double first_ms = block.first_ms + done * block.interval_ms;
    if (!m_chunks.empty()) {
        Chunk& last = m_chunks.back();
        const bool follows = std::abs(last.last_ms() + block.interval_ms - first_ms) < 1e-3 * block.interval_ms;
        if (last.count < chunkSamples && last.layout == block.layout && last.interval_ms == block.interval_ms
            && follows)
            return last;
    }
    const std::size_t columns = block.layout->columns.size();
    const auto sizeOf = [](const TraceLayout& layout) {
        return std::max<std::size_t>(1, layout.columns.size()) * chunkSamples; // bounded without columns too
    };
    while (!m_chunks.empty() && m_heldValues + sizeOf(*block.layout) > m_maximumValues) {
        m_heldValues -= sizeOf(*m_chunks.front().layout);
        m_chunks.pop_front();
        m_forgotten = true;
    }
    Chunk& chunk = m_chunks.emplace_back();
    chunk.layout = block.layout;
    chunk.first_ms = first_ms;
    chunk.interval_ms = block.interval_ms;
    chunk.values.resize(columns * chunkSamples);
    chunk.minimum.assign(columns, std::numeric_limits<double>::infinity());
    chunk.maximum.assign(columns, -std::numeric_limits<double>::infinity());
    m_heldValues += sizeOf(*chunk.layout);
    return chunk;
}

void TraceHistory::append(const TraceBlock& block)
{
    if (block.restarted)
        clear();
    if (block.count > 0)
        ++m_revision;
    for (int done = 0; done < block.count;) {
        Chunk& chunk = openChunk(block, done);
        const int n = std::min(block.count - done, chunkSamples - chunk.count);
        for (std::size_t c = 0; c < block.layout->columns.size(); ++c) {
            const double* from = block.values.data() + c * static_cast<std::size_t>(block.count) + done;
            std::copy_n(from, n, chunk.values.data() + c * chunkSamples + chunk.count);
            const auto [low, high] = std::minmax_element(from, from + n);
            chunk.minimum[c] = std::min(chunk.minimum[c], *low);
            chunk.maximum[c] = std::max(chunk.maximum[c], *high);
        }
        chunk.count += n;
        done += n;
    }
    for (const CellSpike& spike : block.spikes)
        if (!m_chunks.empty()) {
            const auto chunk = chunkAtOrBefore(spike.time_ms) - m_chunks.cbegin();
            m_chunks[static_cast<std::size_t>(chunk)].spikes.push_back(spike);
        }
}

TraceHistory::ChunkIterator TraceHistory::chunkAtOrBefore(double t_ms) const
{
    auto chunk =
        std::partition_point(m_chunks.begin(), m_chunks.end(), [&](const Chunk& c) { return c.first_ms <= t_ms; });
    return chunk == m_chunks.begin() ? chunk : std::prev(chunk);
}

namespace {

struct Extremes {
    double minimum;
    double maximum;
};

/// Four at a time: one chain of comparisons would wait for each of them.
Extremes extremesOf(std::span<const double> values)
{
    double low[4];
    double high[4];
    std::fill_n(low, 4, values[0]);
    std::fill_n(high, 4, values[0]);
    std::size_t k = 0;
    for (; k + 4 <= values.size(); k += 4)
        for (std::size_t i = 0; i < 4; ++i) {
            low[i] = std::min(low[i], values[k + i]);
            high[i] = std::max(high[i], values[k + i]);
        }
    for (; k < values.size(); ++k) {
        low[0] = std::min(low[0], values[k]);
        high[0] = std::max(high[0], values[k]);
    }
    return {*std::min_element(low, low + 4), *std::max_element(high, high + 4)};
}

/// Gathers samples into pixels of a fixed width; a pixel is closed when a sample falls into the next one.
class EnvelopeBuilder {
public:
    EnvelopeBuilder(double pixel_ms, std::vector<EnvelopePoint>& out)
        : m_pixel_ms(pixel_ms)
        , m_out(out)
    {
    }

    double pixelOf(double t_ms) const { return std::floor(t_ms / m_pixel_ms); }

    /// `count` samples of one pixel, the first one at t.
    void add(double t_ms, int count, Extremes extremes)
    {
        const double pixel = pixelOf(t_ms);
        const double centre_ms = (pixel + 0.5) * m_pixel_ms;
        if (m_open && pixel == m_pixel) {
            m_out.back().minimum = std::min(m_out.back().minimum, extremes.minimum);
            m_out.back().maximum = std::max(m_out.back().maximum, extremes.maximum);
            m_out.back().time_ms = std::max(m_out.back().time_ms, centre_ms);
            return;
        }
        m_out.push_back({notBeforeLast(count > 1 ? centre_ms : t_ms), extremes.minimum, extremes.maximum});
        m_pixel = pixel;
        m_open = true;
    }

    /// Samples begin..end-1 of those at first, first + interval, ...
    void addRun(double first_ms, double interval_ms, const double* values, int begin, int end)
    {
        for (int k = begin; k < end;) {
            const double pixel = pixelOf(first_ms + k * interval_ms);
            const double past = std::ceil(((pixel + 1) * m_pixel_ms - first_ms) / interval_ms);
            int next = past < end ? std::max(k + 1, static_cast<int>(past)) : end;
            while (next > k + 1 && pixelOf(first_ms + (next - 1) * interval_ms) != pixel)
                --next; // the quotient was rounded up
            add(first_ms + k * interval_ms, next - k, extremesOf({values + k, values + next}));
            k = next;
        }
    }

    void gap(double t_ms)
    {
        if (!m_out.empty() && !std::isnan(m_out.back().minimum))
            m_out.push_back({notBeforeLast(t_ms), nan, nan});
        m_open = false;
    }

private:
    /// The centre of a pixel that a gap cuts short lies behind its last sample.
    double notBeforeLast(double t_ms) const { return m_out.empty() ? t_ms : std::max(t_ms, m_out.back().time_ms); }

    double m_pixel_ms;
    std::vector<EnvelopePoint>& m_out;
    double m_pixel = 0;
    bool m_open = false;
};

} // namespace

void TraceHistory::envelope(int cellId, std::string_view channelKey, double from_ms, double to_ms, int pixels,
    std::vector<EnvelopePoint>& out) const
{
    out.clear();
    if (m_chunks.empty() || !(to_ms > from_ms) || pixels < 1)
        return;
    const double pixel_ms = (to_ms - from_ms) / pixels;
    EnvelopeBuilder builder(pixel_ms, out);
    double previousEnd_ms = nan;
    const TraceLayout* layout = nullptr;
    int column = -1;
    for (auto chunk = chunkAtOrBefore(from_ms); chunk != m_chunks.end(); ++chunk) {
        if (chunk->first_ms > to_ms + chunk->interval_ms)
            break;
        if (chunk->layout.get() != layout) {
            layout = chunk->layout.get();
            column = layout->find(cellId, channelKey);
        }
        const bool jumps = chunk->first_ms - previousEnd_ms > 1.5 * chunk->interval_ms;
        if (column < 0 || jumps)
            builder.gap(chunk->first_ms);
        previousEnd_ms = chunk->last_ms();
        if (column < 0)
            continue;
        const bool withinOnePixel = chunk->first_ms >= from_ms && chunk->last_ms() <= to_ms
            && builder.pixelOf(chunk->first_ms) == builder.pixelOf(chunk->last_ms());
        if (withinOnePixel) {
            builder.add(chunk->first_ms, chunk->count, {chunk->minimum[column], chunk->maximum[column]});
            continue;
        }
        const double* values = chunk->values.data() + static_cast<std::size_t>(column) * chunkSamples;
        const auto clamped = [&](double k) { return static_cast<int>(std::clamp<double>(k, 0, chunk->count)); };
        const int begin = clamped(std::floor((from_ms - chunk->first_ms) / chunk->interval_ms));
        const int end = clamped(std::ceil((to_ms - chunk->first_ms) / chunk->interval_ms) + 1);
        builder.addRun(chunk->first_ms, chunk->interval_ms, values, begin, end);
    }
}

double TraceHistory::valueAt(int cellId, std::string_view channelKey, double t_ms) const
{
    if (m_chunks.empty())
        return nan;
    const auto before = chunkAtOrBefore(t_ms);
    const auto after = std::next(before);
    const bool nextIsNearer = after != m_chunks.end() && after->first_ms - t_ms < std::abs(t_ms - before->last_ms());
    const Chunk& chunk = nextIsNearer ? *after : *before;
    const double k = std::round((t_ms - chunk.first_ms) / chunk.interval_ms);
    const int column = chunk.layout->find(cellId, channelKey);
    if (column < 0 || !(k >= 0 && k < chunk.count))
        return nan;
    return chunk.values[static_cast<std::size_t>(column) * chunkSamples + static_cast<std::size_t>(k)];
}

std::vector<double> TraceHistory::spikes(int cellId, double from_ms, double to_ms) const
{
    std::vector<double> times;
    for (auto chunk = chunkAtOrBefore(from_ms); chunk != m_chunks.end() && chunk->first_ms <= to_ms; ++chunk)
        for (const CellSpike& spike : chunk->spikes)
            if (spike.cellId == cellId && spike.time_ms >= from_ms && spike.time_ms <= to_ms)
                times.push_back(spike.time_ms);
    return times;
}

} // namespace endospike
