// What a recorded quantity is called, and where it is drawn.
#pragma once

#include "sim/base/hue.h"

#include <string_view>

namespace endospike {

/// Channels of one group share a plot and a unit.
enum class ChannelGroup { voltage, gate, current, conductance, stimulus, internal, difference };

/// A quantity that is recorded for each cell.
struct Channel {
    std::string_view key; ///< "v_mv", "m", "i_na_ua_per_cm2"
    std::string_view label; ///< "Membrane potential"
    std::string_view symbol; ///< rich text, "I<sub>Na</sub>"
    std::string_view unit; ///< "mV"; "1" if dimensionless
    ChannelGroup group;
    Hue hue = Hue::grey;
};

} // namespace endospike
