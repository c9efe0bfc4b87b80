// A spin box for one row of a parameter table: any value within the hard bounds, unit as suffix, point as decimal mark
// in every locale. A number too long for the field is shown rounded until the field is edited; the value never is.
#pragma once

#include "sim/base/parameter.h"

#include <QDoubleSpinBox>

namespace endospike {

class NumberSpin : public QDoubleSpinBox {
    Q_OBJECT
public:
    explicit NumberSpin(const Parameter& parameter, QWidget* parent = nullptr);

    /// Shows a value from the document. Text that is being typed stays as it is.
    void show(double value);

    QString textFromValue(double value) const override;
    double valueFromText(const QString& text) const override;
    QValidator::State validate(QString& text, int& position) const override;
    void fixup(QString& text) const override;
    void stepBy(int steps) override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    /// The same width for all, so that the sliders beside them share one length.
    static int commonWidth(const QWidget& like);

signals:
    /// The user changed the value. `continuing` while a key or an arrow is held; a last one with false ends the
    /// gesture.
    void edited(double value, bool continuing);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    StepEnabled stepEnabled() const override;

private:
    bool isTyping() const;
    QString wholeText(double value) const;
    QString fittingText(double value) const;
    void showWhole(bool whole);
    void tellWhole();
    double stepAt(double value, bool up) const;
    void commitTyping();
    void endGesture();

    const Parameter m_parameter;
    double m_known = 0; ///< what the document is thought to hold
    bool m_held = false;
    bool m_moved = false;
    bool m_whole = false; ///< shows every digit, to be edited
};

} // namespace endospike
