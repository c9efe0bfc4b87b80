#include "widgets/experiment/cell_pen.h"

#include "sim/neuron/neuron_plan.h"

#include <algorithm>

namespace endospike {

int cellVariant(const NeuronPlan& plan, int cellIndex)
{
    const Hue own = plan.cells[static_cast<std::size_t>(cellIndex)].model->hue;
    return static_cast<int>(std::count_if(
        plan.cells.begin(), plan.cells.begin() + cellIndex, [&](const Cell& cell) { return cell.model->hue == own; }));
}

QPen cellPen(const NeuronPlan& plan, int cellIndex, const Theme& theme)
{
    const Cell& cell = plan.cells[static_cast<std::size_t>(cellIndex)];
    return curvePen(hueColor(cell.model->hue), cellVariant(plan, cellIndex), theme);
}

} // namespace endospike
