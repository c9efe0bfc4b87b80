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

/// Van Rossum distance (Neural Computation 13, 751 (2001), doi 10.1162/089976601300014321) of two rising lists of
/// times: D^2 = (1/tau) * integral of (f - g)^2 dt, f and g the trains convolved with exp(-t/tau), t >= 0. One lone
/// spike is at sqrt(1/2). Closed form; dimensionless; tau > 0.
double vanRossumDistance(std::span<const double> a_ms, std::span<const double> b_ms, double tau_ms);

/// Coincidence factor (Kistler, Gerstner, van Hemmen, Neural Computation 9, 1015 (1997),
/// doi 10.1162/neco.1997.9.5.1015) of `model` against `reference`, both rising: Gamma = (N_coinc - <N_coinc>) / (1/2
/// (N_ref + N_model)) / (1 - 2 nu Delta), <N_coinc> = 2 nu Delta N_ref, nu = N_model / duration. 1: the same within
/// Delta; 0: as good as chance. Each spike coincides at most once. NaN if both are empty or 2 nu Delta >= 1.
double coincidenceFactor(
    std::span<const double> reference_ms, std::span<const double> model_ms, double precision_ms, double duration_ms);

/// The paper's first metric: mean over the intervals of |ISI_model - ISI_reference|, ms. NaN if the counts differ or
/// there is no interval.
double meanIntervalDifference(std::span<const double> reference_ms, std::span<const double> model_ms);

/// The paper's second metric: sum |t_model - t_reference| / count / mean interval of the reference. NaN if the counts
/// differ or there is no interval.
double relativeTimingError(std::span<const double> reference_ms, std::span<const double> model_ms);

/// All of it.
struct SpikeTrainComparison {
    int referenceCount = 0;
    int modelCount = 0;
    double referenceRate_hz = 0;
    double modelRate_hz = 0;
    double meanIntervalDifference_ms = 0;
    double relativeTimingError = 0;
    double vanRossumDistance = 0;
    double coincidenceFactor = 0;
};
SpikeTrainComparison compareSpikeTrains(std::span<const double> reference_ms, std::span<const double> model_ms,
    double duration_ms, double vanRossumTau_ms, double coincidenceWindow_ms);

} // namespace endospike
