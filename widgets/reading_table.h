// A table to read: whole rows are chosen, one at a time; nothing is edited, and Tab goes past it.
#pragma once

#include <QHeaderView>
#include <QTableWidget>

namespace endospike {

inline void makeReadingTable(QTableWidget& table)
{
    table.verticalHeader()->hide();
    table.setShowGrid(false);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setTabKeyNavigation(false);
    table.setWordWrap(false);
    table.horizontalHeader()->setHighlightSections(false);
}

} // namespace endospike
