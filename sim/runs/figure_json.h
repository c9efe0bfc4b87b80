// Measured figures as JSON: what is not a number is null.
#pragma once

#include "sim/base/document_json.h"
#include "sim/network/network.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace endospike {

inline Json numberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

inline Json pairToJson(const std::array<double, taskCount>& values)
{
    return {numberOrNull(values[0]), numberOrNull(values[1])};
}

/// On one line, without the newline.
inline std::string lineOf(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

inline double numberFromJson(const Json& json, const std::string& path)
{
    if (json.is_null())
        return std::numeric_limits<double>::quiet_NaN();
    if (!json.is_number())
        refuse(path, json, "must be a number or null");
    return json.get<double>();
}

/// Reads figures; what is missing is refused.
struct FigureReader : ObjectReader {
    using ObjectReader::ObjectReader;

    const Json& need(std::string_view key)
    {
        const Json* json = find(key);
        if (!json)
            throw DocumentError(pathOf(key), "", "is missing");
        return *json;
    }
    double number(std::string_view key) { return numberFromJson(need(key), pathOf(key)); }
    /// Within the range of what is counted.
    double count(std::string_view key, double least, double most)
    {
        const Json& json = need(key);
        const double value = json.is_number() ? json.get<double>() : std::numeric_limits<double>::quiet_NaN();
        if (!(value >= least && value <= most && value == std::floor(value)))
            refuse(pathOf(key), json, "must be a whole number in its range");
        return value;
    }
    int integer(std::string_view key, int least = 0)
    {
        return static_cast<int>(count(key, least, std::numeric_limits<int>::max()));
    }
    std::array<double, taskCount> pair(std::string_view key)
    {
        const Json& json = need(key);
        if (!json.is_array() || json.size() != taskCount)
            refuse(pathOf(key), json, "must be a list of two");
        return {numberFromJson(json[0], pathOf(key)), numberFromJson(json[1], pathOf(key))};
    }
};

} // namespace endospike
