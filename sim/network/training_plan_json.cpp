#include "sim/network/training_plan_json.h"

#include <algorithm>

namespace endospike {

Json networkPlanToJson(const NetworkPlan& plan)
{
    return {{"name", plan.name}, {"network", plan.kind->key}, {"parameters", valuesToJson(plan.parameters)}};
}

NetworkPlan networkPlanFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    const std::string key = reader.text("network", "");
    const NetworkKind* kind = findNetworkKind(key);
    if (!kind) {
        std::string list;
        for (const NetworkKind& known : networkKinds())
            list += (list.empty() ? "" : ", ") + std::string(known.key);
        throw DocumentError(reader.pathOf("network"), "\"" + key.substr(0, 60) + "\"", "must be one of " + list);
    }
    NetworkPlan plan(*kind);
    plan.name = reader.text("name", plan.name);
    if (plan.name.empty() || plan.name.size() > 60)
        throw DocumentError(reader.pathOf("name"), "", "must be 1 to 60 bytes long");
    plan.parameters = valuesFromJson(kind->parameters, reader.find("parameters"), reader.pathOf("parameters"));
    reader.finish();
    return plan;
}

Json trainingToJson(const TrainingPlan& plan)
{
    Json networks = Json::array();
    for (const NetworkPlan& network : plan.networks)
        networks.push_back(networkPlanToJson(network));
    return {{"networks", std::move(networks)}, {"settings", valuesToJson(plan.settings)},
        {"data_folder", plan.dataFolder}, {"digits_folder", plan.digitsFolder}};
}

TrainingPlan trainingFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    TrainingPlan plan;
    if (const Json* networks = reader.find("networks"))
        for (const Json& network : listOf(*networks, maximumNetworks, reader.pathOf("networks"))) {
            const std::string place = join(reader.pathOf("networks"), std::to_string(plan.networks.size()));
            NetworkPlan next = networkPlanFromJson(network, place);
            if (std::ranges::find(plan.networks, next.name, &NetworkPlan::name) != plan.networks.end())
                throw DocumentError(join(place, "name"), "\"" + next.name + "\"", "is the name of another network too");
            plan.networks.push_back(std::move(next));
        }
    plan.settings = valuesFromJson(trainingTable(), reader.find("settings"), reader.pathOf("settings"));
    plan.dataFolder = reader.text("data_folder", "");
    plan.digitsFolder = reader.text("digits_folder", "");
    reader.finish();
    return plan;
}

std::string trainingDocument(const TrainingPlan& plan, const std::string& title)
{
    return runDocumentText({std::string(training::key), title, {}}, trainingToJson(plan));
}

TrainingPlan trainingPlanOf(const RunDocument& document)
{
    return document.plan.is_null() ? TrainingPlan() : trainingFromJson(document.plan, std::string(training::key));
}

Json networkTablesToJson()
{
    Json kinds = Json::array();
    for (const NetworkKind& kind : networkKinds())
        kinds.push_back({{"key", kind.key}, {"name", kind.name}, {"summary", kind.summary},
            {"published", kind.published}, {"parameters", rowsToJson(kind.parameters)}});
    return kinds;
}

} // namespace endospike
