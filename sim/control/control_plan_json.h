// The control laboratory's part of a document as JSON. Readers throw DocumentError; `path` is the place in the
// document.
#pragma once

#include "sim/control/control_plan.h"
#include "sim/document_json.h"

namespace endospike {

Json controlToJson(const ControlPlan& plan);
ControlPlan controlFromJson(const Json& json, const std::string& path);

/// Every environment and every policy with its table, for `endospike-cli models`.
Json environmentTablesToJson();
Json policyTablesToJson();

} // namespace endospike
