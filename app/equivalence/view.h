// One of the four views of the equivalence page: settings on the left, pictures on the right, and work that is run,
// watched and cancelled from its own button and from the transport bar alike.
#pragma once

#include "app/jobs/job_runner.h"
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"
#include "sim/equivalence/settings.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <functional>
#include <vector>

class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace endospike {

class ParameterForm;
class Section;
class StimulusEditor;

class EquivalenceView : public QWidget {
    Q_OBJECT

public:
    using Change = std::function<void(Experiment&)>;

    explicit EquivalenceView(QWidget* parent = nullptr);

    virtual void setExperiment(const Experiment& experiment);
    const Experiment& experiment() const { return m_experiment; }
    /// The view came to the front.
    virtual void enter() { }
    /// What an export of this view shows.
    virtual FigureRequest figure(const QString& caption) const = 0;
    /// No result yet, and none being computed.
    bool isFresh() const { return !m_hasResult && !isRunning() && m_failure.isEmpty(); }

    virtual void run() = 0;
    void cancel() { m_runner.cancel(); }
    void stop() { m_runner.cancelAndWait(); }
    bool isRunning() const { return m_runner.isRunning(); }
    bool hasResult() const { return m_hasResult; }
    double fraction() const { return m_fraction; }
    const QString& sentence() const { return m_sentence; }
    const QString& failure() const { return m_failure; }

    QWidget* column() const;
    QPushButton* runButton() const { return m_run; }
    QLabel* statusLabel() const { return m_status; }

signals:
    /// A wish of the user; `place` and `continuing` as in Document::edit.
    void changeWanted(
        const QString& what, const QString& place, bool continuing, const endospike::EquivalenceView::Change& change);
    void jobChanged();
    void recordingWanted(int part);
    void injectionHeld(double current_ua_per_cm2);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    /// Starts the work; one of finished(), cancelled() or failed() follows.
    void begin(JobRunner::Work work);
    virtual void finished() = 0;
    virtual void cancelled() { }
    virtual void failed(const QString&) { }
    void setHasResult(bool has) { m_hasResult = has; }
    void setStatus(const QString& text);

    /// Left: a column of sections below the run button. Right: whatever the view puts there.
    Section* addSection(const QString& title, QWidget* body);
    void addToColumn(QWidget* widget);
    /// The experiment's shared stimulus; edits become changes.
    StimulusEditor* addStimulusSection();
    /// A form over rows [from, to] of the equivalence settings whose edits become changes.
    ParameterForm* settingsForm(int from, int to);
    QVBoxLayout* content() const { return m_content; }
    /// The run button with its progress and status; the caller puts it somewhere.
    QWidget* buildRun(const QString& label);

private:
    void fitWidth();
    void fitHeight();

    Experiment m_experiment{*findLaboratory(equivalence::key)};
    QScrollArea* m_scroll;
    QVBoxLayout* m_column;
    QVBoxLayout* m_content;
    QPushButton* m_run = nullptr;
    QLabel* m_status = nullptr;
    QProgressBar* m_bar = nullptr;
    QString m_runLabel;
    std::vector<ParameterForm*> m_forms;
    StimulusEditor* m_stimulus = nullptr;
    bool m_hasResult = false;
    double m_fraction = 0;
    QString m_sentence;
    QString m_failure;
    JobRunner m_runner; // last: its thread ends before what it uses goes
};

} // namespace endospike
