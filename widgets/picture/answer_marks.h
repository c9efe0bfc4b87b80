// Right and wrong, told by shape and colour alike: a tick or a cross, a solid or a broken bracket at the corner of the
// picture that the answer is about (0: top left, 1: bottom right).
#pragma once

#include "widgets/picture/image_grid.h"

#include <QColor>
#include <QRectF>

class QPainter;

namespace endospike {

QColor answerColor(bool right);

/// A tick, a cross, or for none a small triangle that fills the corner.
void drawAnswerMark(QPainter& painter, QRectF area, int corner, GridPicture::Mark mark);
void drawAnswerBracket(QPainter& painter, QRectF frame, int corner, GridPicture::Mark mark);

} // namespace endospike
