// One line of text with sub- and superscripts, drawn straight through a painter: the symbols of the tables without a
// text document.
#pragma once

#include <QFont>
#include <QPointF>
#include <QString>

class QPainter;

namespace endospike {

/// Understands <sub>, <sup>, <i> and <b>; other tags are left out; a literal < is written &lt;.
double richWidth(const QFont& font, const QString& text);

/// Draws at the baseline's left end with the painter's pen; returns the width. Leaves `font` set on the painter.
double drawRich(QPainter& painter, const QFont& font, QPointF baseline, const QString& text);

/// The text without tags.
QString plainText(const QString& text);

} // namespace endospike
