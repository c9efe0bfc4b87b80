// The control laboratory: spiking policies learn to balance poles on a cart, and can be watched and struck while they
// play. The play runs by the window's clock, the trainings on threads of their own.
#pragma once

#include "app/control/play.h"
#include "app/jobs/newest_job.h"
#include "app/jobs/work_folder.h"
#include "app/laboratory/job_page.h"
#include "sim/base/mailbox.h"
#include "sim/control/plan.h"
#include "sim/control/work.h"

#include <QElapsedTimer>

#include <memory>
#include <optional>
#include <vector>

class QStackedWidget;

namespace endospike {

class ControlBoard;
class ControlSetup;
class SegmentedControl;

class ControlPage : public JobPage, public TrainedOpener {
    Q_OBJECT

public:
    enum class View { play, learning };

    /// Each work gets a folder below `runsFolder`/control; empty: the folders go with the page.
    ControlPage(Document& document, const QString& runsFolder, QWidget* parent = nullptr);
    ~ControlPage() override;

    PageParts parts() override { return {.transport = this, .job = this, .figure = this, .opener = this}; }
    void start() override; ///< shows what was trained last
    void stop() override;
    void tick() override;

    void reset() override; ///< no training waits any more: Run begins anew
    bool pausable() const override { return true; }
    QString sentence() const override;

    QWidget* home() const override;
    QWidget* setupPanel() const override;
    FigureRequest figure(const QString& caption) const override;

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    /// Plays it: the first one on the left, the next on the right, in turn.
    void openTrained(const QString& file) override;

    void showView(View view);
    View view() const;
    SegmentedControl* viewControl() const { return m_choice; }
    ControlSetup& setup() const { return *m_setup; }
    ControlBoard& board() const { return *m_board; }
    ControlPlay& playground() const { return *m_play; }
    const std::vector<ControlRun>& runs() const { return m_runs; }

private:
    struct Mail;
    void connectSetup();
    void showExperiment() override;
    /// Goes on with work that was stopped, also before the program was last closed, if nothing was changed since; else
    /// begins anew.
    void begin() override;
    QString workToResume(const ControlPlan& plan) const;
    void takeMail() override;
    void drawRuns();
    void offerPolicies();
    std::shared_ptr<const Policy> livePolicy(const RunId& id) const; ///< null before the first snapshot
    void afterEnd(const QString& failure) override;

    ControlSetup* m_setup;
    SegmentedControl* m_choice;
    QStackedWidget* m_stack;
    ControlPlay* m_play;
    ControlBoard* m_board;
    RunsFolder m_runsFolder;
    QString m_folder; ///< of all works
    QString m_work; ///< folder of the present one
    std::vector<ControlRun> m_runs;
    std::vector<std::pair<RunId, std::shared_ptr<const Policy>>> m_live; ///< the newest of each training
    std::vector<std::pair<QString, std::shared_ptr<const Policy>>> m_opened; ///< with their files
    int m_openings = 0;
    std::shared_ptr<Mailbox<Mail>> m_mail;
    bool m_stale = false; ///< figures have come that the board does not show yet
    QElapsedTimer m_drawn;
    bool m_anew = false; ///< what was begun is not to go on
    bool m_looked = false; ///< for what was trained last
    NewestJob m_opening; // last: its thread ends before what it uses goes
};

} // namespace endospike
