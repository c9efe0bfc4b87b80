// One laboratory in the window. What it has beside a setup panel, it hands out (page_parts.h).
#pragma once

#include "app/laboratory/export_request.h"
#include "app/laboratory/file_chooser.h"
#include "app/laboratory/front.h"
#include "sim/document/experiment.h"

#include <QKeySequence>

#include <functional>
#include <vector>

class QAction;

namespace endospike {

class Document;
class Settings;

/// What a page adds to a menu of the window while it is in front.
struct PageAction {
    enum class Menu { edit, exports };
    Menu menu;
    QAction* action;
};

class Page : public Front {
    Q_OBJECT

public:
    using Front::Front;

    /// Begins to compute. Nothing runs before.
    virtual void start() = 0;
    /// Ends every thread before returning, within 200 ms.
    virtual void stop() = 0;
    /// About every 16 ms while the page is shown: takes what has arrived, draws what has changed.
    virtual void tick() = 0;
    /// Another laboratory comes to the front, or this one again: a live run waits meanwhile, work with an end goes on.
    virtual void suspend() { }
    virtual void resume() { }

    virtual QWidget* setupPanel() const = 0;
    /// Gets the focus when a field is left, so that the single keys belong to the page again.
    virtual QWidget* home() const = 0;
    const std::vector<PageAction>& menuActions() const { return m_menuActions; }

    virtual void saveLayout(Settings& settings) const = 0;
    virtual void restoreLayout(const Settings& settings) = 0;

protected:
    /// Shows the document as it is.
    virtual void showExperiment() = 0;
    /// As Document::edit. A change that is refused is said, and the document shown again.
    void edit(Document& document, const QString& what, const QString& place, bool continuing,
        const std::function<void(Experiment&)>& change);
    void addMenuAction(PageAction::Menu menu, QAction* action) { m_menuActions.push_back({menu, action}); }
    QAction* addMenuAction(
        PageAction::Menu menu, const QString& text, const QKeySequence& key, const std::function<void()>& run);

signals:
    /// Of the transport, or which parts there are.
    void stateChanged();
    /// Something that the person wished cannot be; one sentence.
    void refused(const QString& sentence);
    /// Something was done that `undo` takes back; one sentence.
    void undoable(const QString& sentence, const std::function<void()>& undo);
    /// This is to be the laboratory's document, after the question about unsaved changes.
    void experimentWanted(const endospike::Experiment& experiment);
    /// A recording is to be chosen from a file for this part of the stimulus (cell -1: the shared one).
    void recordingWanted(int cellId, int part);
    void fileWanted(const endospike::FileQuestion& question, const endospike::FileChosen& chosen);
    void exportWanted(const endospike::ExportRequest& request);

private:
    std::vector<PageAction> m_menuActions;
};

} // namespace endospike
