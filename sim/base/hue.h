// Which hue stands for a kind of neuron, or for what a gate or current is of. What a hue looks like is a matter of the
// theme; the names are those of the palette of Okabe and Ito.
#pragma once

namespace endospike {

enum class Hue {
    grey,
    vermilion,
    orange,
    green,
    purple,
    blue,
    sky,
    neutral ///< none of its own: drawn as the stimulus is
};

} // namespace endospike
