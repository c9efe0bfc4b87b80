// The one description of a quantity that a person can set. Forms, tooltips, JSON, --set, validation, help and tests
// derive from these rows; nothing restates them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

enum class ParameterKind { real, integer, flag, choice };

/// What a row is, whatever its table calls it, for code that meets it in several tables.
enum class ParameterRole {
    none,
    start, ///< a choice: 0 begins at rest, anything else with the rows of role initialState
    initialState,
    minimumGap, ///< ms after a spike within which a crossing is not counted again
    updateOrder, ///< tv_lif_hh::UpdateOrder
    seed
};

/// One option of a `choice` parameter; its position in the list is the stored value.
struct Choice {
    std::string_view key;
    std::string_view label;
    std::string_view meaning;
};

/// One row of a table. Bounds are inclusive and exact; NaN is never allowed.
struct Parameter {
    std::string_view key; ///< JSON name, snake_case with the unit: "dt_ms"
    std::string_view label; ///< in words: "Time step"
    std::string_view symbol; ///< rich text: "g<sub>Na</sub>"; empty if there is none
    std::string_view unit; ///< as shown: "mS/cm²"; empty if dimensionless
    double initial; ///< default value
    double minimum; ///< smallest value allowed
    double maximum; ///< largest value allowed
    double typicalMinimum; ///< slider range, within the bounds
    double typicalMaximum;
    std::string_view meaning; ///< one sentence for the tooltip
    ParameterKind kind = ParameterKind::real;
    std::span<const Choice> choices = {};
    bool logarithmic = false; ///< slider in decades
    ParameterRole role = ParameterRole::none;
};

/// The same row in this role.
constexpr Parameter as(ParameterRole role, Parameter row)
{
    row.role = role;
    return row;
}

using ParameterTable = std::span<const Parameter>;

/// Position of the row with this key, or -1.
int rowOf(ParameterTable table, std::string_view key);
/// Position of the first row in this role, or -1.
int rowOf(ParameterTable table, ParameterRole role);

/// Why `value` is refused by `row`, in words with the allowed range; empty if it is allowed.
std::string refusal(const Parameter& row, double value);

/// A number with up to 15 significant digits, as short as it can be.
std::string shortNumber(double value);
/// Throws DocumentError unless `allowed`.
void require(bool allowed, const char* path, double value, const char* why);

/// As a person reads it: "0.01 ms", "on", the label of a choice.
std::string valueText(const Parameter& row, double value);

/// Values for every row of one table, in its order. A value type; holds only allowed values.
class ParameterValues {
public:
    ParameterValues() = default;
    explicit ParameterValues(ParameterTable table); ///< the defaults

    ParameterTable table() const { return m_table; }
    std::size_t size() const { return m_values.size(); }
    double operator[](std::size_t row) const { return m_values[row]; }
    double operator[](std::string_view key) const; ///< throws std::out_of_range for an unknown key
    /// `otherwise` if the table has no such row.
    double valueOr(std::string_view key, double otherwise) const;
    double valueOr(ParameterRole role, double otherwise) const;
    std::span<const double> all() const { return m_values; }

    /// Throws DocumentError (path = key) and changes nothing if the value is refused.
    void set(std::size_t row, double value);
    void set(std::string_view key, double value);
    bool isDefault(std::size_t row) const { return m_values[row] == m_table[row].initial; }

    friend bool operator==(const ParameterValues& a, const ParameterValues& b)
    {
        return a.m_table.data() == b.m_table.data() && a.m_values == b.m_values;
    }

private:
    ParameterTable m_table;
    std::vector<double> m_values;
};

} // namespace endospike
