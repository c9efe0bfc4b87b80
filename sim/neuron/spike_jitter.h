// How precisely spikes are timed: the same plan many times, each trial with other Gaussian noise on the current,
// against the same plan without it.
#pragma once

#include "sim/base/job.h"
#include "sim/neuron/neuron_plan.h"

#include <functional>
#include <string>
#include <vector>

namespace endospike {

/// Rows of jitterTable(), in its order.
namespace jitter {
enum Row { deviation, interval, trials, window, first_seed };
}
ParameterTable jitterTable();

/// One spike of the run without noise.
struct JitterSpike {
    double reference_ms = 0;
    int trials = 0; ///< that have a spike of this number
    double mean_ms = 0; ///< of the spike of this number over those trials; NaN for none
    double deviation_ms = 0; ///< standard deviation (n - 1), the jitter; NaN for fewer than two
    double reliability = 0; ///< share of all trials with a spike within the window around reference_ms
};

struct CellJitter {
    int cellId = 0;
    std::string name;
    std::vector<double> reference_ms; ///< spikes without noise
    std::vector<std::vector<double>> trials_ms; ///< spikes of each trial
    std::vector<JitterSpike> spikes; ///< as many as reference_ms

    /// Root mean square of the deviations over the spikes, NaN if there are none.
    double jitter_ms() const;
    /// Mean over the spikes; NaN if there are none.
    double reliability() const;
};

struct JitterResult {
    double duration_ms = 0;
    int trials = 0; ///< done; fewer than were asked for while it goes on, or if it was stopped
    std::vector<CellJitter> cells; ///< as in the plan
};

/// Runs for plan.duration_ms(), whether or not it is marked endless. Every cell of a trial gets the same noise,
/// on top of its stimulus: white noise held for `interval`, of a seed that counts up from trial to trial. Noise that
/// the stimulus itself holds stays the same in every trial. `coming` is told after every few trials; may be empty.
/// Throws SimulationError.
JitterResult spikeJitter(const NeuronPlan& plan, const ParameterValues& settings, const JobContext& context,
    const std::function<void(const JitterResult&)>& coming = {});

} // namespace endospike
