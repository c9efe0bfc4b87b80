// A table to read: whole rows are chosen, one at a time; nothing is edited, and Tab goes past it.
#pragma once

#include <QColor>
#include <QStringList>

#include <limits>

class QTableView;
class QTableWidget;

namespace endospike {

void makeReadingTable(QTableView& table);

/// Puts a name, in `color` if it is valid, and figures, which stand to the right.
void setRow(QTableWidget& table, int row, const QStringList& texts, const QColor& color = {});

/// Pixels of a row in the theme's font.
int readingRowHeight();

/// Makes its rows as high as their text and the table as high as its rows, at least `least` and at most `most`.
void fitRows(QTableWidget& table, int least, int most = std::numeric_limits<int>::max());

} // namespace endospike
