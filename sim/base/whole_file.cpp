#include "sim/base/whole_file.h"

#include "sim/base/errors.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace endospike {
namespace {

constexpr std::size_t blockBytes = 1u << 18;

std::string reason(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return "the disk is full";
    case EFBIG:
        return "the file would become larger than allowed here";
    case EACCES:
    case EPERM:
        return "permission denied";
    case ENOENT:
        return "there is no such file or folder";
    case ENOTDIR:
        return "part of the path is not a folder";
    case EISDIR:
        return "this is a folder";
    case EROFS:
        return "the file system is read-only";
    default:
        return std::system_category().message(error);
    }
}

struct Descriptor {
    explicit Descriptor(int number_)
        : number(number_)
    {
    }
    ~Descriptor()
    {
        if (number > 2)
            ::close(number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number;
};

std::string tooLarge(std::size_t maximumBytes)
{
    return "larger than the " + std::to_string(maximumBytes >> 20) + " MiB that are allowed";
}

} // namespace

std::string readWholeFile(const std::string& path, std::size_t maximumBytes)
{
    const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number < 0)
        throw FileError(path, reason(errno));
    const std::string shownPath = path == "-" ? "standard input" : path;
    struct stat status { };
    if (::fstat(file.number, &status) == 0 && S_ISREG(status.st_mode)
        && static_cast<std::uint64_t>(status.st_size) > maximumBytes)
        throw FileError(shownPath, tooLarge(maximumBytes));

    std::string bytes;
    std::array<char, 1u << 16> buffer;
    for (;;) {
        const ssize_t count = ::read(file.number, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw FileError(shownPath, reason(errno));
        if (count == 0)
            return bytes;
        bytes.append(buffer.data(), static_cast<std::size_t>(count));
        if (bytes.size() > maximumBytes)
            throw FileError(shownPath, tooLarge(maximumBytes));
    }
}

WholeFile::WholeFile(const std::string& path)
    : m_path(path)
    , m_target(path)
{
    std::error_code ignored;
    const std::filesystem::path real = std::filesystem::canonical(path, ignored);
    if (!real.empty())
        m_target = real.string();

    struct stat status { };
    const bool exists = ::stat(m_target.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        fail(EISDIR);
    if (exists && !S_ISREG(status.st_mode)) {
        m_file = ::open(m_target.c_str(), O_WRONLY | O_CLOEXEC);
        if (m_file < 0)
            fail(errno);
        return;
    }
    // A file that its owner has protected is not replaced, although its folder would allow it.
    if (exists && ::access(m_target.c_str(), W_OK) != 0)
        fail(errno);

    static std::atomic<unsigned> serial = 0;
    do {
        m_temporary = m_target + ".part-" + std::to_string(::getpid()) + "-" + std::to_string(serial++);
        m_file = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (m_file < 0 && errno == EEXIST);
    if (m_file < 0) {
        m_temporary.clear();
        fail(errno);
    }
    // Best effort: a file system without permissions may refuse.
    if (exists && ::fchmod(m_file, status.st_mode & 07777) != 0)
        errno = 0;
}

WholeFile::~WholeFile() { discard(); }

void WholeFile::write(std::string_view bytes)
{
    m_pending.append(bytes);
    if (m_pending.size() >= blockBytes)
        flush();
}

void WholeFile::overwrite(std::uint64_t offset, std::string_view bytes)
{
    flush();
    writeAll(bytes, static_cast<std::int64_t>(offset));
}

void WholeFile::finish()
{
    flush();
    // A pipe or a device cannot be synchronised, and need not be.
    if (::fsync(m_file) != 0 && !m_temporary.empty())
        fail(errno);
    const int file = m_file;
    m_file = -1;
    if (::close(file) != 0)
        fail(errno);
}

void WholeFile::publish()
{
    if (m_temporary.empty())
        return;
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        fail(errno);
    m_temporary.clear();
}

void WholeFile::fail(int error)
{
    discard();
    throw FileError(m_path, reason(error));
}

void WholeFile::flush()
{
    writeAll(m_pending, -1);
    m_pending.clear();
}

void WholeFile::writeAll(std::string_view bytes, std::int64_t offset)
{
    while (!bytes.empty()) {
        const ssize_t count = offset < 0 ? ::write(m_file, bytes.data(), bytes.size())
                                         : ::pwrite(m_file, bytes.data(), bytes.size(), offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail(errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
        if (offset >= 0)
            offset += count;
    }
}

void WholeFile::discard()
{
    if (m_file >= 0)
        ::close(m_file);
    m_file = -1;
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
    m_temporary.clear();
    m_pending.clear();
}

void writeWholeFile(const std::string& path, std::string_view bytes)
{
    WholeFile file(path);
    file.write(bytes);
    file.finish();
    file.publish();
}

} // namespace endospike
