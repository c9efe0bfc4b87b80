// A table for a person to read: columns of text, two spaces apart.
#pragma once

#include <string>
#include <vector>

namespace endospike {

class TextTable {
public:
    /// The characters of each column; below 0 its text stands to the left, as printf has it. 0: to the left, and as
    /// wide as its widest text. A text that is wider than its column pushes what follows.
    explicit TextTable(std::vector<int> widths);

    /// Heads are rows as well. A row may end before the last column.
    void add(std::vector<std::string> row);
    /// Every row with its newline.
    std::string text() const;

private:
    std::vector<int> m_widths;
    std::vector<std::vector<std::string>> m_rows;
};

/// As printf.
[[gnu::format(printf, 1, 2)]] std::string formatted(const char* format, ...);

} // namespace endospike
