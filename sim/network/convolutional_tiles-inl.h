// The first layer of ConvolutionalPass: tile by tile.
#pragma once

#include "sim/network/convolutional_pass.h"

namespace endospike {

template <class Unit>
auto ConvolutionalPass<Unit>::tileAt(const Real* canvas, int row, int column, int lane) const -> Tile
{
    Tile tile{};
    for (int neuron = 0; neuron < 4; ++neuron) {
        const Real* patch = canvas + (2 * row + neuron / 2) * paddedCanvasSide + 2 * column + neuron % 2;
        for (int current = 0; current < currents; ++current) {
            auto& x = tile.x[neuron][current];
            std::copy_n(m_weights.data() + m_layout.firstBias(current, lane), block, x);
            for (int k = 0; k < 9; ++k) {
                const Real pixel = patch[k / 3 * paddedCanvasSide + k % 3];
                const Real* w = m_weights.data() + m_layout.firstWeight(current, lane, 0, k);
                for (int l = 0; l < block; ++l)
                    x[l] += pixel * w[l];
            }
        }
    }
    return tile;
}

template <class Unit>
void ConvolutionalPass<Unit>::advanceTile(Tile& tile, int column, int step) const
{
    const Unit unit = m_unit;
    for (int neuron = 0; neuron < 4; ++neuron) {
        const Drive driven = drive(0, 2 * column + neuron % 2, step);
        for (int l = 0; l < block; ++l) {
            Real x[currents], u[parts];
            for (int i = 0; i < currents; ++i)
                x[i] = tile.x[neuron][i][l];
            for (int i = 0; i < parts; ++i)
                u[i] = tile.u[neuron][i][l];
            unit.advance(driven, x, u);
            for (int i = 0; i < parts; ++i)
                tile.u[neuron][i][l] = u[i];
        }
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
    if constexpr (std::is_empty_v<Drive>)
        m_settled.push_back(settledCurrents(m_unit, nullptr, m_steps));
    else
        for (int column = 0; column < firstSide; ++column)
            m_settled.push_back(settledCurrents(m_unit, m_drives[0].data() + column * m_steps, m_steps));
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
bool ConvolutionalPass<Unit>::isSettled(const Tile& tile, int column, Real (&counts)[block]) const
{
    if constexpr (currents > 1)
        return false;
    int open = 0;
    for (int neuron = 0; neuron < 4; ++neuron) {
        const auto [never, always] =
            m_settled.size() > 1 ? m_settled[static_cast<std::size_t>(2 * column + neuron % 2)] : m_settled.front();
        for (int l = 0; l < block; ++l) {
            const Real x = tile.x[neuron][0][l];
            counts[l] += x >= always ? Real(1) : Real(0);
            open |= !((x >= always) | (x <= never));
        }
    }
    return !open;
}

template <class Unit>
void ConvolutionalPass<Unit>::countSpikes(const Tile& tile, int lane, Count* counts) const
{
    const Unit unit = m_unit;
    Real spikes[block] = {};
    for (int neuron = 0; neuron < 4; ++neuron)
        for (int part = 0; part < parts; ++part)
            for (int l = 0; l < block; ++l)
                spikes[l] += unit.spikes(tile.u[neuron][part][l]);
    for (int l = 0; l < block; ++l)
        counts[l] = lane + l < m_channels ? static_cast<Count>(spikes[l]) : Count(0);
}

/// Into `counts`, at distances of pooledSize().
template <class Unit>
TileKind ConvolutionalPass<Unit>::simulateTile(const Real* canvas, int at, int lane, Count* counts) const
{
    Tile tile = tileAt(canvas, at / secondSide, at % secondSide, lane);
    Real same[block] = {};
    if (isSettled(tile, at % secondSide, same)) {
        Count rounded[block];
        for (int l = 0; l < block; ++l)
            rounded[l] = lane + l < m_channels ? static_cast<Count>(same[l]) : Count(0);
        for (int t = 0; t < m_steps; ++t)
            std::copy_n(rounded, block, counts + t * pooledSize());
        return TileKind::settled;
    }
    for (int t = 0; t < m_steps; ++t) {
        advanceTile(tile, at % secondSide, t);
        countSpikes(tile, lane, counts + t * pooledSize());
    }
    return TileKind::open;
}

template <class Unit>
void ConvolutionalPass<Unit>::simulateFirst(const Real* canvas, Sample& sample) const
{
    sample.pooled.resize(static_cast<std::size_t>(m_steps) * pooledSize());
    sample.kinds.resize(pooledSize() / block);
    for (int at = 0; at < firstTiles; ++at) {
        Count* counts = sample.pooled.data() + at * m_lanes;
        if (isEmpty(canvas, at)) {
            for (int t = 0; t < m_steps; ++t)
                std::copy_n(m_emptyCounts.data() + emptyPlace(emptyClass(at), t), m_lanes, counts + t * pooledSize());
            std::fill_n(sample.kinds.begin() + blockOf(at, 0), m_lanes / block, TileKind::empty);
            continue;
        }
        for (int lane = 0; lane < m_lanes; lane += block)
            sample.kinds[blockOf(at, lane)] = simulateTile(canvas, at, lane, counts + lane);
    }
}

/// What empty tiles do, by going back from a gradient at each step.
template <class Unit>
void ConvolutionalPass<Unit>::simulateEmptyTiles()
{
    const std::size_t size = emptyPlace(emptyClasses, 0);
    const std::vector<Real> canvas(static_cast<std::size_t>(4 * paddedCanvasSide));
    std::vector<Real> history(static_cast<std::size_t>(m_steps * 4 * parts * block));
    std::vector<Real> returned(static_cast<std::size_t>(m_steps * block));
    m_emptyCounts.assign(size, 0);
    m_emptyLive.assign(static_cast<std::size_t>(emptyClasses * m_steps), 0);
    for (auto& effect : m_emptyEffects)
        effect.assign(size, 0);
    for (int column = 0; column < emptyClasses; ++column)
        for (int lane = 0; lane < m_lanes; lane += block) {
            Tile tile = tileAt(canvas.data(), 0, 0, lane);
            const Tile start = tile;
            for (int t = 0; t < m_steps; ++t) {
                advanceTile(tile, column, t);
                countSpikes(tile, lane, m_emptyCounts.data() + emptyPlace(column, t) + lane);
            }
            tile = start;
            const int live = remember(tile, column, history.data());
            for (int t = 0; t < live; ++t) {
                Real dx[4][currents][block] = {}, sums[Unit::shared + 1][block] = {};
                std::fill_n(returned.begin() + t * block, block, Real(1));
                retreatTile(column, t + 1, history.data(), returned.data(), dx, sums);
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

/// The tile's potentials over all steps; returns how many steps there are up to the last in which any of them lies
/// where a spike has a gradient.
template <class Unit>
int ConvolutionalPass<Unit>::remember(Tile& tile, int column, Real* history) const
{
    constexpr int size = 4 * parts * block;
    const Unit unit = m_unit;
    int live = 0;
    for (int t = 0; t < m_steps; ++t) {
        advanceTile(tile, column, t);
        const Real* u = &tile.u[0][0][0];
        Real slopes[block] = {};
        for (int i = 0; i < size; i += block)
            for (int l = 0; l < block; ++l)
                slopes[l] += unit.slope(u[i + l]);
        Real any = 0;
        for (int l = 0; l < block; ++l)
            any += slopes[l];
        if (any > 0)
            live = t + 1;
        std::copy_n(u, size, history + t * size);
    }
    return live;
}

/// Back from step `steps` - 1.
template <class Unit>
void ConvolutionalPass<Unit>::retreatTile(int column, int steps, const Real* history, const Real* returned,
    Real (&dx)[4][currents][block], Real (&sums)[Unit::shared + 1][block]) const
{
    const Unit unit = m_unit;
    Real carry[4][parts][block] = {};
    for (int t = steps - 1; t >= 0; --t) {
        const Real* g = returned + t * block;
        for (int neuron = 0; neuron < 4; ++neuron) {
            const Drive driven = drive(0, 2 * column + neuron % 2, t);
            const Real* from = history + (t * 4 + neuron) * parts * block;
            for (int l = 0; l < block; ++l) {
                Real u[parts], gu[parts], next[parts], mine[Unit::shared + 1] = {}, d[currents];
                for (int i = 0; i < parts; ++i) {
                    u[i] = from[i * block + l];
                    gu[i] = g[l] / 4;
                    next[i] = carry[neuron][i][l];
                }
                unit.retreat(driven, u, gu, next, d, mine);
                for (int i = 0; i < parts; ++i)
                    carry[neuron][i][l] = next[i];
                for (int i = 0; i < currents; ++i)
                    dx[neuron][i][l] += d[i];
                for (int i = 0; i < Unit::shared; ++i)
                    sums[i][l] += mine[i];
            }
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
            if (sample.kinds[blockOf(at, 0)] == TileKind::empty)
                scratch.empty.push_back(
                    std::ptrdiff_t{secondMap.position(at / secondSide - 1, at % secondSide - 1)} * m_wide);
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
    scratch.history.resize(static_cast<std::size_t>(m_steps * 4 * parts * block));
    scratch.returned.resize(static_cast<std::size_t>(m_steps * block));
    for (int at = 0; at < firstTiles; ++at)
        for (int lane = 0; lane < m_lanes; lane += block) {
            if (sample.kinds[blockOf(at, lane)] != TileKind::open)
                continue;
            const int row = at / secondSide, column = at % secondSide;
            Tile tile = tileAt(canvas, row, column, lane);
            const int live = remember(tile, column, scratch.history.data());
            if (live == 0)
                continue;
            gatherBack(scratch.delta.data() + secondMap.position(row - 1, column - 1) * m_wide,
                static_cast<std::ptrdiff_t>(mapSize()), live, m_backRuns, m_turned.data() + turnedPlace(lane),
                scratch.returned.data());
            Real dx[4][currents][block] = {}, sums[Unit::shared + 1][block] = {};
            retreatTile(column, live, scratch.history.data(), scratch.returned.data(), dx, sums);
            for (int i = 0; i < Unit::shared; ++i)
                for (int l = 0; l < block; ++l)
                    gradient[m_layout.sharedPlace() + i] += sums[i][l];
            addTileGradient(canvas, at, lane, dx, gradient);
        }
}

template <class Unit>
void ConvolutionalPass<Unit>::addTileGradient(
    const Real* canvas, int at, int lane, const Real (&dx)[4][currents][block], Real* gradient) const
{
    for (int neuron = 0; neuron < 4; ++neuron) {
        const Real* patch =
            canvas + (2 * (at / secondSide) + neuron / 2) * paddedCanvasSide + 2 * (at % secondSide) + neuron % 2;
        for (int current = 0; current < currents; ++current) {
            const auto& d = dx[neuron][current];
            for (int k = 0; k < 9; ++k) {
                const Real pixel = patch[k / 3 * paddedCanvasSide + k % 3];
                Real* w = gradient + m_layout.firstWeight(current, lane, 0, k);
                for (int l = 0; l < block; ++l)
                    w[l] += pixel * d[l];
            }
            Real* bias = gradient + m_layout.firstBias(current, lane);
            for (int l = 0; l < block; ++l)
                bias[l] += d[l];
        }
    }
}

} // namespace endospike
