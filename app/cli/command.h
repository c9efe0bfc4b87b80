// What the verbs of endospike-cli have in common: how one is declared, and the options that they take. CLI11 stands
// behind it, in command.cpp and main.cpp alone.
#pragma once

#include "sim/base/errors.h"
#include "sim/document/experiment.h"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace endospike {

/// A row of the list in main.cpp; each stands in a file of its own.
struct Verb {
    std::string name;
    std::string summary; ///< for --help
    /// Adds what it takes. What it gives back runs it once the line has been read, and returns the exit code; it throws
    /// DocumentError, BadInput or OutputLost, or anything else if it failed.
    std::function<int()> (*declare)(CLI::App& verb);
    std::string footer = {}; ///< of its help; empty: the examples of the whole program
};

/// Something that was asked for cannot be used; one sentence. Exit code 2, as of a DocumentError.
struct BadInput : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws BadInput in place of a FileError or DocumentError.
template <class Read>
auto orBadInput(const Read& read)
{
    try {
        return read();
    } catch (const FileError& error) {
        throw BadInput(error.what());
    } catch (const DocumentError& error) {
        throw BadInput(error.what());
    }
}

/// A document as it is named on the command line.
struct DocumentOptions {
    std::string file; ///< "-" for standard input
    std::vector<std::string> settings; ///< path=value
};

/// Throws BadInput, and DocumentError for a setting of another form.
Experiment readDocument(const DocumentOptions& options);

/// Throws DocumentError if it is another verb that runs documents of this laboratory.
void checkLaboratory(const Experiment& experiment, std::string_view verb, const std::string& otherwise);
/// The keys of the laboratories whose documents a verb runs: "training or control".
std::string laboratoriesOf(std::string_view verb);

// What a verb takes. The variables are filled when the line is read.
void addDocument(CLI::App& verb, DocumentOptions& document); ///< with --set
void addFile(CLI::App& verb, const std::string& name, std::string& file, const std::string& meaning, bool required);
/// One of the laboratories, by its key.
void addLaboratory(CLI::App& verb, std::string& key);
/// An empty name, as of a variable that is not set, would mean no folder at all: it is refused.
void addOut(CLI::App& verb, std::string& folder, const std::string& meaning, bool required = false);
void addThreads(CLI::App& verb, int& threads, const std::string& meaning);
void addFlag(
    CLI::App& verb, const std::string& name, bool& value, const std::string& meaning, const std::string& needs = {});
void addText(CLI::App& verb, const std::string& name, std::string& value, const std::string& meaning);
void addTexts(CLI::App& verb, const std::string& name, std::vector<std::string>& values, const std::string& meaning);
void addCount(CLI::App& verb, const std::string& name, int& value, int most, const std::string& meaning); ///< from 1
void addNumber(CLI::App& verb, const std::string& name, double& value, double most, const std::string& meaning);
void addSeed(CLI::App& verb, const std::string& name, std::uint64_t& value, const std::string& meaning);

} // namespace endospike
