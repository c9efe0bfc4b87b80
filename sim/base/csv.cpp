#include "sim/base/csv.h"

#include "sim/base/parameter.h"

#include <cmath>
#include <utility>

namespace endospike {

std::string csvField(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == text.npos)
        return std::string(text);
    std::string field = "\"";
    for (const char c : text)
        field.append(c == '"' ? 2 : 1, c);
    return field + '"';
}

void CsvTable::add(std::string_view text)
{
    if (std::exchange(m_begun, true))
        m_text += ',';
    m_text += csvField(text);
}

void CsvTable::addNumber(double value) { add(std::isfinite(value) ? shortNumber(value) : std::string()); }

void CsvTable::endRow()
{
    m_text += '\n';
    m_begun = false;
}

} // namespace endospike
