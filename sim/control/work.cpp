#include "sim/control/work.h"

#include "sim/runs/queue.h"

#include <algorithm>
#include <filesystem>

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
    const auto train = [&](std::size_t number, const JobContext& part) {
        const RunId& id = ids[number];
        ControlSinks own;
        own.episode = [&](const EpisodeMetrics& metrics) { sinks.event(id, metrics); };
        own.progress = [&](const ControlProgress& progress) { sinks.event(id, progress); };
        own.evaluation = [&](const ControlEvaluation& evaluation) { sinks.event(id, evaluation); };
        own.snapshot = [&](std::shared_ptr<const Policy> policy) { sinks.snapshot(id, std::move(policy)); };
        trainControl(plan, id, {(std::filesystem::path(folder) / id.folderName()).string(), resume}, own, part);
    };
    runQueue(ids.size(), train, context, {threads, {}});
}

} // namespace endospike
