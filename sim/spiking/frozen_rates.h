// The rates of the gates of one published Hodgkin-Huxley neuron, which stay as they were drawn.
#pragma once

#include <utility>

namespace endospike {

/// In 1/ms. Filled by name alone: two orders of the same six numbers were once exchanged without a word.
struct FrozenRates {
    /// Each from rate(name), where the names are those of the tensors: "a_m", "b_m", ...
    template <class RateOfName, class = decltype(std::declval<const RateOfName&>()("a_m"))>
    explicit FrozenRates(const RateOfName& rate)
        : aM(rate("a_m"))
        , bM(rate("b_m"))
        , aH(rate("a_h"))
        , bH(rate("b_h"))
        , aN(rate("a_n"))
        , bN(rate("b_n"))
    {
    }

    double aM, bM, aH, bH, aN, bN;
};

} // namespace endospike
