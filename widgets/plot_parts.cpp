#include "widgets/plot_parts.h"

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

} // namespace endospike
