// Paths through a plane, step by step: where each one is now, where it came from, and faintly where it went later.
#pragma once

#include "widgets/plot/xy_plot.h"

#include <QPointF>
#include <QVector>

namespace endospike {

struct PlanePath {
    QString name; ///< rich text
    QColor color;
    int variant = 0; ///< paths that share a colour differ by it
    QVector<QPointF> points; ///< all finite
};

class PathPlot : public XyPlot {
    Q_OBJECT
public:
    explicit PathPlot(QWidget* parent = nullptr);

    void setPaths(std::vector<PlanePath> paths);
    const std::vector<PlanePath>& paths() const { return m_paths; }
    /// The place on every path that is now; one that is shorter stands at its end.
    void setStep(int step);
    int step() const { return m_step; }
    /// A horizontal line with its name, for the largest value that there can be; NaN for none.
    void setCeiling(double y, const QString& name);

    bool isEmpty() const override;
    std::vector<LegendEntry> legend(std::optional<double> x) const override;

protected:
    QCPRange fullX() const override;
    QCPRange fullY() const override;
    void drawContent(QCPPainter& painter) override;
    int leftMargin() const override;

private:
    /// Where the path is now; it is not empty.
    qsizetype now(const PlanePath& path) const { return std::min<qsizetype>(m_step, path.points.size() - 1); }
    QPolygonF onScreen(const PlanePath& path) const;
    void drawPath(QCPPainter& painter, const PlanePath& path) const;

    std::vector<PlanePath> m_paths;
    int m_step = 0;
    double m_ceiling;
    QString m_ceilingName;
};

} // namespace endospike
