// Curves with what belongs beside them: level lines (a threshold), ticks along the top (spikes), and a histogram behind
// on a scale of its own (how often each x occurs).
#pragma once

#include "widgets/plot/curve_plot.h"

#include <span>

namespace endospike {

struct Histogram {
    double from = 0;
    double to = 0;
    std::vector<double> shares; ///< of all values, for each of the equal bins

    double binWidth() const { return shares.empty() ? 0 : (to - from) / static_cast<double>(shares.size()); }
};

/// Of the finite values in from .. to, as shares of all finite values. Empty without any.
Histogram histogramOf(std::span<const float> values, int bins, double from, double to);

class AnnotatedPlot : public CurvePlot {
    Q_OBJECT
public:
    struct Level {
        QString name;
        double y;
    };

    explicit AnnotatedPlot(QWidget* parent = nullptr);

    void setLevels(std::vector<Level> levels);
    const std::vector<Level>& levels() const { return m_levels; }
    /// One row of ticks for each list.
    void setTicks(std::vector<std::vector<double>> ticks, const QColor& color);
    const std::vector<std::vector<double>>& ticks() const { return m_ticks; }
    /// `name` for the legend; the highest bar is drawn as high as the plot.
    void setHistogram(Histogram histogram, const QString& name);
    const Histogram& histogram() const { return m_histogram; }

    std::vector<LegendEntry> legend(std::optional<double> x) const override;

protected:
    QCPRange fullX() const override;
    QCPRange fullY() const override;
    void drawContent(QCPPainter& painter) override;

private:
    void drawOver(QCPPainter& painter);
    double tickHeight() const;

    std::vector<Level> m_levels;
    std::vector<std::vector<double>> m_ticks;
    QColor m_tickColor;
    Histogram m_histogram;
    QString m_histogramName;
};

} // namespace endospike
