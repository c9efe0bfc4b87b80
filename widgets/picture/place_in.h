// Where a point of the unit square lies in an area, y upwards and kept inside.
#pragma once

#include <QRectF>

#include <algorithm>

namespace endospike {

inline QPointF placeIn(QRectF area, double x, double y)
{
    return {area.left() + x * area.width(), area.bottom() - std::clamp(y, 0.0, 1.0) * area.height()};
}

} // namespace endospike
