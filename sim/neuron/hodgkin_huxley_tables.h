// What the fast rates look up. The voltage is split into the nearest node and a remainder r of at most 7.5 mV; nodes
// stand 15 mV apart so that both removable singularities, -55 and -40 mV, are nodes, where 1 - exp loses no digit.
#pragma once

#include "sim/neuron/polynomial.h"

#include <type_traits>

namespace endospike::hh {

inline constexpr int nodes = 16;
inline constexpr double firstNode_mv = -145;
inline constexpr double nodeDistance_mv = 15;

/// Added to numerator and denominator of x / (1 - exp(-x)), far below their last digit unless both are zero.
template <class T>
inline constexpr T tiny = std::is_same_v<T, float> ? T(1e-20) : T(1e-100);

/// gain(s) is read from a polynomial below this, from repeated doubling above.
inline constexpr double gainRange = 0.5;

template <class T>
struct alignas(64) RateTables {
    static constexpr bool isFloat = std::is_same_v<T, float>;

    // at each node
    T bN[nodes]; ///< b_n
    T aH[nodes]; ///< a_h
    T bM[nodes]; ///< b_m
    T eM[nodes]; ///< exp(-(u+40)/10)
    T dM[nodes]; ///< 1 - exp(-(u+40)/10), `tiny` in place of 0
    T dN[nodes]; ///< 1 - exp(-(u+55)/10), likewise

    std::array<T, isFloat ? 5 : 9> slow; ///< (exp(-r/80) - 1) / r
    std::array<T, isFloat ? 7 : 12> fast; ///< exp(-r/18)
    std::array<T, isFloat ? 6 : 10> gain; ///< (1 - exp(-s)) / s for s in 0..gainRange

    RateTables();
    static const RateTables& get();
};

template <class T>
RateTables<T>::RateTables()
{
    for (int i = 0; i < nodes; ++i) {
        const long double u = firstNode_mv + i * nodeDistance_mv;
        bN[i] = static_cast<T>(0.125L * std::exp(-(u + 65) / 80));
        aH[i] = static_cast<T>(0.07L * std::exp(-(u + 65) / 20));
        bM[i] = static_cast<T>(4 * std::exp(-(u + 65) / 18));
        eM[i] = static_cast<T>(std::exp(-(u + 40) / 10));
        dM[i] = u == -40 ? tiny<T> : static_cast<T>(-std::expm1(-(u + 40) / 10));
        dN[i] = u == -55 ? tiny<T> : static_cast<T>(-std::expm1(-(u + 55) / 10));
    }
    const auto quotient = [](long double x) { return x == 0 ? 1 : std::expm1(x) / x; };
    constexpr long double half_mv = nodeDistance_mv / 2;
    slow = fitted < T, isFloat ? 5 : 9 > ([&](long double r) { return -quotient(-r / 80) / 80; }, -half_mv, half_mv);
    fast = fitted < T, isFloat ? 7 : 12 > ([](long double r) { return std::exp(-r / 18); }, -half_mv, half_mv);
    gain = fitted < T, isFloat ? 6 : 10 > ([&](long double s) { return quotient(-s); }, 0, gainRange);
}

template <class T>
const RateTables<T>& RateTables<T>::get()
{
    static const RateTables tables;
    return tables;
}

} // namespace endospike::hh
