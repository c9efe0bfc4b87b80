// Every figure of the equivalence page in one job.
#pragma once

#include "sim/base/job.h"
#include "sim/document/experiment.h"
#include "sim/equivalence/fully_connected.h"
#include "sim/equivalence/image_layer.h"
#include "sim/equivalence/simplified.h"
#include "sim/equivalence/xor.h"
#include "sim/neuron/f_i_curve.h"
#include "sim/neuron/tv_lif_hh.h"

#include <optional>
#include <string>
#include <vector>

namespace endospike {

/// |V1 - V2| over every step.
struct ExactDifference {
    double maximum_mv = 0;
    double atMaximum_ms = 0; ///< when the maximum was reached
    double rms_mv = 0;
    std::int64_t steps = 0;
    double simulated_ms = 0; ///< less than asked if it was stopped or a state left the finite numbers
    bool finite = true;
    std::vector<double> firstSpikes_ms;
    std::vector<double> secondSpikes_ms;
};

/// One row of "where does it break?".
struct BreakRow {
    Integrator integrator;
    Precision precision;
    tv_lif_hh::UpdateOrder order;
    ExactDifference difference;
};

/// One model on the simplification dial, from HH over tv-LIF2HH and s-LIF2HH to LIF.
struct DialEntry {
    const NeuronModel* model = nullptr;
    std::vector<double> time_ms;
    std::vector<double> v_mv; ///< on the experiment's stimulus
    std::vector<double> spikes_ms;
    SpikeTrainComparison comparison; ///< against HH
    FiCurve fi;
};

struct ImageOfLayer {
    int index = 0;
    int label = 0;
    int networkAnswer = 0; ///< largest score of the trained or seeded network
    std::vector<int> spikingAnswers; ///< output with the most spikes in the HH circuit, or several that tie
    double testAccuracy = 0; ///< of the network over the 10000 test images
    std::vector<std::uint8_t> pixels; ///< 28 x 28
    std::vector<double> currents_ua_per_cm2; ///< 128
};

/// What stays the same from one image to the next: the test set, and the network of one seed. Empty at first; filled by
/// runImageLayer, which takes what fits.
struct ImageLayerCache {
    IdxImages images;
    IdxLabels labels;
    bool hasNetwork = false;
    std::uint64_t seed = 0;
    bool seeded = false;
    ImageLayer layer;
    double testAccuracy = 0;
};

struct EquivalenceResult {
    Experiment experiment;
    bool stopped = false; ///< what had not been computed by then is empty
    ExactDifference exact; ///< the experiment's own cells, stimulus and settings
    std::vector<BreakRow> breaks; ///< {float64, float32} x {Euler, exponential Euler, RK4} x {old, published}
    std::vector<SimplifiedRun> simplified; ///< the five stimuli
    std::vector<DialEntry> dial;
    std::optional<XorResult> xorCircuit;
    std::optional<FullyConnectedResult> fullyConnected;
    std::optional<ImageOfLayer> image;
    std::string withoutImage; ///< why there is no fully connected part (data missing), else empty
};

/// Throws DocumentError, SimulationError (from the experiment's own run; in the table a row ends early instead).
EquivalenceResult runEquivalence(const Experiment& experiment, const JobContext& context);

/// The parts, for a page that wants one at a time.
ExactDifference runExact(const Experiment& experiment, const JobContext& context);
std::vector<BreakRow> runBreaks(const Experiment& experiment, const JobContext& context);
std::vector<SimplifiedRun> runAllSimplified(const Experiment& experiment, const JobContext& context);
std::vector<DialEntry> runDial(const Experiment& experiment, const JobContext& context);
XorResult runXor(const Experiment& experiment, const JobContext& context);
/// Throws FileError if the data is missing.
FullyConnectedResult runImageLayer(
    const Experiment& experiment, ImageOfLayer& image, const JobContext& context, ImageLayerCache* cache = nullptr);

} // namespace endospike
