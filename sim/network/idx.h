// The IDX format of the MNIST family (Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database"), plain or gzip:
// big-endian; bytes 0 0 8 d, then d sizes of 32 bits, then unsigned bytes. Images have d = 3, labels d = 1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace endospike {

struct IdxImages {
    int count = 0;
    int rows = 0;
    int columns = 0;
    std::vector<std::uint8_t> pixels; ///< [image][row][column]

    std::span<const std::uint8_t> image(int index) const; ///< throws std::out_of_range
};

struct IdxLabels {
    std::vector<std::uint8_t> values;
};

/// At most this many bytes are read from a file, after unpacking.
inline constexpr std::size_t maximumIdxBytes = 256u << 20;

/// From memory, unpacked. Throw FileError (path = `name`): wrong magic, sizes that do not fit the length, empty, above
/// the bound; a label above `maximumLabel`.
IdxImages parseIdxImages(std::span<const std::uint8_t> bytes, const std::filesystem::path& name);
IdxLabels parseIdxLabels(std::span<const std::uint8_t> bytes, const std::filesystem::path& name, int maximumLabel = 9);

/// From a file; gzip is recognised by its first bytes. Throw FileError also for what cannot be opened or unpacked.
IdxImages readIdxImages(const std::filesystem::path& path);
IdxLabels readIdxLabels(const std::filesystem::path& path, int maximumLabel = 9);

/// The four files of a dataset.
struct DatasetFiles {
    std::filesystem::path trainImages, trainLabels, testImages, testLabels;
};

/// Fashion-MNIST: in the folder named by the environment variable ENDOSPIKE_DATA (or its subfolder fashion-mnist) if
/// that is set, else where the package dataset-fashion-mnist puts it. Throws FileError that says how to install it.
DatasetFiles findFashionMnist();

/// What to do if the package is missing.
inline constexpr const char* howToInstallFashionMnist =
    "install the data with \"sudo apt install dataset-fashion-mnist\", or set ENDOSPIKE_DATA to a folder that holds "
    "the four IDX files";

/// The same in one folder; each file plain or with ".gz". Throws FileError that ends in `advice`.
DatasetFiles datasetIn(const std::filesystem::path& folder, const std::string& advice = howToInstallFashionMnist);

} // namespace endospike
