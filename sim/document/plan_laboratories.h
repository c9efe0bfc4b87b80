// The rows of the laboratories whose plan every document has room for: neuron, training, control. They stand here
// because the folders of these plans know no document.
#pragma once

#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"

namespace endospike {

LaboratoryKind neuronLaboratory();
LaboratoryKind trainingLaboratory();
LaboratoryKind controlLaboratory();

/// What opens first: an HH and a LIF cell on the same step of current.
Experiment firstExperiment();

/// A quick demonstration: LIF, HH and voltage-dependent HH, fully connected, on a part of the data, each at its own
/// best.
Experiment firstTraining();

/// A quick demonstration: an LIF and an HH policy learn to balance a pole on a cart.
Experiment firstControl();

/// The training plan of a document, for every laboratory of trained networks. Throws DocumentError.
void trainingPlanToJson(Json& document, const Experiment& experiment);
void trainingPlanFromJson(ObjectReader& document, Experiment& experiment);

} // namespace endospike
