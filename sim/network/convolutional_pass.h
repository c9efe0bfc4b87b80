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
#include "sim/network/weight_layout.h"
#include "sim/spiking/spiking_sequence.h"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace endospike {

inline constexpr int firstSide = canvasSide;
inline constexpr int secondSide = firstSide / 2;
inline constexpr int featureSide = secondSide / 2;
inline constexpr int firstTiles = secondSide * secondSide; ///< also the positions of the second layer
inline constexpr int secondTiles = featureSide * featureSide;

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
/// Spikes of an open tile have a gradient in no other steps than `begin` to `end` - 1.
struct TileFate {
    TileKind kind;
    std::uint16_t begin, end;
};

/// Small whole numbers to bytes; sums of ramps as they are.
template <class Vector, class Count>
void storeCounts(const Vector& values, Count* counts)
{
    if constexpr (sizeof(Count) == 1) {
        using Words [[gnu::vector_size(laneBlock * sizeof(int))]] = int;
        using Bytes [[gnu::vector_size(laneBlock)]] = std::uint8_t;
        const auto bytes = __builtin_convertvector(__builtin_convertvector(values, Words), Bytes);
        std::memcpy(counts, &bytes, sizeof bytes);
    } else {
        std::memcpy(counts, &values, sizeof values);
    }
}

/// 1 where the lowest bit is set.
template <class Vector>
Vector loadSlopes(const std::uint8_t* kept)
{
    using Words [[gnu::vector_size(laneBlock * sizeof(int))]] = int;
    using Bytes [[gnu::vector_size(laneBlock)]] = std::uint8_t;
    Bytes bytes;
    std::memcpy(&bytes, kept, sizeof bytes);
    return __builtin_convertvector(__builtin_convertvector(bytes & 1, Words), Vector);
}

template <class Unit>
class ConvolutionalPass {
public:
    using Real = typename Unit::Real;
    using Drive = typename Unit::Drive;
    using Count = typename CountOf<typename Unit::Spike>::type;
    using L = Lanes<Real>;
    using Vector = typename L::Vector;
    /// Of each part of a neuron in each step: its potential, or 1 if its spike has a gradient, plus 2 for a spike.
    using Kept = std::conditional_t<Unit::needsPotentials, Real, std::uint8_t>;
    static constexpr int block = laneBlock;
    static constexpr int parts = Unit::parts;
    static constexpr int currents = Unit::currents;

    /// What the backward pass needs of the forward pass.
    struct Sample {
        std::vector<Count> pooled; ///< [step][tile][lanes], spikes of the first layer
        LineVector<Kept> kept; ///< [step][position][parts][channels] of the second layer, and a block
        std::vector<TileFate> fates; ///< [tile][block of lanes]
    };
    /// Memory for one canvas at a time.
    struct Scratch {
        LineVector<Real> map; ///< bordered, [position][wide]: currents forward, summed gradient backward
        std::vector<int> changed; ///< positions, in one step
        std::vector<InputChange<Real>> changes; ///< of one position
        std::vector<GroupChange<Real>> groupChanges; ///< of one group of inputs in one step
        LineVector<Real> delta; ///< [step] bordered, [position][wide]: gradient at the currents
        LineVector<Real> sums; ///< [position][currents][lanes]: as `map` backward
        LineVector<Real> carry; ///< [position][parts][lanes]: potentials forward, gradient at them backward
        LineVector<Real> perFeature; ///< [tile][parts][lanes]: spikes forward, gradient at each spike backward
        std::vector<std::ptrdiff_t> empty; ///< places in `delta` of the empty tiles
        LineVector<Real> patches; ///< [step][9][wide], sum of the gradients around empty tiles
        LineVector<Real> returned; ///< [step][block], gradient at a tile's pooled spikes
        LineVector<Vector> history; ///< [step][4][parts]
    };

    ConvolutionalPass(const Unit& unit, int channels, int steps)
        : m_unit(unit)
        , m_channels(channels)
        , m_steps(steps)
        , m_lanes((channels + block - 1) / block * block)
        , m_wide((currents * channels + block - 1) / block * block)
        , m_layout{channels, m_lanes, currents, m_wide, Unit::shared}
        , m_weights(m_layout.size())
        , m_silence(pooledSize())
        , m_present(static_cast<std::size_t>(m_lanes))
    {
        std::fill_n(m_present.begin(), channels, Real(1));
        for (int current = 0; current < currents; ++current) // lanes without a channel keep silent and out of the way
            std::fill(m_weights.begin() + m_layout.firstBias(current, channels),
                m_weights.begin() + m_layout.firstBias(current, m_lanes), Real(-1e30));
        for (int at = 0; at < firstTiles; ++at)
            m_patchPlaces.push_back(
                std::ptrdiff_t{secondMap.position(at / secondSide - 1, at % secondSide - 1)} * m_wide);
        m_backRuns.length = m_patchRuns.length = currents * channels;
        for (int k = 0; k < 9; ++k) {
            m_backRuns.begins.push_back((k / 3 * secondMap.stride() + k % 3) * m_wide);
            m_patchRuns.begins.push_back(k * m_wide);
        }
    }

    const Unit& unit() const { return m_unit; }
    int features() const { return m_channels * secondTiles * parts; }
    std::size_t sampleBytes() const
    {
        return static_cast<std::size_t>(m_steps) * (pooledSize() * sizeof(Count) + keptSize() * sizeof(Kept));
    }

    /// [column][step] for each layer, for units that are driven.
    void setDrives(std::vector<Drive> first, std::vector<Drive> second)
    {
        m_drives[0] = std::move(first);
        m_drives[1] = std::move(second);
        m_prepared.clear();
        for (const Drive& each : m_drives[1])
            m_prepared.push_back(m_unit.prepared(each));
    }
    Drive drive(int layer, int column, int step) const
    {
        if constexpr (std::is_empty_v<Drive>)
            return {};
        else
            return m_drives[layer][static_cast<std::size_t>(column * m_steps + step)];
    }

    typename Unit::Prepared preparedSecond(int column, int step) const
    {
        if constexpr (std::is_empty_v<Drive>)
            return {};
        else
            return m_prepared[static_cast<std::size_t>(column * m_steps + step)];
    }

    const WeightLayout& layout() const { return m_layout; }
    LineVector<Real>& weights() { return m_weights; }
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
        Vector x[4][currents];
        Vector u[4][parts];
    };

    bool spiked(Kept kept) const
    {
        if constexpr (Unit::needsPotentials)
            return m_unit.spikes(kept) > 0;
        else
            return kept >= 2;
    }
    std::size_t perFeature(int tile, int part, int channel) const
    {
        return static_cast<std::size_t>((tile * parts + part) * m_lanes + channel);
    }
    std::size_t mapSize() const { return static_cast<std::size_t>(secondMap.positions() * m_wide); }
    std::size_t pooledSize() const { return static_cast<std::size_t>(firstTiles * m_lanes); }
    std::size_t partsSize() const { return static_cast<std::size_t>(firstTiles * parts * m_lanes); }
    std::size_t keptSize() const { return static_cast<std::size_t>(firstTiles * parts * m_channels); }
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
    bool isSettled(const Tile& tile, int column, Vector& counts) const;

    Tile tileAt(const Real* canvas, int row, int column, int lane) const;
    void advanceTile(Tile& tile, int column, int step) const;
    void simulateFirst(const Real* canvas, Sample& sample) const;
    TileFate simulateTile(const Real* canvas, int at, int lane, Count* counts) const;
    TileFate simulateOpen(Tile& tile, int column, int lane, Count* counts, std::size_t distance) const;
    void simulateSecond(Sample& sample, Scratch& scratch) const;
    void advanceSecond(int step, Kept* kept, Scratch& scratch) const;
    void returnThroughSecond(const Sample& sample, Scratch& scratch, Real* gradient) const;
    void retreatSecond(int step, const Kept* kept, Real* delta, Scratch& scratch, Real* sharedGradient) const;
    void returnThroughEmpty(const Sample& sample, Scratch& scratch, Real* gradient) const;
    void sumPatches(const std::vector<std::ptrdiff_t>& tiles, const Real* delta, Real* patch) const;
    void returnThroughFirst(const Real* canvas, const Sample& sample, Scratch& scratch, Real* gradient) const;
    void retreatTile(const Tile& from, int column, TileFate fate, const Real* returned, LineVector<Vector>& history,
        Vector (&dx)[4][currents], Vector (&sums)[Unit::shared + 1]) const;
    void retreatHistory(int column, int steps, const Vector* history, const Real* returned, Vector (&dx)[4][currents],
        Vector (&sums)[Unit::shared + 1]) const;

    Unit m_unit;
    int m_channels;
    int m_steps;
    int m_lanes; ///< channels, padded
    int m_wide; ///< channels of all currents, padded
    WeightLayout m_layout;
    std::vector<Drive> m_drives[2];
    std::vector<typename Unit::Prepared> m_prepared; ///< of the second layer
    LineVector<Real> m_weights;
    std::vector<Count> m_silence;
    LineVector<Real> m_present; ///< [lanes]: 1 where there is a channel
    std::vector<std::ptrdiff_t> m_patchPlaces; ///< in a bordered map, of what is above and left of each position
    LineVector<Real> m_turned; ///< [block of inputs][9][currents][channels][block]: the second layer's weights
    BackRuns m_backRuns, m_patchRuns; ///< the gradients around a position, in `delta` and in `patches`
    std::vector<SettledCurrents<Real>> m_settled; ///< [column of the first layer], or one for all
    std::vector<LinearStep<Real>> m_linear; ///< [column of the first layer][step]
    std::vector<Count> m_emptyCounts; ///< [class][step][lanes]
    /// [effect][class][step][lanes]: what a gradient of 1 at the pooled spikes of this step does to the sum over the
    /// tile of the gradients at each current, and to those at each shared number.
    LineVector<Real> m_emptyEffects[effects];
    std::vector<char> m_emptyLive; ///< [class][step]: any effect at all
};

} // namespace endospike

#include "sim/network/convolutional_pass-inl.h"
#include "sim/network/convolutional_tiles-inl.h"
