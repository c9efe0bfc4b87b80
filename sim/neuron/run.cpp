#include "sim/neuron/run.h"

#include "sim/base/errors.h"
#include "sim/neuron/block_recorder.h"
#include "sim/trace/spike_train.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace endospike {
namespace {

constexpr int blockSamples = 1024;
constexpr std::int64_t stepsBetweenReports = 1 << 16;

std::vector<SpikeSummary> summaries(
    const NeuronPlan& plan, double simulated_ms, std::vector<std::vector<double>> times_ms)
{
    std::vector<SpikeSummary> result;
    for (std::size_t i = 0; i < plan.cells.size(); ++i) {
        const std::vector<double> intervals = interSpikeIntervals(times_ms[i]);
        const double rate_hz = simulated_ms > 0 ? 1e3 * static_cast<double>(times_ms[i].size()) / simulated_ms : 0;
        result.push_back({plan.cells[i].id, plan.cells[i].name, std::move(times_ms[i]), rate_hz, mean(intervals),
            coefficientOfVariation(intervals)});
    }
    return result;
}

} // namespace

Result run(const NeuronPlan& plan, const JobContext& context, const BlockSink& sink)
{
    Simulation simulation(plan);
    BlockRecorder recorder;
    std::vector<std::vector<double>> times_ms(plan.cells.size());
    bool first = true;
    const auto flush = [&] {
        if (recorder.samples() == 0 && recorder.spikes().empty())
            return;
        const TraceBlock block = recorder.take(std::exchange(first, false));
        for (const CellSpike& spike : block.spikes)
            times_ms[static_cast<std::size_t>(
                         std::ranges::find(plan.cells, spike.cellId, &Cell::id) - plan.cells.begin())]
                .push_back(spike.time_ms);
        if (sink)
            sink(block);
    };

    const auto totalSteps = static_cast<std::int64_t>(std::llround(plan.duration_ms() / plan.dt_ms()));
    const int stride = plan.stepsPerSample();
    recorder.record(simulation);
    try {
        for (std::int64_t reported = 0; simulation.step() < totalSteps && !context.stop.stop_requested();) {
            const std::int64_t step = simulation.step();
            simulation.advance(
                static_cast<int>(std::min({stride - step % stride, totalSteps - step, stepsBetweenLooks})),
                recorder.spikes());
            if (simulation.step() % stride == 0)
                recorder.record(simulation);
            if (recorder.samples() >= blockSamples)
                flush();
            if (simulation.step() - reported >= stepsBetweenReports) {
                reported = simulation.step();
                context.report(static_cast<double>(reported) / static_cast<double>(totalSteps),
                    "t = " + shortNumber(std::round(simulation.time_ms())) + " ms");
            }
        }
    } catch (const SimulationError&) {
        flush(); // what was computed up to here is kept
        throw;
    }
    flush();
    const bool stopped = simulation.step() < totalSteps;
    return {stopped, simulation.time_ms(), summaries(plan, simulation.time_ms(), std::move(times_ms))};
}

} // namespace endospike
