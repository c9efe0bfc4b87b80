// What is done with documents without running them: models, new, check.
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "sim/document/laboratory.h"

#include <memory>

namespace endospike {

Verb modelsVerb()
{
    return {"models", "Print every model, network, stimulus and setting with its bounds, as JSON",
        [](CLI::App&) -> std::function<int()> { return [] { return print(tablesAsJson()); }; }};
}

Verb newVerb()
{
    return {"new", "Print a new document", [](CLI::App& verb) -> std::function<int()> {
                const auto key = std::make_shared<std::string>();
                addLaboratory(verb, *key);
                return [key] { return print(toJson(findLaboratory(*key)->first())); };
            }};
}

Verb checkVerb()
{
    return {"check", "Say whether a document is right, and if not, where it is wrong",
        [](CLI::App& verb) -> std::function<int()> {
            const auto document = std::make_shared<DocumentOptions>();
            addFile(verb, "file", document->file, "The document; - for standard input", true);
            return [document] {
                readDocument(*document);
                return print("ok\n");
            };
        }};
}

} // namespace endospike
