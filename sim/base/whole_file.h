// Files that are read within a bound, and files that are written whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace endospike {

/// No document is longer.
inline constexpr std::size_t maximumDocumentBytes = 64u << 20;

/// The bytes of a file; "-" is standard input. Throws FileError if it cannot be read or is longer than `maximumBytes`
/// (found out without reading more than that).
std::string readWholeFile(const std::string& path, std::size_t maximumBytes);

/// A file that is written beside its target under another name and takes the target's place only when it is complete.
/// Until then, and after any error, an older file stays as it was. A target that is no ordinary file (a pipe, a device)
/// is written directly. Every function that writes throws FileError with the target's path.
class WholeFile {
public:
    explicit WholeFile(const std::string& path);
    ~WholeFile(); ///< what was not published is discarded
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    const std::string& path() const { return m_path; }
    void write(std::string_view bytes);
    /// Overwrites bytes that were written before, at `offset` from the beginning.
    void overwrite(std::uint64_t offset, std::string_view bytes);
    /// Everything on the disk, the file closed. A full disk shows here at the latest.
    void finish();
    /// The target's name now stands for the new content.
    void publish();

private:
    [[noreturn]] void fail(int error);
    void flush();
    void writeAll(std::string_view bytes, std::int64_t offset);
    void discard();

    std::string m_path;
    std::string m_target; ///< the path with symbolic links followed
    std::string m_temporary; ///< empty once published or discarded, or when the target is written directly
    std::string m_pending;
    int m_file = -1;
};

/// Writes, finishes and publishes. Throws FileError.
void writeWholeFile(const std::string& path, std::string_view bytes);

} // namespace endospike
