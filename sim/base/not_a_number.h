// The value of what was not measured.
#pragma once

#include <limits>

namespace endospike {

inline constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

} // namespace endospike
