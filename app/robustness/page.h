// The robustness laboratory: a sweep of networks, seeds and amplitudes of noise, and a mirror that shows what noise
// does to single answers.
#pragma once

#include "app/jobs/newest_job.h"
#include "app/jobs/work_folder.h"
#include "app/laboratory/job_page.h"
#include "sim/base/mailbox.h"
#include "sim/network/run_folder.h"
#include "sim/robustness/sweep.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

class QStackedWidget;

namespace endospike {

class NoiseMirrorView;
class RobustnessBoard;
class RobustnessSetup;
class SegmentedControl;

class RobustnessPage : public JobPage, public TableSource {
    Q_OBJECT

public:
    enum class View { sweep, mirror };

    /// Each sweep gets a folder below `runsFolder`/robustness; empty: the folders go with the page.
    RobustnessPage(Document& document, const QString& runsFolder, QWidget* parent = nullptr);
    ~RobustnessPage() override;

    PageParts parts() override { return {.transport = this, .job = this, .figure = this, .table = this}; }
    void start() override; ///< shows the sweep that was made last
    void stop() override;

    void suspend() override; // a sweep goes on while another laboratory is looked at
    void resume() override;

    QWidget* home() const override;
    QWidget* setupPanel() const override;
    QString csv() const override;
    FigureRequest figure(const QString& caption) const override;

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    RobustnessSetup& setup() const { return *m_setup; }
    RobustnessBoard& board() const { return *m_board; }
    NoiseMirrorView& mirror() const { return *m_mirror; }
    SegmentedControl* viewControl() const { return m_choice; }
    /// Of the sweep that is shown, in the order of the grid.
    const std::vector<FieldResult>& fields() const { return m_fields; }
    /// Empty before the first sweep.
    QString work() const { return m_work; }

private:
    struct Mail;
    void build();
    void showExperiment() override;
    View view() const;
    void chooseView();
    void showLast();
    void lookForTrained();
    QStringList roots() const;
    /// Goes on with a sweep whose fields are not all done, if nothing was changed since; else begins anew.
    void begin() override;
    void takeMail() override;
    void sortFields();
    void showFields();
    void afterEnd(const QString& failure) override;

    RobustnessSetup* m_setup;
    RobustnessBoard* m_board;
    NoiseMirrorView* m_mirror;
    SegmentedControl* m_choice;
    QStackedWidget* m_setups;
    QStackedWidget* m_stack;
    RunsFolder m_runsFolder;
    QString m_folder; ///< of all sweeps
    QStringList m_others; ///< folders of trained networks that were named by hand
    QString m_work; ///< folder of the present sweep
    std::optional<Experiment> m_begun; ///< that is shown, was stopped, or is under way
    std::size_t m_of = 0; ///< fields of its grid
    std::vector<FieldResult> m_fields;
    std::shared_ptr<Mailbox<Mail>> m_mail;
    bool m_looked = false; ///< for the sweep that was made last
    NewestJob m_search; ///< for trained networks
};

} // namespace endospike
