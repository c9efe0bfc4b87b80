#include "sim/runs/run_files.h"

#include "sim/base/whole_file.h"
#include "sim/network/run_folder.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace endospike {

namespace fs = std::filesystem;

bool fileExists(const std::string& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

FolderLock::FolderLock(const std::string& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw FileError(folder, error.message());
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        throw FileError(folder, std::system_category().message(errno));
    m_open = std::shared_ptr<const void>(nullptr, [file](const void*) { ::close(file); });
    // A file system that knows no locks is no reason not to train.
    if (::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        throw FileError(folder, "another training is writing in this folder");
}

FolderLock takeRunFolder(const std::string& folder, std::initializer_list<std::string> earlier)
{
    FolderLock lock(folder);
    std::error_code error;
    removeUnfinishedFiles(folder);
    // First what belongs to an earlier run: after a crash nothing may lie beside the experiment of another one.
    for (const std::string& path : earlier) {
        fs::remove(path, error);
        if (error)
            throw FileError(path, error.message());
    }
    return lock;
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
