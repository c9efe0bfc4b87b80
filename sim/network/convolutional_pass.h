// One canvas through the two hidden layers of a convolutional network, and back. What is constant or rare in time is
// not done in every step: the first layer's currents are constant, so its neurons are simulated tile by tile (the 2 x 2
// neurons that are pooled together) without leaving the processor, forward and again backward; they hand on how many of
// them spike. The second layer's currents follow the changes of these counts, and so does the gradient at its weights:
//
//   y[t] = y[t-1] + W * (p[t] - p[t-1])     dW = sum over t of (p[t] - p[t-1]) x (sum over t' >= t of dy[t'])
//
// The gradient returns to the first layer only where that has a use for it. Most tiles have none: their neurons are so
// far from the threshold that they spike in every step or never. And where the canvas is empty, all neurons of a
// channel do the same, which is found out once for all canvases; there the sum of the gradients returns at once.
#pragma once

#include "sim/network/conv.h"
#include "sim/network/network.h"
#include "sim/network/spiking_sequence.h"
#include "sim/network/weight_layout.h"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace endospike {

inline constexpr int firstSide = canvasSide;
inline constexpr int secondSide = firstSide / 2;
inline constexpr int featureSide = secondSide / 2;
inline constexpr int firstTiles = secondSide * secondSide; ///< also the positions of the second layer
inline constexpr int secondTiles = featureSide * featureSide;
inline constexpr int paddedCanvasSide = canvasSide + 2;

/// Spikes of a tile: a number of them, or, with the ramp in place of the spike, a sum.
template <class Spike>
struct CountOf {
    using type = typename Spike::Real;
};
template <class Real>
struct CountOf<Heaviside<Real>> {
    using type = std::uint8_t;
};

/// What the four neurons of a tile do in one block of channels: `settled` ones the same in every step, without
/// gradient; those of an `empty` part of the canvas what all there do.
enum class TileKind : std::uint8_t { open, settled, empty };

template <class Unit>
class ConvolutionalPass {
public:
    using Real = typename Unit::Real;
    using Drive = typename Unit::Drive;
    using Count = typename CountOf<typename Unit::Spike>::type;
    static constexpr int block = 8; ///< lanes are worked on in blocks
    static constexpr int parts = Unit::parts;
    static constexpr int currents = Unit::currents;

    /// What the backward pass needs of the forward pass.
    struct Sample {
        std::vector<Count> pooled; ///< [step][tile][lanes], spikes of the first layer
        std::vector<Real> potentials; ///< [step][position][parts][lanes] of the second
        std::vector<TileKind> kinds; ///< [tile][block of lanes]
    };
    /// Memory for one canvas at a time.
    struct Scratch {
        std::vector<Real> map; ///< bordered, [position][currents][lanes]: currents forward, summed gradient backward
        std::vector<Real> delta; ///< [step] bordered, [position][currents][lanes]: gradient at the currents
        std::vector<Real> carry; ///< [position][parts][lanes]
        std::vector<Real> perFeature; ///< [tile][parts][lanes]: spikes forward, gradient at each spike backward
        std::vector<std::ptrdiff_t> empty; ///< places in `delta` of the empty tiles
        std::vector<Real> patches; ///< [step][9][currents][lanes], sum of the gradients around empty tiles
        std::vector<Real> returned; ///< [step][block], gradient at a tile's pooled spikes
        std::vector<Real> history; ///< [step][4][parts][block]
    };

    ConvolutionalPass(const Unit& unit, int channels, int steps)
        : m_unit(unit)
        , m_channels(channels)
        , m_steps(steps)
        , m_lanes((channels + block - 1) / block * block)
        , m_layout{channels, m_lanes, currents, Unit::shared}
        , m_wide(m_layout.wide())
        , m_weights(m_layout.size())
        , m_silence(pooledSize())
        , m_rest(potentialsSize())
    {
        m_backRuns.length = m_patchRuns.length = channels;
        for (int k = 0; k < 9; ++k)
            for (int current = 0; current < currents; ++current) {
                m_backRuns.begins.push_back((k / 3 * secondMap.stride() + k % 3) * m_wide + current * m_lanes);
                m_patchRuns.begins.push_back(k * m_wide + current * m_lanes);
            }
    }

    const Unit& unit() const { return m_unit; }
    int features() const { return m_channels * secondTiles * parts; }
    std::size_t sampleBytes() const
    {
        return static_cast<std::size_t>(m_steps) * (pooledSize() * sizeof(Count) + potentialsSize() * sizeof(Real));
    }

    /// [column][step] for each layer, for units that are driven.
    void setDrives(std::vector<Drive> first, std::vector<Drive> second)
    {
        m_drives[0] = std::move(first);
        m_drives[1] = std::move(second);
    }
    Drive drive(int layer, int column, int step) const
    {
        if constexpr (std::is_empty_v<Drive>)
            return {};
        else
            return m_drives[layer][static_cast<std::size_t>(column * m_steps + step)];
    }

    const WeightLayout& layout() const { return m_layout; }
    std::vector<Real>& weights() { return m_weights; }
    /// To be called after weights() or drives have changed.
    void weightsChanged()
    {
        if constexpr (Unit::shared > 0)
            std::copy_n(m_weights.data() + m_layout.sharedPlace(), Unit::shared, m_unit.map);
        turnWeights();
        findSettledCurrents();
        simulateEmptyTiles();
    }

    /// `canvas` [38][38] with a border of zeros; `features` [features()], ordered [channel][row][column][part].
    void forward(const Real* canvas, Sample& sample, Scratch& scratch, Real* features) const
    {
        simulateFirst(canvas, sample);
        simulateSecond(sample, scratch);
        const Real share = Real(1) / static_cast<Real>(4 * m_steps);
        for (int channel = 0; channel < m_channels; ++channel)
            for (int tile = 0; tile < secondTiles; ++tile)
                for (int part = 0; part < parts; ++part)
                    *features++ = scratch.perFeature[perFeature(tile, part, channel)] * share;
    }

    /// Adds to `gradient` [layout().size()].
    void backward(
        const Real* canvas, const Sample& sample, const Real* featureGradient, Scratch& scratch, Real* gradient) const
    {
        scratch.perFeature.assign(static_cast<std::size_t>(secondTiles * parts * m_lanes), 0);
        const Real share = Real(1) / static_cast<Real>(4 * m_steps);
        for (int channel = 0; channel < m_channels; ++channel)
            for (int tile = 0; tile < secondTiles; ++tile)
                for (int part = 0; part < parts; ++part)
                    scratch.perFeature[perFeature(tile, part, channel)] = *featureGradient++ * share;
        returnThroughSecond(sample, scratch, gradient);
        returnThroughEmpty(sample, scratch, gradient);
        returnThroughFirst(canvas, sample, scratch, gradient);
    }

    /// Counts each neuron's spikes, [channel][row][column][part] of both layers, one behind the other.
    void addSpikes(const Real* canvas, const Sample& sample, std::uint32_t* counts) const;
    /// What one neuron of layer 0 or 1 gets in one step.
    Real currentAt(const Real* canvas, const Sample& sample, int layer, int step, int current, int channel, int row,
        int column) const;

private:
    /// The neurons of a tile in a block of channels; neurons row by row.
    struct Tile {
        Real x[4][currents][block];
        Real u[4][parts][block];
    };

    std::size_t perFeature(int tile, int part, int channel) const
    {
        return static_cast<std::size_t>((tile * parts + part) * m_lanes + channel);
    }
    std::size_t mapSize() const { return static_cast<std::size_t>(secondMap.positions() * m_wide); }
    std::size_t pooledSize() const { return static_cast<std::size_t>(firstTiles * m_lanes); }
    std::size_t potentialsSize() const { return static_cast<std::size_t>(firstTiles * parts * m_lanes); }
    std::size_t blockOf(int tile, int lane) const { return static_cast<std::size_t>((tile * m_lanes + lane) / block); }
    /// Empty tiles of one class do the same; those of one column, where neurons are driven by the column.
    static constexpr int emptyClasses = std::is_empty_v<Drive> ? 1 : secondSide;
    static int emptyClass(int tile) { return tile % secondSide % emptyClasses; }
    std::size_t emptyPlace(int kind, int step) const
    {
        return static_cast<std::size_t>((kind * m_steps + step) * m_lanes);
    }

    std::size_t turnedPlace(int lane) const { return static_cast<std::size_t>(lane * 9 * currents * m_channels); }

    static constexpr BorderedMap secondMap{secondSide};
    static constexpr int effects = currents + Unit::shared;

    void turnWeights();
    void findSettledCurrents();
    void simulateEmptyTiles();
    bool isEmpty(const Real* canvas, int tile) const;
    bool isSettled(const Tile& tile, int column, Real (&counts)[block]) const;

    Tile tileAt(const Real* canvas, int row, int column, int lane) const;
    void advanceTile(Tile& tile, int column, int step) const;
    void countSpikes(const Tile& tile, int lane, Count* counts) const;
    void simulateFirst(const Real* canvas, Sample& sample) const;
    TileKind simulateTile(const Real* canvas, int at, int lane, Count* counts) const;
    void simulateSecond(Sample& sample, Scratch& scratch) const;
    void advanceSecond(int step, const Real* before, Real* now, Scratch& scratch) const;
    void returnThroughSecond(const Sample& sample, Scratch& scratch, Real* gradient) const;
    void retreatSecond(int step, const Real* potentials, Real* delta, Scratch& scratch, Real* sharedGradient) const;
    void returnThroughEmpty(const Sample& sample, Scratch& scratch, Real* gradient) const;
    void sumPatches(const std::vector<std::ptrdiff_t>& tiles, const Real* delta, Real* patch) const;
    void returnThroughFirst(const Real* canvas, const Sample& sample, Scratch& scratch, Real* gradient) const;
    void addTileGradient(
        const Real* canvas, int at, int lane, const Real (&dx)[4][currents][block], Real* gradient) const;
    int remember(Tile& tile, int column, Real* history) const;
    void retreatTile(int column, int steps, const Real* history, const Real* returned, Real (&dx)[4][currents][block],
        Real (&sums)[Unit::shared + 1][block]) const;

    Unit m_unit;
    int m_channels;
    int m_steps;
    int m_lanes; ///< channels, padded
    WeightLayout m_layout;
    int m_wide; ///< lanes of all currents
    std::vector<Drive> m_drives[2];
    std::vector<Real> m_weights;
    std::vector<Count> m_silence;
    std::vector<Real> m_rest;
    std::vector<Real> m_turned; ///< [block of inputs][9][currents][channels][block]: the second layer's weights
    BackRuns m_backRuns, m_patchRuns; ///< the gradients around a position, in `delta` and in `patches`
    std::vector<SettledCurrents<Real>> m_settled; ///< [column of the first layer], or one for all
    std::vector<Count> m_emptyCounts; ///< [class][step][lanes]
    /// [effect][class][step][lanes]: what a gradient of 1 at the pooled spikes of this step does to the sum over the
    /// tile of the gradients at each current, and to those at each shared number.
    std::vector<Real> m_emptyEffects[effects];
    std::vector<char> m_emptyLive; ///< [class][step]: any effect at all
};

} // namespace endospike

#include "sim/network/convolutional_pass-inl.h"
#include "sim/network/convolutional_tiles-inl.h"
