#include "sim/network/run_folder.h"

#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/network/checkpoint.h"
#include "sim/network/training_log.h"
#include "sim/network/training_plan_json.h"
#include "sim/runs/run_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

void writeExperiment(const std::string& folder, const TrainingPlan& plan, const std::string& title)
{
    writeWholeFile(
        experimentPath(folder), trainingDocument(plan, title.empty() ? runsOf(plan).front().label() : title));
}

RunDocument documentIn(const std::string& folder)
{
    return readRunDocument(readWholeFile(experimentPath(folder), maximumDocumentBytes), training::key);
}

/// Empty if there is none yet.
std::string titleIn(const std::string& folder)
{
    try {
        return documentIn(folder).head.title;
    } catch (const std::runtime_error&) {
        return {};
    }
}

std::vector<TrainingEvent> readEvents(const std::string& folder)
{
    return eventsFromJsonLines(readMetrics(folder), metricsPath(folder));
}

/// Batches in order, each followed by what comes after it; a line that goes back in time is left out.
void sortInto(RunRecord& record, const std::vector<TrainingEvent>& events)
{
    for (const TrainingEvent& event : events) {
        if (const auto* batch = std::get_if<BatchMetrics>(&event))
            record.batches.push_back(*batch);
        else if (const auto& epoch = std::get<EpochMetrics>(event);
                 epoch.epoch == (record.epochs.empty() ? -1 : record.epochs.back().epoch + 1))
            record.epochs.push_back(epoch);
    }
}

} // namespace

RunRecord readRunFolder(const std::string& folder)
{
    const RunDocument document = documentIn(folder);
    const TrainingPlan plan = trainingPlanOf(document);
    const std::vector<RunId> runs = runsOf(plan);
    if (runs.size() != 1)
        throw DocumentError(experimentPath(folder), "", "is not the experiment of one training");
    RunRecord record;
    record.folder = folder;
    record.id = runs.front();
    record.plan = plan;
    record.title = document.head.title;
    record.hasCheckpoint = fileExists(checkpointPath(folder));
    sortInto(record, readEvents(folder));
    return record;
}

namespace {

/// Empty unless the folder is that of just this run.
std::string metricsOfSameRun(const std::string& folder, const Checkpoint& checkpoint)
{
    try {
        const RunRecord beside = readRunFolder(folder);
        if (beside.id == checkpoint.id && beside.plan == checkpoint.plan)
            return readMetrics(folder);
    } catch (const std::runtime_error&) { // the checkpoint has what matters
    }
    return {};
}

bool holdsTrained(const std::string& folder)
{
    return fileExists(experimentPath(folder)) && fileExists(checkpointPath(folder));
}

} // namespace

RunRecord adoptCheckpoint(const std::string& file, const std::string& parent)
{
    const Checkpoint checkpoint = readCheckpoint(file);
    const std::string folder = (fs::path(parent) / checkpoint.id.folderName()).string();
    if (fileExists(folder)) // it would go if this fails
        throw FileError(folder, "is there already");
    try {
        FolderLock{folder}; // makes it
        writeWholeFile(metricsPath(folder), metricsOfSameRun(fs::path(file).parent_path().string(), checkpoint));
        RunFolder::resume(
            folder, checkpoint.plan, checkpoint.id, checkpoint.history, checkpoint.epoch, checkpoint.batch);
        writeCheckpoint(checkpointPath(folder), checkpoint);
        return readRunFolder(folder);
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
        fs::remove(parent, ignored); // if it is empty
        throw;
    }
}

RunList readRunFolders(const std::string& parent) { return readEach<RunList>(runFoldersBelow(parent), readRunFolder); }

RunList readTrainedBelow(const std::vector<std::string>& roots)
{
    constexpr int deepest = 3; // counts from 0
    std::vector<std::string> folders;
    for (const std::string& root : roots) {
        std::error_code error;
        if (holdsTrained(root))
            folders.push_back(root);
        for (fs::recursive_directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
            std::error_code ignored;
            if (!at->is_directory(ignored))
                continue;
            const bool hidden = at->path().filename().string().starts_with('.'); // what was moved aside
            const bool trained = !hidden && holdsTrained(at->path().string());
            if (trained)
                folders.push_back(at->path().string());
            if (trained || hidden || at.depth() >= deepest)
                at.disable_recursion_pending();
        }
        if (error)
            throw FileError(root, error.message());
    }
    std::ranges::sort(folders);
    return readEach<RunList>(folders, readRunFolder);
}

RunFolder::RunFolder(std::string folder, FolderLock lock)
    : m_folder(std::move(folder))
    , m_lock(std::move(lock))
{
}

RunFolder RunFolder::begin(const std::string& folder, const TrainingPlan& plan, const std::string& title)
{
    FolderLock lock = takeRunFolder(folder, {checkpointPath(folder), metricsPath(folder)});
    writeExperiment(folder, plan, title);
    return {folder, std::move(lock)};
}

RunFolder RunFolder::resume(const std::string& folder, const TrainingPlan& plan, const RunId& id,
    const std::vector<EpochMetrics>& history, int epoch, int batch)
{
    FolderLock lock(folder);
    removeUnfinishedFiles(folder);
    std::vector<BatchMetrics> batches;
    try {
        for (const TrainingEvent& event : readEvents(folder))
            if (const auto* metrics = std::get_if<BatchMetrics>(&event);
                metrics && std::pair(metrics->epoch, metrics->batch) < std::pair(epoch, batch))
                batches.push_back(*metrics);
    } catch (const DocumentError&) {
        batches.clear(); // the checkpoint has what matters
    }
    std::string text;
    auto next = batches.begin();
    for (const EpochMetrics& metrics : history) {
        for (; next != batches.end() && next->epoch <= metrics.epoch; ++next)
            text += toJsonLine(id, *next) + '\n';
        text += toJsonLine(id, metrics) + '\n';
    }
    for (; next != batches.end(); ++next)
        text += toJsonLine(id, *next) + '\n';
    writeExperiment(folder, plan, titleIn(folder));
    writeWholeFile(metricsPath(folder), text);
    return {folder, std::move(lock)};
}

void RunFolder::append(const std::string& line) const { appendLine(metricsPath(m_folder), line); }

} // namespace endospike
