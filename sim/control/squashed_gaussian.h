// A normal deviate squeezed into -1..1: a = tanh(u), u = mean + sigma n, n standard normal; with the density of a
// (Haarnoja et al. 2018, arXiv:1812.05905, appendix C).
//
//   log p(a) = -n^2 / 2 - log sigma - log(2 pi) / 2 - log(1 - a^2)
//
// For given n its derivatives are  d log p / d mean = 2 a,  d log p / d log sigma = 2 a sigma n - 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace endospike {

template <class T>
struct SquashedGaussian {
    static constexpr T lowestLogSigma = -20;
    static constexpr T highestLogSigma = 2;

    T action; ///< -1..1
    T logProbability;
    T spread; ///< sigma n
    T slope; ///< d action / d u = 1 - action^2
    bool clamped; ///< log sigma had to be brought into its bounds, and has no gradient

    SquashedGaussian(T mean, T rawLogSigma, T n)
    {
        const T logSigma = std::clamp(rawLogSigma, lowestLogSigma, highestLogSigma);
        clamped = !(rawLogSigma >= lowestLogSigma && rawLogSigma <= highestLogSigma);
        spread = std::exp(logSigma) * n;
        const T u = mean + spread;
        action = std::tanh(u);
        // In terms of exp(-2 |u|), which keeps its digits where a comes close to 1.
        const T e = std::exp(-2 * std::abs(u));
        slope = 4 * e / ((1 + e) * (1 + e));
        const T logSlope = 2 * (std::numbers::ln2_v<T> - std::abs(u) - std::log1p(e));
        constexpr T logRoot = T(0.918938533204672741780329736406); // log(2 pi) / 2
        logProbability = -n * n / 2 - logSigma - logRoot - logSlope;
    }

    T toMean() const { return 2 * action; } ///< d log p
    T toLogSigma() const { return clamped ? T(0) : 2 * action * spread - 1; }
};

} // namespace endospike
