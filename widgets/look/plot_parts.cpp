#include "widgets/look/plot_parts.h"

#include "widgets/look/numbers.h"

#include <cmath>

namespace endospike {

void buildFrame(QCustomPlot& plot)
{
    plot.setPlottingHints(QCP::phCacheLabels);
    plot.setMouseTracking(true);
    plot.plotLayout()->setMargins(QMargins());
    plot.axisRect()->setAutoMargins(QCP::msNone);
    plot.axisRect()->setMinimumSize(10, 10);
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        axis->setTicker(QSharedPointer<QCPAxisTicker>(new NumberTicker));
        axis->setTickLengthIn(0);
        axis->setTickLengthOut(4);
        axis->setSubTicks(false);
        axis->setTickLabelPadding(3);
        axis->setSelectableParts(QCPAxis::spNone);
    }
}

void styleFrame(QCustomPlot& plot, const Theme& theme)
{
    const double thin = theme.kind == ThemeKind::projector ? 1.5 : 1;
    plot.setBackground(QBrush(theme.plot));
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        axis->setBasePen(QPen(theme.mutedText, thin));
        axis->setTickPen(QPen(theme.mutedText, thin));
        axis->setSubTickPen(QPen(theme.mutedText, thin));
        axis->setTickLabelColor(theme.mutedText);
        axis->setTickLabelFont(theme.axisFont());
        axis->grid()->setPen(QPen(theme.grid, 1));
        axis->grid()->setZeroLinePen(QPen(theme.border, 1));
        axis->grid()->setAntialiased(false);
        axis->grid()->setAntialiasedZeroLine(false);
    }
    plot.xAxis->grid()->setZeroLinePen(Qt::NoPen);
}

PaintLayer::PaintLayer(QCustomPlot* plot, const QString& layer, Clip clip, Draw draw)
    : QCPLayerable(plot, layer)
    , m_clip(std::move(clip))
    , m_draw(std::move(draw))
{
}

// The library moves clip rectangles up by one pixel.
QRect PaintLayer::clipRect() const { return m_clip().translated(0, 1); }

void PaintLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(false); }

void PaintLayer::draw(QCPPainter* painter) { m_draw(*painter); }

QString NumberTicker::getTickLabel(double tick, const QLocale& locale, QChar, int)
{
    return locale.toString(tick, 'g', 10).replace(u'-', QChar(0x2212));
}

double CountTicker::getTickStep(const QCPRange& range)
{
    const double step = QCPAxisTicker::getTickStep(range);
    return step <= 1 ? 1 : step == std::floor(step) ? step : step < 2 ? 2 : 5; // there is no half of a thing
}

QString CountTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    return tick < 0 ? QString() : groupedCount(std::llround(tick));
}

QVector<double> DecadeTicker::createTickVector(double, const QCPRange& range)
{
    const int first = static_cast<int>(std::ceil(std::log10(range.lower) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(range.upper) + 1e-9));
    QVector<double> ticks;
    if (m_between && range.upper < 200 * range.lower) {
        for (int e = first - 1; e <= last; ++e)
            for (const double factor : {1.0, 2.0, 5.0})
                if (const double tick = factor * std::pow(10.0, e); range.contains(tick))
                    ticks.append(tick);
        return ticks;
    }
    const int stride = std::max(1, (last - first + tickCount()) / std::max(1, tickCount()));
    for (int e = first; e <= last; ++e)
        if (e % stride == 0)
            ticks.append(std::pow(10.0, e));
    return ticks;
}

QString DecadeTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    const int exponent = static_cast<int>(std::floor(std::log10(tick) + 1e-9));
    if (exponent >= -2 && exponent <= 3)
        return QString::number(tick, 'g', 6);
    const auto factor = std::lround(tick / std::pow(10.0, exponent));
    return (factor == 1 ? QString() : QStringLiteral("%1·").arg(factor)) + decadeText(exponent);
}

} // namespace endospike
