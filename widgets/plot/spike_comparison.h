// Spike trains of two kinds of neuron in rows: the first kind's ticks in the upper half of a row, the second kind's in
// the lower half, counts at the right.
#pragma once

#include "widgets/plot/row_plot.h"

#include <array>
#include <vector>

namespace endospike {

struct SpikeKind {
    QString name;
    QColor color;
};

struct SpikeRow {
    QString label;
    std::array<std::vector<double>, 2> times_ms; ///< of the two kinds, rising
};

class SpikeComparison : public RowPlot {
    Q_OBJECT
public:
    explicit SpikeComparison(QWidget* parent = nullptr);

    void setKinds(const SpikeKind& first, const SpikeKind& second);
    /// From top to bottom.
    void setRows(std::vector<SpikeRow> rows, double duration_ms);
    const std::vector<SpikeRow>& rows() const { return m_rows; }

    bool isEmpty() const override { return m_rows.empty(); }
    std::vector<LegendEntry> legend(std::optional<double> x) const override;

protected:
    std::size_t rowCount() const override { return m_rows.size(); }
    QString rowName(std::size_t row) const override { return m_rows[row].label; }
    QCPRange fullX() const override { return {0, m_duration_ms}; }
    void drawContent(QCPPainter& painter) override;
    void drawMargins(QCPPainter& painter) override;
    int leftMargin() const override;
    int rightMargin() const override;

private:
    std::array<SpikeKind, 2> m_kinds;
    std::vector<SpikeRow> m_rows;
    double m_duration_ms = 1;
};

} // namespace endospike
