#include "widgets/plot/learning_curve.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace endospike {

namespace {

/// Sums over the points [0, i), each x taken from the middle of all, so that large numbers do not cancel.
struct Sums {
    double x = 0, y = 0, xx = 0, xy = 0;

    Sums operator-(const Sums& other) const { return {x - other.x, y - other.y, xx - other.xx, xy - other.xy}; }
};

} // namespace

QVector<QPointF> smoothed(const QVector<QPointF>& points, double width)
{
    if (points.size() < 3)
        return points;
    const double middle = (points.front().x() + points.back().x()) / 2;
    std::vector<Sums> before(static_cast<std::size_t>(points.size()) + 1);
    for (std::size_t i = 0; i + 1 < before.size(); ++i) {
        const QPointF& point = points[static_cast<qsizetype>(i)];
        const double x = point.x() - middle;
        before[i + 1] = {before[i].x + x, before[i].y + point.y(), before[i].xx + x * x, before[i].xy + x * point.y()};
    }
    QVector<QPointF> line;
    line.reserve(points.size());
    qsizetype first = 0, end = 0;
    for (const QPointF& point : points) {
        while (points[first].x() < point.x() - width / 2)
            ++first;
        while (end < points.size() && points[end].x() <= point.x() + width / 2)
            ++end;
        const auto n = static_cast<double>(end - first);
        const Sums sum = before[static_cast<std::size_t>(end)] - before[static_cast<std::size_t>(first)];
        const double spread = sum.xx - sum.x * sum.x / n;
        const double slope = n > 2 && spread > 1e-12 * (1 + sum.xx) ? (sum.xy - sum.x * sum.y / n) / spread : 0;
        line.append({point.x(), n > 2 ? sum.y / n + slope * (point.x() - middle - sum.x / n) : point.y()});
    }
    return line;
}

double smoothingWidth(const QVector<QPointF>& points)
{
    return points.isEmpty() ? 0.1 : std::clamp((points.back().x() - points.front().x()) / 25, 0.1, 1.0);
}

QPolygonF thinned(const QPolygonF& onScreen)
{
    QPolygonF kept;
    for (qsizetype i = 0; i < onScreen.size();) {
        const double column = std::floor(onScreen[i].x());
        qsizetype low = i, high = i, end = i;
        for (; end < onScreen.size() && std::floor(onScreen[end].x()) == column; ++end) {
            if (onScreen[end].y() < onScreen[low].y())
                low = end;
            if (onScreen[end].y() > onScreen[high].y())
                high = end;
        }
        std::array<qsizetype, 4> chosen{i, std::min(low, high), std::max(low, high), end - 1};
        for (std::size_t k = 0; k < chosen.size(); ++k)
            if (k == 0 || chosen[k] != chosen[k - 1])
                kept.append(onScreen[chosen[k]]);
        i = end;
    }
    return kept;
}

QPolygonF spaced(const QPolygonF& onScreen, double least)
{
    QPolygonF kept;
    for (qsizetype i = 0; i < onScreen.size(); ++i)
        if (kept.isEmpty() || i + 1 == onScreen.size() || onScreen[i].x() - kept.back().x() >= least)
            kept.append(onScreen[i]);
    return kept;
}

} // namespace endospike
