// The first layer of ConvolutionalPass: tile by tile.
#pragma once

#include "sim/network/convolutional_pass.h"

namespace endospike {

template <class Unit>
auto ConvolutionalPass<Unit>::tileAt(const Real* canvas, int row, int column, int lane) const -> Tile
{
    Tile tile{};
    for (int current = 0; current < currents; ++current) {
        Real x[4 * block];
        tileCurrents(canvas + 2 * (row * paddedCanvasSide + column), paddedCanvasSide,
            m_weights.data() + m_layout.firstBias(current, lane),
            m_weights.data() + m_layout.firstWeight(current, lane, 0, 0), m_layout.firstWide(), x);
        for (int neuron = 0; neuron < 4; ++neuron)
            tile.x[neuron][current] = L::load(x + neuron * block);
    }
    return tile;
}

template <class Unit>
void ConvolutionalPass<Unit>::advanceTile(Tile& tile, int column, int step) const
{
    const Unit unit = m_unit;
    for (int neuron = 0; neuron < 4; ++neuron)
        if constexpr (Unit::linear) {
            const LinearStep<Real> now = m_linear[static_cast<std::size_t>((2 * column + neuron % 2) * m_steps + step)];
            tile.u[neuron][0] = now.gain * tile.x[neuron][0] + now.offset;
        } else {
            unit.advance(unit.prepared(drive(0, 2 * column + neuron % 2, step)), tile.x[neuron], tile.u[neuron]);
        }
}

template <class Unit>
void ConvolutionalPass<Unit>::turnWeights()
{
    m_turned.clear();
    for (int lane = 0; lane < m_lanes; lane += block)
        for (int k = 0; k < 9; ++k)
            for (int current = 0; current < currents; ++current)
                for (int channel = 0; channel < m_channels; ++channel)
                    for (int input = lane; input < lane + block; ++input)
                        m_turned.push_back(input < m_channels
                                ? m_weights[m_layout.secondWeight(current, channel, input, 2 - k / 3, 2 - k % 3)]
                                : 0);
}

template <class Unit>
void ConvolutionalPass<Unit>::findSettledCurrents()
{
    m_settled.clear();
    m_linear.clear();
    if constexpr (std::is_empty_v<Drive>) {
        m_settled.push_back(settledCurrents(m_unit, nullptr, m_steps));
    } else {
        for (int column = 0; column < firstSide; ++column) {
            const Drive* drives = m_drives[0].data() + column * m_steps;
            m_settled.push_back(settledCurrents(m_unit, drives, m_steps));
            for (const LinearStep<double>& step : linearSteps(m_unit, drives, m_steps))
                m_linear.push_back({static_cast<Real>(step.gain), static_cast<Real>(step.offset)});
        }
    }
}

/// Whether all pixels that its neurons see are 0.
template <class Unit>
bool ConvolutionalPass<Unit>::isEmpty(const Real* canvas, int tile) const
{
    const Real* patch = canvas + 2 * (tile / secondSide * paddedCanvasSide + tile % secondSide);
    bool any = false;
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 4; ++column)
            any |= patch[row * paddedCanvasSide + column] != 0;
    return !any;
}

/// If so, `counts` are its spikes in every step.
template <class Unit>
bool ConvolutionalPass<Unit>::isSettled(const Tile& tile, int column, Vector& counts) const
{
    if constexpr (currents > 1)
        return false;
    auto settled = counts == counts;
    for (int neuron = 0; neuron < 4; ++neuron) {
        const auto [never, always] =
            m_settled.size() > 1 ? m_settled[static_cast<std::size_t>(2 * column + neuron % 2)] : m_settled.front();
        const Vector x = tile.x[neuron][0];
        counts += x >= always ? Real(1) : Real(0);
        settled &= (x >= always) | (x <= never);
    }
    bool all = true;
    for (int l = 0; l < block; ++l)
        all &= settled[l] != 0;
    return all;
}

/// Into `counts`, at distances of pooledSize().
template <class Unit>
TileFate ConvolutionalPass<Unit>::simulateTile(const Real* canvas, int at, int lane, Count* counts) const
{
    Tile tile = tileAt(canvas, at / secondSide, at % secondSide, lane);
    Vector same = {};
    if (isSettled(tile, at % secondSide, same)) {
        Count rounded[block];
        for (int l = 0; l < block; ++l)
            rounded[l] = lane + l < m_channels ? static_cast<Count>(same[l]) : Count(0);
        for (int t = 0; t < m_steps; ++t)
            std::copy_n(rounded, block, counts + t * pooledSize());
        return {TileKind::settled, 0, 0};
    }
    return simulateOpen(tile, at % secondSide, lane, counts, pooledSize());
}

/// Its spikes into `counts`, at distances of `distance`.
template <class Unit>
TileFate ConvolutionalPass<Unit>::simulateOpen(
    Tile& tile, int column, int lane, Count* counts, std::size_t distance) const
{
    const Unit unit = m_unit;
    const Vector present = L::load(m_present.data() + lane);
    Vector begin = Vector{} + static_cast<Real>(m_steps), end = {};
    for (int t = 0; t < m_steps; ++t, counts += distance) {
        advanceTile(tile, column, t);
        Vector spikes = {}, slopes = {};
        for (const auto& neuron : tile.u)
            for (const Vector& u : neuron) {
                spikes += unit.spikes(u);
                slopes += unit.slope(u);
            }
        storeCounts(spikes * present, counts);
        const Vector now = Vector{} + static_cast<Real>(t);
        begin = (slopes > 0) & (now < begin) ? now : begin;
        end = slopes > 0 ? now + 1 : end;
    }
    Real first = begin[0], last = end[0];
    for (int l = 1; l < block; ++l) {
        first = std::min(first, begin[l]);
        last = std::max(last, end[l]);
    }
    if (last == 0)
        return {TileKind::open, 0, 0};
    return {TileKind::open, static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)};
}

template <class Unit>
void ConvolutionalPass<Unit>::simulateFirst(const Real* canvas, Sample& sample) const
{
    sample.pooled.resize(static_cast<std::size_t>(m_steps) * pooledSize());
    sample.fates.resize(pooledSize() / block);
    for (int at = 0; at < firstTiles; ++at) {
        Count* counts = sample.pooled.data() + at * m_lanes;
        if (isEmpty(canvas, at)) {
            for (int t = 0; t < m_steps; ++t)
                std::copy_n(m_emptyCounts.data() + emptyPlace(emptyClass(at), t), m_lanes, counts + t * pooledSize());
            std::fill_n(sample.fates.begin() + blockOf(at, 0), m_lanes / block, TileFate{TileKind::empty, 0, 0});
            continue;
        }
        for (int lane = 0; lane < m_lanes; lane += block)
            sample.fates[blockOf(at, lane)] = simulateTile(canvas, at, lane, counts + lane);
    }
}

/// What empty tiles do, by going back from a gradient at each step.
template <class Unit>
void ConvolutionalPass<Unit>::simulateEmptyTiles()
{
    const std::size_t size = emptyPlace(emptyClasses, 0);
    const std::vector<Real> canvas(static_cast<std::size_t>(4 * paddedCanvasSide));
    LineVector<Vector> history;
    std::vector<Real> returned(static_cast<std::size_t>(m_steps * block));
    m_emptyCounts.assign(size, 0);
    m_emptyLive.assign(static_cast<std::size_t>(emptyClasses * m_steps), 0);
    for (auto& effect : m_emptyEffects)
        effect.assign(size, 0);
    for (int column = 0; column < emptyClasses; ++column)
        for (int lane = 0; lane < m_lanes; lane += block) {
            const Tile tile = tileAt(canvas.data(), 0, 0, lane);
            Tile moving = tile;
            const TileFate fate =
                simulateOpen(moving, column, lane, m_emptyCounts.data() + emptyPlace(column, 0) + lane, m_lanes);
            for (int t = fate.begin; t < fate.end; ++t) {
                Vector dx[4][currents] = {}, sums[Unit::shared + 1] = {};
                std::fill_n(returned.begin() + t * block, block, Real(1));
                retreatTile(tile, column, {TileKind::open, fate.begin, static_cast<std::uint16_t>(t + 1)},
                    returned.data(), history, dx, sums);
                std::fill_n(returned.begin() + t * block, block, Real(0));
                for (int l = 0; l < block && lane + l < m_channels; ++l)
                    for (int i = 0; i < effects; ++i) {
                        const Real effect = i < currents ? dx[0][i][l] + dx[1][i][l] + dx[2][i][l] + dx[3][i][l]
                                                         : sums[i - currents][l];
                        m_emptyEffects[i][emptyPlace(column, t) + lane + l] = effect;
                        m_emptyLive[static_cast<std::size_t>(column * m_steps + t)] |= effect != 0;
                    }
            }
        }
}

/// Adds to the gradients at its currents, and at what all neurons share, from those at its pooled spikes,
/// [step][block].
template <class Unit>
void ConvolutionalPass<Unit>::retreatTile(const Tile& from, int column, TileFate fate, const Real* returned,
    LineVector<Vector>& history, Vector (&dx)[4][currents], Vector (&sums)[Unit::shared + 1]) const
{
    Tile tile = from;
    if constexpr (Unit::linear) {
        const Unit unit = m_unit;
        for (int t = fate.begin; t < fate.end; ++t) {
            advanceTile(tile, column, t);
            const Vector g = unit.reach(t) / 4 * L::load(returned + t * block);
            for (int neuron = 0; neuron < 4; ++neuron)
                dx[neuron][0] += unit.slope(tile.u[neuron][0]) * g;
        }
    } else {
        constexpr int size = 4 * parts;
        history.resize(static_cast<std::size_t>(m_steps * size));
        for (int t = 0; t < fate.end; ++t) {
            advanceTile(tile, column, t);
            std::copy_n(&tile.u[0][0], size, history.data() + t * size);
        }
        retreatHistory(column, fate.end, history.data(), returned, dx, sums);
    }
}

template <class Unit>
void ConvolutionalPass<Unit>::retreatHistory(int column, int steps, const Vector* history, const Real* returned,
    Vector (&dx)[4][currents], Vector (&sums)[Unit::shared + 1]) const
{
    const Unit unit = m_unit;
    Vector carry[4][parts] = {};
    for (int t = steps - 1; t >= 0; --t) {
        Vector g[parts];
        std::fill_n(g, parts, L::load(returned + t * block) / 4);
        for (int neuron = 0; neuron < 4; ++neuron) {
            Vector d[currents];
            unit.retreat(
                drive(0, 2 * column + neuron % 2, t), history + (t * 4 + neuron) * parts, g, carry[neuron], d, sums);
            for (int i = 0; i < currents; ++i)
                dx[neuron][i] += d[i];
        }
    }
}

/// patch[9][m_wide]: the sum over the tiles of the gradients around them. `tiles`: places in `delta` of the position
/// above and left of each.
template <class Unit>
void ConvolutionalPass<Unit>::sumPatches(const std::vector<std::ptrdiff_t>& tiles, const Real* delta, Real* patch) const
{
    constexpr int width = 3 * block;
    for (int dy = 0; dy < 3; ++dy, delta += secondMap.stride() * m_wide)
        for (int i = 0; i < 3 * m_wide; i += width, patch += width) {
            Real sums[width] = {};
            for (const std::ptrdiff_t tile : tiles) {
                const Real* from = delta + tile + i;
                for (int l = 0; l < width; ++l)
                    sums[l] += from[l];
            }
            std::copy_n(sums, width, patch);
        }
}

/// All empty tiles of a class at once.
template <class Unit>
void ConvolutionalPass<Unit>::returnThroughEmpty(const Sample& sample, Scratch& scratch, Real* gradient) const
{
    const int patch = 9 * m_wide;
    scratch.patches.resize(static_cast<std::size_t>(m_steps * patch));
    scratch.returned.resize(static_cast<std::size_t>(m_steps * block));
    for (int kind = 0; kind < emptyClasses; ++kind) {
        scratch.empty.clear();
        for (int at = kind; at < firstTiles; at += emptyClasses)
            if (sample.fates[blockOf(at, 0)].kind == TileKind::empty)
                scratch.empty.push_back(m_patchPlaces[static_cast<std::size_t>(at)]);
        if (scratch.empty.empty())
            continue;
        const char* live = m_emptyLive.data() + kind * m_steps;
        const auto begin = static_cast<int>(std::find(live, live + m_steps, 1) - live);
        int end = m_steps;
        while (end > begin && !live[end - 1])
            --end;
        for (int t = begin; t < end; ++t)
            sumPatches(scratch.empty, scratch.delta.data() + t * mapSize(), scratch.patches.data() + t * patch);
        for (int lane = 0; lane < m_lanes; lane += block) {
            gatherBack(scratch.patches.data() + begin * patch, patch, end - begin, m_patchRuns,
                m_turned.data() + turnedPlace(lane), scratch.returned.data() + begin * block);
            for (int i = 0; i < effects; ++i) {
                Real sums[block] = {};
                for (int t = begin; t < end; ++t)
                    for (int l = 0; l < block; ++l)
                        sums[l] += scratch.returned[static_cast<std::size_t>(t * block + l)]
                            * m_emptyEffects[i][emptyPlace(kind, t) + lane + l];
                for (int l = 0; l < block; ++l)
                    gradient[i < currents ? m_layout.firstBias(i, lane + l)
                                          : m_layout.sharedPlace() + static_cast<std::size_t>(i - currents)] += sums[l];
            }
        }
    }
}

template <class Unit>
void ConvolutionalPass<Unit>::returnThroughFirst(
    const Real* canvas, const Sample& sample, Scratch& scratch, Real* gradient) const
{
    scratch.returned.assign(static_cast<std::size_t>(m_steps * block), 0);
    for (int at = 0; at < firstTiles; ++at)
        for (int lane = 0; lane < m_lanes; lane += block) {
            const TileFate fate = sample.fates[blockOf(at, lane)];
            if (fate.begin == fate.end)
                continue;
            const int row = at / secondSide, column = at % secondSide;
            const auto step = static_cast<std::ptrdiff_t>(mapSize());
            gatherBack(scratch.delta.data() + fate.begin * step + m_patchPlaces[static_cast<std::size_t>(at)], step,
                fate.end - fate.begin, m_backRuns, m_turned.data() + turnedPlace(lane),
                scratch.returned.data() + fate.begin * block);
            // In the other steps the gradient has no effect.
            Vector dx[4][currents] = {}, sums[Unit::shared + 1] = {};
            retreatTile(
                tileAt(canvas, row, column, lane), column, fate, scratch.returned.data(), scratch.history, dx, sums);
            for (int i = 0; i < Unit::shared; ++i)
                for (int l = 0; l < block; ++l)
                    gradient[m_layout.sharedPlace() + i] += sums[i][l];
            for (int current = 0; current < currents; ++current) {
                Real d[4 * block];
                for (int neuron = 0; neuron < 4; ++neuron)
                    L::store(dx[neuron][current], d + neuron * block);
                addTileGradients(canvas + 2 * (row * paddedCanvasSide + column), paddedCanvasSide, d,
                    gradient + m_layout.firstWeight(current, lane, 0, 0), m_layout.firstWide());
            }
        }
}

} // namespace endospike
