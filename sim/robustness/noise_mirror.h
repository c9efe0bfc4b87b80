// What a trained network answers to one test canvas under noise: on the pixels, and on the currents of its hidden
// neurons. One draw to look at, and how often the answers are right over many.
#pragma once

#include "sim/base/job.h"
#include "sim/network/multi_fashion.h"
#include "sim/network/network.h"

#include <array>
#include <functional>
#include <span>
#include <vector>

namespace endospike {

struct MirrorNoise {
    double pixels = 0; ///< standard deviation, in the unit of the pixels (0 to 255)
    double currents = 0; ///< standard deviation, as a multiple of currentSpread()
    std::uint64_t seed = 1;
    std::uint64_t firstDraw = 0; ///< the one that is looked at
    friend bool operator==(const MirrorNoise&, const MirrorNoise&) = default;
};

/// The canvas with the noise of one draw, [1296].
std::vector<float> mirrorCanvas(const PairedImages& set, int pair, const MirrorNoise& noise, int draw);

/// How much a hidden neuron's current differs from canvas to canvas: the standard deviation over the first `canvases`
/// pairs of the set, root mean square over the currents of the first hidden layer, in the unit of Network::currents().
/// What noise on the currents competes with, whatever the network's units. 0 if it was stopped.
double currentSpread(const Network& network, const PairedImages& set, int canvases, const JobContext& context);

struct MirrorAnswer {
    std::vector<float> clean; ///< probabilities [2][10] without any noise
    std::vector<float> noisy; ///< of the first draw
    std::array<int, taskCount> right{}; ///< draws whose answer is right
    int bothRight = 0;
    int draws = 0; ///< fewer than were asked for while it goes on, or if it was stopped
};

/// `spread` as currentSpread() gave it. `coming` is told after every few draws; may be empty. The same to the bit with
/// any number of threads, and however the draws are split.
MirrorAnswer mirror(const Network& network, const PairedImages& set, int pair, const MirrorNoise& noise, double spread,
    int draws, Workers& workers, const JobContext& context, const std::function<void(const MirrorAnswer&)>& coming);

} // namespace endospike
