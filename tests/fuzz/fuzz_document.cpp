// Any bytes either are a document, which then survives a round trip, or are refused with a DocumentError.
#include "sim/base/errors.h"
#include "sim/document/experiment.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace endospike;
    try {
        const Experiment experiment = experimentFromJson({reinterpret_cast<const char*>(data), size});
        if (experimentFromJson(toJson(experiment)) != experiment)
            std::abort();
    } catch (const DocumentError&) {
        return 0;
    }
    return 0;
}
