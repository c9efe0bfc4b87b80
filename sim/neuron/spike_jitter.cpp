#include "sim/neuron/spike_jitter.h"

#include "sim/base/not_a_number.h"
#include "sim/neuron/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace endospike {
namespace {

constexpr std::chrono::milliseconds betweenLooks(100);

constexpr Parameter rows[] = {
    {"deviation_ua_per_cm2", "Noise", "σ", "µA/cm²", 2, 0, 1e4, 0, 20,
        "Standard deviation of the noise that is added to the current of every cell."},
    {"interval_ms", "Interval", "δ", "ms", 0.1, 1e-3, 1e3, 0.01, 10,
        "Each random value is held for this long; the power density is σ²δ.", ParameterKind::real, {}, true},
    {"trials", "Trials", "", "", 100, 2, 2000, 10, 500, "How often the run is repeated with other noise.",
        ParameterKind::integer},
    {"window_ms", "Window", "w", "ms", 2, 1e-3, 1e3, 0.1, 20,
        "A trial hits a spike of the run without noise if it has one at most this far from it.", ParameterKind::real,
        {}, true},
    {"first_seed", "First seed", "", "", 1, 0, 4294960000.0, 0, 1000,
        "Seed of the first trial's noise; the others count up.", ParameterKind::integer},
};
static_assert(std::size(rows) == jitter::first_seed + 1);

void addNoise(Stimulus& stimulus, const ParameterValues& settings, int trial)
{
    StimulusPart part(*findStimulusKind("white_noise"));
    part.values.set("mean_ua_per_cm2", 0);
    part.values.set("deviation_ua_per_cm2", settings[jitter::deviation]);
    part.values.set("interval_ms", settings[jitter::interval]);
    part.values.set("seed", settings[jitter::first_seed] + trial);
    stimulus.parts.push_back(std::move(part));
}

bool hits(const std::vector<double>& times_ms, double reference_ms, double window_ms)
{
    const auto next = std::ranges::lower_bound(times_ms, reference_ms - window_ms);
    return next != times_ms.end() && *next <= reference_ms + window_ms;
}

void measure(CellJitter& cell, double window_ms)
{
    cell.spikes.clear();
    for (std::size_t k = 0; k < cell.reference_ms.size(); ++k) {
        JitterSpike spike{cell.reference_ms[k]};
        double squares = 0; // Welford: the times are far larger than their differences
        int hit = 0;
        for (const std::vector<double>& times_ms : cell.trials_ms) {
            hit += hits(times_ms, spike.reference_ms, window_ms);
            if (k >= times_ms.size())
                continue;
            ++spike.trials;
            const double before = times_ms[k] - spike.mean_ms;
            spike.mean_ms += before / spike.trials;
            squares += before * (times_ms[k] - spike.mean_ms);
        }
        if (spike.trials == 0)
            spike.mean_ms = notANumber;
        spike.deviation_ms = spike.trials > 1 ? std::sqrt(squares / (spike.trials - 1)) : notANumber;
        spike.reliability = cell.trials_ms.empty() ? notANumber : hit / static_cast<double>(cell.trials_ms.size());
        cell.spikes.push_back(spike);
    }
}

template <class Value>
double meanOver(const std::vector<JitterSpike>& spikes, Value value)
{
    double sum = 0;
    int count = 0;
    for (const JitterSpike& spike : spikes)
        if (const double each = value(spike); std::isfinite(each)) {
            sum += each;
            ++count;
        }
    return count > 0 ? sum / count : notANumber;
}

} // namespace

ParameterTable jitterTable() { return rows; }

double CellJitter::jitter_ms() const
{
    return std::sqrt(
        meanOver(spikes, [](const JitterSpike& spike) { return spike.deviation_ms * spike.deviation_ms; }));
}

double CellJitter::reliability() const
{
    return meanOver(spikes, [](const JitterSpike& spike) { return spike.reliability; });
}

JitterResult spikeJitter(const NeuronPlan& plan, const ParameterValues& settings, const JobContext& context,
    const std::function<void(const JitterResult&)>& coming)
{
    NeuronPlan plain = plan;
    plain.comparison.reset();
    plain.simulation.set(simulation::record_interval_ms, 100); // spikes are found at every step; samples are not wanted
    JitterResult result{plan.duration_ms(), 0, {}};
    const JobContext quiet{context.stop, {}};
    const Result reference = run(plain, quiet, {});
    for (const SpikeSummary& summary : reference.spikes)
        result.cells.push_back({summary.cellId, summary.cellName, summary.times_ms, {}, {}});
    const auto asked = static_cast<int>(settings[jitter::trials]);
    const auto show = [&] {
        for (CellJitter& cell : result.cells)
            measure(cell, settings[jitter::window]);
        if (coming)
            coming(result);
    };
    auto shown = std::chrono::steady_clock::now();
    for (int trial = 0; trial < asked && !context.stop.stop_requested(); ++trial) {
        NeuronPlan noisy = plain;
        addNoise(noisy.stimulus, settings, trial);
        for (Cell& cell : noisy.cells)
            if (cell.ownStimulus)
                addNoise(*cell.ownStimulus, settings, trial);
        Result one = run(noisy, quiet, {});
        if (one.stopped)
            break;
        for (std::size_t i = 0; i < result.cells.size(); ++i)
            result.cells[i].trials_ms.push_back(std::move(one.spikes[i].times_ms));
        result.trials = trial + 1;
        context.report(static_cast<double>(result.trials) / asked,
            "Trial " + std::to_string(result.trials) + " of " + std::to_string(asked));
        if (const auto now = std::chrono::steady_clock::now(); now - shown > betweenLooks) {
            shown = now;
            show();
        }
    }
    show();
    return result;
}

} // namespace endospike
