#include "widgets/experiment/cell_pen.h"

#include "sim/neuron/neuron_plan.h"

#include <algorithm>

namespace endospike {

int cellVariant(const NeuronPlan& plan, int cellIndex)
{
    const QColor own = modelColor(plan.cells[static_cast<std::size_t>(cellIndex)].model->key);
    return static_cast<int>(std::count_if(plan.cells.begin(), plan.cells.begin() + cellIndex,
        [&](const Cell& cell) { return modelColor(cell.model->key) == own; }));
}

QPen cellPen(const NeuronPlan& plan, int cellIndex, const Theme& theme)
{
    const Cell& cell = plan.cells[static_cast<std::size_t>(cellIndex)];
    return curvePen(modelColor(cell.model->key), cellVariant(plan, cellIndex), theme);
}

} // namespace endospike
