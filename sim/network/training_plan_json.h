// The training laboratory's part of a document as JSON. Readers throw DocumentError; `path` is the place in the
// document.
#pragma once

#include "sim/base/document_json.h"
#include "sim/network/training_plan.h"

namespace endospike {

Json trainingToJson(const TrainingPlan& plan);
TrainingPlan trainingFromJson(const Json& json, const std::string& path);
Json networkPlanToJson(const NetworkPlan& plan);
NetworkPlan networkPlanFromJson(const Json& json, const std::string& path);

/// Every kind with its table, for `endospike-cli models`.
Json networkTablesToJson();

} // namespace endospike
