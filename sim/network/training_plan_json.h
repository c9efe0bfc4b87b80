// The training laboratory's part of a document as JSON. Readers throw DocumentError; `path` is the place in the
// document.
#pragma once

#include "sim/base/document_json.h"
#include "sim/network/training_plan.h"
#include "sim/runs/run_document.h"

namespace endospike {

Json trainingToJson(const TrainingPlan& plan);
TrainingPlan trainingFromJson(const Json& json, const std::string& path);
/// The document of a run, and what it holds. A document of another laboratory has no networks.
std::string trainingDocument(const TrainingPlan& plan, const std::string& title);
TrainingPlan trainingPlanOf(const RunDocument& document);
Json networkPlanToJson(const NetworkPlan& plan);
NetworkPlan networkPlanFromJson(const Json& json, const std::string& path);

/// Every kind with its table, for `endospike-cli models`.
Json networkTablesToJson();

} // namespace endospike
