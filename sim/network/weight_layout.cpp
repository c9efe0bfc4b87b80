#include "sim/network/weight_layout.h"

#include <numeric>

namespace endospike {

std::vector<std::size_t> WeightLayout::placesOf(const Network& network) const
{
    std::vector<std::size_t> places(network.tensor("readout.weight").offset);
    const auto from = [&](const std::string& tensor) { return places.begin() + network.tensor(tensor).offset; };
    for (int i = 0; i < currents; ++i) {
        const std::string first = convolutionName(0, i, currents), second = convolutionName(1, i, currents);
        auto firstWeights = from(first + ".weight"), firstBiases = from(first + ".bias");
        auto weights = from(second + ".weight"), biases = from(second + ".bias");
        for (int channel = 0; channel < channels; ++channel) {
            for (int k = 0; k < 9; ++k)
                *firstWeights++ = firstWeight(i, channel, k / 3, k % 3);
            for (int k = 0; k < 9 * channels; ++k)
                *weights++ = secondWeight(i, channel, k / 9, k % 9 / 3, k % 3);
            *firstBiases++ = firstBias(i, channel);
            *biases++ = secondBias(i, channel);
        }
    }
    if (shared > 0)
        std::iota(from("map.weight"), places.end(), sharedPlace());
    return places;
}

std::string convolutionName(int layer, int current, int currents)
{
    const std::string name = "conv" + std::to_string(layer + 1);
    return currents == 1 ? name : name + "." + std::to_string(current);
}

} // namespace endospike
