// Tables of figures as comma-separated text (RFC 4180), for spreadsheets and scripts.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

namespace endospike {

/// In quotes where it must be.
std::string csvField(std::string_view text);

/// Row by row; the first one holds the titles.
class CsvTable {
public:
    void add(std::string_view text);
    /// Up to 15 significant digits; an empty field for what is no number.
    template <class Number>
    requires std::is_arithmetic_v<Number>
    void add(Number value)
    {
        if constexpr (std::is_integral_v<Number>)
            add(std::to_string(value));
        else
            addNumber(static_cast<double>(value));
    }
    void endRow();

    template <class... Fields>
    void addRow(const Fields&... fields)
    {
        (add(fields), ...);
        endRow();
    }

    const std::string& text() const { return m_text; }

private:
    void addNumber(double value);

    std::string m_text;
    bool m_begun = false; ///< a row
};

} // namespace endospike
