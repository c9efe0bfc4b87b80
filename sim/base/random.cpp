#include "sim/base/random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace endospike {
namespace {

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15u;

std::uint64_t mix(std::uint64_t x)
{
    x += golden;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/// Natural logarithm of a normal float above 0, to about 1e-7.
float logarithm(float x)
{
    constexpr std::int32_t rootOfHalf = 0x3f3504f3;
    const std::int32_t bits = std::bit_cast<std::int32_t>(x) - rootOfHalf;
    const float f = std::bit_cast<float>((bits & 0x7fffff) + rootOfHalf) - 1; // mantissa in √½ .. √2
    const float s = f / (2 + f);
    const float z = s * s;
    const float series = 2 * s * (1 + z * (1.0f / 3 + z * (1.0f / 5 + z * (1.0f / 7 + z * (1.0f / 9)))));
    return static_cast<float>(bits >> 23) * std::numbers::ln2_v<float> + series;
}

struct NormalPair {
    float first, second;
};

/// Box-Muller, from two times 32 random bits.
NormalPair normalPair(std::uint32_t forRadius, std::uint32_t forAngle)
{
    const float u = (static_cast<float>(static_cast<std::int32_t>(forRadius >> 1)) + 0.5f) * 0x1p-31f; // in (0, 1]
    const float radius = std::sqrt(std::max(-2 * logarithm(u), 0.0f));
    // An angle within an eighth of a turn of 0, then turned by quarters.
    const float t = (static_cast<float>(static_cast<std::int32_t>(forAngle >> 2)) * 0x1p-30f - 0.5f)
        * (std::numbers::pi_v<float> / 2);
    const float tt = t * t;
    const float sine = t * (1 + tt * (-1.0f / 6 + tt * (1.0f / 120 + tt * (-1.0f / 5040))));
    const float cosine = 1 + tt * (-1.0f / 2 + tt * (1.0f / 24 + tt * (-1.0f / 720 + tt * (1.0f / 40320))));
    const bool odd = (forAngle & 1) != 0;
    const float signedRadius = (forAngle & 2) != 0 ? -radius : radius;
    return {signedRadius * (odd ? -sine : cosine), signedRadius * (odd ? cosine : sine)};
}

} // namespace

std::uint64_t randomBits(std::uint64_t seed, RandomPurpose purpose, std::uint64_t index)
{
    return mix(mix(mix(seed) ^ static_cast<std::uint64_t>(purpose)) ^ index);
}

double randomNormal(std::uint64_t seed, RandomPurpose purpose, std::uint64_t index)
{
    constexpr double unit = 0x1p-53;
    const double first = (static_cast<double>(randomBits(seed, purpose, 2 * index) >> 11) + 0.5) * unit; // in (0, 1)
    const double second = static_cast<double>(randomBits(seed, purpose, 2 * index + 1) >> 11) * unit;
    return std::sqrt(-2 * std::log(first)) * std::cos(2 * std::numbers::pi * second);
}

void randomNormals(std::uint64_t seed, RandomPurpose purpose, std::uint64_t index, std::span<float> row)
{
    constexpr std::size_t block = 128; // pairs; whole blocks are vectorised
    std::uint64_t state = randomBits(seed, purpose, index);
    float pairs[2 * block];
    for (std::size_t done = 0; done < row.size(); done += 2 * block) {
        for (std::size_t i = 0; i < block; ++i) {
            const std::uint64_t bits = mix(state + i * golden);
            const NormalPair pair =
                normalPair(static_cast<std::uint32_t>(bits >> 32), static_cast<std::uint32_t>(bits));
            pairs[i] = pair.first;
            pairs[block + i] = pair.second;
        }
        state += block * golden;
        std::copy_n(pairs, std::min(2 * block, row.size() - done), row.data() + done);
    }
}

} // namespace endospike
