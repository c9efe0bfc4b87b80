// One laboratory in the window: what stands in the rail, and what the window's transport bar, menus and keys act on.
#pragma once

#include "app/laboratory/file_chooser.h"
#include "sim/document/experiment.h"
#include "widgets/experiment/transport_bar.h"
#include "widgets/plot/figure.h"

#include <QString>
#include <QWidget>

#include <functional>
#include <string_view>

namespace endospike {

class Document;
class PlotStack;
class Settings;
class TraceHistory;

class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual std::string_view laboratory() const = 0; ///< its key
    virtual QString name() const = 0; ///< for the rail, one word
    virtual std::string_view icon() const = 0; ///< for themedIcon()

    /// Begins to compute. Nothing runs before.
    virtual void start(bool running) = 0;
    /// Ends every thread before returning, within 200 ms.
    virtual void stop() = 0;
    /// About every 16 ms while the page is shown: takes what has arrived, draws what has changed.
    virtual void tick() = 0;

    virtual void setRunning(bool running) = 0;
    /// Another laboratory comes to the front, or this one again: a live run waits meanwhile.
    virtual void suspend() = 0;
    virtual void resume() = 0;
    virtual void singleStep() = 0;
    virtual void reset() = 0;
    virtual void setSpeed(double ms_per_s) = 0;
    virtual double speed() const = 0;
    /// A key that injects a current is held, or let go.
    virtual void setInjecting(bool injecting) = 0;
    virtual TransportState state() const = 0;
    virtual QString stopReason() const = 0;
    virtual TransportReading reading() const = 0;
    /// Live simulation, or work with an end.
    virtual TransportBar::Mode transportMode() const { return TransportBar::Mode::live; }
    struct JobReading {
        double fraction = 0; ///< 0..1, negative if not known
        QString sentence;
    };
    virtual JobReading job() const { return {}; }

    /// Plots over time and what they show; nullptr and empty on a page that has none.
    virtual PlotStack* plots() const;
    virtual const TraceHistory& history() const;
    /// Gets the focus when a field is left, so that the single keys belong to the page again.
    virtual QWidget* home() const;
    virtual QWidget* setupPanel() const = 0;
    /// A page without plots over time: its figures as a CSV table, empty if there are none.
    virtual QString table() const { return {}; }
    /// What an export of the page shows.
    virtual FigureRequest figure(const QString& caption) const = 0;
    /// In place of the live run: the experiment from its start to its end, paused, in full view. Throws
    /// SimulationError.
    virtual void showWholeRun() = 0;

    /// A trained network or policy from a file, on the page of the laboratory that trains such (laboratoryOfTrained).
    virtual void openTrained(const QString& file) { Q_UNUSED(file); }

    /// How the page asks for a file or folder, where it does.
    virtual void setFileChooser(const FileChooser& chooser) { Q_UNUSED(chooser); }

    virtual void saveLayout(Settings& settings) const = 0;
    virtual void restoreLayout(const Settings& settings) = 0;

protected:
    /// Shows the document as it is.
    virtual void showExperiment() = 0;
    /// As Document::edit. A change that is refused is said, and the document shown again.
    void edit(Document& document, const QString& what, const QString& place, bool continuing,
        const std::function<void(Experiment&)>& change);

signals:
    void stateChanged();
    /// Something that the person wished cannot be; one sentence.
    void refused(const QString& sentence);
    /// Something was done that `undo` takes back; one sentence.
    void undoable(const QString& sentence, const std::function<void()>& undo);
    /// This is to be the laboratory's document, after the question about unsaved changes.
    void experimentWanted(const endospike::Experiment& experiment);
    /// A recording is to be chosen from a file for this part of the stimulus (cell -1: the shared one).
    void recordingWanted(int cellId, int part);
};

} // namespace endospike
