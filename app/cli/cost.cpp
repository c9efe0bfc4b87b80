#include "app/cli/cost.h"

#include "app/cli/console.h"
#include "sim/cost/cost_table.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <string>

namespace endospike {
namespace {

constexpr std::size_t names = 45;

[[gnu::format(printf, 1, 2)]] std::string line(const char* format, ...)
{
    char text[256];
    va_list values;
    va_start(values, format);
    std::vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return text;
}

/// In columns of characters; names may hold other than ASCII.
std::string padded(std::string text, std::size_t width)
{
    const auto shown = static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    return text.append(width > shown ? width - shown : 0, ' ');
}

std::string networkLine(const NetworkCost& cost)
{
    std::string text = padded(cost.name, names);
    text += line("  %10.5f %10.5f", cost.published.additions / 1e6, cost.published.multiplications / 1e6);
    if (cost.executed)
        text += line("  %s%9.5f %10.5f", cost.executed->atMost ? "<" : " ", cost.executed->operations.additions / 1e6,
            cost.executed->operations.multiplications / 1e6);
    else
        text += line("  %10s %10s", "-", "-");
    text += line("  %12.1f  %10.1f", cost.parameters / 1e3, (cost.parameterBytes + cost.workingBytes) / (1 << 20));
    const Timing& time = cost.perCanvas;
    text += line("  %10.2f (%.2f to %.2f)\n", 1e6 * time.median_s, 1e6 * time.low_s, 1e6 * time.high_s);
    return text;
}

std::string nanoseconds(const Timing& time)
{
    return line("  %8.2f (%.2f to %.2f)", 1e9 * time.median_s, 1e9 * time.low_s, 1e9 * time.high_s);
}

std::string cellLine(const CellCost& cost)
{
    std::string text = padded(cost.name, names);
    if (cost.published)
        text += line("  %3.0f add, %3.0f mul", cost.published->additions, cost.published->multiplications);
    else
        text += line("  %16s", "-");
    text += line("  %11d", cost.stateBytes);
    text += nanoseconds(cost.perStep);
    text += nanoseconds(cost.perStepOfMany);
    return text.append("\n");
}

std::string asText(const CostTable& table)
{
    std::string text = padded("network", names);
    text += "     published, millions      executed, millions    parameters  memory MiB   µs per canvas (quartiles)\n";
    text += padded("", names);
    text += "         add        mul         add        mul     thousands     a batch*\n";
    for (const NetworkCost& cost : table.networks)
        text += networkLine(cost);
    text += line("* of %d canvases, convolutional networks %d\n\n", costBatch, convolutionalBatch);
    text += padded("cell, forward Euler", names);
    text += "  published, step  state bytes  ns per step (quartiles), alone and among 1024\n";
    for (const CellCost& cost : table.cells)
        text += cellLine(cost);
    return text;
}

} // namespace

int printCost(const std::vector<NetworkPlan>& networks, const CostCommand& command)
{
    StopSignals signals;
    ProgressLine progress;
    JobContext context;
    context.stop = signals.token();
    context.progress = [&](double fraction, const std::string& sentence) { progress.show(fraction, sentence); };
    CostOptions options;
    options.threads = command.threads;
    const CostTable table = costTable(networks, options, context);
    progress.clear();
    const int code = print(command.json ? toJson(table) : asText(table));
    return signals.received() ? 128 + signals.received() : code;
}

} // namespace endospike
