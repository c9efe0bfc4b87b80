// What the cost laboratory shows: bars of one quantity, and a table of all of them, for networks or for single cells.
#pragma once

#include "sim/cost/cost_table.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <vector>

class QLabel;
class QTableWidget;

namespace endospike {

class BarPlot;
class SegmentedControl;

/// What is counted, and what was measured if it was with this plan.
struct CostRow {
    NetworkPlan plan;
    NetworkCost cost;
};

class CostBoard : public QWidget {
    Q_OBJECT

public:
    enum Subject { networks, cells };
    enum Quantity { operations, parameters, memory, time };

    explicit CostBoard(QWidget* parent = nullptr);

    void setNetworks(std::vector<CostRow> rows);
    void setCells(std::vector<CellCost> rows);
    /// Numbers of the two controls; those that there are not are left out.
    void choose(int subject, int quantity);
    FigureRequest figure(const QString& caption) const;
    QString csv() const; ///< what is counted and measured, in operations, bytes and seconds

    SegmentedControl* subjectControl() const { return m_subject; }
    SegmentedControl* quantityControl() const { return m_quantity; }
    BarPlot* bars() const { return m_bars; }
    QTableWidget* table() const { return m_table; }
    QLabel* note() const { return m_note; }

signals:
    void networkChosen(int row); ///< a row of the table was clicked

private:
    Subject subject() const;
    Quantity quantity() const;
    void refresh();
    void showNetworkBars();
    void showCellBars();
    void fillTable();

    std::vector<CostRow> m_rows;
    std::vector<CellCost> m_cells;
    SegmentedControl* m_subject;
    SegmentedControl* m_quantity;
    BarPlot* m_bars;
    QTableWidget* m_table;
    QLabel* m_note;
};

/// Whether the program's counting gives the digits that the paper prints, one sentence for each network of which it
/// prints some.
QStringList printedSentences(const std::vector<CostRow>& rows);

} // namespace endospike
