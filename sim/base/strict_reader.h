// Reads what a program wrote rather than a person: every key is required.
#pragma once

#include "sim/base/document_json.h"
#include "sim/document/experiment.h"

#include <cmath>

namespace endospike {

/// Every function throws DocumentError with the place.
struct StrictReader : ObjectReader {
    using ObjectReader::ObjectReader;

    const Json& need(std::string_view key)
    {
        const Json* json = find(key);
        if (!json)
            throw DocumentError(pathOf(key), "", "is missing");
        return *json;
    }
    std::string words(std::string_view key)
    {
        need(key);
        return text(key, {});
    }
    double number(std::string_view key, double least, double most)
    {
        return numberIn(need(key), pathOf(key), least, most);
    }
    double whole(std::string_view key, double least, double most)
    {
        const double value = number(key, least, most);
        if (value != std::floor(value))
            refuse(pathOf(key), need(key), "must be a whole number");
        return value;
    }
    /// A whole document of a laboratory.
    Experiment document(std::string_view key)
    {
        try {
            return experimentFromJson(need(key).dump());
        } catch (const DocumentError& error) {
            throw DocumentError(join(pathOf(key), error.path), error.value, error.why);
        }
    }

    static double numberIn(const Json& json, const std::string& path, double least, double most)
    {
        if (!json.is_number() || !(json.get<double>() >= least && json.get<double>() <= most))
            refuse(path, json, "must be a number from " + shortNumber(least) + " to " + shortNumber(most));
        return json.get<double>();
    }
};

} // namespace endospike
