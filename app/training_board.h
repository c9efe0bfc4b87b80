// The first view of the training laboratory: learning curves of the ticked runs, the race between them, the figures of
// the one that is going on, and the table of all.
#pragma once

#include "app/listed_run.h"
#include "widgets/figure.h"

#include <QWidget>

#include <string>
#include <vector>

namespace endospike {

class TrainingBoard : public QWidget {
    Q_OBJECT

public:
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

    FigureRequest figure(const QString& caption) const;

signals:
    void runChosen(const QString& folder); ///< by the user: look into this run (the other views follow it)
    void lookWanted(const QString& folder); ///< chosen, and the test set view is to come to the front
    void openWanted(const QString& folder); ///< its experiment becomes the document
    void continueWanted(const QString& folder); ///< resume it from its checkpoint
    void removeWanted(const QString& folder);
    void exportWanted(const std::vector<std::string>& folders, endospike::RunExport format); ///< of the ticked runs
    void startWanted(); ///< the button of the empty state

private:
    std::vector<ListedRun> m_runs;
};

} // namespace endospike
