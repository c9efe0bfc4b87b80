// What a learning curve needs before it is drawn: a line through noisy points, and no more points than can be seen.
#pragma once

#include <QPolygonF>
#include <QVector>

namespace endospike {

/// At each point the value of the straight line fitted to the points within width / 2 of it: no lag, and a straight
/// line stays what it is, ends included. x rises; every value is finite. As many points as there were.
QVector<QPointF> smoothed(const QVector<QPointF>& points, double width);

/// A width that follows how far the training is: a 25th of the points' span, from 0.1 to 1 epoch.
double smoothingWidth(const QVector<QPointF>& points);

/// Points in pixels with rising x: of each column of pixels the first, the lowest, the highest and the last, in their
/// order. What is drawn through them covers the same pixels, to within one.
QPolygonF thinned(const QPolygonF& onScreen);

/// Points of a smooth line that are at least this far apart in x, with the first and the last.
QPolygonF spaced(const QPolygonF& onScreen, double least);

} // namespace endospike
