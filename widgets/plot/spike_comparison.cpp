#include "widgets/plot/spike_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {

SpikeComparison::SpikeComparison(QWidget* parent)
    : XyPlot(parent)
{
    setTitle(tr("Spikes"), {});
    setXAxis(QStringLiteral("t"), QStringLiteral("ms"));
    styleContent();
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

void SpikeComparison::styleContent()
{
    yAxis->setTickLabels(false);
    yAxis->setTicks(false);
    yAxis->grid()->setVisible(false);
}

int SpikeComparison::leftMargin() const
{
    const QFontMetrics metrics(theme().axisFont());
    int widest = metrics.horizontalAdvance(QStringLiteral("t (ms)"));
    for (const SpikeRow& row : m_rows)
        widest = std::max(widest, metrics.horizontalAdvance(row.label));
    return std::max(widest + 24, XyPlot::leftMargin());
}

int SpikeComparison::rightMargin() const
{
    return QFontMetrics(theme().axisFont()).horizontalAdvance(QStringLiteral("888 / 888")) + 16;
}

QCPRange SpikeComparison::fullY() const { return {0, std::max(1.0, static_cast<double>(m_rows.size()))}; }

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
    const double height = plotArea().height() / std::max(1.0, static_cast<double>(m_rows.size()));
    for (std::size_t r = 0; r < m_rows.size(); ++r) {
        const double top = plotArea().top() + static_cast<double>(r) * height;
        if (r > 0) {
            painter.setPen(QPen(theme().grid, 1));
            painter.drawLine(QPointF(plotArea().left(), std::round(top)), QPointF(plotArea().right(), std::round(top)));
        }
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
    painter.setFont(theme().axisFont());
    const double height = plotArea().height() / std::max(1.0, static_cast<double>(m_rows.size()));
    if (height < metrics.height() * 0.8)
        return;
    for (std::size_t r = 0; r < m_rows.size(); ++r) {
        const double top = plotArea().top() + static_cast<double>(r) * height;
        painter.setPen(theme().text);
        painter.drawText(
            QRectF(8, top, plotArea().left() - 16, height), Qt::AlignRight | Qt::AlignVCenter, m_rows[r].label);
        const std::size_t first = m_rows[r].times_ms[0].size();
        const std::size_t second = m_rows[r].times_ms[1].size();
        painter.setPen(first == second ? theme().mutedText : theme().warning);
        painter.drawText(QRectF(plotArea().right() + 8, top, rightMargin() - 8, height),
            Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("%1 / %2").arg(first).arg(second));
    }
}

} // namespace endospike
