// How fast the engine steps cells and trains networks and policies; beside it, where they are installed, Brian2, NEURON
// and PyTorch on the same cells and networks.
#include "bench/bench.h"
#include "sim/network/network_kind.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

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

int main(int argc, char** argv)
{
    bool alone = false;
    std::string only, network;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i], next = i + 1 < argc ? argv[i + 1] : "";
        if (option == "--alone") {
            alone = true;
        } else if (option == "--only" && (next == "neurons" || next == "training" || next == "control")) {
            only = next;
            ++i;
        } else if (option == "--network" && endospike::findNetworkKind(next)) {
            network = next;
            only = "training";
            ++i;
        } else {
            std::fprintf(option == "--help" ? stdout : stderr,
                "usage: %s [--alone] [--only neurons|training|control] [--network KEY]\n"
                "  --alone         without Brian2, NEURON and PyTorch\n"
                "  --only WHAT     only stepping cells, only training networks, or only training policies\n"
                "  --network KEY   only training this network; KEY is one of\n                 ",
                argv[0]);
            for (const endospike::NetworkKind& kind : endospike::networkKinds())
                std::fprintf(option == "--help" ? stdout : stderr, " %s", kind.key.data());
            std::fprintf(option == "--help" ? stdout : stderr, "\n");
            return option == "--help" ? 0 : 2;
        }
    }
    if (only.empty() || only == "neurons")
        endospike::bench::benchNeurons(alone);
    if (only.empty() || only == "training")
        endospike::bench::benchTraining(alone, network);
    if (only.empty() || only == "control")
        endospike::bench::benchControl();
    return 0;
}
