#include "widgets/plot/trial_raster.h"

#include "widgets/look/plot_parts.h"

#include <algorithm>
#include <cmath>

namespace endospike {

TrialRaster::TrialRaster(QWidget* parent)
    : RowPlot(parent)
{
}

void TrialRaster::setBlocks(std::vector<TrialBlock> blocks, double duration_ms)
{
    m_blocks = std::move(blocks);
    m_duration_ms = duration_ms > 0 ? duration_ms : 1;
    changed();
}

int TrialRaster::leftMargin() const { return std::max(std::clamp(widestName(), 40, 140) + 16, XyPlot::leftMargin()); }

QRectF TrialRaster::areaOf(std::size_t block) const
{
    return QRectF(plotArea().left(), rowTop(block), plotArea().width(), rowSize())
        .adjusted(0, plotGap_px / 2.0, 0, -plotGap_px / 2.0);
}

void TrialRaster::drawContent(QCPPainter& painter)
{
    for (std::size_t b = 0; b < m_blocks.size(); ++b) {
        const TrialBlock& block = m_blocks[b];
        const QRectF area = areaOf(b);
        painter.setAntialiasing(false);
        painter.setPen(QPen(theme().mutedText, 1, Qt::DotLine));
        for (const double time_ms : block.reference_ms) {
            const double x = std::round(xAxis->coordToPixel(time_ms));
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        }
        if (block.trials_ms.empty())
            continue;
        const double row = area.height() / static_cast<double>(block.trials_ms.size());
        const double tick = std::max(1.0, row * 0.8);
        painter.setPen(QPen(curvePen(block.color, block.variant, theme()).color(), row > 4 ? 2 : 1));
        QVector<QLineF> ticks;
        for (std::size_t trial = 0; trial < block.trials_ms.size(); ++trial) {
            const double top = area.top() + static_cast<double>(trial) * row;
            for (const double time_ms : block.trials_ms[trial])
                if (xAxis->range().contains(time_ms)) {
                    const double x = std::round(xAxis->coordToPixel(time_ms));
                    ticks.append(QLineF(x, top, x, top + tick));
                }
        }
        painter.drawLines(ticks);
    }
}

void TrialRaster::drawMargins(QCPPainter& painter) { drawNames(painter, theme().axisFont()); }

} // namespace endospike
