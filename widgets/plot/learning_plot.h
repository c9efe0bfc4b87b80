// How networks learn: noisy samples as faint points under their smoothed line (training), and marked points joined by a
// thin line (tests). Any quantity across, also logarithmic. Many curves share few colours: the one under the mouse is
// named there, and one of them can stand out.
#pragma once

#include "widgets/plot/figure.h"
#include "widgets/plot/xy_plot.h"

#include <QPointF>
#include <QVector>

namespace endospike {

struct LearningCurve {
    QString name;
    QColor color;
    int variant = 0; ///< curves that share a colour differ by it
    QVector<QPointF> samples; ///< x rises; all finite
    QVector<QPointF> marks; ///< x rises; all finite
};

class LearningPlot : public XyPlot {
    Q_OBJECT
public:
    explicit LearningPlot(QWidget* parent = nullptr);

    void setCurves(std::vector<LearningCurve> curves);
    /// More at the end of one curve.
    void extend(std::size_t curve, const QVector<QPointF>& samples, const QVector<QPointF>& marks);
    const std::vector<LearningCurve>& curves() const { return m_curves; }
    /// What is drawn through the samples.
    const QVector<QPointF>& line(std::size_t curve) const { return m_lines[curve]; }

    /// Drawn last and stronger; -1: none.
    void emphasise(int curve);
    int emphasised() const { return m_emphasised; }
    /// Points at x of 0 or below are left out.
    void setLogarithmicX(bool logarithmic);
    bool isLogarithmicX() const { return m_logarithmic; }
    /// Values of a curve's start (a tenth) that are far from all others need not be in view.
    void setTrimmed(bool trimmed) { m_trimmed = trimmed; }
    /// Names of both kinds of points at the top right; empty for none.
    void setKey(const QString& line, const QString& marks);
    /// Names beside the last mark of a curve, as far as there is room.
    void setNamesAtEnds(bool names);

    bool isEmpty() const override;
    std::vector<LegendEntry> legend(std::optional<double>) const override { return {}; }
    /// The curve under the mouse; -1: none.
    int hoveredCurve() const { return m_hovered; }

    QCPRange fullX() const override;
    QCPRange fullY() const override;

signals:
    void curveClicked(int curve);

protected:
    void drawContent(QCPPainter& painter) override;
    void drawMargins(QCPPainter& painter) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QPen penOf(std::size_t curve) const;
    QPolygonF onScreen(const QVector<QPointF>& points) const;
    void drawSamples(QCPPainter& painter, std::size_t curve) const;
    void drawLine(QCPPainter& painter, std::size_t curve) const;
    void drawMarks(QCPPainter& painter, std::size_t curve) const;
    void drawNames(QCPPainter& painter) const;
    void drawKey(QCPPainter& painter) const;
    void drawHovered(QCPPainter& painter) const;
    void findHovered(QPointF at);

    std::vector<LearningCurve> m_curves;
    std::vector<QVector<QPointF>> m_lines;
    QString m_lineKey;
    QString m_marksKey;
    QPointF m_pressed;
    QPointF m_hoveredPoint; ///< its value
    int m_hovered = -1;
    int m_emphasised = -1;
    bool m_logarithmic = false;
    bool m_trimmed = false;
    bool m_names = false;
};

/// Names of curves with their lines, in columns, for below a figure of this width.
FigurePicture curveNames(const std::vector<LearningCurve>& curves, int width);

} // namespace endospike
