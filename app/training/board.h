// The first view of the training laboratory: learning curves of the ticked runs, the race between them, the figures of
// the one that is going on, and the table of all.
#pragma once

#include "app/training/listed_run.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <array>
#include <optional>
#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTimer;

namespace endospike {

class LearningPlot;
class RunModel;
class RunTable;
class SegmentedControl;
class TrainingReading;
struct LearningCurve;

class TrainingBoard : public QWidget {
    Q_OBJECT

public:
    enum View { learning, byTime, byOperations, byParameters };
    enum Tasks { bothTasks, topLeft, bottomRight };
    enum Action { look, goOn, open, remove, csv, tensorBoard, actionCount };

    explicit TrainingBoard(QWidget* parent = nullptr);

    /// The whole list; ticks and choice survive by folder. Runs of the present queue are ticked when they are new.
    void setRuns(std::vector<ListedRun> runs);
    /// Appended live; folders that are not listed are left out.
    void addBatches(const std::string& folder, const std::vector<BatchMetrics>& batches);
    void addEpoch(const std::string& folder, const EpochMetrics& epoch);
    void setRunState(const std::string& folder, RunState state, const QString& failure = {});

    const std::vector<ListedRun>& runs() const { return m_runs; }
    /// Empty without a choice. choose() does not emit.
    std::string chosen() const;
    void choose(const std::string& folder);
    std::vector<std::string> ticked() const; ///< folders, in the order of the table
    void tick(const std::string& folder);

    void showView(View view);
    View view() const;
    FigureRequest figure(const QString& caption) const;

    SegmentedControl* viewControl() const { return m_view; }
    SegmentedControl* taskControl() const { return m_tasks; }
    LearningPlot* lossPlot() const { return m_loss; }
    LearningPlot* accuracyPlot() const { return m_accuracy; }
    LearningPlot* racePlot() const { return m_race; }
    RunTable* table() const { return m_table; }
    TrainingReading* reading() const { return m_reading; }
    QPushButton* button(Action action) const { return m_buttons[action]; }
    QPushButton* startButton() const { return m_start; }

    /// Epochs trained so far, up to this batch.
    static double epochsAt(const BatchMetrics& batch);

signals:
    void runChosen(const QString& folder); ///< by the user: look into this run (the other views follow it)
    void lookWanted(const QString& folder); ///< chosen, and a view into its network is to come to the front
    void openWanted(const QString& folder); ///< its experiment becomes the document
    void continueWanted(const QString& folder); ///< resume it from its checkpoint
    void removeWanted(const QString& folder);
    void exportWanted(const std::vector<std::string>& folders, endospike::RunExport format); ///< of the ticked runs
    void startWanted(); ///< the button of the empty state

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Shown {
        std::size_t run;
        std::size_t batches; ///< as many are in the plots
        std::size_t epochs;
    };

    QWidget* buildEmpty();
    QWidget* buildPlots();
    QWidget* buildActions();
    QWidget* buildList();
    QWidget* buildStrip();
    void act(Action action);
    void showMenu(const QPoint& at);
    void choseInTable();
    void curveClicked(int curve);
    void showTicks();
    void showRace();
    void showChosen();
    void later();
    void catchUp();
    void extend(std::size_t curve);
    QString nameOf(std::size_t run) const;
    LearningCurve curveOf(std::size_t run) const;
    double accuracyOf(const std::array<double, taskCount>& accuracy) const;
    std::optional<std::size_t> running() const;

    std::vector<ListedRun> m_runs;
    std::vector<Shown> m_shown; ///< the curves of the plots, in their order
    RunModel* m_model;
    QStackedWidget* m_pages;
    QStackedWidget* m_plots;
    SegmentedControl* m_view;
    SegmentedControl* m_tasks;
    LearningPlot* m_loss;
    LearningPlot* m_accuracy;
    LearningPlot* m_race;
    TrainingReading* m_reading;
    RunTable* m_table;
    QPushButton* m_start = nullptr;
    std::array<QPushButton*, actionCount> m_buttons{};
    QTimer* m_later;
    std::vector<bool> m_changed; ///< rows that wait for the timer
};

} // namespace endospike
