// result.json of the equivalence laboratory: every figure of the page, NaN as null.
#pragma once

#include "sim/equivalence/run.h"

#include <string>

namespace endospike {

/// Pretty-printed, ends in a newline; "experiment" holds the resolved document.
std::string toJson(const EquivalenceResult& result);

} // namespace endospike
