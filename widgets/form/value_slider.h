// A slider over a range of real numbers, linear or in decades. A value beyond the range is shown at its end and kept.
#pragma once

#include <QSlider>

#include <optional>

namespace endospike {

class ValueSlider : public QSlider {
    Q_OBJECT
public:
    explicit ValueSlider(QWidget* parent = nullptr);

    /// Logarithmic only where minimum > 0. Whole numbers only, if `integer`.
    void setScale(double minimum, double maximum, bool logarithmic, bool integer = false);
    /// A small tick on the groove, for the default value.
    void setMark(std::optional<double> value);

    /// Shows a value from the document; ignored while the user holds the handle.
    void show(double value);
    double shown() const { return m_value; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// The user moved the handle. `continuing` while it is held; a last one with false ends the gesture.
    void edited(double value, bool continuing);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    double fractionOf(double value) const;
    double valueAt(double fraction) const;
    double stepped(double value, int steps) const;
    double handleCentre() const;
    void moveTo(double value, bool continuing);
    void place();
    void endGesture();

    double m_minimum = 0;
    double m_maximum = 1;
    double m_quantum = 0.01; ///< linear: values are multiples of it
    double m_value = 0;
    double m_grip = 0; ///< pointer minus handle centre, px
    std::optional<double> m_mark;
    bool m_logarithmic = false;
    bool m_integer = false;
    bool m_held = false;
    bool m_moved = false;
};

} // namespace endospike
