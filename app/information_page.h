// The information plane: networks are trained with a bottleneck, and after each epoch it is seen how much its code
// tells about the canvas and about the answers.
#pragma once

#include "app/job_runner.h"
#include "app/page.h"
#include "sim/analysis/information_run.h"

#include <QTemporaryDir>

#include <memory>
#include <optional>
#include <vector>

namespace endospike {

class Document;
class InformationBoard;
class InformationSetup;

class InformationPage : public Page {
    Q_OBJECT

public:
    /// Each work gets a folder below `runsFolder`/information; empty: the folders go with the page.
    InformationPage(Document& document, const QString& runsFolder, QWidget* parent = nullptr);
    ~InformationPage() override;

    Laboratory laboratory() const override { return Laboratory::information; }
    QString name() const override { return tr("Information"); }
    std::string_view icon() const override { return "plane"; }

    void start(bool running) override; ///< shows what was measured last
    void stop() override;
    void tick() override;

    /// Goes on with work that was stopped, if nothing was changed since; else begins anew.
    void setRunning(bool running) override;
    void suspend() override { } // it goes on while another laboratory is looked at
    void resume() override { }
    void singleStep() override { }
    void reset() override { }
    void setSpeed(double) override { }
    double speed() const override { return 0; }
    void setInjecting(bool) override { }
    TransportState state() const override;
    QString stopReason() const override { return m_failure; }
    TransportReading reading() const override { return {}; }
    TransportBar::Mode transportMode() const override { return TransportBar::Mode::job; }
    JobReading job() const override { return {m_fraction, m_sentence}; }

    QWidget* home() const override;
    QWidget* setupPanel() const override;
    FigureRequest figure(const QString& caption) const override;
    void showWholeRun() override { }

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    InformationSetup& setup() const { return *m_setup; }
    InformationBoard& board() const { return *m_board; }
    const std::vector<InformationRun>& runs() const { return m_runs; }

private:
    struct Mail;
    void showExperiment();
    void begin();
    void takeMail();
    void ended(const QString& sentence, const QString& failure);

    Document& m_document;
    InformationSetup* m_setup;
    InformationBoard* m_board;
    std::unique_ptr<QTemporaryDir> m_temporary;
    QString m_folder; ///< of all works
    QString m_work; ///< folder of the present one
    std::optional<Experiment> m_begun; ///< that was stopped, or is under way
    std::vector<InformationRun> m_runs;
    std::shared_ptr<Mail> m_mail;
    double m_fraction = 0;
    QString m_sentence;
    QString m_failure;
    bool m_finished = false;
    bool m_looked = false; ///< for what was measured last
    JobRunner m_runner; // last: its thread ends before what it uses goes
};

} // namespace endospike
