// Short polynomials in place of functions, fitted when the program starts.
#pragma once

#include <array>
#include <cmath>
#include <numbers>

namespace endospike {

/// Coefficients, lowest first, of the polynomial through f at the Chebyshev nodes of [from, to]: within a small factor
/// of the best polynomial of its degree. f takes and returns long double.
template <class T, std::size_t count, class F>
std::array<T, count> fitted(F f, long double from, long double to)
{
    std::array<long double, count> x, difference, coefficients{};
    for (std::size_t i = 0; i < count; ++i) {
        const long double angle = (static_cast<long double>(i) + 0.5L) * std::numbers::pi_v<long double> / count;
        x[i] = (from + to) / 2 + (to - from) / 2 * std::cos(angle);
        difference[i] = f(x[i]);
    }
    for (std::size_t order = 1; order < count; ++order) // Newton's divided differences
        for (std::size_t i = count - 1; i >= order; --i)
            difference[i] = (difference[i] - difference[i - 1]) / (x[i] - x[i - order]);
    for (std::size_t i = count; i-- > 0;) { // multiply by (x - x[i]), add difference[i]
        for (std::size_t power = count - 1; power > 0; --power)
            coefficients[power] = coefficients[power - 1] - x[i] * coefficients[power];
        coefficients[0] = difference[i] - x[i] * coefficients[0];
    }
    std::array<T, count> rounded;
    for (std::size_t i = 0; i < count; ++i)
        rounded[i] = static_cast<T>(coefficients[i]);
    return rounded;
}

} // namespace endospike
