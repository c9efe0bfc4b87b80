// What every plot of the program is made of, besides the plotting library's own parts.
#pragma once

#include "widgets/look/custom_plot.h"
#include "widgets/look/theme.h"

#include <functional>

namespace endospike {

inline constexpr int plotGap_px = 8; ///< the grid of the page
inline constexpr int legendLine_px = 18; ///< length of a line in a legend

/// Axes of which each plot moves the margins by itself, with the grid of `theme`.
void buildFrame(QCustomPlot& plot);
void styleFrame(QCustomPlot& plot, const Theme& theme);

/// Something drawn by a function, clipped, on a layer of the plot. The plot owns it.
class PaintLayer : public QCPLayerable {
public:
    using Draw = std::function<void(QCPPainter&)>;
    using Clip = std::function<QRect()>;

    PaintLayer(QCustomPlot* plot, const QString& layer, Clip clip, Draw draw);

protected:
    QRect clipRect() const override;
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

private:
    Clip m_clip;
    Draw m_draw;
};

/// Labels with a true minus sign and no more digits than they need.
class NumberTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
};

/// Labels that are counts.
class CountTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
};

/// For a logarithmic axis: 10⁻⁹ and the like; decades are thinned so that the labels keep apart.
class DecadeTicker : public QCPAxisTickerLog {
public:
    /// With 2 and 5 times the decades, where the range is short.
    explicit DecadeTicker(bool between = false)
        : m_between(between)
    {
    }

protected:
    QVector<double> createTickVector(double step, const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;

private:
    bool m_between;
};

} // namespace endospike
