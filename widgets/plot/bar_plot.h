// Named rows with one or two bars each on a logarithmic axis: what spans decades is compared by its length. The first
// bar is filled, the second pale; whiskers show a spread, a mark a value from elsewhere.
#pragma once

#include "widgets/plot/row_plot.h"

#include <array>
#include <limits>

namespace endospike {

struct Bar {
    double value = std::numeric_limits<double>::quiet_NaN(); ///< above 0; NaN for no bar
    QString text; ///< written behind its end
    double low = std::numeric_limits<double>::quiet_NaN(); ///< whiskers
    double high = std::numeric_limits<double>::quiet_NaN();
    double mark = std::numeric_limits<double>::quiet_NaN();
};

struct BarRow {
    QString name;
    QColor color;
    std::array<Bar, 2> bars;
};

class BarPlot : public RowPlot {
    Q_OBJECT
public:
    explicit BarPlot(QWidget* parent = nullptr);

    /// What the two bars are; an empty second name: there is one bar in a row. `mark` names the marks, if there are.
    void setSeries(const QString& first, const QString& second, const QString& mark = {});
    /// From top to bottom.
    void setRows(std::vector<BarRow> rows);
    const std::vector<BarRow>& rows() const { return m_rows; }
    /// Where the bar with this number ends, in widget coordinates; x = axis if there is none.
    QRectF barRect(std::size_t row, std::size_t bar) const;

    bool isEmpty() const override;
    std::vector<LegendEntry> legend(std::optional<double> x) const override;

protected:
    std::size_t rowCount() const override { return m_rows.size(); }
    QString rowName(std::size_t row) const override { return m_rows[row].name; }
    QCPRange fullX() const override;
    void drawContent(QCPPainter& painter) override;
    void drawMargins(QCPPainter& painter) override;

private:
    bool single() const { return m_series[1].isEmpty(); }
    void drawBar(QCPPainter& painter, const Bar& bar, const QColor& color, const QRectF& box, bool pale) const;

    std::array<QString, 2> m_series;
    QString m_mark;
    std::vector<BarRow> m_rows;
};

} // namespace endospike
