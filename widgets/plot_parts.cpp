#include "widgets/plot_parts.h"

#include <cmath>

namespace endospike {

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

QString groupedCount(qint64 count)
{
    QString text = QString::number(count);
    for (qsizetype at = text.size() - 3; at > 0; at -= 3)
        text.insert(at, QChar(0x202f));
    return text;
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
    static const QString digits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    const int exponent = static_cast<int>(std::floor(std::log10(tick) + 1e-9));
    if (exponent >= -2 && exponent <= 3)
        return QString::number(tick, 'g', 6);
    const auto factor = std::lround(tick / std::pow(10.0, exponent));
    QString text = factor == 1 ? QString() : QStringLiteral("%1·").arg(factor);
    text += exponent < 0 ? QStringLiteral("10⁻") : QStringLiteral("10");
    for (const QChar c : QString::number(std::abs(exponent)))
        text += digits[c.digitValue()];
    return text;
}

} // namespace endospike
