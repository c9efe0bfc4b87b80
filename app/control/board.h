// How the trainings go: reward and length of the episodes over the steps, mean and one standard deviation over the
// seeds of each policy, and a table of the trainings.
#pragma once

#include "sim/control/work.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <vector>

class QTableWidget;

namespace endospike {

class CurvePlot;

class ControlBoard : public QWidget {
    Q_OBJECT
public:
    explicit ControlBoard(QWidget* parent = nullptr);

    void setRuns(const std::vector<ControlRun>& runs);
    void setEmptyText(const QString& text);
    FigureRequest figure(const QString& caption) const;

    CurvePlot* rewardPlot() const { return m_reward; }
    CurvePlot* lengthPlot() const { return m_length; }
    QTableWidget* table() const { return m_table; }

    /// Mean length of the episodes that ended within the last controlRewardWindow steps, else of the last one that
    /// ended; NaN before the first has ended.
    static double lengthAt(const ControlRun& run, std::int64_t step);

private:
    void buildTable();
    void fillTable();

    std::vector<ControlRun> m_runs;
    CurvePlot* m_reward;
    CurvePlot* m_length;
    QTableWidget* m_table;
};

} // namespace endospike
