#include "sim/document/laboratory.h"

#include <algorithm>

namespace endospike {

const LaboratoryKind* findLaboratory(std::string_view key)
{
    const auto rows = laboratories();
    const auto row = std::ranges::find(rows, key, &LaboratoryKind::key);
    return row == rows.end() ? nullptr : &*row;
}

} // namespace endospike
