#include "sim/network/run_files.h"

#include "sim/network/run_folder.h"
#include "sim/whole_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace endospike {

namespace fs = std::filesystem;

bool fileExists(const std::string& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

void takeRunFolder(const std::string& folder, std::initializer_list<std::string> earlier)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw FileError(folder, error.message());
    removeUnfinishedFiles(folder);
    // First what belongs to an earlier run: after a crash nothing may lie beside the experiment of another one.
    for (const std::string& path : earlier) {
        fs::remove(path, error);
        if (error)
            throw FileError(path, error.message());
    }
}

std::string readMetrics(const std::string& folder)
{
    constexpr std::size_t most = 512u << 20;
    const std::string path = metricsPath(folder);
    return fileExists(path) ? readWholeFile(path, most) : std::string();
}

std::vector<std::string> runFoldersBelow(const std::string& parent)
{
    std::error_code error;
    std::vector<std::string> folders;
    for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error))
        if (fileExists(experimentPath(at->path().string())))
            folders.push_back(at->path().string());
    if (error)
        throw FileError(parent, error.message());
    std::ranges::sort(folders);
    return folders;
}

} // namespace endospike
