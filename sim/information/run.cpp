#include "sim/information/run.h"

#include "sim/base/errors.h"
#include "sim/base/not_a_number.h"
#include "sim/base/stopwatch.h"
#include "sim/base/whole_file.h"
#include "sim/information/checkpoint.h"
#include "sim/information/log.h"
#include "sim/information/settings.h"
#include "sim/network/checkpoint.h"
#include "sim/network/evaluation.h"
#include "sim/network/run_folder.h"
#include "sim/runs/queue.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

constexpr int measuredTogether = 128;
/// Noise of the measurements, apart from that of every step of training; the same after every epoch.
constexpr std::uint64_t trainDraws = std::uint64_t{1} << 48, testDraws = std::uint64_t{2} << 48;

void create(const std::string& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw FileError(folder, error.message());
}

class InformationTraining {
public:
    InformationTraining(InformationCheckpoint state, const TrainingData& data, const TrainingOptions& options,
        const InformationSink& sink, const JobContext& context)
        : m_state(std::move(state))
        , m_data(data)
        , m_folder(options.folder)
        , m_sink(sink)
        , m_context(context)
        , m_workers(options.threads)
        , m_gradient(m_state.network.trainedCount())
    {
    }

    InformationRun run()
    {
        begin();
        bool whole = !m_state.history.empty() || measure(notTrained());
        while (whole && m_state.epoch < plan().epochs())
            whole = trainEpoch();
        return {m_state.id, plan().networks.front().kind, !whole, m_state.history};
    }

private:
    const TrainingPlan& plan() const { return m_state.experiment.training; }
    double setting(information::Row row) const { return m_state.experiment.own[row]; }
    double learningRate() const
    {
        const int falls = m_state.epoch / static_cast<int>(setting(information::decay_every));
        return setting(information::learning_rate) * std::pow(setting(information::decay_factor), falls);
    }
    InformationEpoch notTrained() const { return {-1, notANumber, {}, {}, learningRate(), notANumber, 0}; }

    void begin();
    bool trainEpoch();
    double step(std::span<const std::int32_t> pairs, std::uint64_t number);
    void followWithAverage();
    bool measure(InformationEpoch epoch);
    InformationPoint measured(const PairedImages& set, int pairs, std::uint64_t draws);
    void checkWeights() const;
    void save() const;

    InformationCheckpoint m_state;
    const TrainingData& m_data;
    std::string m_folder;
    const InformationSink& m_sink;
    const JobContext& m_context;
    Workers m_workers;
    std::vector<float> m_gradient;
    BottleneckWorkspace m_workspace;
    Batch m_batch;
};

/// Epochs that were done before are told again. What lies in the folder then fits the state.
void InformationTraining::begin()
{
    if (!m_folder.empty()) {
        create(m_folder);
        if (m_state.history.empty()) {
            std::error_code ignored;
            fs::remove(checkpointPath(m_folder), ignored);
            fs::remove(metricsPath(m_folder), ignored);
        }
        writeWholeFile(experimentPath(m_folder), toJson(m_state.experiment));
    }
    if (m_sink)
        for (const InformationEpoch& epoch : m_state.history)
            m_sink(m_state.id, epoch);
}

/// With what is measured after it; false if it was stopped, and then it is as if it had not begun.
bool InformationTraining::trainEpoch()
{
    const int most = plan().batch(), pairs = m_data.train.size(), batches = (pairs + most - 1) / most;
    const std::vector<std::int32_t> order = shuffled(pairs, m_state.id.seed, static_cast<std::uint64_t>(m_state.epoch));
    const Stopwatch watch;
    double loss = 0;
    for (int batch = 0; batch < batches; ++batch) {
        if (m_context.stop.stop_requested())
            return false;
        const int first = batch * most, count = std::min(most, pairs - first);
        const std::uint64_t number = static_cast<std::uint64_t>(m_state.epoch) * batches + batch;
        const double mean = step(std::span(order).subspan(first, count), number);
        if (!std::isfinite(mean))
            throw TrainingError(m_state.id.label(), "the loss", m_state.epoch + 1, batch + 1);
        loss += mean * count;
        const double done = (m_state.epoch + (batch + 1.0) / batches) / plan().epochs();
        m_context.report(done,
            m_state.id.label() + ": epoch " + std::to_string(m_state.epoch + 1) + " of "
                + std::to_string(plan().epochs()) + ", "
                + std::to_string(std::llround((first + count) / watch.seconds())) + " samples/s");
    }
    checkWeights();
    const double took_s = watch.seconds();
    return measure({m_state.epoch, loss / pairs, {}, {}, learningRate(), pairs / took_s, m_state.elapsed_s + took_s});
}

/// The batch's loss.
double InformationTraining::step(std::span<const std::int32_t> pairs, std::uint64_t number)
{
    fillBatch(m_batch, m_data.train, pairs, m_workers, static_cast<std::uint64_t>(m_state.epoch));
    const BatchResult result = m_state.network.backward(m_batch, number, m_workspace, m_workers, m_gradient);
    m_state.optimizer.step(m_state.network.values().first(m_gradient.size()), m_gradient, learningRate(), m_workers);
    followWithAverage();
    return result.loss;
}

void InformationTraining::followWithAverage()
{
    constexpr int length = 1 << 16;
    const auto share = static_cast<float>(1 - setting(information::weight_averaging));
    const float* const values = m_state.network.values().data();
    float* const average = m_state.average.values().data();
    const int count = static_cast<int>(m_gradient.size());
    m_workers.forEach((count + length - 1) / length, [&](int piece) {
        for (int i = piece * length; i < std::min((piece + 1) * length, count); ++i)
            average[i] += share * (values[i] - average[i]);
    });
}

/// Ends the epoch; false if it was stopped.
bool InformationTraining::measure(InformationEpoch epoch)
{
    m_context.report(static_cast<double>(epoch.epoch + 1) / plan().epochs(), m_state.id.label() + ": measuring");
    const int pairs = std::min(m_data.train.size(), static_cast<int>(setting(information::measured_pairs)));
    epoch.train = measured(m_data.train, pairs, trainDraws);
    epoch.test = measured(m_data.test, m_data.test.size(), testDraws);
    if (m_context.stop.stop_requested())
        return false;
    m_state.epoch = epoch.epoch + 1;
    m_state.elapsed_s = epoch.elapsed_s;
    m_state.history.push_back(epoch);
    save();
    if (m_sink)
        m_sink(m_state.id, epoch);
    return true;
}

InformationPoint InformationTraining::measured(const PairedImages& set, int pairs, std::uint64_t draws)
{
    std::vector<std::int32_t> all(static_cast<std::size_t>(pairs));
    std::iota(all.begin(), all.end(), 0);
    InformationPoint point;
    for (int first = 0; first < pairs && !m_context.stop.stop_requested(); first += measuredTogether) {
        fillBatch(m_batch, set, std::span(all).subspan(first, std::min(measuredTogether, pairs - first)), m_workers);
        const BottleneckMeasure sums =
            m_state.average.measure(m_batch, draws + static_cast<std::uint64_t>(first), m_workspace, m_workers);
        point.kl_nats += sums.kl_nats / pairs;
        for (std::size_t task = 0; task < taskCount; ++task) {
            point.crossEntropy_nats[task] += sums.crossEntropy_nats[task] / pairs;
            point.accuracy[task] += static_cast<double>(sums.correct[task]) / pairs;
        }
    }
    return point;
}

void InformationTraining::checkWeights() const
{
    for (const TensorPlace& place : m_state.network.tensors())
        for (const float value : m_state.network.valuesOf(place.name))
            if (!std::isfinite(value))
                throw TrainingError(m_state.id.label(), "weight " + place.name, m_state.epoch + 1, 1);
}

/// The checkpoint first: it has all that the metrics have.
void InformationTraining::save() const
{
    if (m_folder.empty())
        return;
    writeCheckpoint(checkpointPath(m_folder), m_state);
    std::string lines;
    for (const InformationEpoch& epoch : m_state.history)
        lines += toJsonLine(m_state.id, epoch) + '\n';
    writeWholeFile(metricsPath(m_folder), lines);
}

} // namespace

BottleneckSettings bottleneckSettings(const ParameterValues& values)
{
    return {static_cast<int>(values[information::code_size]), values[information::beta],
        static_cast<int>(values[information::samples])};
}

Experiment experimentOf(const Experiment& experiment, const RunId& id)
{
    Experiment own = experiment;
    own.title = id.label();
    own.training = planOf(experiment.training, id);
    return own;
}

InformationRun trainBottleneck(const Experiment& experiment, const RunId& id, const TrainingData& data,
    const TrainingOptions& options, const InformationSink& sink, const JobContext& context)
{
    const Experiment own = experimentOf(experiment, id);
    std::error_code ignored;
    if (const std::string path = checkpointPath(options.folder);
        options.resume && !options.folder.empty() && fs::exists(path, ignored)) {
        InformationCheckpoint found = parseInformationCheckpoint(readWholeFile(path, maximumCheckpointBytes), path);
        checkSameExperiment(found.experiment, own);
        found.experiment = own; // more epochs, another place of the data
        return InformationTraining(std::move(found), data, options, sink, context).run();
    }
    return InformationTraining(InformationCheckpoint(own), data, options, sink, context).run();
}

std::vector<InformationRun> runInformation(const Experiment& experiment, const TrainingOptions& options,
    const InformationSink& sink, const JobContext& context)
{
    checkInformationPlan(experiment.training, "training");
    if (experiment.training.networks.empty())
        throw DocumentError("training.networks", "empty", "name at least one network");
    const TrainingData data = pairImages(readTrainingImages(experiment.training), experiment.training);
    const std::vector<RunId> ids = runsOf(experiment.training);
    std::vector<InformationRun> runs;
    const auto train = [&](std::size_t number, const JobContext& part) {
        TrainingOptions own = options;
        if (!options.folder.empty())
            own.folder = (fs::path(options.folder) / ids[number].folderName()).string();
        runs.push_back(trainBottleneck(experiment, ids[number], data, own, sink, part));
    };
    runQueue(ids.size(), train, context);
    if (!options.folder.empty())
        writeWholeFile((fs::path(options.folder) / "result.json").string(), informationResult(experiment, runs));
    return runs;
}

} // namespace endospike
