// The information plane: networks are trained with a bottleneck, and after each epoch it is seen how much its code
// tells about the canvas and about the answers.
#pragma once

#include "app/jobs/work_folder.h"
#include "app/laboratory/job_page.h"
#include "sim/base/mailbox.h"
#include "sim/information/run.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace endospike {

class InformationBoard;
class InformationSetup;

class InformationPage : public JobPage {
    Q_OBJECT

public:
    /// Each work gets a folder below `runsFolder`/information; empty: the folders go with the page.
    InformationPage(Document& document, const QString& runsFolder, QWidget* parent = nullptr);
    ~InformationPage() override;

    void start() override; ///< shows what was measured last

    QWidget* home() const override;
    QWidget* setupPanel() const override;
    FigureRequest figure(const QString& caption) const override;

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    InformationSetup& setup() const { return *m_setup; }
    InformationBoard& board() const { return *m_board; }
    const std::vector<InformationRun>& runs() const { return m_runs; }

private:
    using Mail = std::vector<std::pair<RunId, InformationEpoch>>;
    void showExperiment() override;
    /// Goes on with work that was stopped, if nothing was changed since; else begins anew.
    void begin() override;
    void takeMail() override;
    void afterEnd(const QString& failure) override;

    InformationSetup* m_setup;
    InformationBoard* m_board;
    RunsFolder m_runsFolder;
    QString m_folder; ///< of all works
    QString m_work; ///< folder of the present one
    std::optional<Experiment> m_begun; ///< that was stopped, or is under way
    std::vector<InformationRun> m_runs;
    std::shared_ptr<Mailbox<Mail>> m_mail;
    bool m_looked = false; ///< for what was measured last
};

} // namespace endospike
