// Named rows with every single measurement as a dot and their mean as a bar across: how large a difference is beside
// the spread. Two quantities stand one below the other in a row, told apart by filled and hollow dots.
#pragma once

#include "widgets/plot/row_plot.h"

#include <array>

namespace endospike {

struct DotRow {
    QString name;
    QColor color;
    std::array<std::vector<double>, 2> values;
};

class DotPlot : public RowPlot {
    Q_OBJECT
public:
    explicit DotPlot(QWidget* parent = nullptr);

    void setQuantities(const QString& first, const QString& second);
    /// From top to bottom.
    void setRows(std::vector<DotRow> rows);
    const std::vector<DotRow>& rows() const { return m_rows; }
    /// Shown at least.
    void setLeastX(double low, double high);
    QCPRange fullX() const override;

    bool isEmpty() const override { return m_rows.empty(); }
    std::vector<LegendEntry> legend(std::optional<double> x) const override;

protected:
    std::size_t rowCount() const override { return m_rows.size(); }
    QString rowName(std::size_t row) const override { return m_rows[row].name; }
    void drawContent(QCPPainter& painter) override;
    void drawMargins(QCPPainter& painter) override;

private:
    void drawValues(QCPPainter& painter, const DotRow& row, std::size_t quantity, double y);

    std::array<QString, 2> m_quantities;
    std::vector<DotRow> m_rows;
    std::optional<QCPRange> m_least;
};

} // namespace endospike
