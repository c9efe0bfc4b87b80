#include "sim/control/control_folder.h"

#include "sim/control/control_checkpoint.h"
#include "sim/errors.h"
#include "sim/experiment.h"
#include "sim/network/run_folder.h"
#include "sim/whole_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t maximumMetricsBytes = 512u << 20;

bool exists(const std::string& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

void remove(const std::string& path)
{
    std::error_code error;
    fs::remove(path, error);
    if (error)
        throw FileError(path, error.message());
}

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
    const std::string path = metricsPath(folder);
    return exists(path) ? controlEventsFromJsonLines(readWholeFile(path, maximumMetricsBytes), path)
                        : std::vector<ControlEvent>();
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
    const Experiment experiment = experimentFromJson(readWholeFile(experimentPath(folder), maximumDocumentBytes));
    const std::vector<RunId> runs = runsOf(experiment.control);
    if (experiment.laboratory != Laboratory::control || runs.size() != 1)
        throw DocumentError(experimentPath(folder), "", "is not the experiment of one policy");
    ControlRecord record;
    record.folder = folder;
    record.id = runs.front();
    record.plan = experiment.control;
    record.title = experiment.title;
    record.hasCheckpoint = exists(checkpointPath(folder));
    record.hasPolicy = exists(policyPath(folder));
    sortInto(record, readEvents(folder));
    return record;
}

ControlRecords readControlFolders(const std::string& parent)
{
    std::error_code error;
    std::vector<std::string> folders;
    for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error))
        if (exists(experimentPath(at->path().string())))
            folders.push_back(at->path().string());
    if (error)
        throw FileError(parent, error.message());
    std::ranges::sort(folders);
    ControlRecords records;
    for (const std::string& folder : folders) {
        try {
            records.runs.push_back(readControlFolder(folder));
        } catch (const FileError& problem) {
            records.problems.emplace_back(problem.what());
        } catch (const DocumentError& problem) {
            records.problems.push_back(folder + ": " + problem.what());
        }
    }
    return records;
}

ControlFolder::ControlFolder(std::string folder)
    : m_folder(std::move(folder))
{
}

ControlFolder ControlFolder::begin(const std::string& folder, const ControlPlan& plan, const RunId& id)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw FileError(folder, error.message());
    removeUnfinishedFiles(folder);
    // First what belongs to an earlier run: after a crash nothing may lie beside the experiment of another one.
    for (const std::string& path : {checkpointPath(folder), policyPath(folder), metricsPath(folder)})
        remove(path);
    writeWholeFile(experimentPath(folder), controlExperimentText(plan, id));
    return ControlFolder(folder);
}

ControlFolder ControlFolder::resume(
    const std::string& folder, const ControlPlan& plan, const RunId& id, std::int64_t step, ControlRecord& before)
{
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
    writeWholeFile(experimentPath(folder), controlExperimentText(plan, id));
    writeWholeFile(metricsPath(folder), text);
    sortInto(before, events);
    return ControlFolder(folder);
}

void ControlFolder::append(const std::string& line) const { appendLine(metricsPath(m_folder), line); }

} // namespace endospike
