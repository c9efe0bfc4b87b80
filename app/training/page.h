// The training laboratory: small networks learn two tasks at once. The first view trains; the others look into the
// data and into the network of one run.
#pragma once

#include "app/jobs/work_folder.h"
#include "app/laboratory/page.h"
#include "app/training/archive.h"
#include "app/training/data_source.h"
#include "app/training/session.h"
#include "app/training/setup.h"
#include "app/training/view.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

class QStackedWidget;

namespace endospike {

class Document;
class SegmentedControl;
class TrainingBoard;
class TrainingNotice;

class TrainingPage : public Page, public Transport, public JobTransport, public FigureSource, public TrainedOpener {
    Q_OBJECT

public:
    enum class View { train, data, testSet, neuron };

    /// Each work gets a folder below `runsFolder`/training; empty: the folders go with the page.
    TrainingPage(Document& document, const QString& runsFolder, QWidget* parent = nullptr);
    ~TrainingPage() override;

    PageParts parts() override { return {.transport = this, .job = this, .figure = this, .opener = this}; }
    void start() override; ///< reads the images, and lists what was trained before
    void stop() override;
    void tick() override { m_session.tick(); }

    /// Goes on where it was paused, if the document's training was not changed since; else begins anew.
    void setRunning(bool running) override;
    void reset() override; ///< no run waits any more; after a failure, begins again
    TransportState state() const override;
    QString stopReason() const override;
    bool pausable() const override { return true; }
    double fraction() const override { return m_session.fraction(); }
    QString sentence() const override { return m_session.sentence(); }

    QWidget* home() const override;
    QWidget* setupPanel() const override { return m_setup; }
    FigureRequest figure(const QString& caption) const override;

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    /// A checkpoint from elsewhere becomes a run of the list, and is looked into.
    void openTrained(const QString& file) override { m_archive.adopt(file); }

    void showView(View view);
    View view() const;
    SegmentedControl* viewControl() const { return m_choice; }
    /// Null for the one that trains.
    TrainingView* trainingView(View view) const;
    TrainingSetup& setup() const { return *m_setup; }
    TrainingBoard& board() const { return *m_board; }
    const TrainingSession& session() const { return m_session; }
    const TrainingDataSource& dataSource() const { return m_source; }
    /// In place of a view that lacks what it shows; and above the runs, where images are missing.
    TrainingNotice& placeholder() const { return *m_placeholder; }
    TrainingNotice& dataNotice() const { return *m_dataNotice; }
    /// What the other views look into.
    const std::string& watchedFolder() const { return m_watched; }
    const std::shared_ptr<const Network>& watchedNetwork() const { return m_network; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildTrain();
    void connectView(TrainingView* view);
    void connectSetup();
    void connectSession();
    void connectBoard();
    void edit(const QString& what, const QString& place, bool continuing, const TrainingView::Change& change);
    void askForFolder(TrainingSetup::Folder folder);
    void showExperiment() override;
    void dataChanged();
    /// The pairs that a view looks at: those of the document, or, to look into a network, those it was trained with.
    const TrainingDataSource& sourceFor(const TrainingView& view) const;
    void wantLookedAt();
    void showData();
    /// Brings the chosen view to the front, or in its place what is missing.
    void arrange();
    bool showMissing(const TrainingView& view);
    void enter(TrainingView* view);
    void watch(const std::string& folder);
    void lookInto(const std::string& folder, const RunId& id, const EpochMetrics& metrics,
        std::shared_ptr<const Network> network);
    void giveSnapshot(TrainingView& view) const;
    void earlierListed(std::vector<RunRecord> records, const QStringList& problems);
    void adopted(const RunRecord& record);
    void runStateChanged(const std::string& folder);
    void openExperiment(const std::string& folder);
    void removeRun(const std::string& folder);
    void exportRuns(const std::vector<std::string>& folders, RunExport format);

    Document& m_document;
    RunsFolder m_runsFolder;
    QString m_folder; ///< of all works
    TrainingSetup* m_setup;
    TrainingBoard* m_board;
    TrainingNotice* m_dataNotice;
    TrainingNotice* m_placeholder;
    SegmentedControl* m_choice;
    QStackedWidget* m_stack;
    std::array<TrainingView*, 3> m_views; ///< without the one that trains
    TrainingView* m_entered = nullptr;
    bool m_listed = false;
    bool m_follows = true; ///< looks into whatever is trained, until the person chooses
    std::string m_watched; ///< folder
    bool m_looksElsewhere = false; ///< the watched run had other pairs than the document asks for
    RunId m_id; ///< of m_network
    EpochMetrics m_metrics;
    std::shared_ptr<const Network> m_network;
    TrainingArchive m_archive; // last: their threads end before what they use goes
    TrainingDataSource m_source; ///< of the document
    TrainingDataSource m_lookSource; ///< of the run that is looked into, where that had others
    TrainingSession m_session;
};

} // namespace endospike
