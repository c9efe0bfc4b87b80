// The drawing of the microstructure, on a canvas of fixed proportions in canvas units (1 unit = 1 px where the picture
// has its natural size).
#pragma once

#include "widgets/picture/microstructure_view.h"

#include <QPainter>
#include <QRectF>

namespace endospike {

/// Where the parts stand on the canvas.
namespace microstructure {
inline constexpr double width = 760;
inline constexpr double height = 324;
QRectF unit(int index); ///< 0..2: sodium, potassium, leak
QRectF input();
QRectF drive();
QRectF synapse();
QRectF soma();
QRectF output();
} // namespace microstructure

struct MicrostructureScene {
    MicrostructureReading reading;
    std::array<double, 3> maximum_ms_per_cm2;
    std::array<double, 3> reversal_mv;
    double span_mv;
};

class MicrostructurePainter {
public:
    /// `painter` is scaled to canvas units already. The surroundings have the plot's background.
    MicrostructurePainter(QPainter& painter, const MicrostructureScene& scene, const Theme& theme);
    void draw();

private:
    void drawInput();
    void drawAxons();
    void drawUnit(int index);
    void drawMembrane(const QRectF& area, const QColor& color, double openness, double share);
    void drawDrive();
    void drawSynapse();
    void drawSoma();
    void drawOutput();
    void drawGauge(const QRectF& area, double value_mv, const QColor& color);
    void arrow(const QPolygonF& path, const QColor& color, double width);
    void sign(QPointF centre, const QString& text);
    void text(const QRectF& area, int alignment, const QString& richText, const QFont& font, const QColor& color);
    QFont font(double factor, bool bold = false) const;
    QColor light(const QColor& color, double amount) const;
    double share(int index) const;
    double mean_mv() const;

    QPainter& m_painter;
    const MicrostructureScene& m_scene;
    const Theme& m_theme;
};

} // namespace endospike
