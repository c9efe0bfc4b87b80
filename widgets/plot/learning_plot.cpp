#include "widgets/plot/learning_plot.h"

#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"
#include "widgets/plot/learning_curve.h"

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr double markRadius = 2.6;
constexpr double reach_px = 14; ///< of the mouse
constexpr double startShare = 0.1; ///< of a training: how far its start goes

/// Calls with every value that is drawn as a line or a mark.
template <typename Function>
void forEachPoint(const std::vector<LearningCurve>& curves, const std::vector<QVector<QPointF>>& lines, Function call)
{
    for (std::size_t i = 0; i < curves.size(); ++i)
        for (const QVector<QPointF>* points : {&lines[i], &curves[i].marks})
            for (const QPointF& point : *points)
                call(point);
}

double distance(QPointF a, QPointF b) { return std::hypot(a.x() - b.x(), a.y() - b.y()); }

} // namespace

LearningPlot::LearningPlot(QWidget* parent)
    : XyPlot(parent)
{
    setLogarithmicX(false);
}

void LearningPlot::setCurves(std::vector<LearningCurve> curves)
{
    m_curves = std::move(curves);
    m_lines.clear();
    for (const LearningCurve& curve : m_curves)
        m_lines.push_back(smoothed(curve.samples, smoothingWidth(curve.samples)));
    m_hovered = -1;
    if (m_emphasised >= static_cast<int>(m_curves.size()))
        m_emphasised = -1;
    changed();
}

void LearningPlot::extend(std::size_t index, const QVector<QPointF>& samples, const QVector<QPointF>& marks)
{
    LearningCurve& curve = m_curves[index];
    curve.samples += samples;
    curve.marks += marks;
    if (!samples.isEmpty())
        m_lines[index] = smoothed(curve.samples, smoothingWidth(curve.samples));
    changed();
}

void LearningPlot::emphasise(int curve)
{
    if (curve >= static_cast<int>(m_curves.size()))
        curve = -1;
    if (curve == m_emphasised)
        return;
    m_emphasised = curve;
    replot(QCustomPlot::rpQueuedReplot);
}

void LearningPlot::setLogarithmicX(bool logarithmic)
{
    m_logarithmic = logarithmic;
    xAxis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    xAxis->setTicker(logarithmic ? QSharedPointer<QCPAxisTicker>(new DecadeTicker(true))
                                 : QSharedPointer<QCPAxisTicker>(new NumberTicker));
    fit();
}

void LearningPlot::setKey(const QString& line, const QString& marks)
{
    m_lineKey = line;
    m_marksKey = marks;
    replot(QCustomPlot::rpQueuedReplot);
}

void LearningPlot::setNamesAtEnds(bool names)
{
    m_names = names;
    replot(QCustomPlot::rpQueuedReplot);
}

bool LearningPlot::isEmpty() const
{
    return std::ranges::all_of(
        m_curves, [](const LearningCurve& curve) { return curve.samples.isEmpty() && curve.marks.isEmpty(); });
}

QCPRange LearningPlot::fullX() const
{
    double low = none, high = none;
    forEachPoint(m_curves, m_lines, [&](const QPointF& point) {
        if (!m_logarithmic || point.x() > 0) {
            low = std::fmin(low, point.x());
            high = std::fmax(high, point.x());
        }
    });
    if (m_logarithmic) {
        const double room = high > low ? std::pow(high / low, 0.05) : 3;
        return high > 0 ? QCPRange(low / room, high * room) : QCPRange(1, 10);
    }
    return high > 0 ? QCPRange(0, 1.02 * high) : QCPRange(0, 1);
}

QCPRange LearningPlot::fullY() const
{
    double low = none, high = none, settledLow = none, settledHigh = none;
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        for (const QVector<QPointF>* points : {&m_lines[i], &std::as_const(m_curves[i].marks)})
            for (const QPointF& point : *points) {
                if (m_logarithmic && !(point.x() > 0))
                    continue;
                low = std::fmin(low, point.y());
                high = std::fmax(high, point.y());
                if (point.x() < points->front().x() + startShare * (points->back().x() - points->front().x()))
                    continue;
                settledLow = std::fmin(settledLow, point.y());
                settledHigh = std::fmax(settledHigh, point.y());
            }
    if (std::isnan(low))
        return {0, 1};
    if (m_trimmed && settledHigh > settledLow) {
        low = std::max(low, settledLow - 0.3 * (settledHigh - settledLow));
        high = std::min(high, settledHigh + 0.3 * (settledHigh - settledLow));
    }
    const double margin = high > low ? 0.06 * (high - low) : std::max(0.5, 0.01 * std::abs(high));
    return {low >= 0 ? std::max(0.0, low - margin) : low - margin, high + margin};
}

QPen LearningPlot::penOf(std::size_t curve) const
{
    QPen pen = curvePen(m_curves[curve].color, m_curves[curve].variant, theme());
    if (static_cast<int>(curve) == m_emphasised)
        pen.setWidthF(1.8 * pen.widthF());
    return pen;
}

QPolygonF LearningPlot::onScreen(const QVector<QPointF>& points) const
{
    QPolygonF polygon;
    polygon.reserve(points.size());
    for (const QPointF& point : points)
        if (!m_logarithmic || point.x() > 0)
            polygon << QPointF(xAxis->coordToPixel(point.x()), yAxis->coordToPixel(point.y()));
    return polygon;
}

void LearningPlot::drawContent(QCPPainter& painter)
{
    std::vector<std::size_t> order(m_curves.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    if (m_emphasised >= 0 && m_emphasised < static_cast<int>(order.size()))
        std::rotate(order.begin() + m_emphasised, order.begin() + m_emphasised + 1, order.end());
    for (const std::size_t curve : order)
        drawSamples(painter, curve);
    painter.setAntialiasing(true);
    for (const std::size_t curve : order) {
        drawLine(painter, curve);
        drawMarks(painter, curve);
    }
    if (m_names)
        drawNames(painter);
    painter.setAntialiasing(false);
}

void LearningPlot::drawSamples(QCPPainter& painter, std::size_t curve) const
{
    QColor color = penOf(curve).color();
    color.setAlphaF(static_cast<int>(curve) == m_emphasised ? 0.6F : 0.4F);
    QVector<QRectF> dots; // faster than points of a pen that is wider than a pixel
    for (const QPointF& point : thinned(onScreen(m_curves[curve].samples)))
        dots.append({std::floor(point.x()) - 0.5, std::floor(point.y()) - 0.5, 2, 2});
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRects(dots);
}

void LearningPlot::drawLine(QCPPainter& painter, std::size_t curve) const
{
    painter.setPen(penOf(curve));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(spaced(onScreen(m_lines[curve]), 2));
}

void LearningPlot::drawMarks(QCPPainter& painter, std::size_t curve) const
{
    const QPolygonF marks = onScreen(m_curves[curve].marks);
    if (marks.isEmpty())
        return;
    QPen pen = penOf(curve);
    if (!m_curves[curve].samples.isEmpty())
        pen.setWidthF(0.55 * pen.widthF());
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(marks);
    pen.setStyle(Qt::SolidLine);
    painter.setPen(pen);
    painter.setBrush(theme().plot);
    const double radius = (marks.size() == 1 ? 1.6 : 1) * markRadius * (theme().lineWidth > 2 ? 1.6 : 1);
    double last = none;
    for (const QPointF& mark : marks) {
        if (mark.x() - last < 3.5 * radius)
            continue; // they would hide their line
        painter.drawEllipse(mark, radius, radius);
        last = mark.x();
    }
}

void LearningPlot::drawNames(QCPPainter& painter) const
{
    painter.setFont(theme().axisFont());
    const QFontMetricsF metrics(theme().axisFont());
    std::vector<QRectF> taken;
    std::vector<std::size_t> left;
    const auto write = [&](const QRectF& box, std::size_t curve) {
        QColor behind = theme().plot;
        behind.setAlphaF(0.85F);
        painter.fillRect(box.adjusted(-2, 0, 2, 0), behind);
        painter.setPen(readableOn(penOf(curve).color(), theme().plot, 4.5));
        painter.drawText(box, Qt::AlignCenter, m_curves[curve].name);
        taken.push_back(box);
    };
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        const QPolygonF marks = onScreen(m_curves[i].marks);
        if (marks.isEmpty() || m_curves[i].name.isEmpty())
            continue;
        const QPointF end = marks.back();
        const QSizeF size(metrics.horizontalAdvance(m_curves[i].name), metrics.height());
        const QPointF corners[] = {{end.x() + 8, end.y() - size.height() / 2},
            {end.x() - 8 - size.width(), end.y() - size.height() - 4}, {end.x() - 8 - size.width(), end.y() + 4}};
        const auto free = std::ranges::find_if(corners, [&](const QPointF& corner) {
            const QRectF box(corner, size);
            return QRectF(plotArea()).contains(box)
                && std::ranges::none_of(taken, [&](const QRectF& other) { return other.intersects(box); });
        });
        if (free == std::end(corners))
            left.push_back(i);
        else
            write({*free, size}, i);
    }
    // Whose end is crowded stands in the corner below, where few curves end, with its line.
    QPointF corner = plotArea().bottomRight() - QPointF(4, 4);
    for (const std::size_t curve : left) {
        const QSizeF size(metrics.horizontalAdvance(m_curves[curve].name), metrics.height());
        write({corner - QPointF(size.width(), size.height()), size}, curve);
        const double middle = corner.y() - size.height() / 2;
        painter.setPen(penOf(curve));
        painter.drawLine(
            QPointF(taken.back().left() - 6 - legendLine_px, middle), QPointF(taken.back().left() - 6, middle));
        corner.ry() -= size.height() + 2;
    }
}

void LearningPlot::drawMargins(QCPPainter& painter)
{
    drawKey(painter);
    if (m_hovered >= 0 && !isFigure())
        drawHovered(painter);
}

void LearningPlot::drawKey(QCPPainter& painter) const
{
    const QFontMetricsF metrics(theme().axisFont());
    const double baseline = plotGap_px / 2.0 + metrics.ascent();
    const double middle = std::round(baseline - metrics.xHeight() / 2);
    double right = plotArea().right();
    painter.setFont(theme().axisFont());
    for (const bool marks : {true, false}) {
        const QString& name = marks ? m_marksKey : m_lineKey;
        if (name.isEmpty())
            continue;
        painter.setPen(theme().mutedText);
        right -= metrics.horizontalAdvance(name);
        painter.drawText(QPointF(right, baseline), name);
        right -= plotGap_px / 2.0;
        painter.setAntialiasing(true);
        painter.setPen(QPen(theme().mutedText, (marks ? 0.55 : 1) * theme().lineWidth));
        painter.drawLine(QPointF(right - legendLine_px, middle), QPointF(right, middle));
        painter.setBrush(theme().plot);
        if (marks)
            painter.drawEllipse(QPointF(right - legendLine_px / 2.0, middle), markRadius, markRadius);
        painter.setAntialiasing(false);
        right -= legendLine_px + 2 * plotGap_px;
    }
}

void LearningPlot::drawHovered(QCPPainter& painter) const
{
    const auto curve = static_cast<std::size_t>(m_hovered);
    const QPointF at(xAxis->coordToPixel(m_hoveredPoint.x()), yAxis->coordToPixel(m_hoveredPoint.y()));
    const QString text = QStringLiteral("%1   %2").arg(m_curves[curve].name, plotNumber(m_hoveredPoint.y(), 4));
    const QFontMetricsF metrics(theme().axisFont());
    QRectF box(at.x() + 10, at.y() - metrics.height() - 10, metrics.horizontalAdvance(text) + 12, metrics.height() + 4);
    if (box.right() > plotArea().right())
        box.moveRight(at.x() - 10);
    if (box.top() < plotArea().top())
        box.moveTop(at.y() + 10);
    const QColor color = penOf(curve).color();
    painter.setAntialiasing(true);
    painter.setPen(QPen(theme().plot, 1.5));
    painter.setBrush(color);
    painter.drawEllipse(at, 4.5, 4.5);
    painter.setPen(QPen(theme().border, 1));
    painter.setBrush(theme().plot);
    painter.drawRoundedRect(box, 3, 3);
    painter.setAntialiasing(false);
    painter.setFont(theme().axisFont());
    painter.setPen(readableOn(color, theme().plot, 4.5));
    painter.drawText(box, Qt::AlignCenter, text);
}

void LearningPlot::findHovered(QPointF at)
{
    const int before = m_hovered;
    m_hovered = -1;
    double nearest = reach_px;
    if (plotArea().contains(at.toPoint()))
        for (std::size_t i = 0; i < m_curves.size(); ++i)
            for (const QVector<QPointF>* points : {&m_lines[i], &m_curves[i].marks})
                for (const QPointF& point : *points) {
                    if (m_logarithmic && !(point.x() > 0))
                        continue;
                    const double d = distance(at, {xAxis->coordToPixel(point.x()), yAxis->coordToPixel(point.y())});
                    if (d < nearest) {
                        nearest = d;
                        m_hovered = static_cast<int>(i);
                        m_hoveredPoint = point;
                    }
                }
    if (isVisible() && (m_hovered >= 0 || before >= 0))
        layer(QStringLiteral("overlay"))->replot();
}

void LearningPlot::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->position();
    XyPlot::mousePressEvent(event);
}

void LearningPlot::mouseReleaseEvent(QMouseEvent* event)
{
    XyPlot::mouseReleaseEvent(event);
    if (event->button() != Qt::LeftButton || distance(event->position(), m_pressed) > 3)
        return;
    findHovered(event->position());
    if (m_hovered >= 0)
        emit curveClicked(m_hovered);
}

void LearningPlot::mouseMoveEvent(QMouseEvent* event)
{
    XyPlot::mouseMoveEvent(event);
    findHovered(event->position());
}

void LearningPlot::leaveEvent(QEvent* event)
{
    m_hovered = -1;
    XyPlot::leaveEvent(event);
}

// On a logarithmic axis the library moves a range by a factor.
void LearningPlot::keyPressEvent(QKeyEvent* event)
{
    const bool left = event->key() == Qt::Key_Left;
    if (!m_logarithmic || !(left || event->key() == Qt::Key_Right))
        return XyPlot::keyPressEvent(event);
    xAxis->moveRange(std::pow(xAxis->range().upper / xAxis->range().lower, left ? -0.1 : 0.1));
    replot(QCustomPlot::rpQueuedReplot);
}

FigurePicture curveNames(const std::vector<LearningCurve>& curves, int width)
{
    const Theme& light = theme(ThemeKind::light);
    const QFontMetricsF metrics(light.axisFont());
    double widest = 1;
    for (const LearningCurve& curve : curves)
        widest = std::max(widest, metrics.horizontalAdvance(curve.name));
    const double column = widest + 2 * legendLine_px + 3 * plotGap_px;
    const int columns = std::max(1, static_cast<int>((width - 2 * plotGap_px) / column));
    const int rows = (static_cast<int>(curves.size()) + columns - 1) / columns;
    const double line = metrics.height() + 4;
    return {QSize(width, static_cast<int>(rows * line) + plotGap_px), [=, &light](QCPPainter& painter, QSize) {
                painter.setFont(light.axisFont());
                for (std::size_t i = 0; i < curves.size(); ++i) {
                    const int at = static_cast<int>(i);
                    const QPointF corner(plotGap_px + at % columns * column, plotGap_px / 2.0 + at / columns * line);
                    const double middle = corner.y() + metrics.height() / 2;
                    painter.setPen(curvePen(curves[i].color, curves[i].variant, light));
                    painter.drawLine(QPointF(corner.x(), middle), QPointF(corner.x() + 2 * legendLine_px, middle));
                    painter.setPen(light.text);
                    painter.drawText(
                        QPointF(corner.x() + 2 * legendLine_px + plotGap_px, corner.y() + metrics.ascent()),
                        curves[i].name);
                }
            }};
}

} // namespace endospike
