// How documents are read from JSON and written to it, for every part of a document: an unknown key, a wrong type or a
// value out of bounds is refused with its place, the value and what is allowed.
#pragma once

#include "sim/base/errors.h"
#include "sim/base/parameter.h"

#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

using Json = nlohmann::ordered_json;

inline constexpr std::size_t maximumTextBytes = 20'000;

/// "cells.0" and "name" make "cells.0.name".
std::string join(const std::string& path, std::string_view key);

/// A short rendering of a value for a message.
std::string brief(const Json& json);

[[noreturn]] void refuse(const std::string& path, const Json& value, const std::string& why);

/// Reads an object key by key; what is left over at the end is refused. Every function throws DocumentError with the
/// place.
class ObjectReader {
public:
    ObjectReader(const Json& json, std::string path);

    /// What a person may leave out.
    const Json* find(std::string_view key); ///< nullptr if it is not there
    std::string text(std::string_view key, std::string fallback);
    bool flag(std::string_view key, bool fallback);

    /// What a program wrote is all there: a missing key is refused.
    const Json& need(std::string_view key);
    std::string words(std::string_view key);
    double number(std::string_view key, double least, double most);
    double whole(std::string_view key, double least, double most);
    int count(std::string_view key, int least = 0); ///< a whole number up to what an int holds
    double figure(std::string_view key); ///< as figureFrom()
    std::array<double, 2> figures(std::string_view key); ///< a list of two

    std::string pathOf(std::string_view key) const { return join(m_path, key); }
    void finish() const;

private:
    std::string allowed() const;

    const Json& m_json;
    std::string m_path;
    std::vector<std::string> m_known; ///< copies: a key may be a temporary
};

/// Throws DocumentError unless it is a number from `least` to `most`.
double numberFrom(const Json& json, const std::string& path, double least, double most);

/// Measured figures: what is not a finite number is null in JSON and NaN here.
double figureFrom(const Json& json, const std::string& path);
Json figureToJson(double value);
Json figuresToJson(const std::array<double, 2>& values);

/// On one line, without the newline.
std::string lineOf(const Json& json);

/// The list itself, if it is one and no longer than `most`.
const Json& listOf(const Json& json, std::size_t most, const std::string& path);

Json valuesToJson(const ParameterValues& values);
/// Rows that are missing keep their default; all of them if `json` is nullptr.
ParameterValues valuesFromJson(ParameterTable table, const Json* json, const std::string& path);
/// The table itself, with bounds.
Json rowsToJson(ParameterTable table);

/// Within the bounds on size, depth, keys and values. Throws DocumentError with the line.
Json parseDocument(std::string_view text);

/// Pretty, but lists of plain values on one line: a long recording would not fit into a document otherwise.
std::string prettyJson(const Json& json);

} // namespace endospike
