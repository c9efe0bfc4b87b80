#include "sim/document/caption.h"

#include "sim/document/experiment.h"

#include <algorithm>

namespace endospike {
namespace {

std::vector<std::string> described(const Stimulus& stimulus)
{
    std::vector<std::string> parts;
    for (const StimulusPart& part : stimulus.parts) {
        std::vector<std::size_t> always;
        if (const int seed = rowOf(part.values.table(), ParameterRole::seed); seed >= 0)
            always.push_back(static_cast<std::size_t>(seed));
        const std::string values = joined(differences(part.values, always), ", ");
        parts.push_back(std::string(part.kind->name) + (values.empty() ? "" : " (" + values + ")"));
    }
    return parts;
}

} // namespace

std::string joined(const std::vector<std::string>& parts, std::string_view separator)
{
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? "" : std::string(separator)) + part;
    return text;
}

std::string sentence(std::string_view head, const std::vector<std::string>& values)
{
    return std::string(head) + (values.empty() ? "" : ": " + joined(values, ", "));
}

std::vector<std::string> differences(const ParameterValues& values, std::vector<std::size_t> always)
{
    std::vector<std::string> found;
    for (std::size_t row = 0; row < values.size(); ++row)
        if (const Parameter& parameter = values.table()[row];
            !values.isDefault(row) || std::ranges::find(always, row) != always.end())
            found.push_back(std::string(parameter.label) + " " + valueText(parameter, values[row]));
    return found;
}

std::vector<std::string> cellSentences(const Experiment& experiment)
{
    std::vector<std::string> sentences;
    for (const Cell& cell : experiment.neuron.cells) {
        if (!cell.visible)
            continue;
        std::vector<std::string> values = differences(cell.parameters);
        if (cell.ownStimulus)
            std::ranges::move(described(*cell.ownStimulus), std::back_inserter(values));
        const std::string model(cell.model->shortName);
        sentences.push_back(sentence(cell.name == model ? model : cell.name + " (" + model + ")", values));
    }
    if (const auto parts = described(experiment.neuron.stimulus); !parts.empty())
        sentences.push_back("stimulus: " + joined(parts, " + "));
    sentences.push_back("time step " + valueText(simulationTable()[simulation::dt_ms], experiment.neuron.dt_ms()));
    return sentences;
}

std::vector<std::string> trainingSentences(const Experiment& experiment)
{
    std::vector<std::string> sentences;
    for (const NetworkPlan& network : experiment.training.networks)
        sentences.push_back(sentence(network.name, differences(network.parameters)));
    sentences.push_back(joined(
        differences(experiment.training.settings, {training::train_pairs, training::epochs, training::first_seed}),
        ", "));
    return sentences;
}

} // namespace endospike
