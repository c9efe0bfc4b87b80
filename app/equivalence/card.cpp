#include "app/equivalence/card.h"

#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/tv_lif_hh.h"
#include "widgets/look/theme.h"
#include "widgets/picture/place_in.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

void drawCircle(
    QPainter& painter, QPointF at, double radius, const QColor& color, const QString& name, const Theme& look)
{
    painter.setPen(QPen(color, 2));
    painter.setBrush(look.window);
    painter.drawEllipse(at, radius, radius);
    painter.setPen(look.text);
    painter.setFont(look.baseFont());
    painter.drawText(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius), Qt::AlignCenter, name);
}

void drawFour(QPainter& painter, QRectF area, double phase, const Theme& look)
{
    const double radius = std::min(area.height() * 0.16, area.width() * 0.09);
    const QColor hh = readableOn(hueColor(hodgkinHuxleyModel().hue), look.plot);
    const QColor lif = readableOn(hueColor(tvLifHhModel().hue), look.plot);
    const QPointF left = placeIn(area, 0.15, 0.5);
    drawCircle(painter, left, 1.6 * radius, hh, QStringLiteral("HH"), look);
    QFont large = look.titleFont();
    large.setPointSize(2 * large.pointSize());
    painter.setFont(large);
    painter.setPen(look.text);
    painter.drawText(
        QRectF(placeIn(area, 0.37, 0.5) - QPointF(20, 30), QSizeF(40, 60)), Qt::AlignCenter, QStringLiteral("="));
    const QPointF soma = placeIn(area, 0.88, 0.5);
    for (int i = 0; i < 3; ++i) {
        const QPointF channel = placeIn(area, 0.58, 0.84 - 0.34 * i);
        painter.setPen(QPen(look.border, 2));
        painter.drawLine(channel, soma);
        const double along = std::fmod(3 * phase + i / 3.0, 1.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(lif);
        painter.drawEllipse(channel + along * (soma - channel), 3.5, 3.5);
        drawCircle(painter, channel, radius, lif,
            QStringList{QStringLiteral("Na"), QStringLiteral("K"), QStringLiteral("L")}[i], look);
    }
    drawCircle(painter, soma, radius, lif, QStringLiteral("V"), look);
}

} // namespace

WelcomeCard equivalenceCard()
{
    return {QCoreApplication::translate("WelcomePage", "One HH neuron is four LIF neurons"),
        QCoreApplication::translate(
            "WelcomePage", "Three channels and a soma, each a leaky integrator: the same voltage to the last digit."),
        drawFour};
}

} // namespace endospike
