#include "app/laboratory/page.h"

#include "app/document/document.h"
#include "sim/base/errors.h"
#include "sim/trace/trace_history.h"
#include "widgets/trace/plot_stack.h"

namespace endospike {

PlotStack* Page::plots() const { return nullptr; }

const TraceHistory& Page::history() const
{
    static const TraceHistory none;
    return none;
}

QWidget* Page::home() const { return plots(); }

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

} // namespace endospike
