// The control laboratory's part of a document as JSON. Readers throw DocumentError; `path` is the place in the
// document.
#pragma once

#include "sim/base/document_json.h"
#include "sim/control/plan.h"
#include "sim/runs/run_document.h"

namespace endospike {

Json controlToJson(const ControlPlan& plan);
/// A policy's parameters that are left out have the values published for the plan's environment.
ControlPlan controlFromJson(const Json& json, const std::string& path);
/// The document of a run, and what it holds. A document of another laboratory has no policies.
std::string controlDocument(const ControlPlan& plan, const std::string& title);
ControlPlan controlPlanOf(const RunDocument& document);
/// To another environment with its published values. Policies that have those published for the one before get those of
/// the new one; others keep theirs.
void changeEnvironment(ControlPlan& plan, const EnvironmentKind& kind);

/// Every environment and every policy with its table, for `endospike-cli models`.
Json environmentTablesToJson();
Json policyTablesToJson();

} // namespace endospike
