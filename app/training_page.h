// The training laboratory: small networks learn two tasks at once. The first view trains; the others look into the
// data and into the network of one run.
#pragma once

#include "app/page.h"
#include "app/training_view.h"

#include <vector>

class QHBoxLayout;
class QStackedWidget;

namespace endospike {

class Document;
class SegmentedControl;

class TrainingPage : public Page {
    Q_OBJECT

public:
    /// `runsFolder` keeps the runs; empty: nowhere.
    TrainingPage(Document& document, const QString& runsFolder, QWidget* parent = nullptr);

    Laboratory laboratory() const override { return Laboratory::training; }
    QString name() const override { return tr("Training"); }
    std::string_view icon() const override { return "network"; }

    void start(bool) override { }
    void stop() override;
    void tick() override { }

    void setRunning(bool) override { }
    void suspend() override { }
    void resume() override { }
    void singleStep() override { }
    void reset() override { }
    void setSpeed(double) override { }
    double speed() const override { return 0; }
    void setInjecting(bool) override { }
    TransportState state() const override { return TransportState::paused; }
    QString stopReason() const override { return {}; }
    TransportReading reading() const override { return {}; }
    TransportBar::Mode transportMode() const override { return TransportBar::Mode::job; }

    QWidget* home() const override;
    QWidget* setupPanel() const override { return m_setup; }
    FigureRequest figure(const QString& caption) const override;
    void showWholeRun() override { }

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    void showView(int view);
    int view() const;
    SegmentedControl* viewControl() const { return m_choice; }
    /// Null for the first view, which trains.
    TrainingView* trainingView(int view) const;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void addView(TrainingView* view);
    void showExperiment();

    Document& m_document;
    QWidget* m_setup;
    SegmentedControl* m_choice;
    QStackedWidget* m_stack;
    std::vector<TrainingView*> m_views;
};

} // namespace endospike
