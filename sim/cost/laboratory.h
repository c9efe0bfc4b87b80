// The cost laboratory as a row of the list: what a forward pass of a network takes.
#pragma once

#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"

namespace endospike {

namespace cost {
inline constexpr std::string_view key = "cost"; ///< of its documents
}
LaboratoryKind costLaboratory();

/// A network of every kind with its published parameters, to be counted and timed.
Experiment firstCost();

} // namespace endospike
