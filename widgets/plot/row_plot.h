// A plot with a list of named rows, from top to bottom, in place of a value axis. What stands in a row comes from
// subclasses.
#pragma once

#include "widgets/plot/xy_plot.h"

#include <algorithm>

namespace endospike {

class RowPlot : public XyPlot {
    Q_OBJECT
protected:
    explicit RowPlot(QWidget* parent);

    virtual std::size_t rowCount() const = 0;
    virtual QString rowName(std::size_t row) const = 0;

    double rowSize() const; ///< height, px
    double rowTop(std::size_t row) const { return plotArea().top() + static_cast<double>(row) * rowSize(); }
    int widestName() const;
    /// Between the rows.
    void drawRowLines(QCPPainter& painter) const;
    /// Left of the rows, as far as they have room.
    void drawNames(QCPPainter& painter, const QFont& font) const;

    QCPRange fullY() const override { return {0, std::max(1.0, static_cast<double>(rowCount()))}; }
    int leftMargin() const override;
    void styleContent() override;
    bool valuesCanZoom() const override { return false; }
};

} // namespace endospike
