#include "widgets/plot/dot_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace endospike {

DotPlot::DotPlot(QWidget* parent)
    : RowPlot(parent)
{
}

void DotPlot::setQuantities(const QString& first, const QString& second)
{
    m_quantities = {first, second};
    changed();
}

void DotPlot::setRows(std::vector<DotRow> rows)
{
    m_rows = std::move(rows);
    changed();
}

void DotPlot::setLeastX(double low, double high)
{
    m_least = QCPRange(low, high);
    changed();
}

QCPRange DotPlot::fullX() const
{
    QCPRange range = m_least.value_or(QCPRange(0, 1));
    for (const DotRow& row : m_rows)
        for (const std::vector<double>& values : row.values)
            for (const double value : values)
                if (std::isfinite(value))
                    range.expand(value);
    return range;
}

std::vector<LegendEntry> DotPlot::legend(std::optional<double>) const { return {}; }

void DotPlot::drawContent(QCPPainter& painter)
{
    drawRowLines(painter);
    for (std::size_t r = 0; r < m_rows.size(); ++r)
        for (std::size_t quantity = 0; quantity < 2; ++quantity)
            drawValues(painter, m_rows[r], quantity, rowTop(r) + rowSize() * (quantity == 0 ? 0.32 : 0.68));
}

void DotPlot::drawValues(QCPPainter& painter, const DotRow& row, std::size_t quantity, double y)
{
    const std::vector<double>& values = row.values[quantity];
    if (values.empty())
        return;
    const QColor color = readableOn(row.color, theme().plot);
    const double radius = theme().lineWidth + 2;
    painter.setAntialiasing(true);
    painter.setPen(QPen(color, 1.5));
    painter.setBrush(quantity == 0 ? QBrush(color) : QBrush(theme().plot));
    for (const double value : values)
        painter.drawEllipse(QPointF(xAxis->coordToPixel(value), y), radius, radius);
    painter.setAntialiasing(false);
    const double mean =
        xAxis->coordToPixel(std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()));
    painter.setPen(QPen(theme().text, 2));
    painter.drawLine(QPointF(mean, y - 2 * radius), QPointF(mean, y + 2 * radius));
}

void DotPlot::drawMargins(QCPPainter& painter)
{
    const QFontMetricsF metrics(theme().axisFont());
    drawNames(painter, theme().axisFont());
    // The key: filled and hollow, at the right end of the header.
    double right = plotArea().right();
    const double middle = 4 + metrics.height() / 2;
    for (const std::size_t quantity : {std::size_t{1}, std::size_t{0}}) {
        right -= metrics.horizontalAdvance(m_quantities[quantity]);
        painter.setPen(theme().text);
        painter.drawText(QPointF(right, 4 + metrics.ascent()), m_quantities[quantity]);
        painter.setAntialiasing(true);
        painter.setBrush(quantity == 0 ? QBrush(theme().text) : QBrush(theme().plot));
        painter.drawEllipse(QPointF(right - 10, middle), 4, 4);
        painter.setAntialiasing(false);
        painter.setBrush(Qt::NoBrush);
        right -= 32;
    }
}

} // namespace endospike
