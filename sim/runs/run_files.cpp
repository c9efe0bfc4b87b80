#include "sim/runs/run_files.h"

#include "sim/base/whole_file.h"

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
