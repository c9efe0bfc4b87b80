// What the folders and logs of every kind of training have in common (run_folder.h, control_folder.h).
#pragma once

#include "sim/base/errors.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

bool fileExists(const std::string& path);

// What a run's folder holds, whoever runs.
std::string checkpointPath(const std::string& folder);
std::string metricsPath(const std::string& folder);
std::string experimentPath(const std::string& folder);

/// Unfinished files of a process that was killed while it wrote one of those that a run's folder holds.
void removeUnfinishedFiles(const std::string& folder);
/// `line` and a newline at the end of a file, on the disk's way at once. Throws FileError.
void appendLine(const std::string& path, const std::string& line);

/// One training at a time writes in a folder. The lock goes with the last copy of this, or with the process, however
/// it ends.
class FolderLock {
public:
    /// Makes the folder if need be. Throws FileError if that fails, or if another training has the folder.
    explicit FolderLock(const std::string& folder);

private:
    std::shared_ptr<const void> m_open;
};

/// Takes the folder for a run that begins now: unfinished files go, and what an earlier run left under these names.
/// Throws FileError.
[[nodiscard]] FolderLock takeRunFolder(const std::string& folder, std::initializer_list<std::string> earlier);

/// All of metrics.jsonl; empty if there is none. Throws FileError.
std::string readMetrics(const std::string& folder);

/// Those directly below `parent` that hold an experiment.json, by name. Throws FileError if `parent` cannot be read.
std::vector<std::string> runFoldersBelow(const std::string& parent);

/// Reads each folder into `runs` of a list; one that cannot be read gives a sentence in its `problems`.
template <class List, class Read>
List readEach(const std::vector<std::string>& folders, const Read& read)
{
    List list;
    for (const std::string& folder : folders) {
        try {
            list.runs.push_back(read(folder));
        } catch (const FileError& problem) {
            list.problems.emplace_back(problem.what());
        } catch (const DocumentError& problem) {
            list.problems.push_back(folder + ": " + problem.what());
        }
    }
    return list;
}

/// Every line; `path` for messages. A last line without a newline is left out if it cannot be read: its writer was
/// interrupted. Throws DocumentError.
template <class Event>
std::vector<Event> eventsOfLines(std::string_view text, const std::string& path, Event (*read)(std::string_view))
{
    std::vector<Event> events;
    for (std::size_t at = 0, number = 1; at < text.size(); ++number) {
        const std::size_t newline = text.find('\n', at);
        const bool cutOff = newline == std::string_view::npos;
        try {
            events.push_back(read(text.substr(at, newline - at)));
        } catch (const DocumentError& error) {
            if (!cutOff)
                throw DocumentError(path + ", line " + std::to_string(number), "", error.what());
        }
        at = cutOff ? text.size() : newline + 1;
    }
    return events;
}

} // namespace endospike
