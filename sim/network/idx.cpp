#include "sim/network/idx.h"

#include "sim/base/errors.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <zlib.h>

namespace endospike {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t maximumSide = 4096;
constexpr const char* packagedFashion = "/usr/share/datasets/fashion-mnist";

std::uint32_t bigEndian(std::span<const std::uint8_t> bytes, std::size_t at)
{
    return std::uint32_t(bytes[at]) << 24 | std::uint32_t(bytes[at + 1]) << 16 | std::uint32_t(bytes[at + 2]) << 8
        | std::uint32_t(bytes[at + 3]);
}

/// Checks the header of an IDX file of unsigned bytes with `dimensions` sizes and that the data fit them.
std::vector<std::uint32_t> sizesOf(std::span<const std::uint8_t> bytes, int dimensions, const fs::path& name)
{
    const std::size_t header = 4 + 4 * static_cast<std::size_t>(dimensions);
    if (bytes.size() > maximumIdxBytes)
        throw FileError(name, "is larger than 256 MB");
    if (bytes.size() < header)
        throw FileError(name, "is too short for an IDX header (" + std::to_string(bytes.size()) + " bytes)");
    if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8 || bytes[3] != dimensions)
        throw FileError(name,
            "is not an IDX file of " + std::string(dimensions == 3 ? "images" : "labels")
                + " (wrong first four bytes)");
    std::vector<std::uint32_t> sizes;
    std::uint64_t product = 1;
    for (int i = 0; i < dimensions; ++i) {
        sizes.push_back(bigEndian(bytes, 4 + 4 * static_cast<std::size_t>(i)));
        product = std::min<std::uint64_t>(product * std::min<std::uint64_t>(sizes.back(), 1u << 30), 1u << 30);
    }
    if (product == 0)
        throw FileError(name, "holds nothing: one of its sizes is 0");
    if (product != bytes.size() - header)
        throw FileError(name,
            "has " + std::to_string(bytes.size() - header) + " bytes of data where its header says "
                + (product == 1u << 30 ? "far more" : std::to_string(product)));
    return sizes;
}

/// zlib reads plain and gzip files alike.
std::vector<std::uint8_t> readAll(const fs::path& path)
{
    struct Close {
        void operator()(gzFile file) const { gzclose(file); }
    };
    std::error_code error;
    if (fs::is_directory(path, error))
        throw FileError(path, "is a folder");
    const std::unique_ptr<gzFile_s, Close> file(gzopen(path.c_str(), "rb"));
    if (!file)
        throw FileError(path, "cannot be opened: " + std::generic_category().message(errno));
    std::vector<std::uint8_t> bytes;
    constexpr std::size_t block = 1u << 20;
    for (;;) {
        const std::size_t held = bytes.size();
        bytes.resize(held + block);
        const int count = gzread(file.get(), bytes.data() + held, block);
        if (count < 0)
            throw FileError(path, "is damaged and cannot be unpacked");
        bytes.resize(held + static_cast<std::size_t>(count));
        if (bytes.size() > maximumIdxBytes)
            throw FileError(path, "is larger than 256 MB");
        if (static_cast<std::size_t>(count) < block)
            break;
    }
    int code = Z_OK;
    gzerror(file.get(), &code);
    if (code != Z_OK) // a gzip stream that ends too early is no error to gzread
        throw FileError(path, "is cut off and cannot be unpacked whole");
    return bytes;
}

bool isFile(const fs::path& path)
{
    std::error_code error;
    return fs::is_regular_file(path, error);
}

/// "name" or "name.gz" in the folder; empty if there is neither.
fs::path plainOrPacked(const fs::path& folder, const char* name)
{
    for (const char* ending : {"", ".gz"})
        if (fs::path path = folder / (std::string(name) + ending); isFile(path))
            return path;
    return {};
}

} // namespace

std::span<const std::uint8_t> IdxImages::image(int index) const
{
    if (index < 0 || index >= count)
        throw std::out_of_range("image " + std::to_string(index) + " of " + std::to_string(count));
    const std::size_t size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
    return std::span(pixels).subspan(static_cast<std::size_t>(index) * size, size);
}

IdxImages parseIdxImages(std::span<const std::uint8_t> bytes, const fs::path& name)
{
    const std::vector<std::uint32_t> sizes = sizesOf(bytes, 3, name);
    if (sizes[1] > maximumSide || sizes[2] > maximumSide)
        throw FileError(name, "holds images of more than 4096 pixels a side");
    return {static_cast<int>(sizes[0]), static_cast<int>(sizes[1]), static_cast<int>(sizes[2]),
        {bytes.begin() + 16, bytes.end()}};
}

IdxLabels parseIdxLabels(std::span<const std::uint8_t> bytes, const fs::path& name, int maximumLabel)
{
    sizesOf(bytes, 1, name);
    const auto values = bytes.subspan(8);
    if (const auto bad = std::ranges::find_if(values, [&](std::uint8_t v) { return v > maximumLabel; });
        bad != values.end())
        throw FileError(name,
            "holds the label " + std::to_string(*bad) + " at place " + std::to_string(bad - values.begin())
                + "; labels run from 0 to " + std::to_string(maximumLabel));
    return {{values.begin(), values.end()}};
}

IdxImages readIdxImages(const fs::path& path) { return parseIdxImages(readAll(path), path); }

IdxLabels readIdxLabels(const fs::path& path, int maximumLabel)
{
    return parseIdxLabels(readAll(path), path, maximumLabel);
}

DatasetFiles datasetIn(const fs::path& folder, const std::string& advice)
{
    DatasetFiles files;
    const std::pair<fs::path DatasetFiles::*, const char*> names[] = {
        {&DatasetFiles::trainImages, "train-images-idx3-ubyte"},
        {&DatasetFiles::trainLabels, "train-labels-idx1-ubyte"}, {&DatasetFiles::testImages, "t10k-images-idx3-ubyte"},
        {&DatasetFiles::testLabels, "t10k-labels-idx1-ubyte"}};
    for (const auto& [member, name] : names) {
        files.*member = plainOrPacked(folder, name);
        if ((files.*member).empty())
            throw FileError(folder / name, "is missing, plain or .gz; " + advice);
    }
    return files;
}

DatasetFiles findFashionMnist()
{
    const char* given = std::getenv("ENDOSPIKE_DATA");
    if (!given || !*given)
        return datasetIn(packagedFashion);
    const fs::path below = fs::path(given) / "fashion-mnist";
    std::error_code error;
    return datasetIn(fs::is_directory(below, error) ? below : fs::path(given));
}

} // namespace endospike
