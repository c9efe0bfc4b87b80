// A cart on its rail with one or two poles, to scale. A person can strike the cart: drag it, click beside it, or press
// an arrow key.
#pragma once

#include "sim/control/environment.h"

#include <QColor>
#include <QWidget>

#include <deque>
#include <optional>

class QPainter;

namespace endospike {

struct Theme;

/// What stays the same while the poses change.
struct PendulumScene {
    int poles = 1;
    double railLimit_m = 1;
    double fallAngle_rad = 0; ///< the first pole's limits are drawn; 0: none
    double fallHeight_m = 0; ///< the tip's limit is drawn; 0: none
};

class PendulumView : public QWidget {
    Q_OBJECT
public:
    explicit PendulumView(QWidget* parent = nullptr);

    void setScene(const PendulumScene& scene); ///< forgets pose and trail
    void setTitle(const QString& title); ///< who balances
    void setColor(const QColor& color); ///< of the poles: the model's
    void setPose(const PendulumPose& pose);
    const std::optional<PendulumPose>& pose() const { return m_pose; }
    /// Another one on the same disturbances, drawn as an outline.
    void setGhost(const std::optional<PendulumPose>& pose);
    void clear(); ///< no pose, no trail
    void setTrailShown(bool shown);
    bool isTrailShown() const { return m_trailShown; }
    void setStatus(const QString& status, bool warning = false); ///< top right: "step 412", "fell"
    QString status() const { return m_status; }
    void setEmptyText(const QString& text); ///< while there is no pose

    /// Of one press of an arrow key or a click; three times as much with Shift.
    void setTap(double impulse_n_s) { m_tap = impulse_n_s; }
    double tap() const { return m_tap; }
    static constexpr double dragPerMetre_n_s = 20; ///< of a drag, up to
    static constexpr double strongest_n_s = 15;

    /// In the widget's pixels.
    QPointF toPixels(double x_m, double z_m) const;
    double pixelsPerMetre() const;
    void draw(QPainter& painter, QSize size, bool figure) const;
    void drawFigure(QPainter& painter, QSize size) const { draw(painter, size, true); }

    QSize sizeHint() const override { return {480, 320}; }
    QSize minimumSizeHint() const override { return {240, 170}; }

signals:
    void nudge(double impulse_n_s);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Frame;
    Frame frame(QSize size, const Theme& look) const;
    void drawHeader(QPainter& painter, const Frame& frame) const;
    void drawRuler(QPainter& painter, const Frame& frame) const;
    void drawLimits(QPainter& painter, const Frame& frame) const;
    void drawTrail(QPainter& painter, const Frame& frame) const;
    void drawBody(QPainter& painter, const Frame& frame, const PendulumPose& pose, bool ghost) const;
    void drawDrag(QPainter& painter, const Frame& frame) const;
    double dragged_n_s() const;
    void describe();

    PendulumScene m_scene;
    QString m_title;
    QString m_status;
    QString m_emptyText;
    bool m_warning = false;
    QColor m_color{Qt::gray};
    std::optional<PendulumPose> m_pose;
    std::optional<PendulumPose> m_ghost;
    std::deque<PendulumPose::Point> m_trail;
    bool m_trailShown = true;
    double m_tap = 2;
    std::optional<QPointF> m_pressed;
    QPointF m_pointer;
    bool m_moved = false; ///< far enough since the press to be a drag
};

} // namespace endospike
