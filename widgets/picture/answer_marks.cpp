#include "widgets/picture/answer_marks.h"

#include "widgets/look/theme.h"

#include <QPainter>
#include <QPolygonF>

namespace endospike {

QColor answerColor(bool right)
{
    return readableOn(QColor(right ? QLatin1String("#0072B2") : QLatin1String("#D55E00")), currentTheme().window);
}

void drawAnswerMark(QPainter& painter, QRectF area, int corner, GridPicture::Mark mark)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(area.topLeft());
    painter.scale(area.width() / 9, area.height() / 9);
    if (mark == GridPicture::Mark::none) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(currentTheme().mutedText);
        const QPolygonF topLeft{{QPointF(1, 1), QPointF(7, 1), QPointF(1, 7)}};
        const QPolygonF bottomRight{{QPointF(8, 2), QPointF(8, 8), QPointF(2, 8)}};
        painter.drawPolygon(corner == 0 ? topLeft : bottomRight);
    } else {
        const bool right = mark == GridPicture::Mark::right;
        painter.setPen(QPen(answerColor(right), 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        if (right) {
            painter.drawPolyline(QPolygonF{{QPointF(1, 5), QPointF(3.5, 7.5), QPointF(8, 1.5)}});
        } else {
            painter.drawLine(QPointF(1.5, 1.5), QPointF(7.5, 7.5));
            painter.drawLine(QPointF(7.5, 1.5), QPointF(1.5, 7.5));
        }
    }
    painter.restore();
}

void drawAnswerBracket(QPainter& painter, QRectF frame, int corner, GridPicture::Mark mark)
{
    if (mark == GridPicture::Mark::none)
        return;
    const bool right = mark == GridPicture::Mark::right;
    const double width = right ? 2 : 4;
    const double length = frame.width() * (right ? 0.4 : 0.75);
    const QPointF at = corner == 0 ? frame.topLeft() : frame.bottomRight();
    const double inward = corner == 0 ? 1 : -1;
    const QPointF edge = at + QPointF(inward, inward) * width / 2;
    QPen pen(answerColor(right), width, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin);
    if (!right)
        pen.setDashPattern({1.5, 0.75});
    painter.setPen(pen);
    painter.drawPolyline(QPolygonF{
        {QPointF(edge.x(), edge.y() + inward * length), edge, QPointF(edge.x() + inward * length, edge.y())}});
}

} // namespace endospike
