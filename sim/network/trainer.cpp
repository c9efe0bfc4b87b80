#include "sim/network/trainer.h"

#include "sim/base/errors.h"
#include "sim/base/not_a_number.h"
#include "sim/base/stopwatch.h"
#include "sim/network/checkpoint.h"
#include "sim/network/evaluation.h"
#include "sim/network/operation_count.h"
#include "sim/network/run_folder.h"
#include "sim/network/training_log.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <sys/resource.h>

namespace endospike {
namespace {

/// A step of training costs about a forward pass and twice as much backward.
constexpr double passesPerStep = 3;

std::size_t peakMemory_bytes()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

/// How long the last epoch took.
double epochSeconds(const std::vector<EpochMetrics>& history)
{
    return history.back().elapsed_s - history[history.size() - 2].elapsed_s;
}
constexpr double pointsPerEpoch = 50; ///< that are logged, at least one a second

/// Sums over some batches, reported when enough time has passed.
class BatchWindow {
public:
    explicit BatchWindow(double interval_s)
        : m_interval_s(interval_s)
    {
    }

    void add(const BatchResult& result, int pairs)
    {
        m_pairs += pairs;
        m_loss += result.loss * pairs;
        for (std::size_t task = 0; task < taskCount; ++task)
            m_correct[task] += result.correct[task];
    }
    bool empty() const { return m_pairs == 0; }
    bool due() const { return m_pairs > 0 && m_watch.seconds() >= m_interval_s; }
    /// The figures since the last time; the place and the time are the caller's.
    BatchMetrics take()
    {
        BatchMetrics metrics;
        metrics.loss = m_loss / m_pairs;
        for (std::size_t task = 0; task < taskCount; ++task)
            metrics.accuracy[task] = m_correct[task] / m_pairs;
        metrics.samples_per_s = m_pairs / std::max(m_watch.seconds(), 1e-9);
        restart();
        return metrics;
    }
    void restart() { *this = BatchWindow(m_interval_s); }

private:
    double m_interval_s;
    Stopwatch m_watch;
    double m_pairs = 0;
    double m_loss = 0;
    std::array<double, taskCount> m_correct{};
};

class Training {
public:
    Training(Checkpoint state, const TrainingData& data, const TrainingOptions& options, const RunSinks& sinks,
        const JobContext& context)
        : m_state(std::move(state))
        , m_data(data)
        , m_options(options)
        , m_sinks(sinks)
        , m_context(context)
        , m_workers(options.threads)
        , m_batches((data.train.size() + m_state.plan.batch() - 1) / m_state.plan.batch())
        , m_gradient(m_state.network->trainedCount())
    {
    }

    RunOutcome run()
    {
        openFolder();
        bool whole = !m_state.history.empty() || test(-1);
        while (whole && m_state.epoch < m_state.plan.epochs())
            whole = trainEpoch() && test(m_state.epoch);
        if (!whole && !m_state.history.empty())
            save();
        return {m_state.id, !whole, m_state.history, std::move(m_state.network)};
    }

private:
    void openFolder();
    bool trainEpoch();
    bool step(std::span<const std::int32_t> order);
    bool interruptible(const std::function<void()>& work);
    void report(const BatchResult& result, int pairs);
    void reportRest();
    BatchMetrics placed(BatchMetrics metrics) const;
    std::string progressSentence(double samples_per_s) const;
    bool test(int epoch);
    void save() const;
    void checkWeights() const;

    Checkpoint m_state;
    const TrainingData& m_data;
    const TrainingOptions& m_options;
    const RunSinks& m_sinks;
    const JobContext& m_context;
    Workers m_workers;
    int m_batches;
    std::vector<float> m_gradient;
    std::unique_ptr<Workspace> m_workspace;
    Batch m_batch;
    std::optional<RunFolder> m_folder;
    BatchWindow m_shown{0.05};
    BatchWindow m_logged{0.05};
    bool m_firstStep = true; ///< of this epoch, or since it was resumed
    double m_test_s = 0; ///< how long the last test took
};

void Training::openFolder()
{
    if (m_options.folder.empty())
        return;
    if (m_state.history.empty())
        m_folder = RunFolder::begin(m_options.folder, m_state.plan, m_options.title);
    else
        m_folder = RunFolder::resume(
            m_options.folder, m_state.plan, m_state.id, m_state.history, m_state.epoch, m_state.batch);
}

/// The rest of the epoch; false if it was stopped.
bool Training::trainEpoch()
{
    const std::vector<std::int32_t> order =
        shuffled(m_data.train.size(), m_state.id.seed, static_cast<std::uint64_t>(m_state.epoch));
    m_workspace = m_state.network->makeWorkspace();
    m_shown.restart();
    if (m_state.history.size() > 1) // about as many points for a quick network as for a slow one
        m_logged = BatchWindow(std::clamp(epochSeconds(m_state.history) / pointsPerEpoch, 0.01, 1.0));
    m_logged.restart();
    m_firstStep = true;
    while (m_state.batch < m_batches) {
        if (m_context.stop.stop_requested() || !step(order)) {
            reportRest();
            return false;
        }
    }
    m_workspace.reset(); // the test needs the memory for its own
    return true;
}

/// What only reads the weights may be left half done: the batch or test is then done anew after a resume. A batch of a
/// convolutional network takes longer than a person waits for a window to close.
bool Training::interruptible(const std::function<void()>& work)
{
    m_workers.interruptBy(m_context.stop);
    bool whole = true;
    try {
        work();
    } catch (const WorkInterrupted&) {
        whole = false;
    }
    m_workers.interruptBy({});
    return whole;
}

/// False if it was stopped before the weights were changed.
bool Training::step(std::span<const std::int32_t> order)
{
    const Stopwatch watch;
    const auto most = static_cast<std::size_t>(m_state.plan.batch());
    const std::size_t first = static_cast<std::size_t>(m_state.batch) * most;
    const auto pairs = order.subspan(first, std::min(most, order.size() - first));
    fillBatch(m_batch, m_data.train, pairs, m_workers, static_cast<std::uint64_t>(m_state.epoch));
    BatchResult result;
    if (!interruptible([&] { result = m_state.network->backward(m_batch, *m_workspace, m_workers, m_gradient); }))
        return false;
    if (!std::isfinite(result.loss))
        throw TrainingError(m_state.id.label(), "the loss", m_state.epoch + 1, m_state.batch + 1);
    m_state.optimizer.step(m_state.network->values().first(m_gradient.size()), m_gradient,
        m_state.network->settings().learningRateIn(m_state.epoch), m_workers);
    m_state.epochLoss += result.loss * m_batch.size;
    for (std::size_t task = 0; task < taskCount; ++task)
        m_state.epochCorrect[task] += result.correct[task];
    ++m_state.batch;
    m_state.epoch_s += watch.seconds();
    m_state.elapsed_s += watch.seconds();
    report(result, m_batch.size);
    return true;
}

BatchMetrics Training::placed(BatchMetrics metrics) const
{
    metrics.epoch = m_state.epoch;
    metrics.batch = m_state.batch - 1;
    metrics.batchesPerEpoch = m_batches;
    metrics.elapsed_s = m_state.elapsed_s;
    return metrics;
}

void Training::report(const BatchResult& result, int pairs)
{
    const bool last = m_state.batch == m_batches || m_context.stop.stop_requested();
    m_shown.add(result, pairs);
    m_logged.add(result, pairs);
    // The first batch at once: a slow network shows that it is at work.
    if (m_shown.due() || last || std::exchange(m_firstStep, false)) {
        const BatchMetrics metrics = placed(m_shown.take());
        if (m_sinks.batch)
            m_sinks.batch(metrics);
        const double epochs = m_state.epoch + static_cast<double>(m_state.batch) / m_batches;
        m_context.report(epochs / m_state.plan.epochs(), progressSentence(metrics.samples_per_s));
    }
    if (m_folder && (m_logged.due() || last))
        m_folder->append(toJsonLine(m_state.id, placed(m_logged.take())));
}

/// The batches that no report has held yet.
void Training::reportRest()
{
    if (m_sinks.batch && !m_shown.empty())
        m_sinks.batch(placed(m_shown.take()));
    if (m_folder && !m_logged.empty())
        m_folder->append(toJsonLine(m_state.id, placed(m_logged.take())));
}

std::string Training::progressSentence(double samples_per_s) const
{
    const int epochs = m_state.plan.epochs();
    const double done = (static_cast<double>(m_state.epoch) * m_batches + m_state.batch) / m_batches;
    // From the whole training so far, which jumps about less than the last few batches.
    const double left_s = m_state.elapsed_s * (epochs - done) / done + m_test_s * (epochs - m_state.epoch);
    return m_state.id.label() + ": epoch " + std::to_string(m_state.epoch + 1) + " of " + std::to_string(epochs) + ", "
        + std::to_string(std::llround(samples_per_s)) + " samples/s, " + secondsInWords(left_s) + " left";
}

/// Ends the epoch with its test and a checkpoint; -1 is the untrained network. False if it was stopped.
bool Training::test(int epoch)
{
    if (epoch >= 0)
        checkWeights();
    const Stopwatch watch;
    EpochMetrics metrics;
    if (!interruptible([&] { metrics = evaluate(*m_state.network, m_data.test, m_workers, m_context); })
        || m_context.stop.stop_requested())
        return false;
    m_test_s = watch.seconds();
    const double pairs = epoch >= 0 ? m_data.train.size() : 0;
    metrics.epoch = epoch;
    metrics.trainLoss = epoch >= 0 ? m_state.epochLoss / pairs : notANumber;
    for (std::size_t task = 0; task < taskCount; ++task)
        metrics.trainAccuracy[task] = epoch >= 0 ? m_state.epochCorrect[task] / pairs : notANumber;
    metrics.learningRate = m_state.network->settings().learningRateIn(std::max(epoch, 0));
    metrics.samples_per_s = epoch >= 0 ? pairs / std::max(m_state.epoch_s, 1e-9) : notANumber;
    metrics.elapsed_s = m_state.elapsed_s;
    metrics.operations = passesPerStep * publishedCount(m_state.network->plan()).total() * pairs * (epoch + 1);
    metrics.peakMemory_bytes = peakMemory_bytes();

    m_state.history.push_back(metrics);
    if (epoch >= 0) {
        ++m_state.epoch;
        m_state.batch = 0;
        m_state.epochLoss = 0;
        m_state.epochCorrect = {};
        m_state.epoch_s = 0;
    }
    save();
    if (m_folder)
        m_folder->append(toJsonLine(m_state.id, metrics));
    if (m_sinks.epoch)
        m_sinks.epoch(metrics, m_state.network->clone());
    return true;
}

/// Never replaces a good checkpoint by a bad one.
void Training::save() const
{
    if (!m_folder)
        return;
    checkWeights();
    writeCheckpoint(checkpointPath(m_options.folder), m_state);
}

void Training::checkWeights() const
{
    const Network& network = *m_state.network;
    for (const TensorPlace& place : network.tensors())
        for (const float value : network.valuesOf(place.name))
            if (!std::isfinite(value))
                throw TrainingError(
                    m_state.id.label(), "weight " + place.name, m_state.epoch + 1, std::max(m_state.batch, 1));
}

} // namespace

RunOutcome trainNetwork(const TrainingPlan& plan, const RunId& id, const TrainingData& data,
    const TrainingOptions& options, const RunSinks& sinks, const JobContext& context)
{
    Checkpoint state(plan, id);
    std::error_code ignored;
    if (const std::string path = checkpointPath(options.folder);
        !options.folder.empty() && options.resume && std::filesystem::exists(path, ignored)) {
        Checkpoint found = readCheckpoint(path);
        checkSamePlan(found, state.plan);
        found.plan = state.plan; // more epochs, another place of the data
        found.id = id;
        state = std::move(found);
    }
    return Training(std::move(state), data, options, sinks, context).run();
}

} // namespace endospike
