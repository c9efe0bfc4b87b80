#include "sim/robustness/sweep.h"

#include "sim/base/errors.h"
#include "sim/base/not_a_number.h"
#include "sim/base/stopwatch.h"
#include "sim/network/checkpoint.h"
#include "sim/network/evaluation.h"
#include "sim/network/run_folder.h"
#include "sim/network/trainer.h"
#include "sim/robustness/settings.h"
#include "sim/robustness/sweep_files.h"
#include "sim/runs/queue.h"
#include "sim/runs/run_files.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <optional>

namespace endospike {
namespace {

namespace fs = std::filesystem;

constexpr double trainingShare = 0.9; ///< of the progress of a unit

robustness::Noise formOf(const Experiment& experiment)
{
    return static_cast<robustness::Noise>(static_cast<int>(experiment.own[robustness::noise]));
}

double noiseSeedOf(const Experiment& experiment, const RunId& run)
{
    const auto own = static_cast<std::uint64_t>(experiment.own[robustness::noise_seed]);
    return static_cast<double>((own + run.seed) & 0xffffffff);
}

/// The training of one network with noise. Without noise it is the same training whatever the form.
SweepUnit noisyUnit(const Experiment& experiment, const RunId& run, double amplitude)
{
    SweepUnit unit{planOf(experiment.training, run), run, run.folderName(), {{run, amplitude}}};
    const auto set = [&](training::Row row, double value) { unit.plan.settings.set(row, value); };
    set(training::noise_amplitude, amplitude);
    const bool noisy = amplitude > 0;
    set(training::noise,
        noisy && formOf(experiment) == robustness::oneImage ? training::oneNoiseImage : training::freshNoise);
    set(training::noise_seed, noisy ? noiseSeedOf(experiment, run) : trainingTable()[training::noise_seed].initial);
    if (noisy)
        unit.folderName += "-noise" + shortNumber(amplitude);
    return unit;
}

std::string now()
{
    const std::time_t time = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&time, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

struct Trained {
    std::shared_ptr<const Network> network; ///< nullptr if it was stopped or failed
    std::string error;
    double seconds = 0; ///< of training, here and now
};

class Sweep {
public:
    Sweep(const Experiment& experiment, const TrainingImages& images, const SweepOptions& options,
        const std::function<void(const FieldResult&)>& finished, const JobContext& context)
        : m_experiment(experiment)
        , m_images(images)
        , m_options(options)
        , m_finished(finished)
        , m_context(context)
        , m_units(sweepUnits(experiment))
        , m_workers(options.threads)
    {
    }

    SweepOutcome run()
    {
        lookForFields();
        if (!m_options.checkpoints.empty())
            m_others = readTrainedBelow(m_options.checkpoints);
        const auto unit = [this](std::size_t number, const JobContext& context) { runUnit(number, context); };
        runQueue(m_units.size(), unit, m_context, {1, m_options.next});
        m_outcome.stopped = stopped();
        for (const auto& results : m_results)
            for (const std::optional<FieldResult>& result : results)
                if (result)
                    m_outcome.fields.push_back(*result);
        return std::move(m_outcome);
    }

private:
    bool stopped() const { return m_context.stop.stop_requested(); }
    void lookForFields();
    void runUnit(std::size_t number, const JobContext& context);
    Trained trainedNetwork(const SweepUnit& unit, const TrainingData& data, const JobContext& context);
    std::shared_ptr<const Network> foundNetwork(const SweepUnit& unit);
    std::optional<FieldResult> test(const Network& network, const SweepField& field, PairedImages set);
    void keep(std::size_t unit, std::size_t field, FieldResult result);

    const Experiment& m_experiment;
    const TrainingImages& m_images;
    const SweepOptions& m_options;
    const std::function<void(const FieldResult&)>& m_finished;
    const JobContext& m_context;
    std::vector<SweepUnit> m_units;
    std::vector<std::vector<std::optional<FieldResult>>> m_results; ///< [unit][field]
    RunList m_others;
    Workers m_workers;
    SweepOutcome m_outcome;
};

void Sweep::lookForFields()
{
    for (const SweepUnit& unit : m_units) {
        auto& results = m_results.emplace_back(unit.fields.size());
        for (std::size_t field = 0; field < unit.fields.size() && !m_options.folder.empty(); ++field) {
            FoundField found = findField(m_options.folder, m_experiment, unit, unit.fields[field]);
            if (!found.problem.empty())
                m_outcome.problems.push_back(found.problem);
            results[field] = std::move(found.result);
        }
    }
    if (m_finished)
        for (const auto& results : m_results)
            for (const std::optional<FieldResult>& result : results)
                if (result)
                    m_finished(*result);
}

void Sweep::runUnit(std::size_t number, const JobContext& context)
{
    const SweepUnit& unit = m_units[number];
    auto& results = m_results[number];
    if (std::ranges::all_of(results, [](const auto& result) { return result.has_value(); }))
        return;
    const TrainingData data = pairImages(m_images, unit.plan);
    JobContext training = context;
    training.progress = [&](double fraction, const std::string& sentence) {
        context.report(trainingShare * fraction, sentence);
    };
    const Trained trained = trainedNetwork(unit, data, training);
    for (std::size_t field = 0; field < results.size(); ++field) {
        if (results[field] || stopped())
            continue;
        const double share = static_cast<double>(field) / static_cast<double>(results.size());
        context.report(trainingShare + (1 - trainingShare) * share, unit.fields[field].label());
        std::optional<FieldResult> result = trained.network
            ? test(*trained.network, unit.fields[field], data.test)
            : FieldResult{unit.fields[field], data.test.size(), {}, trained.error, now(), 0, 0};
        if (result) {
            result->training_s = trained.seconds;
            keep(number, field, std::move(*result));
        }
    }
}

Trained Sweep::trainedNetwork(const SweepUnit& unit, const TrainingData& data, const JobContext& context)
{
    TrainingOptions options{m_options.threads, {}, true};
    if (!m_options.folder.empty())
        options.folder = (fs::path(m_options.folder) / "runs" / unit.folderName).string();
    std::error_code ignored;
    const bool begun = !options.folder.empty() && fs::exists(checkpointPath(options.folder), ignored);
    if (!begun)
        if (auto network = foundNetwork(unit))
            return {std::move(network), {}, 0};
    const Stopwatch watch;
    try {
        RunOutcome outcome = trainNetwork(unit.plan, unit.run, data, options, {}, context);
        if (outcome.stopped)
            return {};
        const int epochs = outcome.epochs.back().epoch + 1;
        if (epochs != unit.plan.epochs())
            throw DocumentError("training.settings.epochs", std::to_string(unit.plan.epochs()),
                options.folder + " holds a training of " + std::to_string(epochs) + " epochs; choose another folder");
        return {std::move(outcome.network), {}, watch.seconds()};
    } catch (const TrainingError& error) {
        return {nullptr, error.what(), watch.seconds()};
    }
}

/// Among the runs that were trained elsewhere; nullptr if there is none. A damaged checkpoint is no reason to stop: the
/// network is trained anew.
std::shared_ptr<const Network> Sweep::foundNetwork(const SweepUnit& unit)
{
    for (const RunRecord& record : m_others.runs) {
        if (!record.finished() || !trainsTheSame(record.plan, unit.plan))
            continue;
        try {
            Checkpoint checkpoint = readCheckpoint(checkpointPath(record.folder));
            if (trainsTheSame(checkpoint.plan, unit.plan) && checkpoint.epoch == unit.plan.epochs()) {
                ++m_outcome.reused;
                return std::move(checkpoint.network);
            }
        } catch (const FileError& error) {
            m_outcome.problems.emplace_back(error.what());
        }
    }
    return nullptr;
}

/// Nothing if it was stopped.
std::optional<FieldResult> Sweep::test(const Network& network, const SweepField& field, PairedImages set)
{
    const Stopwatch watch;
    FieldResult result{field, set.size(), {}, {}, {}, 0, 0};
    for (int repeat = 0; repeat < repeatsOf(m_experiment, field); ++repeat) {
        set.setNoise(noiseOf(m_experiment, field, repeat));
        const EpochMetrics metrics = evaluate(network, set, m_workers, m_context);
        if (stopped())
            return std::nullopt;
        result.repeats.push_back({metrics.testLoss, metrics.testAccuracy});
    }
    result.date = now();
    result.test_s = watch.seconds();
    return result;
}

void Sweep::keep(std::size_t unit, std::size_t field, FieldResult result)
{
    if (!std::isfinite(result.mean().loss) && result.error.empty()) {
        result.repeats.clear();
        result.error = result.field.label() + ": the loss is not a finite number";
    }
    if (!m_options.folder.empty())
        writeField(m_options.folder, m_experiment, m_units[unit], result);
    if (m_finished)
        m_finished(result);
    m_results[unit][field] = std::move(result);
}

} // namespace

bool trainsTheSame(const TrainingPlan& made, const TrainingPlan& asked)
{
    if (made.networks.size() != 1 || asked.networks.size() != 1)
        return false;
    TrainingPlan alike = made;
    alike.settings.set(training::test_pairs, asked.settings[training::test_pairs]); // the test does not train
    alike.networks.front().name = asked.networks.front().name;
    return alike == asked;
}

std::string SweepField::label() const { return run.label() + ", noise " + shortNumber(amplitude); }

std::string SweepField::fileName() const { return run.folderName() + "-noise" + shortNumber(amplitude) + ".json"; }

std::vector<SweepUnit> sweepUnits(const Experiment& experiment)
{
    const TrainingPlan& plan = experiment.training;
    if (plan.networks.empty())
        throw DocumentError("training.networks", "empty", "name at least one network");
    std::vector<RunId> runs = runsOf(plan);
    std::vector<SweepUnit> units;
    const auto seeds = static_cast<std::size_t>(plan.seeds());
    for (std::size_t seed = 0; seed < seeds; ++seed)
        for (std::size_t at = seed; at < runs.size(); at += seeds) {
            if (formOf(experiment) == robustness::freshOnTest)
                units.push_back({planOf(plan, runs[at]), runs[at], runs[at].folderName(), {}});
            for (const double amplitude : amplitudesOf(experiment.own)) {
                if (formOf(experiment) == robustness::freshOnTest)
                    units.back().fields.push_back({runs[at], amplitude});
                else
                    units.push_back(noisyUnit(experiment, runs[at], amplitude));
            }
        }
    return units;
}

int repeatsOf(const Experiment& experiment, const SweepField& field)
{
    const bool fresh = field.amplitude > 0 && formOf(experiment) != robustness::oneImage;
    return fresh ? static_cast<int>(experiment.own[robustness::repeats]) : 1;
}

PixelNoise noiseOf(const Experiment& experiment, const SweepField& field, int repeat)
{
    return {field.amplitude, formOf(experiment) != robustness::oneImage,
        static_cast<std::uint64_t>(noiseSeedOf(experiment, field.run)), static_cast<std::uint64_t>(repeat)};
}

SweepRepeat FieldResult::mean() const
{
    SweepRepeat sum;
    for (const SweepRepeat& repeat : repeats) {
        sum.loss += repeat.loss;
        for (std::size_t task = 0; task < taskCount; ++task)
            sum.accuracy[task] += repeat.accuracy[task];
    }
    const double count = repeats.empty() ? notANumber : static_cast<double>(repeats.size());
    sum.loss /= count;
    for (double& accuracy : sum.accuracy)
        accuracy /= count;
    return sum;
}

SweepOutcome runSweep(const Experiment& experiment, const TrainingImages& images, const SweepOptions& options,
    const std::function<void(const FieldResult&)>& finished, const JobContext& context)
{
    return Sweep(experiment, images, options, finished, context).run();
}

std::vector<SweepPoint> summarise(const Experiment& experiment, const std::vector<FieldResult>& fields)
{
    std::vector<SweepPoint> points;
    for (const NetworkPlan& network : experiment.training.networks)
        for (const double amplitude : amplitudesOf(experiment.own)) {
            SweepPoint point{network.name, amplitude, 0, {}, {}, 0};
            std::array<double, taskCount> squares{};
            // Mean and sum of squared differences from it, value by value (Welford).
            for (const FieldResult& result : fields) {
                if (result.field.run.network != network.name || result.field.amplitude != amplitude
                    || result.repeats.empty())
                    continue;
                const SweepRepeat mean = result.mean();
                ++point.seeds;
                point.loss += (mean.loss - point.loss) / point.seeds;
                for (std::size_t task = 0; task < taskCount; ++task) {
                    const double before = mean.accuracy[task] - point.mean[task];
                    point.mean[task] += before / point.seeds;
                    squares[task] += before * (mean.accuracy[task] - point.mean[task]);
                }
            }
            for (std::size_t task = 0; task < taskCount; ++task)
                point.spread[task] = point.seeds > 1 ? std::sqrt(squares[task] / (point.seeds - 1)) : notANumber;
            if (point.seeds > 0)
                points.push_back(point);
        }
    return points;
}

} // namespace endospike
