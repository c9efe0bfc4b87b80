// Any bytes either are a policy, a checkpoint of its training or lines of its figures, or are refused with a FileError
// or a DocumentError.
#include "sim/base/errors.h"
#include "sim/control/checkpoint.h"
#include "sim/control/log.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

using namespace endospike;

namespace {

template <class Read>
void attempt(const Read& read)
{
    try {
        read();
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
    attempt([&] {
        for (const ControlTensor& tensor : parsePolicy(bytes, "x")->tensors())
            for (const float value : tensor.values)
                if (!std::isfinite(value))
                    std::abort();
    });
    attempt([&] {
        ControlCheckpoint checkpoint = parseControlCheckpoint(bytes, "x");
        if (checkpoint.learner->canUpdate())
            checkpoint.learner->update(0);
    });
    attempt([&] {
        const RunId id{"LIF", 1};
        for (const ControlEvent& event : controlEventsFromJsonLines(bytes, "metrics.jsonl"))
            if (const std::string line = toJsonLine(id, event); toJsonLine(id, controlEventFromJsonLine(line)) != line)
                std::abort();
    });
    return 0;
}
