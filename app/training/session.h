// The list of trainings, worked off one after the other in the background, each in a folder of its own. Pausing stops
// at the next batch and keeps a checkpoint, from which the run goes on to the bit; so does whatever was stopped before.
// A person adds to the list and takes from it while it runs, so it stays on the window's thread and each run is a job;
// runQueue() (sim/runs/queue.h) is for lists that are whole when they begin.
#pragma once

#include "app/jobs/job_runner.h"
#include "app/training/data_source.h"
#include "app/training/listed_run.h"
#include "sim/base/mailbox.h"

#include <QObject>
#include <QString>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace endospike {

class TrainingSession : public QObject {
    Q_OBJECT

public:
    enum class Phase {
        idle,
        working, ///< training, or waiting for the images
        paused, ///< goOn() continues where it was
        ended ///< nothing waits any more
    };
    using Snapshot = std::shared_ptr<const Network>;

    /// Each work gets a folder below `folder`. `source` outlives this and reads the pairs of the document.
    TrainingSession(TrainingDataSource& source, const QString& folder, QObject* parent = nullptr);
    ~TrainingSession() override;

    /// All runs of the plan in a new work; what another one left waiting is given up. Begins once the source has the
    /// pairs.
    void begin(const TrainingPlan& plan, const std::string& title = {});
    /// Both return at once; the run that is under way ends at its next batch.
    void pause();
    void giveUp();
    void goOn();
    /// From its checkpoint: at once, or after the runs that wait already.
    void continueRun(const std::string& folder);
    /// Pauses and waits for the thread. What waits still is left as runs that can be continued.
    void stop();
    /// Hands out what the thread has left.
    void tick();

    /// Behind those of the queue, in front of what is listed already.
    void addEarlier(std::vector<RunRecord> records);
    /// Not while it is trained. False if there is none.
    bool forget(const std::string& folder);
    bool isTraining(const std::string& folder) const { return m_active == folder && m_runner.isRunning(); }

    Phase phase() const { return m_phase; }
    /// What the paused or working queue was made of.
    const std::optional<TrainingPlan>& begun() const { return m_begun; }
    const std::vector<ListedRun>& runs() const { return m_runs; }
    const ListedRun* run(const std::string& folder) const;
    double fraction() const; ///< of the whole queue
    QString sentence() const;
    /// Why the last run of the queue that failed did so.
    const QString& failure() const { return m_failure; }
    /// The queue ended because the images were missing.
    bool waitedInVain() const { return m_lackedData && m_phase == Phase::ended; }
    bool allFailed() const;

signals:
    void runsChanged(); ///< other runs, or their figures anew
    void runStateChanged(const std::string& folder);
    void batchesArrived(const std::string& folder, const std::vector<endospike::BatchMetrics>& batches);
    void epochArrived(const std::string& folder, const endospike::EpochMetrics& metrics);
    /// After the newest epoch; those that another one followed meanwhile are left out.
    void snapshotArrived(const std::string& folder, const endospike::EpochMetrics& metrics,
        const endospike::TrainingSession::Snapshot& network);
    void runFailed(const QString& sentence);
    void stateChanged();

private:
    struct Mail;
    enum class Intent { pause, giveUp };

    ListedRun* find(const std::string& folder);
    void setState(const std::string& folder, RunState state, const QString& failure = {});
    void sourceChanged();
    void startNext();
    void train(ListedRun& run);
    void ended(RunState state, const QString& failure);
    void abandonWaiting();
    void takeMail();
    void setPhase(Phase phase);

    TrainingDataSource& m_source;
    QString m_folder;
    Phase m_phase = Phase::idle;
    std::optional<TrainingPlan> m_begun;
    std::vector<ListedRun> m_runs;
    std::deque<std::string> m_waiting; ///< folders
    std::string m_active; ///< folder
    std::size_t m_ended = 0; ///< runs of this queue
    bool m_waitsForData = false;
    bool m_lackedData = false;
    bool m_stopping = false;
    Intent m_intent = Intent::pause;
    std::shared_ptr<Mailbox<Mail>> m_mail;
    double m_fraction = 0; ///< of the present run
    QString m_sentence;
    QString m_failure;
    JobRunner m_runner; // last: its thread ends before what it uses goes
};

} // namespace endospike
