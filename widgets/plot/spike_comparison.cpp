#include "widgets/plot/spike_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {

SpikeComparison::SpikeComparison(QWidget* parent)
    : RowPlot(parent)
{
    setTitle(tr("Spikes"), {});
    setXAxis(QStringLiteral("t"), QStringLiteral("ms"));
}

void SpikeComparison::setKinds(const SpikeKind& first, const SpikeKind& second)
{
    m_kinds = {first, second};
    changed();
}

void SpikeComparison::setRows(std::vector<SpikeRow> rows, double duration_ms)
{
    m_rows = std::move(rows);
    m_duration_ms = duration_ms > 0 ? duration_ms : 1;
    QStringList words;
    for (const SpikeRow& row : m_rows)
        words << QStringLiteral("%1: %2 / %3").arg(row.label).arg(row.times_ms[0].size()).arg(row.times_ms[1].size());
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    changed();
}

int SpikeComparison::leftMargin() const
{
    const int axis = QFontMetrics(theme().axisFont()).horizontalAdvance(QStringLiteral("t (ms)"));
    return std::max(std::max(axis, widestName()) + 24, XyPlot::leftMargin());
}

int SpikeComparison::rightMargin() const
{
    return QFontMetrics(theme().axisFont()).horizontalAdvance(QStringLiteral("888 / 888")) + 16;
}

std::vector<LegendEntry> SpikeComparison::legend(std::optional<double>) const
{
    std::vector<LegendEntry> entries;
    for (const SpikeKind& kind : m_kinds)
        if (!kind.name.isEmpty())
            entries.push_back(
                {kind.name, curvePen(kind.color, 0, theme()), {}, std::numeric_limits<double>::quiet_NaN()});
    return entries;
}

void SpikeComparison::drawContent(QCPPainter& painter)
{
    const double width = theme().kind == ThemeKind::projector ? 3 : 1.6;
    const double height = rowSize();
    drawRowLines(painter);
    for (std::size_t r = 0; r < m_rows.size(); ++r) {
        const double top = rowTop(r);
        const double inset = std::min(4.0, height * 0.12);
        for (std::size_t k = 0; k < 2; ++k) {
            painter.setPen(QPen(readableOn(m_kinds[k].color, theme().plot), width, Qt::SolidLine, Qt::FlatCap));
            const double from = k == 0 ? top + inset : top + height / 2 + 0.5;
            const double to = k == 0 ? top + height / 2 - 0.5 : top + height - inset;
            for (const double t : m_rows[r].times_ms[k]) {
                const double x = xAxis->coordToPixel(t);
                painter.drawLine(QPointF(x, from), QPointF(x, to));
            }
        }
    }
}

void SpikeComparison::drawMargins(QCPPainter& painter)
{
    const QFontMetricsF metrics(theme().axisFont());
    if (rowSize() < metrics.height() * 0.8)
        return;
    drawNames(painter, theme().axisFont());
    for (std::size_t r = 0; r < m_rows.size(); ++r) {
        const std::size_t first = m_rows[r].times_ms[0].size();
        const std::size_t second = m_rows[r].times_ms[1].size();
        painter.setPen(first == second ? theme().mutedText : theme().warning);
        painter.drawText(QRectF(plotArea().right() + 8, rowTop(r), rightMargin() - 8, rowSize()),
            Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("%1 / %2").arg(first).arg(second));
    }
}

} // namespace endospike
