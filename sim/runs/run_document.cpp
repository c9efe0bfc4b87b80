#include "sim/runs/run_document.h"

#include "sim/neuron/neuron_plan_json.h"

namespace endospike {

std::string runDocumentText(const DocumentHead& head, Json plan)
{
    Json json = headToJson(head);
    neuronPlanToJson(json, NeuronPlan());
    json[head.laboratory] = std::move(plan);
    return prettyJson(json);
}

RunDocument readRunDocument(std::string_view text, std::string_view laboratory)
{
    const Json json = parseDocument(text);
    ObjectReader reader(json, "");
    RunDocument document{headFromJson(reader, neuron::key), {}};
    if (document.head.laboratory != laboratory)
        return document;
    neuronPlanFromJson(reader);
    if (const Json* plan = reader.find(laboratory))
        document.plan = *plan;
    reader.finish();
    return document;
}

} // namespace endospike
