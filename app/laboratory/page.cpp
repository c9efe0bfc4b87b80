#include "app/laboratory/page.h"

#include "app/document/document.h"
#include "sim/base/errors.h"

#include <QAction>

namespace endospike {

void Page::edit(Document& document, const QString& what, const QString& place, bool continuing,
    const std::function<void(Experiment&)>& change)
{
    Experiment after = document.experiment();
    try {
        change(after);
    } catch (const DocumentError& error) {
        emit refused(QString::fromUtf8(error.what()));
        return showExperiment();
    }
    document.edit(std::move(after), what, place);
    if (!continuing)
        document.endEdit();
}

QAction* Page::addMenuAction(
    PageAction::Menu menu, const QString& text, const QKeySequence& key, const std::function<void()>& run)
{
    auto* action = new QAction(text, this);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, run);
    addMenuAction(menu, action);
    return action;
}

} // namespace endospike
