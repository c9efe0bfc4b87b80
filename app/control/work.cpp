#include "app/control/work.h"

#include <QCoreApplication>

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>

namespace endospike {

namespace {

template <class Item>
void replaceFrom(std::vector<Item>& items, const Item& item)
{
    while (!items.empty() && items.back().step >= item.step)
        items.pop_back();
    items.push_back(item);
}

ControlRun runOf(ControlRecord&& record)
{
    return {record.id, record.plan.policies.front().kind, record.plan.steps(), std::move(record.episodes),
        std::move(record.progress), std::move(record.evaluations)};
}

/// Adds up how far the trainings are.
class Tally {
public:
    Tally(std::size_t runs, std::int64_t steps, const JobContext& context)
        : m_fractions(runs)
        , m_steps(steps)
        , m_context(context)
    {
    }

    void set(std::size_t run, double fraction)
    {
        const std::scoped_lock lock(m_mutex);
        m_fractions[run] = std::max(m_fractions[run], fraction);
        double sum = 0;
        int done = 0;
        for (const double part : m_fractions) {
            sum += part;
            done += part >= 1;
        }
        const double all = sum / static_cast<double>(m_fractions.size());
        m_context.report(all,
            QCoreApplication::translate("ControlWork", "%1 of %2 trainings done, %3 steps")
                .arg(done)
                .arg(m_fractions.size())
                .arg(static_cast<qint64>(sum * static_cast<double>(m_steps)))
                .toStdString());
    }

private:
    std::mutex m_mutex;
    std::vector<double> m_fractions;
    std::int64_t m_steps;
    const JobContext& m_context;
};

} // namespace

void ControlRun::add(const ControlEvent& event)
{
    if (const auto* episode = std::get_if<EpisodeMetrics>(&event))
        replaceFrom(episodes, *episode);
    else if (const auto* report = std::get_if<ControlProgress>(&event))
        replaceFrom(progress, *report);
    else
        replaceFrom(evaluations, std::get<ControlEvaluation>(event));
}

std::vector<ControlRun> waitingControlRuns(const ControlPlan& plan)
{
    std::vector<ControlRun> runs;
    for (const RunId& id : runsOf(plan))
        runs.push_back({id, planOf(plan, id).policies.front().kind, plan.steps(), {}, {}, {}});
    return runs;
}

std::vector<ControlRun> keptControlRuns(const std::string& folder, const ControlPlan& plan)
{
    std::vector<ControlRun> runs = waitingControlRuns(plan);
    bool some = false;
    for (ControlRecord& record : readControlFolders(folder).runs) {
        const auto run = std::ranges::find(runs, record.id, &ControlRun::id);
        if (run == runs.end() || record.plan != planOf(plan, record.id))
            return {};
        *run = runOf(std::move(record));
        some = true;
    }
    return some ? runs : std::vector<ControlRun>();
}

std::vector<ControlRun> allControlRuns(const std::string& folder)
{
    std::vector<ControlRun> runs;
    for (ControlRecord& record : readControlFolders(folder).runs)
        runs.push_back(runOf(std::move(record)));
    return runs;
}

void trainControlPlan(const ControlPlan& plan, const std::string& folder, bool resume, int threads,
    const ControlWorkSinks& sinks, const JobContext& context)
{
    const std::vector<RunId> ids = runsOf(plan);
    Tally tally(ids.size(), plan.steps(), context);
    std::stop_source stop; // of all, once one has failed
    const std::stop_callback asked(context.stop, [&] { stop.request_stop(); });
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    const auto train = [&](std::size_t i) {
        const RunId& id = ids[i];
        ControlSinks own;
        own.episode = [&](const EpisodeMetrics& metrics) { sinks.event(id, metrics); };
        own.progress = [&](const ControlProgress& progress) { sinks.event(id, progress); };
        own.evaluation = [&](const ControlEvaluation& evaluation) { sinks.event(id, evaluation); };
        own.snapshot = [&](std::shared_ptr<const Policy> policy) { sinks.snapshot(id, std::move(policy)); };
        const ControlOptions options{(std::filesystem::path(folder) / id.folderName()).string(), resume};
        const JobContext part{
            stop.get_token(), [&](double fraction, const std::string&) { tally.set(i, std::min(fraction, 0.9999)); }};
        if (!trainControl(plan, id, options, own, part).stopped)
            tally.set(i, 1);
    };
    const auto work = [&] {
        for (std::size_t i = next++; i < ids.size() && !stop.stop_requested(); i = next++) {
            try {
                train(i);
            } catch (...) {
                const std::scoped_lock lock(mutex);
                if (!failure)
                    failure = std::current_exception();
                stop.request_stop();
            }
        }
    };
    {
        std::vector<std::jthread> workers;
        for (int i = 1; i < std::min(threads, static_cast<int>(ids.size())); ++i)
            workers.emplace_back(work);
        work();
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace endospike
