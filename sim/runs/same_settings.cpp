#include "sim/runs/same_settings.h"

#include "sim/base/errors.h"

#include <algorithm>

namespace endospike {

void checkSameSettings(const ParameterValues& begun, const ParameterValues& asked, const std::string& path,
    std::initializer_list<std::size_t> mayDiffer)
{
    for (std::size_t row = 0; row < begun.size(); ++row)
        if (begun[row] != asked[row] && std::ranges::find(mayDiffer, row) == mayDiffer.end())
            throw DocumentError(path + "." + std::string(begun.table()[row].key), shortNumber(asked[row]),
                "was " + shortNumber(begun[row])
                    + " when this training began; it goes on only with the settings that it began with");
}

} // namespace endospike
