// What can be set for the robustness sweep, beside the networks, data and seeds of the training plan: the noise and its
// amplitudes. He et al., Nature Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9, Fig. 5.
#pragma once

#include "sim/base/parameter.h"

#include <vector>

namespace endospike {

/// Rows of robustnessTable(), in its order.
namespace robustness {
inline constexpr std::string_view key = "robustness"; ///< of its documents
enum Row { noise, first_amplitude, amplitude_step, amplitudes, repeats, noise_seed };
enum Noise { freshOnTest, freshOnBoth, oneImage };
} // namespace robustness

ParameterTable robustnessTable();

/// Rising, in the unit of the pixels (0 to 255).
std::vector<double> amplitudesOf(const ParameterValues& robustness);

} // namespace endospike
