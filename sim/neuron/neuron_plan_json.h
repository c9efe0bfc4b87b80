// The cells of a document, their stimulus and how they are run as JSON. Readers throw DocumentError with the place in
// the document.
#pragma once

#include "sim/base/document_json.h"
#include "sim/neuron/neuron_plan.h"

namespace endospike {

/// Adds "cells", "stimulus", "simulation" and, if there is one, "comparison".
void neuronPlanToJson(Json& document, const NeuronPlan& plan);
/// Takes them; what is not there has its default. Cells are numbered from 1.
NeuronPlan neuronPlanFromJson(ObjectReader& document);

/// The place of a cell in the list, its end if there is none of this id.
int placeOf(const NeuronPlan& plan, int cellId);

/// Every model and every kind of stimulus with its table, for `endospike-cli models`.
Json modelTablesToJson();
Json stimulusTablesToJson();

} // namespace endospike
