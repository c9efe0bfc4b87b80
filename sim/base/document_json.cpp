#include "sim/base/document_json.h"

#include "sim/base/whole_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace endospike {
namespace {

constexpr int maximumDepth = 32;
constexpr int maximumKeys = 5000;
constexpr int maximumValues = 8'000'000; // four full recordings

Json valueToJson(const Parameter& row, double value)
{
    switch (row.kind) {
    case ParameterKind::flag:
        return value != 0;
    case ParameterKind::choice:
        return row.choices[static_cast<std::size_t>(value)].key;
    case ParameterKind::integer:
        return static_cast<std::int64_t>(value);
    case ParameterKind::real:
        break;
    }
    return value;
}

double valueFromJson(const Parameter& row, const Json& json, const std::string& path)
{
    if (row.kind == ParameterKind::flag) {
        if (!json.is_boolean())
            refuse(path, json, "must be true or false");
        return json.get<bool>();
    }
    if (row.kind == ParameterKind::choice) {
        std::string list;
        for (std::size_t i = 0; i < row.choices.size(); ++i) {
            if (json.is_string() && json.get_ref<const std::string&>() == row.choices[i].key)
                return static_cast<double>(i);
            list += (i ? ", " : "") + std::string(row.choices[i].key);
        }
        refuse(path, json, "must be one of " + list);
    }
    if (!json.is_number())
        refuse(path, json, "must be a number");
    const double value = json.get<double>();
    if (const std::string why = refusal(row, value); !why.empty())
        refuse(path, json, why);
    return value;
}

/// Deep nesting, very many keys and values cost memory and time long before they can be right.
void checkShape(std::string_view text)
{
    int depth = 0;
    int keys = 0;
    int values = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{') && ++depth > maximumDepth)
            throw DocumentError("document", "", "is nested more than " + std::to_string(maximumDepth) + " deep");
        else if (!quoted && (c == ']' || c == '}'))
            --depth;
        else if (!quoted && c == ':' && ++keys > maximumKeys)
            throw DocumentError("document", "", "has more than " + std::to_string(maximumKeys) + " keys");
        else if (!quoted && c == ',' && ++values > maximumValues)
            throw DocumentError("document", "", "has more than " + std::to_string(maximumValues) + " values");
    }
}

std::size_t lineOfHugeNumber(std::string_view text)
{
    std::size_t line = 1;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n')
            ++line;
        else if (quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] >= '0' && text[i] <= '9') {
            double value = 0;
            const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), value);
            if (error == std::errc::result_out_of_range)
                return line;
            i = static_cast<std::size_t>(end - text.data()) - 1;
        }
    }
    return line;
}

/// Pretty, but lists of plain values on one line: a long recording would not fit into a document otherwise.
void write(const Json& json, int indent, std::string& out)
{
    const bool plain = !json.is_structured() || json.empty() || (json.is_array() && !json.front().is_structured());
    if (plain) {
        out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
        return;
    }
    out += json.is_object() ? '{' : '[';
    const char* separator = "\n";
    for (const auto& [key, value] : json.items()) {
        out += std::exchange(separator, ",\n");
        out.append(static_cast<std::size_t>(indent) + 2, ' ');
        if (json.is_object())
            out += Json(key).dump() + ": ";
        write(value, indent + 2, out);
    }
    out += '\n';
    out.append(static_cast<std::size_t>(indent), ' ');
    out += json.is_object() ? '}' : ']';
}

} // namespace

std::string join(const std::string& path, std::string_view key)
{
    return path.empty() ? std::string(key) : path + "." + std::string(key);
}

std::string brief(const Json& json)
{
    if (json.is_object())
        return "an object";
    if (json.is_array())
        return "a list";
    std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > 60)
        text = text.substr(0, 57) + "...";
    return text;
}

[[noreturn]] void refuse(const std::string& path, const Json& value, const std::string& why)
{
    throw DocumentError(path, brief(value), why);
}

ObjectReader::ObjectReader(const Json& json, std::string path)
    : m_json(json)
    , m_path(std::move(path))
{
    if (!json.is_object())
        refuse(m_path, json, "must be an object");
}

const Json* ObjectReader::find(std::string_view key)
{
    if (std::ranges::find(m_known, key) == m_known.end())
        m_known.emplace_back(key);
    const auto at = m_json.find(key);
    return at == m_json.end() ? nullptr : &*at;
}

std::string ObjectReader::text(std::string_view key, std::string fallback)
{
    const Json* value = find(key);
    if (!value)
        return fallback;
    if (!value->is_string())
        refuse(join(m_path, key), *value, "must be text");
    const auto& text = value->get_ref<const std::string&>();
    if (text.size() > maximumTextBytes)
        refuse(join(m_path, key), *value, "must be shorter than 20000 bytes");
    return text;
}

bool ObjectReader::flag(std::string_view key, bool fallback)
{
    const Json* value = find(key);
    if (value && !value->is_boolean())
        refuse(join(m_path, key), *value, "must be true or false");
    return value ? value->get<bool>() : fallback;
}

const Json& ObjectReader::need(std::string_view key)
{
    const Json* json = find(key);
    if (!json)
        throw DocumentError(pathOf(key), "", "is missing");
    return *json;
}

std::string ObjectReader::words(std::string_view key)
{
    need(key);
    return text(key, {});
}

double ObjectReader::number(std::string_view key, double least, double most)
{
    return numberFrom(need(key), pathOf(key), least, most);
}

double ObjectReader::whole(std::string_view key, double least, double most)
{
    const double value = number(key, least, most);
    if (value != std::floor(value))
        refuse(pathOf(key), need(key), "must be a whole number");
    return value;
}

int ObjectReader::count(std::string_view key, int least)
{
    return static_cast<int>(whole(key, least, std::numeric_limits<int>::max()));
}

double ObjectReader::figure(std::string_view key) { return figureFrom(need(key), pathOf(key)); }

std::array<double, 2> ObjectReader::figures(std::string_view key)
{
    const Json& json = need(key);
    if (!json.is_array() || json.size() != 2)
        refuse(pathOf(key), json, "must be a list of two");
    return {figureFrom(json[0], pathOf(key)), figureFrom(json[1], pathOf(key))};
}

void ObjectReader::finish() const
{
    for (const auto& [key, value] : m_json.items())
        if (std::ranges::find(m_known, key) == m_known.end())
            refuse(join(m_path, key), value, "is not a known key here" + allowed());
}

std::string ObjectReader::allowed() const
{
    std::string list = "; allowed are ";
    for (std::size_t i = 0; i < m_known.size(); ++i)
        list += (i ? ", " : "") + m_known[i];
    return list;
}

double numberFrom(const Json& json, const std::string& path, double least, double most)
{
    if (!json.is_number() || !(json.get<double>() >= least && json.get<double>() <= most))
        refuse(path, json, "must be a number from " + shortNumber(least) + " to " + shortNumber(most));
    return json.get<double>();
}

double figureFrom(const Json& json, const std::string& path)
{
    if (json.is_null())
        return std::numeric_limits<double>::quiet_NaN();
    if (!json.is_number())
        refuse(path, json, "must be a number or null");
    return json.get<double>();
}

Json figureToJson(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json figuresToJson(const std::array<double, 2>& values) { return {figureToJson(values[0]), figureToJson(values[1])}; }

std::string lineOf(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

const Json& listOf(const Json& json, std::size_t most, const std::string& path)
{
    if (!json.is_array())
        refuse(path, json, "must be a list");
    if (json.size() > most)
        throw DocumentError(path, std::to_string(json.size()) + " long", "may hold at most " + std::to_string(most));
    return json;
}

Json valuesToJson(const ParameterValues& values)
{
    Json json = Json::object();
    for (std::size_t i = 0; i < values.size(); ++i)
        json[std::string(values.table()[i].key)] = valueToJson(values.table()[i], values[i]);
    return json;
}

ParameterValues valuesFromJson(ParameterTable table, const Json* json, const std::string& path)
{
    ParameterValues values(table);
    if (!json)
        return values;
    ObjectReader reader(*json, path);
    for (std::size_t i = 0; i < table.size(); ++i)
        if (const Json* value = reader.find(table[i].key))
            values.set(i, valueFromJson(table[i], *value, reader.pathOf(table[i].key)));
    reader.finish();
    return values;
}

Json rowsToJson(ParameterTable table)
{
    constexpr const char* kinds[] = {"real", "integer", "flag", "choice"};
    Json rows = Json::array();
    for (const Parameter& row : table) {
        Json json = {{"key", row.key}, {"label", row.label}, {"unit", row.unit},
            {"kind", kinds[static_cast<int>(row.kind)]}, {"default", valueToJson(row, row.initial)},
            {"meaning", row.meaning}};
        if (row.kind == ParameterKind::real || row.kind == ParameterKind::integer) {
            json["minimum"] = row.minimum;
            json["maximum"] = row.maximum;
            json["typical"] = {row.typicalMinimum, row.typicalMaximum};
        }
        for (const Choice& choice : row.choices)
            json["choices"].push_back({{"key", choice.key}, {"label", choice.label}, {"meaning", choice.meaning}});
        rows.push_back(std::move(json));
    }
    return rows;
}

Json parseDocument(std::string_view text)
{
    if (text.size() > maximumDocumentBytes)
        throw DocumentError("document", std::to_string(text.size()) + " bytes long",
            "may be at most " + std::to_string(maximumDocumentBytes) + " bytes long");
    checkShape(text);
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        const std::size_t at = std::min(text.size(), error.byte > 0 ? error.byte - 1 : 0);
        const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
        const std::string place = "line " + std::to_string(line);
        throw DocumentError(place, "",
            at >= text.size() ? "the document ends too early: it is truncated or empty"
                              : "is not valid JSON here (NaN and infinity are not allowed either)");
    } catch (const Json::exception&) { // out of range; it does not say where
        throw DocumentError("line " + std::to_string(lineOfHugeNumber(text)), "", "holds a number that is too large");
    }
}

std::string prettyJson(const Json& json)
{
    std::string text;
    write(json, 0, text);
    return text + "\n";
}

} // namespace endospike
