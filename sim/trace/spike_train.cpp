#include "sim/trace/spike_train.h"

#include <algorithm>
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

namespace {

/// Sum over all pairs of exp(-|a - b| / tau). Each list's past is carried along as one decaying sum.
double kernelSum(std::span<const double> a_ms, std::span<const double> b_ms, double tau_ms)
{
    double total = 0;
    // for each a: the b at or before it, then for each b: the a strictly before it
    const auto addPast = [&](std::span<const double> at, std::span<const double> past, bool including) {
        double held = 0, held_ms = 0;
        std::size_t next = 0;
        for (const double t_ms : at) {
            while (next < past.size() && (past[next] < t_ms || (including && past[next] == t_ms))) {
                held = held * std::exp(-(past[next] - held_ms) / tau_ms) + 1;
                held_ms = past[next++];
            }
            if (next > 0)
                total += held * std::exp(-(t_ms - held_ms) / tau_ms);
        }
    };
    addPast(a_ms, b_ms, true);
    addPast(b_ms, a_ms, false);
    return total;
}

bool comparableIntervals(std::span<const double> a_ms, std::span<const double> b_ms)
{
    return a_ms.size() == b_ms.size() && a_ms.size() >= 2;
}

/// Most pairs of one spike from each list that are within the precision, each spike used once.
int coincidences(std::span<const double> a_ms, std::span<const double> b_ms, double precision_ms)
{
    int count = 0;
    for (std::size_t i = 0, j = 0; i < a_ms.size() && j < b_ms.size();) {
        if (std::abs(a_ms[i] - b_ms[j]) <= precision_ms) {
            ++count;
            ++i;
            ++j;
        } else if (a_ms[i] < b_ms[j]) {
            ++i;
        } else {
            ++j;
        }
    }
    return count;
}

} // namespace

double vanRossumDistance(std::span<const double> a_ms, std::span<const double> b_ms, double tau_ms)
{
    // The overlap of two decaying exponentials that start d apart is tau/2 exp(-d/tau).
    const double squared =
        0.5 * (kernelSum(a_ms, a_ms, tau_ms) + kernelSum(b_ms, b_ms, tau_ms) - 2 * kernelSum(a_ms, b_ms, tau_ms));
    return std::sqrt(std::max(0.0, squared));
}

double coincidenceFactor(
    std::span<const double> reference_ms, std::span<const double> model_ms, double precision_ms, double duration_ms)
{
    const auto references = static_cast<double>(reference_ms.size()), models = static_cast<double>(model_ms.size());
    const double chance = 2 * precision_ms * models / duration_ms;
    if (references + models == 0 || !(chance < 1))
        return std::numeric_limits<double>::quiet_NaN();
    const double found = coincidences(reference_ms, model_ms, precision_ms);
    return (found - chance * references) / (0.5 * (references + models)) / (1 - chance);
}

double meanIntervalDifference(std::span<const double> reference_ms, std::span<const double> model_ms)
{
    if (!comparableIntervals(reference_ms, model_ms))
        return std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> a = interSpikeIntervals(reference_ms), b = interSpikeIntervals(model_ms);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(b[i] - a[i]);
    return sum / static_cast<double>(a.size());
}

double relativeTimingError(std::span<const double> reference_ms, std::span<const double> model_ms)
{
    if (!comparableIntervals(reference_ms, model_ms))
        return std::numeric_limits<double>::quiet_NaN();
    double sum = 0;
    for (std::size_t i = 0; i < reference_ms.size(); ++i)
        sum += std::abs(model_ms[i] - reference_ms[i]);
    return sum / static_cast<double>(reference_ms.size()) / mean(interSpikeIntervals(reference_ms));
}

SpikeTrainComparison compareSpikeTrains(std::span<const double> reference_ms, std::span<const double> model_ms,
    double duration_ms, double vanRossumTau_ms, double coincidenceWindow_ms)
{
    const auto rate_hz = [&](std::size_t count) { return 1e3 * static_cast<double>(count) / duration_ms; };
    return {static_cast<int>(reference_ms.size()), static_cast<int>(model_ms.size()), rate_hz(reference_ms.size()),
        rate_hz(model_ms.size()), meanIntervalDifference(reference_ms, model_ms),
        endospike::relativeTimingError(reference_ms, model_ms),
        endospike::vanRossumDistance(reference_ms, model_ms, vanRossumTau_ms),
        endospike::coincidenceFactor(reference_ms, model_ms, coincidenceWindow_ms, duration_ms)};
}

} // namespace endospike
