#include "sim/control/plan_json.h"

#include <algorithm>

namespace endospike {
namespace {

/// The kind that `key` names. Throws DocumentError with a list of those that there are.
template <class Kind>
const Kind& kindAt(const std::string& key, std::span<const Kind> kinds, const std::string& path)
{
    std::string list;
    for (const Kind& known : kinds) {
        if (known.key == key)
            return known;
        list += (list.empty() ? "" : ", ") + std::string(known.key);
    }
    throw DocumentError(path, "\"" + key.substr(0, 60) + "\"", "must be one of " + list);
}

void takeEnvironment(const Json& json, const std::string& path, ControlPlan& plan)
{
    ObjectReader reader(json, path);
    plan.setEnvironment(kindAt(reader.text("kind", ""), environmentKinds(), reader.pathOf("kind")));
    plan.environmentParameters =
        valuesFromJson(plan.environment->parameters, reader.find("parameters"), reader.pathOf("parameters"));
    reader.finish();
}

PolicyPlan policyFromJson(const Json& json, const std::string& path, const EnvironmentKind& environment)
{
    ObjectReader reader(json, path);
    PolicyPlan plan(kindAt(reader.text("policy", ""), policyKinds(), reader.pathOf("policy")));
    plan.name = reader.text("name", plan.name);
    if (plan.name.empty() || plan.name.size() > 60)
        throw DocumentError(reader.pathOf("name"), "", "must be 1 to 60 bytes long");
    const Json* parameters = reader.find("parameters");
    plan.parameters = valuesFromJson(plan.kind->parameters, parameters, reader.pathOf("parameters"));
    const ParameterValues published = publishedParameters(*plan.kind, environment);
    for (std::size_t row = 0; row < published.size(); ++row)
        if (!parameters || !parameters->contains(std::string(published.table()[row].key)))
            plan.parameters.set(row, published[row]);
    reader.finish();
    return plan;
}

} // namespace

Json controlToJson(const ControlPlan& plan)
{
    Json policies = Json::array();
    for (const PolicyPlan& policy : plan.policies)
        policies.push_back(
            {{"name", policy.name}, {"policy", policy.kind->key}, {"parameters", valuesToJson(policy.parameters)}});
    return {
        {"environment", {{"kind", plan.environment->key}, {"parameters", valuesToJson(plan.environmentParameters)}}},
        {"policies", std::move(policies)}, {"settings", valuesToJson(plan.settings)}};
}

ControlPlan controlFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    ControlPlan plan;
    if (const Json* environment = reader.find("environment"))
        takeEnvironment(*environment, reader.pathOf("environment"), plan);
    if (const Json* policies = reader.find("policies"))
        for (const Json& policy : listOf(*policies, maximumPolicies, reader.pathOf("policies"))) {
            const std::string place = join(reader.pathOf("policies"), std::to_string(plan.policies.size()));
            PolicyPlan next = policyFromJson(policy, place, *plan.environment);
            if (std::ranges::find(plan.policies, next.name, &PolicyPlan::name) != plan.policies.end())
                throw DocumentError(join(place, "name"), "\"" + next.name + "\"", "is the name of another policy too");
            plan.policies.push_back(std::move(next));
        }
    plan.settings = valuesFromJson(controlTable(), reader.find("settings"), reader.pathOf("settings"));
    reader.finish();
    return plan;
}

std::string controlDocument(const ControlPlan& plan, const std::string& title)
{
    return runDocumentText({std::string(control::key), title, {}}, controlToJson(plan));
}

ControlPlan controlPlanOf(const RunDocument& document)
{
    return document.plan.is_null() ? ControlPlan() : controlFromJson(document.plan, std::string(control::key));
}

void changeEnvironment(ControlPlan& plan, const EnvironmentKind& kind)
{
    const EnvironmentKind& before = *plan.environment;
    for (PolicyPlan& policy : plan.policies)
        if (policy.parameters == publishedParameters(*policy.kind, before))
            policy.parameters = publishedParameters(*policy.kind, kind);
    plan.setEnvironment(kind);
}

Json environmentTablesToJson()
{
    Json kinds = Json::array();
    for (const EnvironmentKind& kind : environmentKinds())
        kinds.push_back({{"key", kind.key}, {"name", kind.name}, {"summary", kind.summary},
            {"observations", kind.observations}, {"parameters", rowsToJson(kind.parameters)}});
    return kinds;
}

Json policyTablesToJson()
{
    Json kinds = Json::array();
    for (const PolicyKind& kind : policyKinds())
        kinds.push_back({{"key", kind.key}, {"name", kind.name}, {"summary", kind.summary},
            {"published", kind.published}, {"parameters", rowsToJson(kind.parameters)}});
    return kinds;
}

} // namespace endospike
