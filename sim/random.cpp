#include "sim/random.h"

#include <cmath>
#include <numbers>

namespace endospike {
namespace {

std::uint64_t mix(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
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

} // namespace endospike
