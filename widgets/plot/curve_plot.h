// Curves y(x) with units and a legend: f-I curves, differences on a logarithmic axis, traces of a finished run.
#pragma once

#include "widgets/plot/xy_plot.h"

#include <QVector>

#include <algorithm>

namespace endospike {

struct Curve {
    QString name; ///< rich text
    QVector<double> x; ///< rising
    QVector<double> y; ///< as many; NaN breaks the line
    QColor color;
    int variant = 0; ///< curves that share a colour differ by it
    bool steps = false; ///< y holds from its x to the next one
    bool points = false; ///< a dot at each x, besides the line
    bool pointsOnly = false; ///< a ring at each x and no line
    QVector<double> spread = {}; ///< half the width of a band around y, as many as x; NaN interrupts it
};

class CurvePlot : public XyPlot {
    Q_OBJECT
public:
    explicit CurvePlot(QWidget* parent = nullptr);

    void setCurves(std::vector<Curve> curves);
    const std::vector<Curve>& curves() const { return m_curves; }
    /// Values of 0 or below are left out while the axis is logarithmic.
    void setLogarithmic(bool logarithmic);
    bool isLogarithmic() const { return m_logarithmic; }
    /// A range that is shown at least.
    void setLeastY(double low, double high);
    /// Left free on both sides, in units of x.
    void setMarginX(double margin) { m_marginX = margin; }
    /// Nothing lies beyond, and no band is drawn there.
    void setPossibleY(double low, double high) { m_possible = QCPRange(low, high); }

    /// Linear between samples (or the step), NaN outside.
    static double valueAt(const Curve& curve, double x);

    bool isEmpty() const override;
    std::vector<LegendEntry> legend(std::optional<double> x) const override;

protected:
    QCPRange fullX() const override;
    QCPRange fullY() const override;
    void drawContent(QCPPainter& painter) override;
    void styleContent() override;

private:
    std::vector<Curve> m_curves;
    std::vector<QCPGraph*> m_graphs;
    bool m_logarithmic = false;
    double m_marginX = 0;
    double possible(double y) const { return m_possible ? std::clamp(y, m_possible->lower, m_possible->upper) : y; }

    std::optional<QCPRange> m_least, m_possible;
};

} // namespace endospike
