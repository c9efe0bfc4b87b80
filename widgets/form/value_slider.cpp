#include "widgets/form/value_slider.h"

#include "widgets/look/theme.h"

#include <QFocusEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace endospike {

namespace {

constexpr int positions = 1000;
constexpr double handleRadius = 7;

double niceAtMost(double value)
{
    const double decade = std::pow(10, std::floor(std::log10(value) + 1e-12));
    const double digit = value / decade;
    return decade * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
}

double rounded(double value, int digits) { return QString::number(value, 'g', digits).toDouble(); }

} // namespace

ValueSlider::ValueSlider(QWidget* parent)
    : QSlider(Qt::Horizontal, parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setRange(0, positions);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

void ValueSlider::setScale(double minimum, double maximum, bool logarithmic, bool integer)
{
    m_minimum = minimum;
    m_maximum = std::max(maximum, minimum);
    m_logarithmic = logarithmic && minimum > 0;
    m_integer = integer;
    m_quantum = m_maximum > m_minimum ? niceAtMost((m_maximum - m_minimum) / 200) : 1;
    if (integer)
        m_quantum = std::max(1.0, std::round(m_quantum));
    place();
}

void ValueSlider::setMark(std::optional<double> value)
{
    m_mark = value;
    update();
}

void ValueSlider::show(double value)
{
    if (m_held)
        return;
    m_value = value;
    place();
}

double ValueSlider::fractionOf(double value) const
{
    if (!(m_maximum > m_minimum))
        return 0;
    const double inside = std::clamp(value, m_minimum, m_maximum);
    return m_logarithmic ? std::log(inside / m_minimum) / std::log(m_maximum / m_minimum)
                         : (inside - m_minimum) / (m_maximum - m_minimum);
}

// Round numbers only: nobody wants 119.7368 from a drag. The ends are exact.
double ValueSlider::valueAt(double fraction) const
{
    if (fraction <= 0)
        return m_minimum;
    if (fraction >= 1)
        return m_maximum;
    double value;
    if (m_logarithmic) {
        value = rounded(m_minimum * std::pow(m_maximum / m_minimum, fraction), 3);
        if (m_integer)
            value = std::round(value);
    } else {
        value = rounded(std::round((m_minimum + fraction * (m_maximum - m_minimum)) / m_quantum) * m_quantum, 12);
    }
    return std::clamp(value, m_minimum, m_maximum);
}

double ValueSlider::stepped(double value, int steps) const
{
    if (m_logarithmic) {
        const double next = valueAt(fractionOf(value) + steps * 0.01);
        return m_integer && next == value ? std::clamp(value + (steps > 0 ? 1 : -1), m_minimum, m_maximum) : next;
    }
    const double step = m_integer ? 1 : m_quantum * 2;
    return std::clamp(rounded(value + steps * step, 12), m_minimum, m_maximum);
}

void ValueSlider::place()
{
    const QSignalBlocker quiet(this);
    setValue(static_cast<int>(std::lround(fractionOf(m_value) * positions)));
    update();
}

double ValueSlider::handleCentre() const
{
    return handleRadius + 1 + fractionOf(m_value) * (width() - 2 * handleRadius - 2);
}

void ValueSlider::moveTo(double value, bool continuing)
{
    if (value == m_value)
        return;
    m_value = value;
    place();
    m_moved = continuing;
    emit edited(value, continuing);
}

void ValueSlider::endGesture()
{
    m_held = false;
    setSliderDown(false);
    update();
    if (std::exchange(m_moved, false))
        emit edited(m_value, false);
}

void ValueSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_held = true;
    setSliderDown(true);
    const double distance = event->position().x() - handleCentre();
    m_grip = std::abs(distance) <= handleRadius + 2 ? distance : 0;
    if (m_grip != distance)
        mouseMoveEvent(event);
    update();
}

void ValueSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_held)
        return;
    const double x = event->position().x() - m_grip - handleRadius - 1;
    moveTo(valueAt(x / std::max(1.0, width() - 2 * handleRadius - 2)), true);
}

void ValueSlider::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        endGesture();
}

void ValueSlider::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        return moveTo(stepped(m_value, -1), true);
    case Qt::Key_Right:
    case Qt::Key_Up:
        return moveTo(stepped(m_value, 1), true);
    case Qt::Key_PageDown:
        return moveTo(stepped(m_value, -10), true);
    case Qt::Key_PageUp:
        return moveTo(stepped(m_value, 10), true);
    case Qt::Key_Home:
        return moveTo(m_minimum, true);
    case Qt::Key_End:
        return moveTo(m_maximum, true);
    default:
        event->ignore();
    }
}

void ValueSlider::keyReleaseEvent(QKeyEvent* event)
{
    if (!event->isAutoRepeat() && !m_held)
        endGesture();
}

void ValueSlider::wheelEvent(QWheelEvent* event)
{
    if (!hasFocus() || m_held)
        return event->ignore();
    const int steps = event->angleDelta().y() / 120;
    if (steps != 0)
        moveTo(stepped(m_value, steps), false);
    event->accept();
}

void ValueSlider::focusOutEvent(QFocusEvent* event)
{
    if (!m_held)
        endGesture();
    QSlider::focusOutEvent(event);
}

void ValueSlider::hideEvent(QHideEvent* event)
{
    endGesture();
    QSlider::hideEvent(event);
}

QSize ValueSlider::sizeHint() const { return {120, static_cast<int>(2 * handleRadius) + 6}; }
QSize ValueSlider::minimumSizeHint() const { return {60, sizeHint().height()}; }

void ValueSlider::paintEvent(QPaintEvent*)
{
    const Theme& look = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = height() / 2.0;
    const double left = handleRadius + 1;
    const double right = width() - handleRadius - 1;
    const double x = handleCentre();
    const QColor active = isEnabled() ? look.accent : look.border;
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.border);
    // The groove reaches the edges, flush with the label above; the handle stays inside.
    painter.drawRoundedRect(QRectF(0, middle - 1.5, width(), 3), 1.5, 1.5);
    painter.setBrush(active);
    painter.drawRoundedRect(QRectF(0, middle - 1.5, x, 3), 1.5, 1.5);
    if (m_mark) {
        const double at = left + fractionOf(*m_mark) * (right - left);
        painter.setBrush(look.mutedText);
        painter.drawRect(QRectF(at - 0.75, middle - 5, 1.5, 10));
    }
    painter.setBrush(isEnabled() ? (m_held || underMouse() ? look.hover : look.field) : look.window);
    painter.setPen(QPen(active, hasFocus() ? 2.5 : 1.5));
    painter.drawEllipse(QPointF(x, middle), handleRadius - 1, handleRadius - 1);
    // Beyond the range: an arrow head in the handle says that the value is not here but further on.
    if (m_value < m_minimum || m_value > m_maximum) {
        const double d = m_value < m_minimum ? -2.5 : 2.5;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(active, 1.5));
        painter.drawPolyline(
            QPolygonF({QPointF(x - d / 2, middle - 3), QPointF(x + d / 2, middle), QPointF(x - d / 2, middle + 3)}));
    }
}

} // namespace endospike
