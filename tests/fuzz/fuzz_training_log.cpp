// Any bytes either are lines of figures, which survive a round trip, or are refused with a DocumentError.
#include "sim/base/errors.h"
#include "sim/network/training_log.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace endospike;
    try {
        const RunId id{"LIF fc", 1};
        for (const TrainingEvent& event :
            eventsFromJsonLines({reinterpret_cast<const char*>(data), size}, "metrics.jsonl")) {
            const std::string line = std::visit([&](const auto& metrics) { return toJsonLine(id, metrics); }, event);
            const TrainingEvent again = eventFromJsonLine(line);
            if (std::visit([&](const auto& metrics) { return toJsonLine(id, metrics); }, again) != line)
                std::abort();
        }
    } catch (const DocumentError&) {
        return 0;
    }
    return 0;
}
