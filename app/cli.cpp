// endospike-cli: the engine without a window.
#include "app/cli_run.h"

#include "endospike_version.h"
#include "sim/errors.h"
#include "sim/experiment.h"
#include "sim/whole_file.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>

namespace {

using namespace endospike;

constexpr const char* examples = R"(Examples:
  endospike-cli new neuron > first.json
  endospike-cli check first.json
  endospike-cli run first.json --out results
  endospike-cli run first.json --set simulation.duration_ms=500 --set cells.HH.parameters.g_na_ms_per_cm2=0
  endospike-cli run first.json --set stimulus.0.parameters.amplitude_ua_per_cm2=20 --out strong --npy
  endospike-cli new equivalence > four.json && endospike-cli run four.json --out four
  endospike-cli models | less

Exit codes: 0 done; 2 bad input (options, document, --set); 3 the run failed or its files could not be written;
130 stopped by Ctrl-C, 143 by a termination signal (what was computed until then is kept).)";

Experiment readDocument(const std::string& path, const std::vector<std::string>& settings)
{
    Experiment experiment = experimentFromJson(readWholeFile(path, maximumDocumentBytes));
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || equals == 0)
            throw DocumentError("--set " + setting, "", "must have the form path=value");
        experiment = withValue(experiment, setting.substr(0, equals), setting.substr(equals + 1));
    }
    return experiment;
}

/// Nothing if it is bad, which has then been said.
std::optional<Experiment> readOrSay(const std::string& path, const std::vector<std::string>& settings)
{
    try {
        return readDocument(path, settings);
    } catch (const DocumentError& error) {
        std::fprintf(stderr, "endospike-cli: %s: %s\n", path.c_str(), error.what());
    } catch (const FileError& error) {
        std::fprintf(stderr, "endospike-cli: %s\n", error.what());
    }
    return std::nullopt;
}

/// The whole of one command; the exit code.
int perform(int argc, char** argv)
{
    CLI::App app{
        "Endospike simulates Hodgkin-Huxley and integrate-and-fire neurons and compares them.", "endospike-cli"};
    app.set_version_flag("--version", "endospike-cli " ENDOSPIKE_VERSION);
    app.require_subcommand(1);
    app.footer(examples);

    CLI::App* models = app.add_subcommand("models", "Print every model, stimulus and setting with its bounds, as JSON");
    CLI::App* create = app.add_subcommand("new", "Print a new document");
    CLI::App* check = app.add_subcommand("check", "Say whether a document is right, and if not, where it is wrong");
    CLI::App* runner = app.add_subcommand("run", "Run a document for its duration");

    std::string laboratory;
    create->add_option("laboratory", laboratory, "Which laboratory: neuron or equivalence")
        ->required()
        ->check(CLI::IsMember({"neuron", "equivalence"}));
    std::string file;
    check->add_option("file", file, "The document; - for standard input")->required();
    runner->add_option("file", file, "The document; - for standard input")->required();
    std::vector<std::string> settings;
    runner
        ->add_option("--set", settings,
            "Replace one value, path=value; may be given again. A cell is named by its number or name")
        ->expected(1)
        ->take_all();
    RunOptions options;
    runner->add_option("--out", options.folder,
        "Folder for the tables (voltage, gates, currents, ...) and result.json. Without it, result.json is printed and "
        "no table is written");
    runner->add_flag("--npy", options.npy, "Write the tables for NumPy (.npy) in place of CSV")->needs("--out");

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& request) {
        return app.exit(request);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "endospike-cli: %s\nendospike-cli --help shows how it is used.\n", error.what());
        return badInput;
    }

    if (models->parsed())
        return print(tablesAsJson());
    if (create->parsed())
        return print(toJson(laboratory == "neuron" ? firstExperiment() : firstEquivalence()));
    const std::optional<Experiment> experiment = readOrSay(file, settings);
    if (!experiment)
        return badInput;
    return check->parsed() ? print("ok\n") : runDocument(*experiment, options);
}

} // namespace

int main(int argc, char** argv)
{
    // A closed pipe and a file-size limit are errors of writing, and said as such.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        return perform(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "endospike-cli: %s\n", error.what());
        return endospike::runFailed;
    }
}
