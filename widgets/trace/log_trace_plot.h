// Quantities over time on a logarithmic axis, in decades. Values of 0 or below are not drawn.
#pragma once

#include "widgets/trace/trace_plot.h"

namespace endospike {

class LogTracePlot : public TracePlot {
    Q_OBJECT
public:
    explicit LogTracePlot(QWidget* parent = nullptr);

    std::vector<LegendEntry> legend(std::optional<double> time_ms) const override;

protected:
    /// Decimal logarithms; the axis is linear in them.
    void sample(
        const TraceCurve& curve, double from_ms, double to_ms, double pixel_ms, Samples& samples) const override;
    double valueAt(const TraceCurve& curve, double time_ms) const override;
};

} // namespace endospike
