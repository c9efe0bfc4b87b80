// The cost command: operations, parameters, memory and measured time of networks and single cells.
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/text_table.h"
#include "sim/cost/cost_table.h"
#include "sim/cost/laboratory.h"

#include <memory>

namespace endospike {
namespace {

struct CostCommand {
    DocumentOptions document; ///< without a file: the networks as published
    bool json = false;
    int threads = 1;
};

std::vector<std::string> networkRow(const NetworkCost& cost)
{
    const auto counts = [](const char* before, int width, const OperationCount& count) {
        return formatted("%s%*.5f %10.5f", before, width, count.additions / 1e6, count.multiplications / 1e6);
    };
    const Timing& time = cost.perCanvas;
    return {cost.name, counts("", 10, cost.published),
        cost.executed ? counts(cost.executed->atMost ? "<" : " ", 9, cost.executed->operations)
                      : formatted("%10s %10s", "-", "-"),
        formatted("%.1f", cost.parameters / 1e3),
        formatted("%.1f", (cost.parameterBytes + cost.workingBytes) / (1 << 20)),
        formatted("%10.2f (%.2f to %.2f)", 1e6 * time.median_s, 1e6 * time.low_s, 1e6 * time.high_s)};
}

std::string nanoseconds(const Timing& time)
{
    return formatted("%8.2f (%.2f to %.2f)", 1e9 * time.median_s, 1e9 * time.low_s, 1e9 * time.high_s);
}

std::vector<std::string> cellRow(const CellCost& cost)
{
    return {cost.name,
        cost.published ? formatted("%3.0f add, %3.0f mul", cost.published->additions, cost.published->multiplications)
                       : formatted("%16s", "-"),
        std::to_string(cost.stateBytes), nanoseconds(cost.perStep), nanoseconds(cost.perStepOfMany)};
}

std::string asText(const CostTable& table)
{
    constexpr int names = -45;
    TextTable networks({names, 21, 21, 12, 10, -1});
    networks.add({"network", "   published, millions", "    executed, millions", "parameters", "memory MiB",
        " µs per canvas (quartiles)"});
    networks.add({"", "       add        mul", "       add        mul", "thousands", "   a batch*"});
    for (const NetworkCost& cost : table.networks)
        networks.add(networkRow(cost));
    TextTable cells({names, 15, 11, -1, -1});
    cells.add({"cell, forward Euler", "published, step", "state bytes",
        "ns per step (quartiles), alone and among " + std::to_string(manyCells)});
    for (const CellCost& cost : table.cells)
        cells.add(cellRow(cost));
    return networks.text() + formatted("* of %d canvases, convolutional networks %d\n\n", costBatch, convolutionalBatch)
        + cells.text();
}

int printCost(const CostCommand& command)
{
    const Experiment experiment = command.document.file.empty() ? firstCost() : readDocument(command.document);
    StopSignals signals;
    ProgressLine progress;
    CostOptions options;
    options.threads = command.threads;
    const CostTable table = costTable(experiment.training.networks, options, contextOf(signals, progress));
    progress.clear();
    const int code = print(command.json ? toJson(table) : asText(table));
    return signals.received() ? 128 + signals.received() : code;
}

std::function<int()> declareCost(CLI::App& verb)
{
    const auto command = std::make_shared<CostCommand>();
    addFile(verb, "file", command->document.file, "The document; - for standard input", false);
    addFlag(verb, "--json", command->json, "Print JSON in place of a table");
    addThreads(verb, command->threads, "Threads to measure with. Default: 1");
    return [command] { return printCost(*command); };
}

} // namespace

Verb costVerb()
{
    return {"cost",
        "Operations, parameters, memory and measured time of a forward pass, for the networks of a document or, "
        "without one, every network as published; and of one step of every model of a cell. \"published\" counts as "
        "the paper does, \"executed\" what this program does in its place",
        declareCost};
}

} // namespace endospike
