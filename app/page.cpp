#include "app/page.h"

#include "sim/trace_history.h"
#include "widgets/plot_stack.h"

namespace endospike {

PlotStack* Page::plots() const { return nullptr; }

const TraceHistory& Page::history() const
{
    static const TraceHistory none;
    return none;
}

QWidget* Page::home() const { return plots(); }

} // namespace endospike
