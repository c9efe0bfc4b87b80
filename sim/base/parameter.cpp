#include "sim/base/parameter.h"

#include "sim/base/errors.h"

#include <cmath>
#include <cstdio>

namespace endospike {

namespace {

template <class T>
int rowWith(ParameterTable table, T Parameter::*column, T value)
{
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table[i].*column == value)
            return static_cast<int>(i);
    return -1;
}

} // namespace

int rowOf(ParameterTable table, std::string_view key) { return rowWith(table, &Parameter::key, key); }
int rowOf(ParameterTable table, ParameterRole role) { return rowWith(table, &Parameter::role, role); }

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", value);
    return text;
}

std::string valueText(const Parameter& row, double value)
{
    if (row.kind == ParameterKind::flag)
        return value != 0 ? "on" : "off";
    if (row.kind == ParameterKind::choice)
        return std::string(row.choices[static_cast<std::size_t>(value)].label);
    std::string text = shortNumber(value);
    if (!row.unit.empty())
        text.append(" ").append(row.unit);
    return text;
}

void require(bool allowed, const char* path, double value, const char* why)
{
    if (!allowed)
        throw DocumentError(path, shortNumber(value), why);
}

std::string refusal(const Parameter& row, double value)
{
    std::string unit(row.unit);
    if (!unit.empty())
        unit.insert(unit.begin(), ' ');
    if (std::isnan(value))
        return "must be a number";
    if (row.kind == ParameterKind::flag)
        return value == 0 || value == 1 ? "" : "must be true or false";
    if (value < row.minimum || value > row.maximum)
        return "must lie between " + shortNumber(row.minimum) + " and " + shortNumber(row.maximum) + unit;
    if (row.kind != ParameterKind::real && value != std::floor(value))
        return "must be a whole number";
    return "";
}

ParameterValues::ParameterValues(ParameterTable table)
    : m_table(table)
{
    m_values.reserve(table.size());
    for (const Parameter& row : table)
        m_values.push_back(row.initial);
}

double ParameterValues::operator[](std::string_view key) const
{
    const int row = rowOf(m_table, key);
    if (row < 0)
        throw std::out_of_range("no parameter \"" + std::string(key) + "\"");
    return m_values[row];
}

double ParameterValues::valueOr(std::string_view key, double otherwise) const
{
    const int row = rowOf(m_table, key);
    return row < 0 ? otherwise : m_values[row];
}

double ParameterValues::valueOr(ParameterRole role, double otherwise) const
{
    const int row = rowOf(m_table, role);
    return row < 0 ? otherwise : m_values[row];
}

void ParameterValues::set(std::size_t row, double value)
{
    const std::string why = refusal(m_table[row], value);
    if (!why.empty())
        throw DocumentError(std::string(m_table[row].key), shortNumber(value), why);
    m_values[row] = value;
}

void ParameterValues::set(std::string_view key, double value)
{
    const int row = rowOf(m_table, key);
    if (row < 0)
        throw DocumentError(std::string(key), "", "is not a known parameter");
    set(static_cast<std::size_t>(row), value);
}

} // namespace endospike
