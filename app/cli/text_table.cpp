#include "app/cli/text_table.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace endospike {
namespace {

/// In characters: texts may hold other than ASCII.
int widthOf(const std::string& text)
{
    return static_cast<int>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(const std::string& text, int width)
{
    const std::string blanks(static_cast<std::size_t>(std::max(0, std::abs(width) - widthOf(text))), ' ');
    return width < 0 ? text + blanks : blanks + text;
}

} // namespace

TextTable::TextTable(std::vector<int> widths)
    : m_widths(std::move(widths))
{
}

void TextTable::add(std::vector<std::string> row) { m_rows.push_back(std::move(row)); }

std::string TextTable::text() const
{
    std::vector<int> widths = m_widths;
    for (const auto& row : m_rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            if (m_widths.at(i) == 0)
                widths[i] = std::min(widths[i], -widthOf(row[i]));
    std::string text;
    for (const auto& row : m_rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            text += (i > 0 ? "  " : "") + padded(row[i], widths[i]);
        text += '\n';
    }
    return text;
}

std::string formatted(const char* format, ...)
{
    char text[256];
    va_list values;
    va_start(values, format);
    std::vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return text;
}

} // namespace endospike
