#include "widgets/plot/path_plot.h"

#include "widgets/look/numbers.h"

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

/// With room around what lies between.
QCPRange around(double low, double high)
{
    if (!(low <= high))
        return {0, 1};
    const double margin = high > low ? 0.06 * (high - low) : std::max(0.5, 1e-3 * std::abs(high));
    return {low - margin, high + margin};
}

} // namespace

PathPlot::PathPlot(QWidget* parent)
    : XyPlot(parent)
    , m_ceiling(none)
{
}

void PathPlot::setPaths(std::vector<PlanePath> paths)
{
    m_paths = std::move(paths);
    changed();
}

void PathPlot::setStep(int step)
{
    m_step = std::max(step, 0);
    changed();
}

void PathPlot::setCeiling(double y, const QString& name)
{
    m_ceiling = y;
    m_ceilingName = name;
    changed();
}

bool PathPlot::isEmpty() const
{
    return std::ranges::all_of(m_paths, [](const PlanePath& path) { return path.points.isEmpty(); });
}

std::vector<LegendEntry> PathPlot::legend(std::optional<double>) const
{
    std::vector<LegendEntry> entries;
    for (const PlanePath& path : m_paths) {
        const QString value = path.points.isEmpty() ? QString() : plotNumber(path.points[now(path)].y(), 3);
        entries.push_back({path.name, curvePen(path.color, path.variant, theme()), value, none});
    }
    return entries;
}

// The first label of the axis may stand half beyond its end.
int PathPlot::leftMargin() const
{
    return XyPlot::leftMargin() + QFontMetrics(theme().axisFont()).horizontalAdvance(QStringLiteral("88"));
}

QCPRange PathPlot::fullX() const
{
    double low = none, high = none;
    for (const PlanePath& path : m_paths)
        for (const QPointF& point : path.points) {
            low = std::fmin(low, point.x());
            high = std::fmax(high, point.x());
        }
    return around(low, high);
}

QCPRange PathPlot::fullY() const
{
    double low = isEmpty() ? 0 : none, high = m_ceiling;
    for (const PlanePath& path : m_paths)
        for (const QPointF& point : path.points) {
            low = std::fmin(low, point.y());
            high = std::fmax(high, point.y());
        }
    return around(low, high);
}

QPolygonF PathPlot::onScreen(const PlanePath& path) const
{
    QPolygonF points;
    for (const QPointF& point : path.points)
        points << QPointF(xAxis->coordToPixel(point.x()), yAxis->coordToPixel(point.y()));
    return points;
}

void PathPlot::drawContent(QCPPainter& painter)
{
    if (!isEmpty() && std::isfinite(m_ceiling)) {
        const double y = std::round(yAxis->coordToPixel(m_ceiling));
        painter.setPen(QPen(theme().mutedText, 1, Qt::DashLine));
        painter.drawLine(QPointF(plotArea().left(), y), QPointF(plotArea().right(), y));
        painter.setFont(theme().axisFont());
        painter.drawText(QPointF(plotArea().left() + 8, y - 4), m_ceilingName);
    }
    painter.setAntialiasing(true);
    for (const PlanePath& path : m_paths)
        if (!path.points.isEmpty())
            drawPath(painter, path);
    painter.setAntialiasing(false);
}

void PathPlot::drawPath(QCPPainter& painter, const PlanePath& path) const
{
    const QPolygonF points = onScreen(path);
    const qsizetype now = this->now(path);
    const QPen pen = curvePen(path.color, path.variant, theme());
    QPen faint = pen;
    QColor later = pen.color();
    later.setAlphaF(0.3F);
    faint.setColor(later);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(faint);
    painter.drawPolyline(points.sliced(now));
    painter.setPen(pen);
    painter.drawPolyline(points.first(now + 1));
    const double dot = pen.widthF() + 0.6;
    painter.setPen(Qt::NoPen);
    for (qsizetype i = 1; i < points.size(); ++i) {
        painter.setBrush(i <= now ? pen.color() : later);
        painter.drawEllipse(points[i], dot, dot);
    }
    painter.setPen(QPen(pen.color(), pen.widthF())); // where it began: hollow
    painter.setBrush(theme().plot);
    painter.drawEllipse(points[0], dot + 1.4, dot + 1.4);
    painter.setPen(QPen(theme().plot, 1.5));
    painter.setBrush(pen.color());
    painter.drawEllipse(points[now], dot + 3.5, dot + 3.5);
}

} // namespace endospike
