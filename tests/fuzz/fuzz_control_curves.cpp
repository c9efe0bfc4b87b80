// Any bytes either are curves, which a table can be made of, or are refused with a DocumentError.
#include "sim/base/errors.h"
#include "sim/results/control_curves.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace endospike;
    try {
        for (const ControlSetting& setting :
            controlCurvesFromJson({reinterpret_cast<const char*>(data), size}).settings) {
            if (curvesAsCsv(setting).empty())
                std::abort();
            for (const PolicyCurves& policy : setting.policies)
                for (const TrainedSeed& run : policy.runs)
                    if (!(run.meanLength() >= 1))
                        std::abort();
        }
    } catch (const DocumentError&) {
        return 0;
    }
    return 0;
}
