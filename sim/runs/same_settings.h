// Whether a training that was begun can go on as it is asked to.
#pragma once

#include "sim/base/parameter.h"

#include <initializer_list>
#include <string>

namespace endospike {

/// Throws DocumentError that names the first row in which the two differ, unless it is among `mayDiffer`; `path` is the
/// place of the values in the document. Both are of one table.
void checkSameSettings(const ParameterValues& begun, const ParameterValues& asked, const std::string& path,
    std::initializer_list<std::size_t> mayDiffer = {});

} // namespace endospike
