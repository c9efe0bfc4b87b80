// The robustness laboratory as a row of the list.
#pragma once

#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"

namespace endospike {

LaboratoryKind robustnessLaboratory();

/// A robustness sweep of three networks and two seeds, trained on a part of the data.
Experiment firstRobustness();

} // namespace endospike
