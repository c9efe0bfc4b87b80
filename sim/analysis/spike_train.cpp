#include "sim/analysis/spike_train.h"

#include <cmath>
#include <limits>
#include <numeric>

namespace endospike {

std::vector<double> interSpikeIntervals(std::span<const double> times_ms)
{
    std::vector<double> intervals;
    for (std::size_t i = 1; i < times_ms.size(); ++i)
        intervals.push_back(times_ms[i] - times_ms[i - 1]);
    return intervals;
}

double mean(std::span<const double> values)
{
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double coefficientOfVariation(std::span<const double> values)
{
    if (values.size() < 2)
        return std::numeric_limits<double>::quiet_NaN();
    const double average = mean(values);
    double squares = 0;
    for (double value : values)
        squares += (value - average) * (value - average);
    return std::sqrt(squares / static_cast<double>(values.size() - 1)) / average;
}

} // namespace endospike
