// What can be said about a list of spike times.
#pragma once

#include <span>
#include <vector>

namespace endospike {

/// Differences of neighbours, ms; one fewer than the spikes.
std::vector<double> interSpikeIntervals(std::span<const double> times_ms);

/// Arithmetic mean; NaN if empty.
double mean(std::span<const double> values);

/// Standard deviation (n - 1) / mean; NaN with fewer than two values.
double coefficientOfVariation(std::span<const double> values);

} // namespace endospike
