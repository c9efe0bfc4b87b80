#include "app/cli/train.h"

#include "app/cli/console.h"
#include "app/cli/ranks.h"
#include "app/cli/text_table.h"
#include "sim/control/log.h"
#include "sim/control/trainer.h"
#include "sim/network/workers.h"
#include "sim/runs/queue.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <mutex>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

template <class Work>
std::exception_ptr caught(const Work& work)
{
    try {
        work();
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

/// The trainings of a document, each by one thread; under mpirun, each by one process.
class ControlTrainings {
public:
    ControlTrainings(const ControlPlan& plan, const TrainOptions& options)
        : m_plan(plan)
        , m_options(options)
        , m_runs(runsOf(plan))
    {
    }

    int run()
    {
        // Every process meets the others twice, whatever happens to it: nobody begins before all have looked at the
        // folders, nobody leaves while others still ask for work.
        std::exception_ptr failure = caught([this] { checkFolders(); });
        m_ranks.waitForAll([] {});
        if (!failure)
            failure = caught([this] { work(); });
        m_ranks.waitForAll([] {});
        m_progress.clear();
        if (failure)
            std::rethrow_exception(failure);
        printTable();
        if (m_signals.received() == 0)
            return m_code;
        std::fprintf(stderr, "endospike-cli: stopped%s\n",
            m_options.folder.empty() ? "" : "; the same command with --resume goes on");
        return 128 + m_signals.received();
    }

private:
    void checkFolders() const;
    void work();
    void trainOne(const RunId& id, const JobContext& context);
    void line(const std::string& text);
    void show(double fraction, const std::string& sentence);
    void printTable();
    std::string folderOf(const RunId& id) const
    {
        return m_options.folder.empty() ? std::string() : (fs::path(m_options.folder) / id.folderName()).string();
    }

    const ControlPlan& m_plan;
    const TrainOptions& m_options;
    std::vector<RunId> m_runs;
    StopSignals m_signals; // before MPI starts threads, which must not take the signals
    Ranks m_ranks;
    std::mutex m_mutex; ///< of everything below
    ProgressLine m_progress;
    std::vector<ControlOutcome> m_outcomes; ///< without their policies
    int m_code = done;
};

/// What was trained before is not overwritten by accident.
void ControlTrainings::checkFolders() const
{
    std::error_code ignored;
    if (m_options.folder.empty() || m_options.resume)
        return;
    for (const RunId& id : m_runs)
        if (const std::string folder = folderOf(id); fs::exists(folder, ignored))
            throw DocumentError(
                "--out", folder, "holds a training already; go on with --resume, or choose another folder");
}

void ControlTrainings::work()
{
    // Only one thread of a process may speak with others.
    const int most = m_ranks.count() > 1 ? 1 : m_options.threads > 0 ? m_options.threads : processorCount();
    const auto train = [this](std::size_t number, const JobContext& context) { trainOne(m_runs[number], context); };
    const JobContext context{
        m_signals.token(), [this](double fraction, const std::string& sentence) { show(fraction, sentence); }};
    runQueue(m_runs.size(), train, context, {most, [this] { return m_ranks.next(); }});
}

void ControlTrainings::trainOne(const RunId& id, const JobContext& context)
{
    const ControlOptions options{folderOf(id), m_options.resume};
    ControlOutcome outcome;
    outcome.id = id;
    ControlSinks sinks;
    sinks.episode = [&](const EpisodeMetrics& metrics) {
        outcome.episodes.push_back(metrics); // kept if the training fails later
        outcome.step = metrics.step;
        line(toJsonLine(id, metrics));
    };
    sinks.progress = [&](const ControlProgress& metrics) { line(toJsonLine(id, metrics)); };
    sinks.evaluation = [&](const ControlEvaluation& metrics) {
        outcome.evaluations.push_back(metrics);
        line(toJsonLine(id, metrics));
    };
    std::string error;
    try {
        outcome = trainControl(m_plan, id, options, sinks, context);
    } catch (const TrainingError& failure) {
        error = failure.what();
    } catch (const EnvironmentError& failure) {
        error = failure.what();
    }
    line(runLine(outcome, error));
    outcome.policy.reset();
    const std::lock_guard lock(m_mutex);
    if (!error.empty()) {
        m_progress.clear();
        std::fprintf(stderr, "endospike-cli: %s\n", error.c_str());
        m_code = runFailed;
    }
    m_outcomes.push_back(std::move(outcome));
}

void ControlTrainings::line(const std::string& text)
{
    const std::lock_guard lock(m_mutex);
    m_progress.clear(); // they may share a terminal
    printLine(text);
}

void ControlTrainings::show(double fraction, const std::string& sentence)
{
    const std::lock_guard lock(m_mutex);
    if (m_ranks.first())
        m_progress.show(fraction, sentence);
}

/// Of this process's own trainings.
void ControlTrainings::printTable()
{
    if (m_outcomes.empty())
        return;
    std::ranges::sort(m_outcomes, {},
        [&](const ControlOutcome& outcome) { return std::ranges::find(m_runs, outcome.id) - m_runs.begin(); });
    TextTable table({0, 4, 7, 8, 18, 21, 6});
    table.add({"policy", "seed", "steps", "episodes", "first held at step", "last test: mean steps", "time s"});
    for (const ControlOutcome& outcome : m_outcomes) {
        const std::int64_t full = outcome.firstFullEpisode();
        table.add({outcome.id.network, std::to_string(outcome.id.seed), std::to_string(outcome.step),
            std::to_string(outcome.episodes.size()), full < 0 ? "-" : std::to_string(full),
            outcome.evaluations.empty() ? "-" : formatted("%.1f", outcome.evaluations.back().meanLength()),
            formatted("%.0f", outcome.elapsed_s)});
    }
    std::fputs(table.text().c_str(), stderr);
}

} // namespace

int trainPolicies(const Experiment& experiment, const TrainOptions& options)
{
    ControlPlan plan = experiment.control;
    plan.policies = chosen(plan.policies, options, "control.policies", "policy");
    return ControlTrainings(plan, options).run();
}

} // namespace endospike
