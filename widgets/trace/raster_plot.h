// Spikes: a row for each cell, a short vertical tick for each spike.
#pragma once

#include "widgets/trace/time_plot.h"

namespace endospike {

struct RasterRow {
    int cellId;
    QString name;
    QColor color;
    int variant = 0; ///< see curvePen()
};

class RasterPlot : public TimePlot {
    Q_OBJECT
public:
    explicit RasterPlot(QWidget* parent = nullptr);

    void setRows(std::vector<RasterRow> rows);
    const std::vector<RasterRow>& rows() const { return m_rows; }
    /// With a crosshair: the time of each cell's last spike before it.
    std::vector<LegendEntry> legend(std::optional<double> time_ms) const override;
    /// Ticks of the last picture, all rows together; at most one for each pixel and row.
    std::size_t sampledTicks() const;

protected:
    void restyle() override;
    void prepare() override;
    void drawContent(QCPPainter& painter) override;
    bool valuesCanZoom() const override { return false; }
    void resizeEvent(QResizeEvent* event) override;

private:
    void nameRows();

    std::vector<RasterRow> m_rows;
    std::vector<std::vector<double>> m_ticks_ms; ///< for each row
};

} // namespace endospike
