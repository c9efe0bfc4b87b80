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
    sample.potentials.resize(static_cast<std::size_t>(m_steps) * potentialsSize());
    for (int t = 0; t < m_steps; ++t) {
        const Count* now = sample.pooled.data() + t * pooledSize();
        forEachChange<Real>(t > 0 ? now - pooledSize() : m_silence.data(), now, firstTiles, m_lanes,
            [&](int at, int input, Real change) {
                scatterChange(change / 4, m_weights.data() + m_layout.secondWeights() + input * 9 * m_wide,
                    scratch.map.data() + secondMap.position(at / secondSide - 1, at % secondSide - 1) * m_wide,
                    secondMap.stride(), m_wide);
            });
        Real* u = sample.potentials.data() + t * potentialsSize();
        advanceSecond(t, t > 0 ? u - potentialsSize() : m_rest.data(), u, scratch);
    }
}

template <class Unit>
void ConvolutionalPass<Unit>::advanceSecond(int step, const Real* before, Real* now, Scratch& scratch) const
{
    const Unit unit = m_unit;
    const int lanes = m_lanes;
    for (int at = 0; at < firstTiles; ++at) {
        const int row = at / secondSide, column = at % secondSide;
        const Drive driven = drive(1, column, step);
        for (int lane = 0; lane < lanes; lane += block) {
            const Real* __restrict y = scratch.map.data() + secondMap.position(row, column) * m_wide + lane;
            const Real* __restrict from = before + at * parts * lanes + lane;
            Real* __restrict to = now + at * parts * lanes + lane;
            Real* __restrict spikes = &scratch.perFeature[perFeature(row / 2 * featureSide + column / 2, 0, lane)];
            for (int l = 0; l < block; ++l) {
                Real x[currents], u[parts];
                for (int i = 0; i < currents; ++i)
                    x[i] = y[i * lanes + l];
                for (int i = 0; i < parts; ++i)
                    u[i] = from[i * lanes + l];
                unit.advance(driven, x, u);
                for (int i = 0; i < parts; ++i) {
                    to[i * lanes + l] = u[i];
                    spikes[i * lanes + l] += unit.spikes(u[i]);
                }
            }
        }
    }
}

template <class Unit>
void ConvolutionalPass<Unit>::returnThroughSecond(const Sample& sample, Scratch& scratch, Real* gradient) const
{
    scratch.map.assign(mapSize(), 0);
    scratch.delta.resize(static_cast<std::size_t>(m_steps) * mapSize()); // its borders stay zero
    scratch.carry.assign(potentialsSize(), 0);
    Real* weightGradient = gradient + m_layout.secondWeights();
    for (int t = m_steps - 1; t >= 0; --t) {
        retreatSecond(t, sample.potentials.data() + t * potentialsSize(), scratch.delta.data() + t * mapSize(), scratch,
            gradient + m_layout.sharedPlace());
        const Count* now = sample.pooled.data() + t * pooledSize();
        forEachChange<Real>(t > 0 ? now - pooledSize() : m_silence.data(), now, firstTiles, m_lanes,
            [&](int at, int input, Real change) {
                gatherChange(change / 4,
                    scratch.map.data() + secondMap.position(at / secondSide - 1, at % secondSide - 1) * m_wide,
                    weightGradient + input * 9 * m_wide, secondMap.stride(), m_wide);
            });
    }
    for (int at = 0; at < firstTiles; ++at) {
        const Real* sum = scratch.map.data() + secondMap.position(at / secondSide, at % secondSide) * m_wide;
        for (int i = 0; i < m_wide; ++i)
            gradient[m_layout.secondBias(0, 0) + i] += sum[i];
    }
}

template <class Unit>
void ConvolutionalPass<Unit>::retreatSecond(
    int step, const Real* potentials, Real* deltas, Scratch& scratch, Real* sharedGradient) const
{
    const Unit unit = m_unit;
    const int lanes = m_lanes;
    Real sums[Unit::shared + 1][block] = {};
    for (int at = 0; at < firstTiles; ++at) {
        const int row = at / secondSide, column = at % secondSide;
        const Drive driven = drive(1, column, step);
        for (int lane = 0; lane < lanes; lane += block) {
            const std::size_t out = secondMap.position(row, column) * m_wide + lane;
            const Real* __restrict g = &scratch.perFeature[perFeature(row / 2 * featureSide + column / 2, 0, lane)];
            const Real* __restrict from = potentials + at * parts * lanes + lane;
            Real* __restrict carry = scratch.carry.data() + at * parts * lanes + lane;
            Real* __restrict delta = deltas + out;
            Real* __restrict sum = scratch.map.data() + out;
            for (int l = 0; l < block; ++l) {
                Real u[parts], gu[parts], next[parts], dx[currents], mine[Unit::shared + 1] = {};
                for (int i = 0; i < parts; ++i) {
                    u[i] = from[i * lanes + l];
                    gu[i] = g[i * lanes + l];
                    next[i] = carry[i * lanes + l];
                }
                unit.retreat(driven, u, gu, next, dx, mine);
                for (int i = 0; i < parts; ++i)
                    carry[i * lanes + l] = next[i];
                for (int i = 0; i < currents; ++i) {
                    delta[i * lanes + l] = dx[i];
                    sum[i * lanes + l] += dx[i];
                }
                for (int i = 0; i < Unit::shared; ++i)
                    sums[i][l] += mine[i];
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
                        unit.spikes(sample.potentials[t * potentialsSize() + (at * parts + part) * m_lanes + channel])
                        > 0;
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
