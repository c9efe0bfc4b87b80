// One canvas through the two hidden layers of a convolutional network, and back. What is constant or rare in time is
// not done in every step: the first layer's currents are constant, so its neurons are simulated tile by tile (the 2 x 2
// neurons that are pooled together) without leaving the processor, forward and again backward; they hand on how many of
// them spike. The second layer's currents follow the changes of these counts, and so does the gradient at its weights:
//
//   y[t] = y[t-1] + W * (p[t] - p[t-1])     dW = sum over t of (p[t] - p[t-1]) x (sum over t' >= t of dy[t'])
//
// Only the gradient that returns to the first layer is a whole convolution in every step.
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
    };
    /// Memory for one canvas at a time.
    struct Scratch {
        std::vector<Real> map; ///< bordered, [position][currents][lanes]: currents forward, summed gradient backward
        std::vector<Real> delta; ///< bordered, of one step
        std::vector<Real> carry; ///< [position][parts][lanes]
        std::vector<Real> perFeature; ///< [tile][parts][lanes]: spikes forward, gradient at each spike backward
        std::vector<Real> returned; ///< [step][secondSide * stride][lanes], gradient at the pooled spikes
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
    {
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
    /// To be called after weights() have changed.
    void weightsChanged()
    {
        if constexpr (Unit::shared > 0)
            std::copy_n(m_weights.data() + m_layout.sharedPlace(), Unit::shared, m_unit.map);
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
        returnThroughFirst(canvas, scratch, gradient);
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
    std::size_t returnedSize() const { return static_cast<std::size_t>(secondSide * secondMap.stride() * m_lanes); }

    static constexpr BorderedMap secondMap{secondSide};

    Tile tileAt(const Real* canvas, int row, int column, int lane) const;
    void advanceTile(Tile& tile, int column, int step) const;
    void simulateFirst(const Real* canvas, Sample& sample) const;
    void simulateSecond(Sample& sample, Scratch& scratch) const;
    void advanceSecond(int step, const Real* before, Real* now, Scratch& scratch) const;
    void returnThroughSecond(const Sample& sample, Scratch& scratch, Real* gradient) const;
    void retreatSecond(int step, const Real* potentials, Scratch& scratch, Real* sharedGradient) const;
    void returnThroughFirst(const Real* canvas, Scratch& scratch, Real* gradient) const;
    bool remember(Tile& tile, int column, Real* history) const;
    void retreatTile(
        int row, int column, int lane, Scratch& scratch, Real (&dx)[4][currents][block], Real* gradient) const;

    Unit m_unit;
    int m_channels;
    int m_steps;
    int m_lanes; ///< channels, padded
    WeightLayout m_layout;
    int m_wide; ///< lanes of all currents
    std::vector<Drive> m_drives[2];
    std::vector<Real> m_weights;
};

} // namespace endospike

#include "sim/network/convolutional_pass-inl.h"
