#include "widgets/plot/annotated_plot.h"

#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"
#include "widgets/look/rich_label.h"

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

/// Between grid and text, so that the curve stays the strongest mark.
QColor barColor(const Theme& look)
{
    QColor color = look.mutedText;
    color.setAlphaF(0.3f);
    return color;
}

} // namespace

Histogram histogramOf(std::span<const float> values, int bins, double from, double to)
{
    Histogram histogram{from, to, {}};
    const auto finite = std::ranges::count_if(values, [](float value) { return std::isfinite(value); });
    if (finite == 0 || bins < 1 || !(to > from))
        return histogram;
    histogram.shares.assign(static_cast<std::size_t>(bins), 0);
    for (const float value : values) {
        const double place = (static_cast<double>(value) - from) / (to - from);
        if (place >= 0 && place <= 1)
            histogram.shares[static_cast<std::size_t>(std::min(static_cast<int>(place * bins), bins - 1))] +=
                1.0 / static_cast<double>(finite);
    }
    return histogram;
}

AnnotatedPlot::AnnotatedPlot(QWidget* parent)
    : CurvePlot(parent)
{
    new PaintLayer(
        this, QStringLiteral("axes"), [this] { return plotArea(); },
        [this](QCPPainter& painter) { drawOver(painter); });
}

void AnnotatedPlot::setLevels(std::vector<Level> levels)
{
    m_levels = std::move(levels);
    changed();
}

void AnnotatedPlot::setTicks(std::vector<std::vector<double>> ticks, const QColor& color)
{
    m_ticks = std::move(ticks);
    m_tickColor = color;
    changed();
}

void AnnotatedPlot::setHistogram(Histogram histogram, const QString& name)
{
    m_histogram = std::move(histogram);
    m_histogramName = name;
    changed();
}

std::vector<LegendEntry> AnnotatedPlot::legend(std::optional<double> x) const
{
    std::vector<LegendEntry> entries = CurvePlot::legend(x);
    if (!m_histogram.shares.empty() && !m_histogramName.isEmpty()) {
        QString value;
        if (x && *x >= m_histogram.from && *x <= m_histogram.to) {
            const auto bin = static_cast<std::size_t>((*x - m_histogram.from) / m_histogram.binWidth());
            value = plotNumber(100 * m_histogram.shares[std::min(bin, m_histogram.shares.size() - 1)], 3)
                + QStringLiteral(" %");
        }
        QPen pen(barColor(theme()), 8);
        pen.setCapStyle(Qt::FlatCap);
        entries.push_back({m_histogramName, pen, value, none});
    }
    return entries;
}

QCPRange AnnotatedPlot::fullX() const
{
    if (!isEmpty())
        return CurvePlot::fullX();
    return m_histogram.to > m_histogram.from ? QCPRange(m_histogram.from, m_histogram.to) : QCPRange(0, 1);
}

double AnnotatedPlot::tickHeight() const { return QFontMetricsF(theme().axisFont()).height() * 0.6; }

// Levels are always in view; the rows of ticks have room of their own above the curves.
QCPRange AnnotatedPlot::fullY() const
{
    QCPRange range = CurvePlot::fullY();
    const double name = QFontMetricsF(theme().axisFont()).height() / std::max(1, plotArea().height());
    for (const Level& level : m_levels)
        if (std::isfinite(level.y)) {
            range.expand(level.y - 0.04 * range.size());
            range.expand(level.y + std::clamp(1.3 * name, 0.04, 0.5) * range.size()); // its name stands above it
        }
    const double ticks = static_cast<double>(m_ticks.size()) * tickHeight();
    const double height = plotArea().height();
    if (ticks > 0 && height > 2 * ticks)
        range.upper += range.size() * ticks / (height - ticks);
    return range;
}

void AnnotatedPlot::drawContent(QCPPainter& painter)
{
    if (m_histogram.shares.empty())
        return;
    const double most = *std::ranges::max_element(m_histogram.shares);
    if (!(most > 0))
        return;
    const QColor color = barColor(theme());
    const QRect area = plotArea();
    for (std::size_t i = 0; i < m_histogram.shares.size(); ++i) {
        const double from = xAxis->coordToPixel(m_histogram.from + static_cast<double>(i) * m_histogram.binWidth());
        const double to = xAxis->coordToPixel(m_histogram.from + static_cast<double>(i + 1) * m_histogram.binWidth());
        const double height = m_histogram.shares[i] / most * (area.height() - 2);
        if (to >= area.left() && from <= area.right())
            painter.fillRect(QRectF(from, area.bottom() + 1 - height, std::max(1.0, to - from), height), color);
    }
}

void AnnotatedPlot::drawOver(QCPPainter& painter)
{
    const QRect area = plotArea();
    const QFontMetricsF metrics(theme().axisFont());
    for (const Level& level : m_levels) {
        if (!std::isfinite(level.y))
            continue;
        const double y = std::round(yAxis->coordToPixel(level.y));
        painter.setPen(QPen(theme().mutedText, 1, Qt::DashLine));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(theme().mutedText);
        const double width = richWidth(theme().axisFont(), level.name);
        drawRich(painter, theme().axisFont(), {area.right() - width - 4, y - metrics.descent() - 1}, level.name);
    }
    const double pen = theme().kind == ThemeKind::projector ? 3 : 1.8;
    painter.setPen(QPen(readableOn(m_tickColor, theme().plot), pen, Qt::SolidLine, Qt::FlatCap));
    for (std::size_t row = 0; row < m_ticks.size(); ++row) {
        const double top = area.top() + static_cast<double>(row) * tickHeight() + 1;
        for (const double at : m_ticks[row]) {
            const double x = xAxis->coordToPixel(at);
            painter.drawLine(QPointF(x, top), QPointF(x, top + tickHeight() - 2));
        }
    }
}

} // namespace endospike
