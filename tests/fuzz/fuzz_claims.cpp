// Any bytes either are measured values, of which every rule makes something, or are refused with a DocumentError.
#include "sim/base/errors.h"
#include "sim/results/claims.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace endospike;
    try {
        for (const Measurement& measurement : measurementsFromJson({reinterpret_cast<const char*>(data), size}).all) {
            const PaperClaim* claim = findClaim(measurement.claim);
            if (!claim)
                std::abort();
            for (const Finding& finding : findingsOf(*claim, measurement))
                if (!finding.first || std::isnan(finding.difference) || !(finding.tolerance >= 0))
                    std::abort();
        }
    } catch (const DocumentError&) {
        return 0;
    }
    return 0;
}
