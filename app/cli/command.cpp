#include "app/cli/command.h"

#include "sim/base/whole_file.h"
#include "sim/document/laboratory.h"

#include <CLI/CLI.hpp>

namespace endospike {
namespace {

/// "training or control"
std::string listed(const std::vector<std::string>& words)
{
    std::string list;
    for (std::size_t i = 0; i < words.size(); ++i)
        list += (i == 0 ? "" : i + 1 < words.size() ? ", " : " or ") + words[i];
    return list;
}

} // namespace

Experiment readDocument(const DocumentOptions& options)
{
    try {
        Experiment experiment = experimentFromJson(readWholeFile(options.file, maximumDocumentBytes));
        for (const std::string& setting : options.settings) {
            const std::size_t equals = setting.find('=');
            if (equals == std::string::npos || equals == 0)
                throw DocumentError("--set " + setting, "", "must have the form path=value");
            experiment = withValue(experiment, setting.substr(0, equals), setting.substr(equals + 1));
        }
        return experiment;
    } catch (const DocumentError& error) {
        throw BadInput(options.file + ": " + error.what());
    } catch (const FileError& error) {
        throw BadInput(error.what());
    }
}

void checkLaboratory(const Experiment& experiment, std::string_view verb, const std::string& otherwise)
{
    if (experiment.laboratory->command != verb)
        throw DocumentError("laboratory", "", otherwise);
}

std::string laboratoriesOf(std::string_view verb)
{
    std::vector<std::string> keys;
    for (const LaboratoryKind& kind : laboratories())
        if (kind.command == verb)
            keys.emplace_back(kind.key);
    return listed(keys);
}

void addDocument(CLI::App& verb, DocumentOptions& document)
{
    addFile(verb, "file", document.file, "The document; - for standard input", true);
    addTexts(verb, "--set", document.settings,
        "Replace one value, path=value; may be given again. A cell or a network is named by its number or name");
}

void addFile(CLI::App& verb, const std::string& name, std::string& file, const std::string& meaning, bool required)
{
    verb.add_option(name, file, meaning)->required(required);
}

void addLaboratory(CLI::App& verb, std::string& key)
{
    std::vector<std::string> keys;
    for (const LaboratoryKind& kind : laboratories())
        keys.emplace_back(kind.key);
    verb.add_option("laboratory", key, "Which laboratory: " + listed(keys))->required()->check(CLI::IsMember(keys));
}

void addOut(CLI::App& verb, std::string& folder, const std::string& meaning, bool required)
{
    verb.add_option("--out", folder, meaning)
        ->required(required)
        ->check(CLI::Validator(
            [](const std::string& name) {
                return name.empty() ? std::string("the folder needs a name") : std::string();
            },
            ""));
}

void addThreads(CLI::App& verb, int& threads, const std::string& meaning)
{
    addCount(verb, "--threads", threads, 256, meaning);
}

void addFlag(CLI::App& verb, const std::string& name, bool& value, const std::string& meaning, const std::string& needs)
{
    CLI::Option* flag = verb.add_flag(name, value, meaning);
    if (!needs.empty())
        flag->needs(verb.get_option(needs));
}

void addText(CLI::App& verb, const std::string& name, std::string& value, const std::string& meaning)
{
    verb.add_option(name, value, meaning);
}

void addTexts(CLI::App& verb, const std::string& name, std::vector<std::string>& values, const std::string& meaning)
{
    verb.add_option(name, values, meaning)->expected(1)->take_all();
}

void addCount(CLI::App& verb, const std::string& name, int& value, int most, const std::string& meaning)
{
    verb.add_option(name, value, meaning)->check(CLI::Range(1, most));
}

void addNumber(CLI::App& verb, const std::string& name, double& value, double most, const std::string& meaning)
{
    verb.add_option(name, value, meaning)->check(CLI::Range(0.0, most));
}

void addSeed(CLI::App& verb, const std::string& name, std::uint64_t& value, const std::string& meaning)
{
    verb.add_option(name, value, meaning);
}

} // namespace endospike
