// What the information plane shows: paths through the plane, both quantities over the epochs, and a table at one epoch.
#pragma once

#include "sim/information/run.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <vector>

class QLabel;
class QSlider;
class QTableWidget;

namespace endospike {

class CurvePlot;
class PathPlot;
class SegmentedControl;

class InformationBoard : public QWidget {
    Q_OBJECT

public:
    /// What stands for I(Z;Y).
    enum Answer { firstTask, secondTask, both, publishedCounting };

    explicit InformationBoard(QWidget* parent = nullptr);

    /// While the slider is at its end, it goes on with the newest epoch.
    void setRuns(const std::vector<InformationRun>& runs);
    void setEmptyText(const QString& text);
    /// Numbers of the two controls; those that there are not are left out.
    void choose(int answer, int set);
    FigureRequest figure(const QString& caption) const;

    SegmentedControl* answerControl() const { return m_answer; }
    SegmentedControl* setControl() const { return m_set; }
    QSlider* epochSlider() const { return m_epoch; }
    QLabel* epochLabel() const { return m_epochLabel; }
    PathPlot* plane() const { return m_plane; }
    CurvePlot* inputPlot() const { return m_input; }
    CurvePlot* answerPlot() const { return m_answers; }
    QTableWidget* table() const { return m_table; }

    static double answerBits(const InformationPoint& point, Answer answer);

private:
    QWidget* buildPlots();
    QWidget* buildSlider();
    void buildTable();
    const InformationPoint& pointOf(const InformationEpoch& epoch) const;
    Answer answer() const;
    void refresh();
    void showEpoch();
    void fillTable();

    std::vector<InformationRun> m_runs;
    SegmentedControl* m_answer;
    SegmentedControl* m_set;
    PathPlot* m_plane;
    CurvePlot* m_input;
    CurvePlot* m_answers;
    QSlider* m_epoch;
    QLabel* m_epochLabel;
    QTableWidget* m_table;
    QLabel* m_estimator;
};

} // namespace endospike
