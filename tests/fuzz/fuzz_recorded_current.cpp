// Any bytes either are a recorded current with rising times and finite values, or are refused with a DocumentError.
#include "sim/base/errors.h"
#include "sim/neuron/stimulus.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace endospike;
    try {
        const RecordedCurrent recording = parseRecordedCurrent({reinterpret_cast<const char*>(data), size});
        if (recording.time_ms.size() < 2 || recording.time_ms.size() != recording.current_ua_per_cm2.size())
            std::abort();
        for (std::size_t i = 0; i < recording.time_ms.size(); ++i)
            if (!std::isfinite(recording.current_ua_per_cm2[i])
                || !(i == 0 || recording.time_ms[i] > recording.time_ms[i - 1]))
                std::abort();
    } catch (const DocumentError&) {
        return 0;
    }
    return 0;
}
