// Random numbers that are a function of (seed, purpose, index): the same whatever the number of threads, the block size
// or the place where reading starts. Two rounds of the SplitMix64 finaliser (Steele, Lea, Flood, OOPSLA 2014,
// doi 10.1145/2660193.2660195).
#pragma once

#include <cstdint>
#include <span>

namespace endospike {

/// What the numbers are for; each purpose is a stream of its own under one seed.
enum class RandomPurpose : std::uint64_t {
    whiteNoise = 1,
    ornsteinUhlenbeck = 2,
    weights = 3,
    order = 4,
    pixelNoise = 5,
    code = 6,
    environment = 7, ///< where an episode begins
    exploration = 8, ///< of actions, while acting
    replay = 9,
    policyDraw = 10, ///< of actions, while learning
    stateNoise = 11,
    rewardNoise = 12,
    currentNoise = 13
};

/// 64 well-mixed bits.
std::uint64_t randomBits(std::uint64_t seed, RandomPurpose purpose, std::uint64_t index);

/// Standard normal deviate (Box-Muller).
double randomNormal(std::uint64_t seed, RandomPurpose purpose, std::uint64_t index);

/// A row of standard normal deviates for each index, in single precision (at most 6.7 in size). Made of additions,
/// multiplications, divisions and roots alone, whose rounding the standard fixes: the same bits on every machine.
void randomNormals(std::uint64_t seed, RandomPurpose purpose, std::uint64_t index, std::span<float> row);

} // namespace endospike
