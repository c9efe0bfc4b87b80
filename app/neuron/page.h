// The neuron laboratory: cells and stimulus on the left, their live traces on the right.
#pragma once

#include "app/jobs/live_session.h"
#include "app/laboratory/page.h"

#include <functional>

class QSplitter;
class QToolButton;

namespace endospike {

class Document;
class JitterView;
class SetupPanel;

class NeuronPage : public Page, public Transport, public LiveTransport, public TracePlots, public FigureSource {
    Q_OBJECT

public:
    explicit NeuronPage(Document& document, QWidget* parent = nullptr);

    PageParts parts() override { return {.transport = this, .live = this, .traces = this, .figure = this}; }
    void start() override;
    void stop() override;
    void tick() override;

    void setRunning(bool running) override { m_session.setRunning(running); }
    void suspend() override;
    void resume() override;
    void singleStep() override;
    void reset() override;
    void setSpeed(double ms_per_s) override { m_session.setSpeed(ms_per_s); }
    double speed() const override { return m_session.speed(); }
    void setInjecting(bool injecting) override;
    TransportState state() const override;
    QString stopReason() const override { return m_session.failure(); }
    TransportReading reading() const override;

    PlotStack& plots() const override { return *m_plots; }
    const TraceHistory& history() const override { return m_session.history(); }
    FigureRequest figure(const QString& caption) const override;
    void showWholeRun() override;
    QWidget* setupPanel() const override;
    QWidget* home() const override;
    SetupPanel* setup() const { return m_setup; }
    JitterView* jitter() const { return m_jitter; }
    QToolButton* jitterButton() const { return m_jitterButton; }

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

private:
    using Change = std::function<void(Experiment&)>;
    void build();
    void connectSetup();
    void connectCells();
    void addMenuActions();
    void showExperiment() override;
    void change(const QString& what, const QString& place, bool continuing, const Change& change);
    void changeCell(int cellId, const QString& what, const std::function<void(Cell&)>& change);
    void addCell(const QString& modelKey);
    void duplicateCell(int cellId);
    void removeCell(int cellId);

    Document& m_document;
    LiveSession m_session;
    bool m_resumes = false;
    QSplitter* m_splitter;
    SetupPanel* m_setup;
    PlotStack* m_plots;
    QSplitter* m_right; ///< plots above, jitter below
    QToolButton* m_jitterButton;
    JitterView* m_jitter;
};

/// The cell with this id, or null.
Cell* findCell(Experiment& experiment, int cellId);

} // namespace endospike
