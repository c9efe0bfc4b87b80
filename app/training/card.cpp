#include "app/training/card.h"

#include "widgets/look/theme.h"
#include "widgets/picture/place_in.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

/// A sketch of learning, without numbers: three curves that rise and level off.
void drawRace(QPainter& painter, QRectF area, double phase, const Theme& look)
{
    struct Line {
        Hue hue;
        double end, rate;
    };
    painter.setPen(QPen(look.border, 1));
    painter.drawLine(area.bottomLeft(), area.topLeft());
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    for (const Line& line : {Line{Hue::blue, 0.66, 5}, Line{Hue::vermilion, 0.8, 4}, Line{Hue::orange, 0.92, 3}}) {
        const QColor color = readableOn(hueColor(line.hue), look.plot);
        QPolygonF path;
        for (double x = 0; x <= std::min(1.0, 1.25 * phase); x += 0.01)
            path << placeIn(area, x, 0.08 + (line.end - 0.08) * (1 - std::exp(-line.rate * x)));
        painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(path);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        if (!path.isEmpty())
            painter.drawEllipse(path.back(), 4, 4);
    }
}

} // namespace

WelcomeCard trainingCard()
{
    return {QCoreApplication::translate("WelcomePage", "Train three networks in half a minute"),
        QCoreApplication::translate(
            "WelcomePage", "LIF, HH and voltage-dependent HH learn two tasks at once. Starts with this click."),
        drawRace, true};
}

} // namespace endospike
