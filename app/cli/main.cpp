// endospike-cli: the engine without a window.
#include "app/cli/command.h"
#include "app/cli/console.h"

#include "endospike_version.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>

namespace endospike {

// Each in the file of its name; the first three in document_verbs.cpp.
Verb modelsVerb(), newVerb(), checkVerb(), runVerb(), trainVerb(), evaluateVerb(), informationVerb(), sweepVerb(),
    costVerb();

} // namespace endospike

namespace {

using namespace endospike;

constexpr const char* examples = R"(Examples:
  endospike-cli new neuron > first.json
  endospike-cli check first.json
  endospike-cli run first.json --out results
  endospike-cli run first.json --set simulation.duration_ms=500 --set cells.HH.parameters.g_na_ms_per_cm2=0
  endospike-cli run first.json --set stimulus.0.parameters.amplitude_ua_per_cm2=20 --out strong --npy
  endospike-cli new equivalence > four.json && endospike-cli run four.json --out four
  endospike-cli new training > nets.json && endospike-cli train nets.json --out runs > metrics.jsonl
  endospike-cli train nets.json --set training.settings.epochs=40 --network lif_fc --out long
  endospike-cli train nets.json --out runs --resume
  endospike-cli evaluate runs/LIF_fc-seed1 --confusion
  endospike-cli new control > pole.json && endospike-cli train pole.json --out poles > episodes.jsonl
  endospike-cli evaluate poles/LIF-seed1 --episodes 20 --noise 0.002
  endospike-cli new information > plane.json && endospike-cli information plane.json --out plane
  endospike-cli new robustness > noise.json && endospike-cli sweep noise.json --out noise
  mpirun -n 8 endospike-cli sweep noise.json --out noise --checkpoints runs
  endospike-cli cost
  endospike-cli new cost > nets.json && endospike-cli cost nets.json --json
  endospike-cli models | less

Exit codes: 0 done; 2 bad input (options, document, --set, checkpoint); 3 the run failed, data are missing, or files
could not be written; 130 stopped by Ctrl-C, 143 by a termination signal (what was computed until then is kept).)";

/// The whole of one command; the exit code.
int perform(int argc, char** argv)
{
    CLI::App app{
        "Endospike simulates Hodgkin-Huxley and integrate-and-fire neurons, compares them and trains networks of them.",
        "endospike-cli"};
    app.set_version_flag("--version", "endospike-cli " ENDOSPIKE_VERSION);
    app.require_subcommand(1);
    app.footer(examples);
    std::vector<std::pair<const CLI::App*, std::function<int()>>> commands;
    for (const Verb& verb : {modelsVerb(), newVerb(), checkVerb(), runVerb(), trainVerb(), evaluateVerb(),
             informationVerb(), sweepVerb(), costVerb()}) {
        CLI::App* command = app.add_subcommand(verb.name, verb.summary);
        if (!verb.footer.empty())
            command->footer(verb.footer);
        commands.emplace_back(command, verb.declare(*command));
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& request) {
        return app.exit(request);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "endospike-cli: %s\nendospike-cli --help shows how it is used.\n", error.what());
        return badInput;
    }
    for (const auto& [command, run] : commands)
        if (command->parsed())
            return run();
    return badInput;
}

int say(const std::exception& error, int code)
{
    std::fprintf(stderr, "endospike-cli: %s\n", error.what());
    return code;
}

} // namespace

int main(int argc, char** argv)
{
    // A closed pipe and a file-size limit are errors of writing, and said as such.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        return perform(argc, argv);
    } catch (const OutputLost&) {
        return runFailed;
    } catch (const DocumentError& error) {
        return say(error, badInput);
    } catch (const BadInput& error) {
        return say(error, badInput);
    } catch (const std::exception& error) {
        return say(error, runFailed);
    }
}
