#include "widgets/plot/bar_plot.h"

#include "widgets/look/plot_parts.h"

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr double textDecades = 0.55; ///< room behind the longest bar

/// Smaller where lines of this height would touch.
QFont fitted(QFont font, double height)
{
    if (QFontMetrics(font).height() > height)
        font.setPixelSize(std::max(8, static_cast<int>(0.85 * height)));
    return font;
}

QColor pale(QColor color)
{
    color.setAlphaF(0.3F);
    return color;
}

} // namespace

BarPlot::BarPlot(QWidget* parent)
    : RowPlot(parent)
{
    xAxis->setScaleType(QCPAxis::stLogarithmic);
    xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new DecadeTicker));
}

void BarPlot::setSeries(const QString& first, const QString& second, const QString& mark)
{
    m_series = {first, second};
    m_mark = mark;
    changed();
}

void BarPlot::setRows(std::vector<BarRow> rows)
{
    m_rows = std::move(rows);
    changed();
}

bool BarPlot::isEmpty() const
{
    return std::ranges::none_of(m_rows,
        [](const BarRow& row) { return std::ranges::any_of(row.bars, [](const Bar& bar) { return bar.value > 0; }); });
}

std::vector<LegendEntry> BarPlot::legend(std::optional<double>) const
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    std::vector<LegendEntry> entries;
    const QColor color = theme().mutedText;
    if (!single()) {
        entries.push_back({m_series[0], QPen(color, 8, Qt::SolidLine, Qt::FlatCap), {}, none});
        entries.push_back({m_series[1], QPen(pale(color), 8, Qt::SolidLine, Qt::FlatCap), {}, none});
    }
    if (!m_mark.isEmpty())
        entries.push_back({QStringLiteral("┃ ") + m_mark, QPen(Qt::transparent)});
    return entries;
}

QCPRange BarPlot::fullX() const
{
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (const BarRow& row : m_rows)
        for (const Bar& bar : row.bars)
            for (const double value : {bar.value, bar.low, bar.high, bar.mark})
                if (value > 0) {
                    low = std::min(low, value);
                    high = std::max(high, value);
                }
    if (high <= 0)
        return {1, 10};
    // The shortest bar has some length, and begins at a decade.
    return {std::pow(10.0, std::floor(std::log10(low) - 0.1)), high * std::pow(10.0, textDecades)};
}

QRectF BarPlot::barRect(std::size_t row, std::size_t bar) const
{
    const double height = rowSize();
    const double top = rowTop(row);
    const double thick = single() ? 0.5 * height : 0.36 * height;
    const double from = single() ? top + 0.25 * height : top + 0.12 * height + static_cast<double>(bar) * 0.4 * height;
    const double value = m_rows[row].bars[bar].value;
    const double left = plotArea().left();
    const double right = value > 0 ? std::max(left, xAxis->coordToPixel(value)) : left;
    return {left, std::round(from), right - left, std::round(thick)};
}

void BarPlot::drawContent(QCPPainter& painter)
{
    drawRowLines(painter);
    for (std::size_t r = 0; r < m_rows.size(); ++r)
        for (std::size_t b = 0; b < (single() ? 1u : 2u); ++b)
            if (m_rows[r].bars[b].value > 0)
                drawBar(painter, m_rows[r].bars[b], readableOn(m_rows[r].color, theme().plot), barRect(r, b), b == 1);
}

void BarPlot::drawBar(QCPPainter& painter, const Bar& bar, const QColor& color, const QRectF& box, bool isPale) const
{
    painter.fillRect(box, isPale ? pale(color) : color);
    if (isPale) {
        painter.setPen(QPen(color, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(box.adjusted(0, 0, -1, -1));
    }
    double end = box.right();
    if (bar.low > 0 && bar.high > 0) {
        const double from = xAxis->coordToPixel(bar.low), to = xAxis->coordToPixel(bar.high);
        painter.setPen(QPen(theme().text, 1.5));
        painter.drawLine(QPointF(from, box.center().y()), QPointF(to, box.center().y()));
        for (const double x : {from, to})
            painter.drawLine(QPointF(x, box.center().y() - 3), QPointF(x, box.center().y() + 3));
        end = std::max(end, to);
    }
    if (bar.mark > 0) {
        const double x = std::round(xAxis->coordToPixel(bar.mark));
        painter.setPen(QPen(theme().text, 2));
        painter.drawLine(QPointF(x, box.top() - 2), QPointF(x, box.bottom() + 2));
        end = std::max(end, x);
    }
    const QFont font = fitted(theme().axisFont(), 1.3 * box.height()); // the texts of a row do not touch
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    painter.setPen(theme().text);
    painter.drawText(QPointF(end + plotGap_px, std::round(box.center().y() + metrics.capHeight() / 2)), bar.text);
}

void BarPlot::drawMargins(QCPPainter& painter) { drawNames(painter, fitted(theme().axisFont(), rowSize())); }

} // namespace endospike
