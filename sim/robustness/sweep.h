// The robustness sweep: how well networks answer on canvases with Gaussian noise. A grid of networks x training seeds x
// amplitudes; every field of it is a file of its own (sweep_files.h), so that a sweep can be stopped, killed, split
// over processes and run again: what is finished is never done twice. He et al. 2024, Fig. 5.
//
//   FOLDER/cells/LIF_fc-seed1-noise25.json   a finished field
//   FOLDER/runs/LIF_fc-seed1/                a trained network, as any run's folder (sim/network/run_folder.h); trained
//                                            with noise: LIF_fc-seed1-noise25
//
// The noise of a field is a function of the sweep's noise seed, the training seed, the repeat, the canvas and the pixel
// alone, and scales with the amplitude: all networks of one training seed see the same noise, wherever they run.
#pragma once

#include "sim/base/job.h"
#include "sim/document/experiment.h"
#include "sim/network/multi_fashion.h"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace endospike {

struct SweepField {
    RunId run; ///< network and training seed
    double amplitude = 0;
    /// "LIF fc, seed 1, noise 25"
    std::string label() const;
    /// "LIF_fc-seed1-noise25.json"
    std::string fileName() const;
    friend bool operator==(const SweepField&, const SweepField&) = default;
};

/// Fields that share one trained network: what a process takes from the grid.
struct SweepUnit {
    TrainingPlan plan; ///< of this training alone, with its noise
    RunId run;
    std::string folderName;
    std::vector<SweepField> fields;
};

/// The whole grid, the first seed of every network first. Throws DocumentError if there is no network.
std::vector<SweepUnit> sweepUnits(const Experiment& experiment);

/// How often the test set is shown; once if no draw would differ from another.
int repeatsOf(const Experiment& experiment, const SweepField& field);

/// On the test canvases of a field.
PixelNoise noiseOf(const Experiment& experiment, const SweepField& field, int repeat);

struct SweepRepeat {
    double loss = 0; ///< sum of both cross-entropies, nats
    std::array<double, taskCount> accuracy{}; ///< 0..1
    friend bool operator==(const SweepRepeat&, const SweepRepeat&) = default;
};

struct FieldResult {
    SweepField field;
    int samples = 0; ///< canvases in one repeat
    std::vector<SweepRepeat> repeats;
    std::string error; ///< why the network could not be trained; there are no repeats then
    // How it was made: differs from run to run.
    std::string date; ///< "2024-08-20T12:00:00Z"
    double training_s = 0; ///< 0 if the network was there already
    double test_s = 0;

    SweepRepeat mean() const; ///< over the repeats; NaN if there are none
};

struct SweepOptions {
    std::string folder; ///< empty: nothing is kept
    /// Folders of runs at any depth (readTrainedBelow), whose networks are used where plan and seed are the same.
    std::vector<std::string> checkpoints;
    int threads = 1;
    /// Hands out the units by number, each once over all processes that share the folder; a number past the end means
    /// that there are no more. Empty: this process does all.
    std::function<std::size_t()> next;
};

struct SweepOutcome {
    bool stopped = false;
    std::vector<FieldResult> fields; ///< found or made here, in the order of the grid
    std::vector<std::string> problems; ///< a sentence for every file that was damaged and done again
    int reused = 0; ///< networks that were trained elsewhere
};

/// Whether a network trained under `made` is to the bit what training under `asked` would give: all that trains is the
/// same, whatever its name and test set.
bool trainsTheSame(const TrainingPlan& made, const TrainingPlan& asked);

/// Tells of every field: those that were found at once, then the others as they finish. A network whose training leaves
/// the finite numbers gives fields with an error. Throws FileError, and DocumentError for a folder that was made with
/// other settings.
SweepOutcome runSweep(const Experiment& experiment, const TrainingImages& images, const SweepOptions& options,
    const std::function<void(const FieldResult&)>& finished, const JobContext& context);

/// One point of the plot: a network at an amplitude.
struct SweepPoint {
    std::string network;
    double amplitude = 0;
    int seeds = 0; ///< trained networks behind it
    std::array<double, taskCount> mean{}; ///< accuracy, over seeds (and repeats)
    std::array<double, taskCount> spread{}; ///< standard deviation over seeds; NaN for one seed
    double loss = 0; ///< mean
};

/// Network by network as in the document, amplitudes rising; what has no result yet is left out.
std::vector<SweepPoint> summarise(const Experiment& experiment, const std::vector<FieldResult>& fields);

} // namespace endospike
