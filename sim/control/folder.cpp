#include "sim/control/folder.h"

#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/control/checkpoint.h"
#include "sim/control/plan_json.h"
#include "sim/runs/run_files.h"

#include <algorithm>

namespace endospike {
namespace {

void sortInto(ControlRecord& record, const std::vector<ControlEvent>& events)
{
    for (const ControlEvent& event : events) {
        if (const auto* episode = std::get_if<EpisodeMetrics>(&event))
            record.episodes.push_back(*episode);
        else if (const auto* progress = std::get_if<ControlProgress>(&event))
            record.progress.push_back(*progress);
        else
            record.evaluations.push_back(std::get<ControlEvaluation>(event));
    }
}

std::vector<ControlEvent> readEvents(const std::string& folder)
{
    return controlEventsFromJsonLines(readMetrics(folder), metricsPath(folder));
}

} // namespace

std::int64_t ControlRecord::step() const
{
    std::int64_t last = 0;
    if (!episodes.empty())
        last = episodes.back().step;
    return progress.empty() ? last : std::max(last, progress.back().step);
}

ControlRecord readControlFolder(const std::string& folder)
{
    const RunDocument document =
        readRunDocument(readWholeFile(experimentPath(folder), maximumDocumentBytes), control::key);
    const ControlPlan plan = controlPlanOf(document);
    const std::vector<RunId> runs = runsOf(plan);
    if (runs.size() != 1)
        throw DocumentError(experimentPath(folder), "", "is not the experiment of one policy");
    ControlRecord record;
    record.folder = folder;
    record.id = runs.front();
    record.plan = plan;
    record.title = document.head.title;
    record.hasCheckpoint = fileExists(checkpointPath(folder));
    record.hasPolicy = fileExists(policyPath(folder));
    sortInto(record, readEvents(folder));
    return record;
}

ControlRecords readControlFolders(const std::string& parent)
{
    return readEach<ControlRecords>(runFoldersBelow(parent), readControlFolder);
}

ControlFolder::ControlFolder(std::string folder, FolderLock lock)
    : m_folder(std::move(folder))
    , m_lock(std::move(lock))
{
}

ControlFolder ControlFolder::begin(const std::string& folder, const ControlPlan& plan, const RunId& id)
{
    FolderLock lock = takeRunFolder(folder, {checkpointPath(folder), policyPath(folder), metricsPath(folder)});
    writeWholeFile(experimentPath(folder), controlDocument(plan, id.label()));
    return {folder, std::move(lock)};
}

ControlFolder ControlFolder::resume(
    const std::string& folder, const ControlPlan& plan, const RunId& id, std::int64_t step, ControlRecord& before)
{
    FolderLock lock(folder);
    removeUnfinishedFiles(folder);
    std::vector<ControlEvent> events;
    try {
        events = readEvents(folder);
    } catch (const DocumentError&) {
        events.clear(); // the checkpoint has what matters
    }
    std::erase_if(events, [&](const ControlEvent& event) { return stepOf(event) > step; });
    std::string text;
    for (const ControlEvent& event : events)
        text += toJsonLine(id, event) + '\n';
    writeWholeFile(experimentPath(folder), controlDocument(plan, id.label()));
    writeWholeFile(metricsPath(folder), text);
    sortInto(before, events);
    return {folder, std::move(lock)};
}

void ControlFolder::append(const std::string& line) const { appendLine(metricsPath(m_folder), line); }

} // namespace endospike
