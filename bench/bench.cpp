// How fast the engine steps cells and trains networks and policies; beside it, where they are installed, Brian2, NEURON
// and PyTorch on the same cells and networks. And how long a person waits for the window.
#include "bench/bench.h"
#include "sim/network/network_kind.h"

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string_view>

namespace endospike::bench {

Speed summary(std::vector<double> values)
{
    std::ranges::sort(values);
    const double median = values[values.size() / 2];
    return {median, (values.back() - values.front()) / 2 / median};
}

Printed runScript(const std::string& scriptAndArguments)
{
    Printed found;
    const std::string command = "/usr/bin/python3 " ENDOSPIKE_BENCH_DIR "/" + scriptAndArguments + " 2>/dev/null";
    FILE* pipe = popen(command.c_str(), "r");
    if (!pipe)
        return found;
    char line[4096];
    while (std::fgets(line, sizeof line, pipe)) {
        const std::string text(line);
        if (text.starts_with("# ")) {
            found.notes.push_back(text.substr(2, text.find_last_not_of('\n') - 1));
            continue;
        }
        const std::size_t colon = text.find(':');
        if (colon == std::string::npos)
            continue;
        std::istringstream numbers(text.substr(colon + 1));
        std::vector<double> values;
        for (double value; numbers >> value;)
            values.push_back(value);
        if (!values.empty())
            found.speeds[text.substr(0, colon)] = summary(values);
    }
    pclose(pipe);
    return found;
}

} // namespace endospike::bench

namespace {

// What --only takes.
constexpr std::string_view groups[] = {
    "neurons",
    "training",
    "control",
#ifdef ENDOSPIKE_GUI
    "window",
#endif
};

int usage(FILE* to, const char* program)
{
    std::fprintf(to, "usage: %s [--alone] [--only GROUP] [--network KEY]\n", program);
    std::fprintf(to, "  --alone         without Brian2, NEURON and PyTorch\n");
    std::fprintf(to, "  --only GROUP    only one of");
    for (const std::string_view group : groups)
        std::fprintf(to, " %s", group.data());
    std::fprintf(to, "\n  --network KEY   only training this network; KEY is one of\n                 ");
    for (const endospike::NetworkKind& kind : endospike::networkKinds())
        std::fprintf(to, " %s", kind.key.data());
    std::fprintf(to, "\n");
    return to == stdout ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    bool alone = false;
    std::string only, network;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i], next = i + 1 < argc ? argv[i + 1] : "";
        if (option == "--alone") {
            alone = true;
        } else if (option == "--only" && std::ranges::find(groups, next) != std::end(groups)) {
            only = next;
            ++i;
        } else if (option == "--network" && endospike::findNetworkKind(next)) {
            network = next;
            only = "training";
            ++i;
#ifdef ENDOSPIKE_GUI
        } else if (option == "--first-start") { // by the window's group, in a process of its own
            endospike::bench::benchFirstStart(argc, argv);
            return 0;
#endif
        } else {
            return usage(option == "--help" ? stdout : stderr, argv[0]);
        }
    }
    if (only.empty() || only == "neurons")
        endospike::bench::benchNeurons(alone);
    if (only.empty() || only == "training")
        endospike::bench::benchTraining(alone, network);
    if (only.empty() || only == "control")
        endospike::bench::benchControl();
#ifdef ENDOSPIKE_GUI
    if (only.empty() || only == "window")
        endospike::bench::benchWindow(argc, argv);
#endif
    return 0;
}
