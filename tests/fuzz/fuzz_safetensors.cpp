// Any bytes either are tensors that lie one after the other within the bytes, or are refused with a FileError; as a
// checkpoint they are right, or refused with a FileError or a DocumentError.
#include "sim/base/errors.h"
#include "sim/network/checkpoint.h"
#include "sim/runs/safetensors.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

using namespace endospike;

namespace {

void asTensors(std::string_view bytes)
{
    try {
        std::size_t total = 0;
        for (const SafeTensor& tensor : parseSafeTensors(bytes, "x").tensors) {
            if (tensor.bytes.data() < bytes.data()
                || tensor.bytes.data() + tensor.bytes.size() > bytes.data() + bytes.size())
                std::abort();
            total += tensor.bytes.size();
        }
        if (total > bytes.size())
            std::abort();
    } catch (const FileError&) {
        return;
    }
}

void asCheckpoint(std::string_view bytes)
{
    try {
        const Checkpoint checkpoint = parseCheckpoint(bytes, "x");
        for (const float value : checkpoint.network->values())
            if (!std::isfinite(value))
                std::abort();
        if (static_cast<int>(checkpoint.history.size()) != checkpoint.epoch + 1)
            std::abort();
    } catch (const FileError&) {
        return;
    } catch (const DocumentError&) {
        return;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    asTensors(bytes);
    asCheckpoint(bytes);
    return 0;
}
