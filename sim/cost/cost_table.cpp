#include "sim/cost/cost_table.h"

#include "endospike_version.h"
#include "sim/base/document_json.h"
#include "sim/base/random.h"
#include "sim/network/network.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include <malloc.h>

namespace endospike {
namespace {

constexpr int fewestPasses = 3;
constexpr double patience_s = 1; ///< for one measurement, if it has its fewest passes

/// Repeats `pass`, which does `items` items of work, and gives the time of one item.
template <class Pass>
Timing measured(const CostOptions& options, const JobContext& context, double items, const Pass& pass)
{
    if (context.stop.stop_requested())
        return {};
    pass(); // memory and tables are there from now on
    std::vector<double> seconds;
    double all_s = 0;
    for (int i = 0; i < std::max(options.passes, 1) && (i < fewestPasses || all_s < patience_s); ++i) {
        if (context.stop.stop_requested())
            return {};
        const auto begin = std::chrono::steady_clock::now();
        pass();
        const double taken_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        all_s += taken_s;
        seconds.push_back(taken_s / items);
    }
    std::ranges::sort(seconds);
    const std::size_t count = seconds.size();
    return {seconds[count / 2], seconds[count / 4], seconds[count - 1 - count / 4], static_cast<int>(count)};
}

/// What this process has taken from the heap and not given back.
double heapBytes()
{
    const struct mallinfo2 info = ::mallinfo2();
    return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

/// As dark as the canvases of the two garments: half of the pixels are 0.
Batch randomBatch(int size)
{
    Batch batch;
    batch.size = size;
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(size) * canvasPixels; ++i) {
        const std::uint64_t bits = randomBits(1, RandomPurpose::pixelNoise, i);
        batch.pixels.push_back(bits & 1 ? static_cast<float>(bits >> 56) : 0.0f);
    }
    batch.labels.assign(static_cast<std::size_t>(size) * taskCount, 0);
    return batch;
}

Timing cellTiming(const NeuronModel& model, int cells, const CostOptions& options, const JobContext& context)
{
    const int steps = cells > 1 ? 100 : 1000;
    constexpr double dt_ms = 0.01;
    const auto population = model.create(cells, Integrator::forwardEuler, Precision::float64, dt_ms);
    population->reset();
    const double current = 10;
    std::vector<SpikeEvent> spikes;
    return measured(options, context, static_cast<double>(steps) * cells, [&] {
        spikes.clear();
        population->advance(steps, {&current, &current, &current, 0, 0}, spikes);
    });
}

NetworkCost networkCost(const NetworkPlan& plan, const CostOptions& options, const JobContext& context)
{
    NetworkCost cost = countedCost(plan);
    const std::unique_ptr<Network> network = makeNetwork(plan, 1);
    const Batch batch = randomBatch(cost.batch);
    Workers workers(options.threads);
    const double before = heapBytes();
    const std::unique_ptr<Workspace> workspace = network->makeWorkspace();
    network->forward(batch, *workspace, workers);
    const double taken = heapBytes() - before;
    if (taken > 0)
        cost.workingBytes = taken;
    cost.perCanvas = measured(options, context, cost.batch, [&] { network->forward(batch, *workspace, workers); });
    return cost;
}

CellCost cellCost(const NeuronModel& model, const CostOptions& options, const JobContext& context)
{
    CellCost cost = countedCost(model);
    cost.perStep = cellTiming(model, 1, options, context);
    cost.perStepOfMany = cellTiming(model, manyCells, options, context);
    return cost;
}

Json countToJson(const OperationCount& count)
{
    return {{"additions", count.additions}, {"multiplications", count.multiplications}};
}

Json timingToJson(const Timing& timing)
{
    return {{"median", timing.median_s}, {"low", timing.low_s}, {"high", timing.high_s}, {"passes", timing.passes}};
}

Json executedToJson(const std::optional<ExecutedCount>& executed)
{
    if (!executed)
        return nullptr;
    Json json = countToJson(executed->operations);
    json["lookups"] = executed->lookups;
    json["at_most"] = executed->atMost;
    return json;
}

} // namespace

NetworkCost countedCost(const NetworkPlan& plan)
{
    NetworkCost cost;
    cost.name = plan.name;
    cost.kind = plan.kind->key;
    cost.batch = plan.kind->convolutional ? convolutionalBatch : costBatch;
    cost.published = publishedCount(plan);
    cost.executed = executedCount(plan);
    cost.parameters = parameterCount(plan);
    cost.parameterBytes = sizeof(float) * (cost.parameters + frozenCount(plan));
    return cost;
}

CellCost countedCost(const NeuronModel& model)
{
    CellCost cost;
    cost.name = model.name;
    cost.model = &model;
    cost.published = model.published;
    cost.stateBytes = static_cast<int>(model.stateVariables.size() * sizeof(double));
    return cost;
}

CostTable costTable(const std::vector<NetworkPlan>& networks, const CostOptions& options, const JobContext& context,
    const CostSink& sink)
{
    CostTable table;
    table.threads = options.threads;
    const auto all = static_cast<double>(networks.size() + neuronModels().size());
    double done = 0;
    const auto goesOn = [&](std::string_view name) {
        context.report(done++ / all, "measuring " + std::string(name));
        table.stopped = table.stopped || context.stop.stop_requested();
        return !table.stopped;
    };
    const auto keep = [&](auto& rows, auto cost, const auto& tell) {
        table.stopped = context.stop.stop_requested();
        if (table.stopped)
            return; // it may have been cut short
        if (tell)
            tell(cost);
        rows.push_back(std::move(cost));
    };
    for (const NetworkPlan& plan : networks)
        if (goesOn(plan.name))
            keep(table.networks, networkCost(plan, options, context), sink.network);
    for (const NeuronModel& model : neuronModels())
        if (goesOn(model.name))
            keep(table.cells, cellCost(model, options, context), sink.cell);
    return table;
}

std::string toJson(const CostTable& table)
{
    Json networks = Json::array(), cells = Json::array();
    for (const NetworkCost& cost : table.networks)
        networks.push_back({{"name", cost.name}, {"network", cost.kind}, {"batch", cost.batch},
            {"published", countToJson(cost.published)}, {"executed", executedToJson(cost.executed)},
            {"parameters", cost.parameters}, {"parameter_bytes", cost.parameterBytes},
            {"working_bytes", std::isfinite(cost.workingBytes) ? Json(cost.workingBytes) : Json(nullptr)},
            {"s_per_canvas", timingToJson(cost.perCanvas)}});
    for (const CellCost& cost : table.cells)
        cells.push_back({{"name", cost.name}, {"model", cost.model->key},
            {"published", cost.published ? countToJson(*cost.published) : Json(nullptr)},
            {"state_bytes", cost.stateBytes}, {"s_per_step", timingToJson(cost.perStep)},
            {"s_per_step_of_many", timingToJson(cost.perStepOfMany)}});
    return prettyJson({{"versions", {{"endospike", ENDOSPIKE_VERSION}}}, {"threads", table.threads},
        {"networks", std::move(networks)}, {"cells", std::move(cells)}});
}

} // namespace endospike
