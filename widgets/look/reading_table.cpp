#include "widgets/look/reading_table.h"

#include "widgets/look/theme.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableWidget>

#include <algorithm>

namespace endospike {

void makeReadingTable(QTableView& table)
{
    table.verticalHeader()->hide();
    table.verticalHeader()->setMinimumSectionSize(10);
    table.setShowGrid(false);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setTabKeyNavigation(false);
    table.setWordWrap(false);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.horizontalHeader()->setHighlightSections(false);
    // The cells' words stand under the header's.
    table.setStyleSheet(
        QStringLiteral("QTableView::item { padding: 0 5px; } QHeaderView::section { padding: 2px 5px; } "
                       "QAbstractScrollArea::corner { background: transparent; border: 0; }"));
}

void setRow(QTableWidget& table, int row, const QStringList& texts, const QColor& color)
{
    for (int column = 0; column < texts.size(); ++column) {
        auto* item = new QTableWidgetItem(texts[column]);
        if (column > 0)
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        else if (color.isValid())
            item->setForeground(readableOn(color, currentTheme().plot, 4.5));
        table.setItem(row, column, item);
    }
}

int readingRowHeight() { return QFontMetrics(currentTheme().baseFont()).height() + 5; }

void fitRows(QTableWidget& table, int least, int most)
{
    const int line = readingRowHeight();
    for (int row = 0; row < table.rowCount(); ++row)
        table.setRowHeight(row, line);
    const bool wide = table.horizontalHeader()->length() > table.viewport()->width();
    table.setFixedHeight(table.horizontalHeader()->sizeHint().height()
        + std::clamp(table.rowCount(), least, most) * line + 2 * table.frameWidth()
        + (wide ? table.horizontalScrollBar()->sizeHint().height() : 0));
}

} // namespace endospike
