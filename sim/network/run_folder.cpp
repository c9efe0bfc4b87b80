#include "sim/network/run_folder.h"

#include "sim/errors.h"
#include "sim/experiment.h"
#include "sim/network/training_log.h"
#include "sim/whole_file.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace endospike {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t maximumMetricsBytes = 512u << 20;

bool exists(const std::string& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

void create(const std::string& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw FileError(folder, error.message());
}

void remove(const std::string& path)
{
    std::error_code error;
    fs::remove(path, error);
    if (error)
        throw FileError(path, error.message());
}

void writeExperiment(const std::string& folder, const TrainingPlan& plan)
{
    Experiment experiment;
    experiment.laboratory = Laboratory::training;
    experiment.title = runsOf(plan).front().label();
    experiment.training = plan;
    writeWholeFile(experimentPath(folder), toJson(experiment));
}

std::vector<TrainingEvent> readEvents(const std::string& folder)
{
    const std::string path = metricsPath(folder);
    return exists(path) ? eventsFromJsonLines(readWholeFile(path, maximumMetricsBytes), path)
                        : std::vector<TrainingEvent>();
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

std::string checkpointPath(const std::string& folder) { return (fs::path(folder) / "checkpoint.safetensors").string(); }

std::string metricsPath(const std::string& folder) { return (fs::path(folder) / "metrics.jsonl").string(); }

std::string experimentPath(const std::string& folder) { return (fs::path(folder) / "experiment.json").string(); }

void removeUnfinishedFiles(const std::string& folder)
{
    std::error_code ignored;
    for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
        const std::string name = at->path().filename().string();
        for (const std::string& whole :
            {checkpointPath({}), metricsPath({}), experimentPath({}), std::string("policy.safetensors")})
            if (name.starts_with(whole + ".part-"))
                fs::remove(at->path(), ignored);
    }
}

void appendLine(const std::string& path, const std::string& line)
{
    const std::string text = line + '\n';
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    const bool written = file >= 0 && ::write(file, text.data(), text.size()) == std::ssize(text);
    const int reason = written ? 0 : errno;
    if (file >= 0)
        ::close(file);
    if (!written)
        throw FileError(path, reason ? std::system_category().message(reason) : "the disk is full");
}

RunRecord readRunFolder(const std::string& folder)
{
    const Experiment experiment = experimentFromJson(readWholeFile(experimentPath(folder), maximumDocumentBytes));
    const std::vector<RunId> runs = runsOf(experiment.training);
    if (experiment.laboratory != Laboratory::training || runs.size() != 1)
        throw DocumentError(experimentPath(folder), "", "is not the experiment of one training");
    RunRecord record;
    record.folder = folder;
    record.id = runs.front();
    record.plan = experiment.training;
    record.title = experiment.title;
    record.hasCheckpoint = exists(checkpointPath(folder));
    sortInto(record, readEvents(folder));
    return record;
}

RunList readRunFolders(const std::string& parent)
{
    std::error_code error;
    std::vector<std::string> folders;
    for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error))
        if (exists(experimentPath(at->path().string())))
            folders.push_back(at->path().string());
    if (error)
        throw FileError(parent, error.message());
    std::ranges::sort(folders);
    RunList list;
    for (const std::string& folder : folders) {
        try {
            list.runs.push_back(readRunFolder(folder));
        } catch (const FileError& problem) {
            list.problems.emplace_back(problem.what());
        } catch (const DocumentError& problem) {
            list.problems.push_back(folder + ": " + problem.what());
        }
    }
    return list;
}

RunFolder::RunFolder(std::string folder)
    : m_folder(std::move(folder))
{
}

RunFolder RunFolder::begin(const std::string& folder, const TrainingPlan& plan)
{
    create(folder);
    removeUnfinishedFiles(folder);
    // First what belongs to an earlier run: after a crash nothing may lie beside the experiment of another one.
    remove(checkpointPath(folder));
    remove(metricsPath(folder));
    writeExperiment(folder, plan);
    return RunFolder(folder);
}

RunFolder RunFolder::resume(const std::string& folder, const TrainingPlan& plan, const RunId& id,
    const std::vector<EpochMetrics>& history, int epoch, int batch)
{
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
    writeExperiment(folder, plan);
    writeWholeFile(metricsPath(folder), text);
    return RunFolder(folder);
}

void RunFolder::append(const std::string& line) const { appendLine(metricsPath(m_folder), line); }

} // namespace endospike
