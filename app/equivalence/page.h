// The equivalence laboratory: one HH neuron is four LIF neurons. Four views on one document, chosen at the top.
#pragma once

#include "app/laboratory/page.h"

#include <QPointer>

#include <array>

class QStackedWidget;
class QToolButton;

namespace endospike {

class Document;
class EquivalenceCircuits;
class EquivalenceDial;
class EquivalenceExact;
class EquivalenceSimplified;
class EquivalenceView;
class SegmentedControl;

class EquivalencePage : public Page,
                        public Transport,
                        public LiveTransport,
                        public JobTransport,
                        public TracePlots,
                        public FigureSource {
    Q_OBJECT

public:
    enum class View { exact, simplified, dial, circuits };

    explicit EquivalencePage(Document& document, QWidget* parent = nullptr);

    PageParts parts() override; ///< live in the exact view, a job in the others
    void start() override;
    void stop() override;
    void tick() override;

    /// Live in the exact view; in the others it runs or cancels the view's work.
    void setRunning(bool running) override;
    void suspend() override;
    void resume() override;
    void singleStep() override;
    void reset() override;
    void setSpeed(double ms_per_s) override;
    double speed() const override;
    void setInjecting(bool injecting) override;
    TransportState state() const override;
    QString stopReason() const override;
    TransportReading reading() const override;
    double fraction() const override;
    QString sentence() const override;

    PlotStack& plots() const override;
    const TraceHistory& history() const override;
    FigureRequest figure(const QString& caption) const override;
    void showWholeRun() override;
    QWidget* setupPanel() const override;
    QWidget* home() const override;

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    void showView(View view);
    View view() const;
    SegmentedControl* viewControl() const { return m_choice; }
    QToolButton* helpButton() const { return m_helpButton; }
    QWidget* helpPanel() const { return m_help; }
    EquivalenceExact* exactView() const { return m_exact; }
    EquivalenceSimplified* simplifiedView() const { return m_simplified; }
    EquivalenceDial* dialView() const { return m_dial; }
    EquivalenceCircuits* circuitsView() const { return m_circuits; }

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildStrip();
    QWidget* buildHelp();
    void placeHelp();
    void connectView(EquivalenceView* view);
    EquivalenceView* current() const;
    void showExperiment() override;

    Document& m_document;
    SegmentedControl* m_choice;
    QToolButton* m_helpButton;
    QWidget* m_help;
    QStackedWidget* m_stack;
    EquivalenceExact* m_exact;
    EquivalenceSimplified* m_simplified;
    EquivalenceDial* m_dial;
    EquivalenceCircuits* m_circuits;
    std::array<EquivalenceView*, 4> m_views;
    double m_speed_ms_per_s = 10;
    bool m_resumes = false;
};

} // namespace endospike
