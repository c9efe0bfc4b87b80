#include "widgets/picture/pendulum_view.h"

#include "widgets/look/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace endospike {

namespace {

constexpr double cartLength_m = 0.4;
constexpr double cartHeight_m = 0.2;
constexpr double poleWidth_m = 0.09;
constexpr double poleLength_m = 0.6;
constexpr std::size_t trailLength = 90;
constexpr double clickReach_px = 4; ///< a press that moved less is a click

QString signedNumber(double value, int decimals)
{
    QString text = QString::number(std::abs(value), 'f', decimals);
    const bool zero = text.toDouble() == 0;
    return (zero ? QString() : value < 0 ? QString(QChar(0x2212)) : QStringLiteral("+")) + text;
}

QColor faded(QColor color, double alpha)
{
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

} // namespace

/// Where metres lie in a picture of some size.
struct PendulumView::Frame {
    const Theme& look;
    QSize size;
    double scale; ///< px per m
    QPointF origin; ///< the rail's middle

    QPointF at(double x_m, double z_m) const { return origin + QPointF(x_m * scale, -z_m * scale); }
    double line() const { return QFontMetricsF(look.axisFont()).height(); }
};

PendulumView::PendulumView(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setToolTip(tr("Drag the cart, click beside it, or press Left or Right to strike it; Shift strikes harder."));
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] { update(); });
    describe();
}

void PendulumView::setScene(const PendulumScene& scene)
{
    m_scene = scene;
    m_ghost.reset();
    clear();
}

void PendulumView::setTitle(const QString& title)
{
    m_title = title;
    setAccessibleName(title.isEmpty() ? tr("Cart and poles") : title);
    update();
}

void PendulumView::setColor(const QColor& color)
{
    m_color = color;
    update();
}

void PendulumView::setPose(const PendulumPose& pose)
{
    m_pose = pose;
    if (!pose.ends.empty())
        m_trail.push_back(pose.ends.back());
    while (m_trail.size() > trailLength)
        m_trail.pop_front();
    update();
}

void PendulumView::setGhost(const std::optional<PendulumPose>& pose)
{
    m_ghost = pose;
    update();
}

void PendulumView::clear()
{
    m_pose.reset();
    m_trail.clear();
    m_pressed.reset();
    update();
}

void PendulumView::setTrailShown(bool shown)
{
    m_trailShown = shown;
    update();
}

void PendulumView::setStatus(const QString& status, bool warning)
{
    if (status == m_status && warning == m_warning)
        return;
    m_status = status;
    m_warning = warning;
    describe();
    update();
}

void PendulumView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

void PendulumView::describe() { setAccessibleDescription(m_status); }

PendulumView::Frame PendulumView::frame(QSize size, const Theme& look) const
{
    const double line = QFontMetricsF(look.axisFont()).height();
    const double reach = poleLength_m * m_scene.poles + poleWidth_m;
    const double ruler = 2.2 * line, header = line + 12;
    const double below = cartHeight_m / 2 + 0.06;
    const double wide = (size.width() - 2 * line) / (2 * m_scene.railLimit_m + cartLength_m);
    const double high = (size.height() - ruler - header) / (reach + below);
    const double scale = std::max(10.0, std::min(wide, high));
    // What is left of the height goes above and below in equal parts.
    const double spare = std::max(0.0, size.height() - ruler - header - scale * (reach + below));
    return {look, size, scale, {size.width() / 2.0, header + spare / 2 + scale * reach}};
}

QPointF PendulumView::toPixels(double x_m, double z_m) const { return frame(size(), currentTheme()).at(x_m, z_m); }

double PendulumView::pixelsPerMetre() const { return frame(size(), currentTheme()).scale; }

void PendulumView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    draw(painter, size(), false);
}

void PendulumView::draw(QPainter& painter, QSize size, bool figure) const
{
    const Theme& look = figure ? theme(ThemeKind::light) : currentTheme();
    const Frame f = frame(size, look);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(QRect(QPoint(), size), Qt::IntersectClip);
    painter.fillRect(QRect(QPoint(), size), look.plot);
    drawRuler(painter, f);
    if (m_pose) {
        drawLimits(painter, f);
        if (m_trailShown)
            drawTrail(painter, f);
        drawBody(painter, f, *m_pose, false);
        if (m_ghost)
            drawBody(painter, f, *m_ghost, true);
        drawDrag(painter, f);
    } else if (!m_emptyText.isEmpty()) {
        painter.setFont(look.baseFont());
        painter.setPen(look.mutedText);
        painter.drawText(QRectF(16, 0, size.width() - 32, f.origin.y() - cartHeight_m * f.scale),
            Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    drawHeader(painter, f);
    if (!figure && hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(look.accent, 2));
        painter.drawRect(QRectF(QPointF(1, 1), QSizeF(size.width() - 2, size.height() - 2)));
    }
    painter.restore();
}

void PendulumView::drawHeader(QPainter& painter, const Frame& f) const
{
    const Theme& look = f.look;
    const QRectF row(10, 6, f.size.width() - 20, f.line() + 2);
    painter.setFont(look.axisFont());
    painter.setPen(m_warning ? look.warning : look.mutedText);
    painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, m_status);
    QFont bold = look.axisFont();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(readableOn(m_color, look.plot, 4.5));
    const double room = row.width() - QFontMetricsF(look.axisFont()).horizontalAdvance(m_status) - 12;
    painter.drawText(
        row, Qt::AlignLeft | Qt::AlignVCenter, QFontMetricsF(bold).elidedText(m_title, Qt::ElideRight, room));
}

void PendulumView::drawRuler(QPainter& painter, const Frame& f) const
{
    const Theme& look = f.look;
    const double limit = m_scene.railLimit_m, thin = look.lineWidth > 2 ? 2 : 1;
    const double y = f.size.height() - 1.9 * f.line();
    // The rail, and the stops at its ends.
    painter.setPen(QPen(look.border, std::max(2.0, 0.02 * f.scale), Qt::SolidLine, Qt::FlatCap));
    const double stop = limit + cartLength_m / 2 - 0.1;
    painter.drawLine(f.at(-stop, 0), f.at(stop, 0));
    for (double side : {-1.0, 1.0})
        painter.drawLine(f.at(side * stop, 0.1), f.at(side * stop, -0.1));
    painter.setPen(QPen(look.mutedText, thin));
    painter.setFont(look.axisFont());
    painter.drawLine(QPointF(f.at(-limit, 0).x(), y), QPointF(f.at(limit, 0).x(), y));
    const int tenths = static_cast<int>(std::lround(10 * limit));
    for (int tenth = -tenths; tenth <= tenths; ++tenth) {
        const double x = f.at(tenth / 10.0, 0).x();
        const bool labelled = tenth % 5 == 0;
        painter.drawLine(QPointF(x, y), QPointF(x, y + (labelled ? 6 : 3)));
        if (!labelled)
            continue;
        QString text = QString::number(std::abs(tenth) / 10.0);
        if (tenth < 0)
            text.prepend(QChar(0x2212));
        if (tenth == tenths)
            text += tr(" m");
        painter.drawText(QRectF(x - 60, y + 7, 120, f.line()), Qt::AlignHCenter | Qt::AlignTop, text);
    }
    if (m_pose) { // where the cart is
        const QPointF tip(f.at(std::clamp(m_pose->cart_m, -1.1 * limit, 1.1 * limit), 0).x(), y - 2);
        painter.setPen(Qt::NoPen);
        painter.setBrush(look.text);
        painter.drawPolygon(QPolygonF{{tip, tip + QPointF(-5, -7), tip + QPointF(5, -7)}});
    }
}

void PendulumView::drawLimits(QPainter& painter, const Frame& f) const
{
    QPen pen(faded(f.look.mutedText, 0.6), f.look.lineWidth > 2 ? 2 : 1, Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    const double x = m_pose->cart_m, length = poleLength_m + 0.06;
    if (m_scene.fallAngle_rad > 0)
        for (double side : {-1.0, 1.0})
            painter.drawLine(f.at(x, 0),
                f.at(x + side * length * std::sin(m_scene.fallAngle_rad), length * std::cos(m_scene.fallAngle_rad)));
    if (m_scene.fallHeight_m > 0) {
        const double half = m_scene.railLimit_m + cartLength_m / 2 - 0.1;
        painter.drawLine(f.at(-half, m_scene.fallHeight_m), f.at(half, m_scene.fallHeight_m));
        painter.setPen(f.look.mutedText);
        painter.setFont(f.look.axisFont());
        painter.drawText(QRectF(f.at(-half, m_scene.fallHeight_m) + QPointF(2, 1), QSizeF(300, f.line())),
            Qt::AlignLeft | Qt::AlignTop, tr("fallen below %1 m").arg(m_scene.fallHeight_m));
    }
    pen.setStyle(Qt::DotLine);
    painter.setPen(pen);
    painter.drawLine(f.at(x, 0), f.at(x, poleLength_m * m_scene.poles + 0.06));
}

void PendulumView::drawTrail(QPainter& painter, const Frame& f) const
{
    const QColor color = readableOn(m_color, f.look.plot);
    painter.setBrush(Qt::NoBrush);
    for (std::size_t i = 1; i < m_trail.size(); ++i) {
        const double age = double(m_trail.size() - i) / double(trailLength);
        painter.setPen(QPen(faded(color, 0.5 * (1 - age)), f.look.lineWidth, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(f.at(m_trail[i - 1].x_m, m_trail[i - 1].z_m), f.at(m_trail[i].x_m, m_trail[i].z_m));
    }
}

void PendulumView::drawBody(QPainter& painter, const Frame& f, const PendulumPose& pose, bool ghost) const
{
    const Theme& look = f.look;
    const QColor color = readableOn(m_color, look.plot);
    const QPointF cart = f.at(pose.cart_m, 0);
    const QSizeF body(cartLength_m * f.scale, cartHeight_m * f.scale);
    const QRectF box(cart - QPointF(body.width() / 2, body.height() / 2), body);
    painter.setPen(ghost ? QPen(look.mutedText, 1, Qt::DashLine) : QPen(look.text, look.lineWidth));
    painter.setBrush(ghost ? QBrush(Qt::NoBrush) : QBrush(look.selected));
    painter.drawRoundedRect(box, body.height() / 2, body.height() / 2);
    PendulumPose::Point hinge{pose.cart_m, 0};
    const double width = poleWidth_m * f.scale;
    for (const PendulumPose::Point& end : pose.ends) {
        const QPointF from = f.at(hinge.x_m, hinge.z_m), to = f.at(end.x_m, end.z_m);
        if (ghost) {
            painter.setPen(QPen(look.mutedText, 1, Qt::DashLine));
            painter.drawLine(from, to);
        } else {
            painter.setPen(QPen(look.plot, width + 3, Qt::SolidLine, Qt::RoundCap)); // a rim tells two poles apart
            painter.drawLine(from, to);
            painter.setPen(QPen(color, width, Qt::SolidLine, Qt::RoundCap));
            painter.drawLine(from, to);
        }
        hinge = end;
    }
    if (ghost)
        return;
    hinge = {pose.cart_m, 0};
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.plot);
    for (const PendulumPose::Point& end : pose.ends) {
        painter.drawEllipse(f.at(hinge.x_m, hinge.z_m), width * 0.22, width * 0.22);
        hinge = end;
    }
}

/// An arrow as long as the blow that a release would give.
void PendulumView::drawDrag(QPainter& painter, const Frame& f) const
{
    if (!m_pressed)
        return;
    const double impulse = dragged_n_s();
    if (impulse == 0)
        return;
    const QPointF from = f.at(m_pose->cart_m, 0);
    const QPointF to = from + QPointF(impulse / dragPerMetre_n_s * f.scale, 0);
    const double direction = impulse > 0 ? 1 : -1, width = f.look.lineWidth + 1;
    painter.setPen(QPen(f.look.accent, width, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(from, to - QPointF(direction * 8, 0));
    painter.setPen(Qt::NoPen);
    painter.setBrush(f.look.accent);
    painter.drawPolygon(QPolygonF{{to, to + QPointF(-direction * 12, -7), to + QPointF(-direction * 12, 7)}});
    painter.setPen(f.look.text);
    painter.setFont(f.look.axisFont());
    const double y = from.y() + cartHeight_m / 2 * f.scale + 2;
    painter.drawText(QRectF(from.x() - 100, y, 200, f.line()), Qt::AlignHCenter | Qt::AlignTop,
        tr("%1 N s").arg(signedNumber(impulse, 1)));
}

double PendulumView::dragged_n_s() const
{
    if (!m_pressed || std::abs(m_pointer.x() - m_pressed->x()) < clickReach_px)
        return 0;
    const double metres = (m_pointer.x() - m_pressed->x()) / pixelsPerMetre();
    return std::clamp(metres * dragPerMetre_n_s, -strongest_n_s, strongest_n_s);
}

void PendulumView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_pose)
        return QWidget::mousePressEvent(event);
    m_pressed = m_pointer = event->position();
    m_moved = false;
    update();
}

void PendulumView::mouseMoveEvent(QMouseEvent* event)
{
    m_pointer = event->position();
    if (!m_pressed)
        return;
    m_moved = m_moved || std::abs(m_pointer.x() - m_pressed->x()) >= clickReach_px;
    update();
}

void PendulumView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_pressed)
        return QWidget::mouseReleaseEvent(event);
    m_pointer = event->position();
    double impulse = dragged_n_s();
    if (!m_moved && m_pose) { // a tap pushes away from where it lands
        const double force = event->modifiers() & Qt::ShiftModifier ? 3 * m_tap : m_tap;
        impulse = m_pointer.x() < toPixels(m_pose->cart_m, 0).x() ? force : -force;
    }
    m_pressed.reset();
    update();
    if (impulse != 0) // else dragged out and back again: nothing is meant
        emit nudge(impulse);
}

void PendulumView::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (key == Qt::Key_Escape && m_pressed) {
        m_pressed.reset();
        update();
    } else if ((key == Qt::Key_Left || key == Qt::Key_Right) && m_pose) {
        const double force = event->modifiers() & Qt::ShiftModifier ? 3 * m_tap : m_tap;
        emit nudge(key == Qt::Key_Right ? force : -force);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void PendulumView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void PendulumView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace endospike
