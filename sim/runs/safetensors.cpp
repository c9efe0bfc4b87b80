#include "sim/runs/safetensors.h"

#include "sim/base/document_json.h"
#include "sim/base/whole_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace endospike {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are written as they lie in memory");

constexpr std::string_view metadataKey = "__metadata__";
constexpr std::size_t lengthBytes = 8;
constexpr std::size_t maximumTensors = 1000;
constexpr std::size_t maximumDimensions = 8;

constexpr std::pair<std::string_view, std::uint64_t> typeSizes[] = {{"BOOL", 1}, {"U8", 1}, {"I8", 1}, {"F8_E5M2", 1},
    {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2}, {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4}, {"F64", 8},
    {"I64", 8}, {"U64", 8}};

struct Header {
    const std::string& file;
    std::size_t dataBytes;

    [[noreturn]] void refuse(const std::string& tensor, const std::string& why) const
    {
        throw FileError(file, "tensor \"" + tensor.substr(0, 60) + "\" " + why);
    }

    /// Not negative and at most `most`.
    std::uint64_t number(const Json& json, std::uint64_t most, const std::string& tensor, const char* what) const
    {
        if (!json.is_number_unsigned() || json.get<std::uint64_t>() > most)
            refuse(tensor, std::string("has a wrong ") + what + ": " + brief(json));
        return json.get<std::uint64_t>();
    }

    const Json& list(const Json& json, const char* key, std::size_t most, const std::string& tensor) const
    {
        const auto at = json.find(key);
        if (at == json.end() || !at->is_array() || at->size() > most)
            refuse(tensor, std::string("has no usable ") + key);
        return *at;
    }

    /// With offsets relative to the data.
    SafeTensor tensor(const std::string& name, const Json& json, std::string_view data) const
    {
        if (!json.is_object() || json.size() != 3)
            refuse(name, "must have dtype, shape and data_offsets");
        SafeTensor tensor{name, {}, {}, {}};
        const auto type = json.find("dtype");
        if (type != json.end() && type->is_string())
            tensor.type = type->get<std::string>();
        const auto known = std::ranges::find(typeSizes, tensor.type, [](const auto& row) { return row.first; });
        if (known == std::end(typeSizes))
            refuse(name, "has an unknown dtype");
        // No product of lengths can be larger than the file, so none can overflow.
        std::uint64_t size = known->second;
        for (const Json& entry : list(json, "shape", maximumDimensions, name)) {
            const std::uint64_t length = number(entry, maximumSafeTensorsBytes, name, "shape");
            if (length > 0 && size > dataBytes / length)
                refuse(name, "has a shape that is larger than the file");
            size *= length;
            tensor.shape.push_back(length);
        }
        const Json& offsets = list(json, "data_offsets", 2, name);
        if (offsets.size() != 2)
            refuse(name, "has no usable data_offsets");
        const std::uint64_t begin = number(offsets[0], dataBytes, name, "data_offsets");
        const std::uint64_t end = number(offsets[1], dataBytes, name, "data_offsets");
        if (begin > end || end - begin != size)
            refuse(name, "has a shape that does not fit its data_offsets");
        tensor.bytes = data.substr(begin, size);
        return tensor;
    }
};

std::map<std::string, std::string> metadataFromJson(const Json& json, const std::string& file)
{
    std::map<std::string, std::string> metadata;
    if (!json.is_object())
        throw FileError(file, "has metadata that are not an object of texts");
    for (const auto& [key, value] : json.items()) {
        if (!value.is_string())
            throw FileError(file, "has metadata that are not an object of texts");
        metadata[key] = value.get<std::string>();
    }
    return metadata;
}

/// Where the data begins; throws unless the header lies within the bytes.
std::size_t headerEnd(std::string_view bytes, const std::string& name)
{
    if (bytes.size() < lengthBytes + 2)
        throw FileError(name, "is too short to be a safetensors file (" + std::to_string(bytes.size()) + " bytes)");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), lengthBytes);
    if (length > maximumSafeTensorsHeader || length > bytes.size() - lengthBytes)
        throw FileError(name,
            "is not a safetensors file, or cut off: its header would be " + std::to_string(length) + " bytes long");
    if (bytes[lengthBytes] != '{')
        throw FileError(name, "is not a safetensors file: its header is no JSON object");
    return lengthBytes + length;
}

/// An object; of the bytes after it nothing is read.
Json headerOf(std::string_view bytes, const std::string& name)
{
    try {
        return parseDocument(bytes.substr(lengthBytes, headerEnd(bytes, name) - lengthBytes));
    } catch (const DocumentError& error) {
        throw FileError(name, std::string("has a damaged header: ") + error.what());
    }
}

std::string headerText(const SafeTensors& file)
{
    Json header = Json::object();
    if (!file.metadata.empty())
        header[std::string(metadataKey)] = file.metadata;
    std::uint64_t at = 0;
    for (const SafeTensor& tensor : file.tensors) {
        header[tensor.name] = {
            {"dtype", tensor.type}, {"shape", tensor.shape}, {"data_offsets", {at, at + tensor.bytes.size()}}};
        at += tensor.bytes.size();
    }
    std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.append((lengthBytes - text.size() % lengthBytes) % lengthBytes, ' ');
    return text;
}

} // namespace

const SafeTensor* SafeTensors::find(std::string_view name) const
{
    const auto at = std::ranges::find(tensors, name, &SafeTensor::name);
    return at == tensors.end() ? nullptr : &*at;
}

std::string readMetadata(const std::string& path, const std::string& key)
{
    if (!std::filesystem::is_regular_file(path))
        throw FileError(path, "is not there, or no ordinary file");
    std::ifstream file(path, std::ios::binary);
    std::string bytes(lengthBytes, '\0');
    std::uint64_t length = 0;
    file.read(bytes.data(), lengthBytes);
    std::memcpy(&length, bytes.data(), lengthBytes);
    bytes.resize(lengthBytes + std::min<std::uint64_t>(length, maximumSafeTensorsHeader));
    file.read(bytes.data() + lengthBytes, std::ssize(bytes) - std::ptrdiff_t{lengthBytes});
    bytes.resize(file.bad() ? 0 : lengthBytes + static_cast<std::size_t>(file.gcount()));
    const Json header = headerOf(bytes, path);
    const auto metadata = header.find(metadataKey);
    if (metadata == header.end())
        return {};
    const auto texts = metadataFromJson(*metadata, path);
    const auto text = texts.find(key);
    return text == texts.end() ? std::string() : text->second;
}

SafeTensor floatTensor(std::string name, std::vector<std::uint64_t> shape, std::span<const float> values)
{
    return {
        std::move(name), "F32", std::move(shape), {reinterpret_cast<const char*>(values.data()), values.size_bytes()}};
}

std::vector<float> floatsOf(const SafeTensor& tensor)
{
    std::vector<float> values(tensor.bytes.size() / sizeof(float));
    if (!values.empty())
        std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(float));
    return values;
}

const std::string& metadataOf(const SafeTensors& file, const std::string& key, const std::string& name)
{
    const auto at = file.metadata.find(key);
    if (at == file.metadata.end())
        throw FileError(name, "is not a checkpoint of Endospike: it has no \"" + key + "\" in its metadata");
    return at->second;
}

void takeFloats(const SafeTensors& file, const std::string& tensor, const std::vector<std::uint64_t>& shape,
    std::span<float> to, const std::string& name)
{
    const SafeTensor* found = file.find(tensor);
    if (!found)
        throw FileError(name, "is a checkpoint of another net: it has no tensor \"" + tensor + "\"");
    if (found->type != "F32" || found->shape != shape)
        throw FileError(
            name, "is a checkpoint of another net: its tensor \"" + tensor + "\" has another shape or type");
    const std::vector<float> values = floatsOf(*found);
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
        throw FileError(name, "has a number in \"" + tensor + "\" that is not finite");
    std::ranges::copy(values, to.begin());
}

void writeSafeTensors(const std::string& path, const SafeTensors& file)
{
    const std::string header = headerText(file);
    const std::uint64_t length = header.size();
    WholeFile whole(path);
    whole.write({reinterpret_cast<const char*>(&length), lengthBytes});
    whole.write(header);
    for (const SafeTensor& tensor : file.tensors)
        whole.write(tensor.bytes);
    whole.finish();
    whole.publish();
}

SafeTensors parseSafeTensors(std::string_view bytes, const std::string& name)
{
    const Json json = headerOf(bytes, name);
    const std::string_view data = bytes.substr(headerEnd(bytes, name));
    const Header header{name, data.size()};
    SafeTensors file;
    for (const auto& [key, value] : json.items()) {
        if (key == metadataKey)
            file.metadata = metadataFromJson(value, name);
        else if (file.tensors.size() < maximumTensors)
            file.tensors.push_back(header.tensor(key, value, data));
        else
            throw FileError(name, "holds more than " + std::to_string(maximumTensors) + " tensors");
    }
    // An empty tensor stands before a full one that begins at the same place.
    std::ranges::stable_sort(
        file.tensors, {}, [](const SafeTensor& tensor) { return std::pair(tensor.bytes.data(), tensor.bytes.size()); });
    const char* expected = data.data();
    for (const SafeTensor& tensor : file.tensors) {
        if (tensor.bytes.data() != expected)
            header.refuse(tensor.name, "leaves a gap or overlaps another one");
        expected += tensor.bytes.size();
    }
    if (expected != data.data() + data.size())
        throw FileError(name, "has bytes that belong to no tensor, or is cut off");
    return file;
}

} // namespace endospike
