#include "sim/base/stopwatch.h"

#include <algorithm>

namespace endospike {

std::string secondsInWords(double seconds)
{
    const auto whole = static_cast<long long>(std::min(seconds, 1e9) + 0.5);
    if (whole < 60)
        return std::to_string(whole) + " s";
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

} // namespace endospike
