// Quantities over time: one curve for each, sampled to pixels from a TraceHistory and drawn antialiased.
#pragma once

#include "widgets/trace/curve_raster.h"
#include "widgets/trace/time_plot.h"

#include <string>

namespace endospike {

struct TraceCurve {
    int cellId;
    std::string channel; ///< key; unused for rates
    QString name; ///< rich text, for the legend
    QColor color; ///< its meaning; invalid for the theme's neutral
    int variant = 0; ///< among the curves of this colour, see curvePen()
    int decimals = 2;
    /// Cells without spike currents jump from threshold to reset: their spikes are drawn as thin lines up to this
    /// value.
    std::optional<double> drawnSpikeTop;
};

struct LineLabel {
    QString label; ///< rich text
    double value;
    QColor color;
};

class TracePlot : public TimePlot {
    Q_OBJECT
public:
    /// fixed: never moves; widening: moves only when values leave it, and says so; automatic: nice bounds of what is
    /// visible, quick to grow and slow to shrink.
    enum class Bounds { fixed, widening, automatic };

    explicit TracePlot(QWidget* parent = nullptr);

    void setCurves(std::vector<TraceCurve> curves);
    const std::vector<TraceCurve>& curves() const { return m_curves; }
    void setBounds(Bounds bounds, double low, double high);
    void setReferenceLines(std::vector<LineLabel> lines);
    int wantedRightMargin() const override;
    void fitValues() override;
    std::vector<LegendEntry> legend(std::optional<double> time_ms) const override;
    QStringList notes() const override;

    /// Points that were sampled for the last picture, all curves together.
    std::size_t sampledPoints() const;

protected:
    struct Samples {
        std::vector<EnvelopePoint> points;
        std::vector<EnvelopePoint> spikes; ///< drawn ones: a vertical span each, then a gap
        double pixel_ms = 0;
        double from_ms = 0;
        std::uint64_t generation = ~std::uint64_t{0};
    };

    void prepare() override;
    void drawContent(QCPPainter& painter) override;
    void drawMargins(QCPPainter& painter) override;
    /// Points of one curve for [from, to]; a pixel is `pixel_ms` wide. `samples` may hold those of the picture before.
    virtual void sample(const TraceCurve& curve, double from_ms, double to_ms, double pixel_ms, Samples& samples) const;
    virtual double valueAt(const TraceCurve& curve, double time_ms) const;

private:
    void sampleSpikes(const TraceCurve& curve, double from_ms, double to_ms, double pixel_ms, Samples& samples) const;
    QPen penOf(const TraceCurve& curve) const;
    void updateBounds();
    void drawRastered(QCPPainter& painter);
    void drawPaths(QCPPainter& painter);
    void drawReferenceLines(QCPPainter& painter);

    std::vector<TraceCurve> m_curves;
    std::vector<Samples> m_samples; ///< one for each curve
    std::vector<LineLabel> m_lines;
    Bounds m_bounds = Bounds::automatic;
    double m_low = 0;
    double m_high = 1;
    bool m_widened = false;
    std::uint64_t m_generation = 0;
    QElapsedTimer m_sinceTooLarge;
    CurveRaster m_raster;
};

/// The instantaneous rate 1 / (inter-spike interval), as steps, in Hz.
class RatePlot : public TracePlot {
    Q_OBJECT
public:
    using TracePlot::TracePlot;

protected:
    void sample(
        const TraceCurve& curve, double from_ms, double to_ms, double pixel_ms, Samples& samples) const override;
    double valueAt(const TraceCurve& curve, double time_ms) const override;
};

} // namespace endospike
