// The information laboratory as a row of the list.
#pragma once

#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"

namespace endospike {

LaboratoryKind informationLaboratory();

/// The information plane of four neuron models on a part of the data.
Experiment firstInformation();

} // namespace endospike
