#include "widgets/trace/raster_plot.h"

#include "widgets/look/numbers.h"

#include <cmath>
#include <limits>

namespace endospike {

RasterPlot::RasterPlot(QWidget* parent)
    : TimePlot(parent)
{
    yAxis->setTickLengthOut(0);
    yAxis->grid()->setVisible(false);
    yAxis->setTickLabelPadding(6);
}

void RasterPlot::setRows(std::vector<RasterRow> rows)
{
    m_rows = std::move(rows);
    nameRows();
    changed();
}

void RasterPlot::restyle()
{
    TimePlot::restyle();
    nameRows();
}

void RasterPlot::nameRows()
{
    const QFontMetrics metrics(theme().axisFont());
    const auto count = static_cast<double>(std::max<std::size_t>(m_rows.size(), 1));
    const int room = std::max(24, plotArea().left() - 12);
    // Rows lower than a line of text keep the names that fit.
    const double rowHeight = plotArea().height() / count;
    const int every = std::max(1, static_cast<int>(std::ceil(0.8 * metrics.height() / std::max(1.0, rowHeight))));
    QSharedPointer<QCPAxisTickerText> names(new QCPAxisTickerText);
    for (std::size_t i = 0; i < m_rows.size(); i += static_cast<std::size_t>(every))
        names->addTick(count - 0.5 - static_cast<double>(i), metrics.elidedText(m_rows[i].name, Qt::ElideRight, room));
    yAxis->setTicker(names);
    setValueRange(0, count);
}

void RasterPlot::resizeEvent(QResizeEvent* event)
{
    TimePlot::resizeEvent(event);
    nameRows();
}

std::vector<LegendEntry> RasterPlot::legend(std::optional<double> time_ms) const
{
    std::vector<LegendEntry> entries;
    if (!time_ms || !history())
        return entries;
    for (const RasterRow& row : m_rows) {
        const std::vector<double> before = history()->spikes(row.cellId, *time_ms - 5000, *time_ms);
        LegendEntry entry{row.name, QPen(Qt::NoPen)};
        entry.value = before.empty() ? QStringLiteral("–") : fixedNumber(before.back(), 2);
        entry.widest = fixedNumber(-888, 2);
        entries.push_back(entry);
    }
    return entries;
}

std::size_t RasterPlot::sampledTicks() const
{
    std::size_t count = 0;
    for (const std::vector<double>& row : m_ticks_ms)
        count += row.size();
    return count;
}

void RasterPlot::prepare()
{
    m_ticks_ms.assign(m_rows.size(), {});
    if (!history())
        return;
    const double pixel_ms = (to_ms() - from_ms()) / std::max(1.0, plotArea().width() * pixelRatio());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        double pixel = -std::numeric_limits<double>::infinity();
        for (const double time_ms : history()->spikes(m_rows[i].cellId, from_ms(), to_ms())) {
            const double at = std::floor(time_ms / pixel_ms);
            if (at == pixel)
                continue;
            pixel = at;
            m_ticks_ms[i].push_back(time_ms);
        }
    }
}

void RasterPlot::drawContent(QCPPainter& painter)
{
    const double rowHeight = plotArea().height() / std::max(1.0, yAxis->range().size());
    const double half = std::clamp(0.36 * rowHeight, 2.0, 12.0);
    const double width = isFigure() ? theme().lineWidth : std::max(1.0, std::round(theme().lineWidth));
    for (std::size_t i = 0; i < m_ticks_ms.size(); ++i) {
        const double middle = yAxis->coordToPixel(yAxis->range().upper - 0.5 - static_cast<double>(i));
        const QColor color = curvePen(m_rows[i].color, m_rows[i].variant, theme()).color();
        for (const double time_ms : m_ticks_ms[i]) {
            const double x = xAxis->coordToPixel(time_ms) - width / 2;
            painter.fillRect(QRectF(isFigure() ? x : std::round(x), middle - half, width, 2 * half), color);
        }
    }
}

} // namespace endospike
