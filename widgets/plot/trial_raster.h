// Spikes of many trials of the same experiment: a block for each cell, a row for each trial, a tick for each spike; the
// spikes of the trial without noise run through the block as thin lines.
#pragma once

#include "widgets/plot/row_plot.h"

#include <vector>

namespace endospike {

struct TrialBlock {
    QString name;
    QColor color;
    int variant = 0; ///< blocks that share a colour differ by it
    std::vector<double> reference_ms;
    std::vector<std::vector<double>> trials_ms; ///< the first trial on top
};

class TrialRaster : public RowPlot {
    Q_OBJECT
public:
    explicit TrialRaster(QWidget* parent = nullptr);

    /// From top to bottom; time from 0 to `duration_ms`.
    void setBlocks(std::vector<TrialBlock> blocks, double duration_ms);
    const std::vector<TrialBlock>& blocks() const { return m_blocks; }

    bool isEmpty() const override { return m_blocks.empty(); }
    std::vector<LegendEntry> legend(std::optional<double>) const override { return {}; }

protected:
    std::size_t rowCount() const override { return m_blocks.size(); }
    QString rowName(std::size_t row) const override { return m_blocks[row].name; }
    QCPRange fullX() const override { return {0, m_duration_ms}; }
    void drawContent(QCPPainter& painter) override;
    void drawMargins(QCPPainter& painter) override;
    int leftMargin() const override;

private:
    QRectF areaOf(std::size_t block) const;

    std::vector<TrialBlock> m_blocks;
    double m_duration_ms = 1;
};

} // namespace endospike
