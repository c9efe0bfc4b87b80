// The equivalence laboratory as a row of the list.
#pragma once

#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"

namespace endospike {

LaboratoryKind equivalenceLaboratory();

/// An HH cell and its four-LIF microstructure on the same constant current, compared at every step, with the published
/// settings.
Experiment firstEquivalence();

} // namespace endospike
