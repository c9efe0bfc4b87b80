// The simplified comparison: HH against s-LIF2HH for the five stimuli of He et al., Nature Computational Science 4, 584
// (2024), doi 10.1038/s43588-024-00674-9. Shifted HH convention (rest at 0 mV, ENa 115, EK -12, EL 10.613), start V =
// 0, m = 0.0489, n = 0.6446, h = 0.1341.
//
// A driver hears the stimulus, a driven unit hears the driver alone.
//   HH        forward Euler at dt (1 us); a spike is V > 70 mV. The driven cell receives W dt [driver V > 70], uA/cm^2.
//   s-LIF2HH  step 1 ms. Part i of the driven unit receives W dt_s ([part i of the driver spikes] + [part 4 spikes]);
//             the driver's parts spike together (see s_lif_hh.h).
// Spikes are counted as upward crossings (HH) and firing steps (s-LIF2HH).
#pragma once

#include "sim/base/job.h"
#include "sim/trace/spike_train.h"

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace endospike {

/// One of the five: I(t) in uA/cm^2, t in ms.
struct PaperStimulus {
    std::string_view key; ///< "constant", "sine", "square", "sawtooth", "triangle"
    std::string_view name;
    std::string_view formula; ///< as shown
    double (*at)(double t_ms);
    int publishedHhSpikes; ///< of the driven unit over 80 ms, measured with the published script
    int publishedSLifSpikes;
};

std::span<const PaperStimulus> paperStimuli();

struct SimplifiedSettings {
    double dt_ms = 1e-3; ///< of HH
    double duration_ms = 80;
    double coupling = 1e5; ///< W
    double vanRossumTau_ms = 10;
    double coincidenceWindow_ms = 2;
    double recordInterval_ms = 0.05;
};

/// Driver or driven: both kinds on the same stimulus.
struct SimplifiedPair {
    std::vector<double> hhSpikes_ms;
    std::vector<double> sLifSpikes_ms;
    SpikeTrainComparison comparison; ///< HH is the reference
    std::vector<double> hhV_mv; ///< at SimplifiedRun::time_ms
    std::array<std::vector<double>, 4> sLifU; ///< at SimplifiedRun::sLifTime_ms, before a reset
};

struct SimplifiedRun {
    const PaperStimulus* stimulus = nullptr;
    std::vector<double> time_ms;
    std::vector<double> current_ua_per_cm2; ///< at time_ms
    std::vector<double> sLifTime_ms; ///< ends of the 1 ms steps
    SimplifiedPair driver;
    SimplifiedPair driven;
    bool stopped = false; ///< ended early because it was asked to
};

/// Throws DocumentError for settings that are not allowed, SimulationError for a non-finite state.
SimplifiedRun runSimplified(
    const PaperStimulus& stimulus, const SimplifiedSettings& settings, const JobContext& context);

} // namespace endospike
