#include "widgets/plot/row_plot.h"

#include "widgets/look/plot_parts.h"

#include <algorithm>
#include <cmath>

namespace endospike {

RowPlot::RowPlot(QWidget* parent)
    : XyPlot(parent)
{
    RowPlot::styleContent();
}

void RowPlot::styleContent()
{
    yAxis->setTickLabels(false);
    yAxis->setTicks(false);
    yAxis->grid()->setVisible(false);
}

double RowPlot::rowSize() const { return plotArea().height() / std::max(1.0, static_cast<double>(rowCount())); }

int RowPlot::widestName() const
{
    const QFontMetrics metrics(theme().axisFont());
    int widest = 0;
    for (std::size_t row = 0; row < rowCount(); ++row)
        widest = std::max(widest, metrics.horizontalAdvance(rowName(row)));
    return widest;
}

int RowPlot::leftMargin() const { return std::max(40, widestName()) + 2 * plotGap_px; }

void RowPlot::drawRowLines(QCPPainter& painter) const
{
    painter.setPen(QPen(theme().grid, 1));
    for (std::size_t row = 1; row < rowCount(); ++row) {
        const double top = std::round(rowTop(row));
        painter.drawLine(QPointF(plotArea().left(), top), QPointF(plotArea().right(), top));
    }
}

void RowPlot::drawNames(QCPPainter& painter, const QFont& font) const
{
    const QFontMetricsF metrics(font);
    const double width = plotArea().left() - 12;
    painter.setFont(font);
    painter.setPen(theme().text);
    for (std::size_t row = 0; row < rowCount(); ++row)
        painter.drawText(QRectF(4, rowTop(row), width, rowSize()), Qt::AlignRight | Qt::AlignVCenter,
            metrics.elidedText(rowName(row), Qt::ElideRight, width));
}

} // namespace endospike
