// How the weights of two convolutional layers stand where loops read them: channels innermost, in the first layer those
// of each current padded to lanes, in the second one current behind the other and padded at the end; the second layer's
// turned as conv.h says. Their gradients stand likewise.
#pragma once

#include "sim/network/network.h"

#include <cstddef>
#include <vector>

namespace endospike {

struct WeightLayout {
    int channels;
    int lanes; ///< of one current in the first layer, at least `channels`
    int currents; ///< that each neuron gets, by convolutions of their own
    int secondWide; ///< lanes of all currents in the second layer, at least currents * channels
    int shared; ///< further numbers, at the end

    int firstWide() const { return currents * lanes; }
    std::size_t firstWeight(int current, int channel, int ky, int kx) const
    {
        return static_cast<std::size_t>((ky * 3 + kx) * firstWide() + current * lanes + channel);
    }
    std::size_t firstBias(int current, int channel) const
    {
        return static_cast<std::size_t>(9 * firstWide() + current * lanes + channel);
    }
    std::size_t secondWeight(int current, int channel, int input, int ky, int kx) const
    {
        return secondWeights()
            + static_cast<std::size_t>((input * 9 + (2 - ky) * 3 + 2 - kx) * secondWide + current * channels + channel);
    }
    /// Where those of the second layer begin.
    std::size_t secondWeights() const { return static_cast<std::size_t>(10 * firstWide()); }
    std::size_t secondBias(int current, int channel) const
    {
        return secondWeights() + static_cast<std::size_t>(channels * 9 * secondWide + current * channels + channel);
    }
    std::size_t sharedPlace() const { return secondBias(0, 0) + static_cast<std::size_t>(secondWide); }
    std::size_t size() const { return sharedPlace() + static_cast<std::size_t>(shared); }

    /// Where each of the network's values before the readout stands here.
    std::vector<std::size_t> placesOf(const Network& network) const;
};

/// "conv1", or "conv1.0" to "conv1.2" where a neuron has three currents. Layers count from 0.
std::string convolutionName(int layer, int current, int currents);

} // namespace endospike
