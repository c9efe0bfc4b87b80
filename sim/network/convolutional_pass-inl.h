// The second layer of ConvolutionalPass, and the look inside.
#pragma once

#include "sim/network/convolutional_pass.h"

namespace endospike {

template <class Unit>
void ConvolutionalPass<Unit>::simulateSecond(Sample& sample, Scratch& scratch) const
{
    scratch.perFeature.assign(static_cast<std::size_t>(secondTiles * parts * m_lanes), 0);
    scratch.map.resize(mapSize());
    for (std::size_t i = 0; i < mapSize(); i += m_wide)
        std::copy_n(m_weights.data() + m_layout.secondBias(0, 0), m_wide, scratch.map.data() + i);
    scratch.changes.resize(static_cast<std::size_t>(m_channels));
    scratch.carry.assign(partsSize(), 0);
    sample.kept.resize(static_cast<std::size_t>(m_steps) * keptSize() + block);
    for (int t = 0; t < m_steps; ++t) {
        const Count* now = sample.pooled.data() + t * pooledSize();
        const Count* before = t > 0 ? now - pooledSize() : m_silence.data();
        listPositions(before, now, firstTiles, m_lanes, scratch.changed);
        for (const int at : scratch.changed)
            scatterChanges(listChanges(before + at * m_lanes, now + at * m_lanes, m_channels, Real(0.25), 9 * m_wide,
                               std::span(scratch.changes)),
                m_weights.data() + m_layout.secondWeights(),
                scratch.map.data() + m_patchPlaces[static_cast<std::size_t>(at)], secondMap.stride(), m_wide);
        advanceSecond(t, sample.kept.data() + t * keptSize(), scratch);
    }
}

template <class Unit>
void ConvolutionalPass<Unit>::advanceSecond(int step, Kept* kept, Scratch& scratch) const
{
    const Unit unit = m_unit;
    const int lanes = m_lanes;
    for (int at = 0; at < firstTiles; ++at) {
        const int row = at / secondSide, column = at % secondSide;
        const auto driven = preparedSecond(column, step);
        for (int lane = lanes - block; lane >= 0;
             lane -= block) { // in an order that overwrites lanes without a channel
            const Real* __restrict y = scratch.map.data() + secondMap.position(row, column) * m_wide + lane;
            Real* __restrict state = scratch.carry.data() + at * parts * lanes + lane;
            Kept* __restrict keep = kept + at * parts * m_channels + lane;
            Real* __restrict spikes = &scratch.perFeature[perFeature(row / 2 * featureSide + column / 2, 0, lane)];
            Vector x[currents], u[parts];
            for (int i = 0; i < currents; ++i)
                x[i] = L::load(y + i * m_channels);
            for (int i = 0; i < parts; ++i)
                u[i] = L::load(state + i * lanes);
            unit.advance(driven, x, u);
            for (int i = 0; i < parts; ++i) {
                L::store(u[i], state + i * lanes);
                if constexpr (Unit::needsPotentials)
                    L::store(u[i], keep + i * m_channels);
                else
                    storeCounts(unit.slope(u[i]) + (unit.spikes(u[i]) > 0 ? Real(2) : Real(0)), keep + i * m_channels);
                L::store(L::load(spikes + i * lanes) + unit.spikes(u[i]), spikes + i * lanes);
            }
        }
    }
}

template <class Unit>
void ConvolutionalPass<Unit>::returnThroughSecond(const Sample& sample, Scratch& scratch, Real* gradient) const
{
    scratch.map.assign(mapSize(), 0);
    scratch.delta.resize(static_cast<std::size_t>(m_steps) * mapSize()); // its borders stay zero
    scratch.carry.assign(partsSize(), 0);
    scratch.sums.assign(static_cast<std::size_t>(firstTiles * currents * m_lanes), 0);
    Real* weightGradient = gradient + m_layout.secondWeights();
    for (int t = m_steps - 1; t >= 0; --t) {
        retreatSecond(t, sample.kept.data() + t * keptSize(), scratch.delta.data() + t * mapSize(), scratch,
            gradient + m_layout.sharedPlace());
        const Count* now = sample.pooled.data() + t * pooledSize();
        const Count* before = t > 0 ? now - pooledSize() : m_silence.data();
        listPositions(before, now, firstTiles, m_lanes, scratch.changed);
        for (int input = 0; input < m_channels; input += inputGroup) {
            listChanges(
                before + input, now + input, scratch.changed, m_patchPlaces, m_lanes, Real(0.25), scratch.groupChanges);
            gatherChanges(scratch.groupChanges, scratch.map.data(), weightGradient + input * 9 * m_wide,
                std::min(inputGroup, m_channels - input), secondMap.stride(), m_wide);
        }
    }
    for (int at = 0; at < firstTiles; ++at) {
        const Real* sum = scratch.map.data() + secondMap.position(at / secondSide, at % secondSide) * m_wide;
        for (int i = 0; i < m_wide; ++i)
            gradient[m_layout.secondBias(0, 0) + i] += sum[i];
    }
}

template <class Unit>
void ConvolutionalPass<Unit>::retreatSecond(
    int step, const Kept* kept, Real* deltas, Scratch& scratch, Real* sharedGradient) const
{
    const Unit unit = m_unit;
    const int lanes = m_lanes;
    Vector sums[Unit::shared + 1] = {};
    for (int at = 0; at < firstTiles; ++at) {
        const int row = at / secondSide, column = at % secondSide;
        const Drive driven = drive(1, column, step);
        for (int lane = lanes - block; lane >= 0; lane -= block) {
            const std::size_t out = secondMap.position(row, column) * m_wide + lane;
            const Real* __restrict g = &scratch.perFeature[perFeature(row / 2 * featureSide + column / 2, 0, lane)];
            const Kept* __restrict from = kept + at * parts * m_channels + lane;
            Real* __restrict carry = scratch.carry.data() + at * parts * lanes + lane;
            Real* __restrict sum = scratch.sums.data() + at * currents * lanes + lane;
            Vector gu[parts], next[parts], dx[currents];
            for (int i = 0; i < parts; ++i) {
                gu[i] = L::load(g + i * lanes);
                next[i] = L::load(carry + i * lanes);
            }
            if constexpr (Unit::needsPotentials) {
                Vector u[parts];
                for (int i = 0; i < parts; ++i)
                    u[i] = L::load(from + i * m_channels);
                unit.retreat(driven, u, gu, next, dx, sums);
            } else {
                unit.retreatSlope(loadSlopes<Vector>(from), gu, next, dx);
            }
            for (int i = 0; i < parts; ++i)
                L::store(next[i], carry + i * lanes);
            for (int i = 0; i < currents; ++i) {
                const Vector total = L::load(sum + i * lanes) + dx[i];
                L::store(total, sum + i * lanes);
                L::store(dx[i], deltas + out + i * m_channels);
                L::store(total, scratch.map.data() + out + i * m_channels);
            }
        }
    }
    for (int i = 0; i < Unit::shared; ++i)
        for (int l = 0; l < block; ++l)
            sharedGradient[i] += sums[i][l];
}

template <class Unit>
void ConvolutionalPass<Unit>::addSpikes(const Real* canvas, const Sample& sample, std::uint32_t* counts) const
{
    const Unit unit = m_unit;
    const auto place = [&](int side, int channel, int row, int column, int part) -> std::uint32_t& {
        return counts[((channel * side + row) * side + column) * parts + part];
    };
    for (int at = 0; at < firstTiles; ++at)
        for (int lane = 0; lane < m_lanes; lane += block) {
            Tile tile = tileAt(canvas, at / secondSide, at % secondSide, lane);
            for (int t = 0; t < m_steps; ++t) {
                advanceTile(tile, at % secondSide, t);
                for (int i = 0; i < 4 * parts; ++i)
                    for (int l = 0; l < std::min(block, m_channels - lane); ++l)
                        place(firstSide, lane + l, at / secondSide * 2 + i / parts / 2,
                            at % secondSide * 2 + i / parts % 2, i % parts) +=
                            unit.spikes(tile.u[i / parts][i % parts][l]) > 0;
            }
        }
    counts += firstSide * firstSide * m_channels * parts;
    for (int t = 0; t < m_steps; ++t)
        for (int at = 0; at < firstTiles; ++at)
            for (int part = 0; part < parts; ++part)
                for (int channel = 0; channel < m_channels; ++channel)
                    place(secondSide, channel, at / secondSide, at % secondSide, part) +=
                        spiked(sample.kept[t * keptSize() + (at * parts + part) * m_channels + channel]);
}

template <class Unit>
auto ConvolutionalPass<Unit>::currentAt(const Real* canvas, const Sample& sample, int layer, int step, int current,
    int channel, int row, int column) const -> Real
{
    if (layer == 0)
        return tileAt(canvas, row / 2, column / 2, channel / block * block)
            .x[row % 2 * 2 + column % 2][current][channel % block];
    Real x = m_weights[m_layout.secondBias(current, channel)];
    for (int input = 0; input < m_channels; ++input)
        for (int k = 0; k < 9; ++k) {
            const int y = row + k / 3 - 1, z = column + k % 3 - 1;
            if (y >= 0 && y < secondSide && z >= 0 && z < secondSide)
                x += m_weights[m_layout.secondWeight(current, channel, input, k / 3, k % 3)] / 4
                    * static_cast<Real>(sample.pooled[step * pooledSize() + (y * secondSide + z) * m_lanes + input]);
        }
    return x;
}

} // namespace endospike
