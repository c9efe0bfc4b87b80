// Named tensors in one file, in the safetensors format (https://github.com/huggingface/safetensors): the length of the
// header as 8 little-endian bytes; the header, a JSON object {name: {"dtype", "shape", "data_offsets": [begin, end]}}
// with texts under "__metadata__", padded with spaces to a multiple of 8; then the numbers, little-endian, row-major,
// one tensor after the other without gaps.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

struct SafeTensor {
    std::string name;
    std::string type; ///< "F32", "U64", ...
    std::vector<std::uint64_t> shape; ///< empty for a single number
    std::string_view bytes; ///< seen, not held
};

struct SafeTensors {
    std::map<std::string, std::string> metadata;
    std::vector<SafeTensor> tensors; ///< in the order of their bytes

    const SafeTensor* find(std::string_view name) const; ///< nullptr if there is none
};

inline constexpr std::size_t maximumSafeTensorsBytes = std::size_t{4} << 30;
inline constexpr std::size_t maximumSafeTensorsHeader = 16u << 20;

/// A view of 32-bit numbers as the format wants them.
SafeTensor floatTensor(std::string name, std::vector<std::uint64_t> shape, std::span<const float> values);
/// The numbers of an F32 tensor.
std::vector<float> floatsOf(const SafeTensor& tensor);

// What is read of a checkpoint. Errors are FileErrors of the file `name`.
/// Refused if it has none.
const std::string& metadataOf(const SafeTensors& file, const std::string& key, const std::string& name);
/// Copies a tensor of 32-bit numbers of this shape; refused if it is missing, of another shape or type, or not finite.
void takeFloats(const SafeTensors& file, const std::string& tensor, const std::vector<std::uint64_t>& shape,
    std::span<float> to, const std::string& name);

/// Written whole or not at all. Throws FileError.
void writeSafeTensors(const std::string& path, const SafeTensors& file);

/// One text of the metadata, empty if there is none; of the file no more than the header is read. Throws FileError.
std::string readMetadata(const std::string& path, const std::string& key);

/// The result sees `bytes`. Throws FileError (path = `name`) unless every length, offset, shape and type fits, without
/// gaps, overlap or bytes left over.
SafeTensors parseSafeTensors(std::string_view bytes, const std::string& name);

} // namespace endospike
