// The rates of the gates of one published Hodgkin-Huxley neuron, which stay as they were drawn.
#pragma once

namespace endospike {

struct FrozenRates { ///< 1/ms
    double aM, bM, aH, bH, aN, bN;
};

/// Each from rate(name), where the names are those of the tensors: "a_m", "b_m", ...
template <class RateOfName>
FrozenRates frozenRates(const RateOfName& rate)
{
    return {.aM = rate("a_m"),
        .bM = rate("b_m"),
        .aH = rate("a_h"),
        .bH = rate("b_h"),
        .aN = rate("a_n"),
        .bN = rate("b_n")};
}

} // namespace endospike
