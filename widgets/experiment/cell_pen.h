// The pens of the cells of a plan: the hue is that of the model, cells of one hue differ by lightness and dash.
#pragma once

#include "widgets/look/theme.h"

namespace endospike {

struct NeuronPlan;

/// How many cells before this one have its hue.
int cellVariant(const NeuronPlan& plan, int cellIndex);

/// The pen of a cell's curves.
QPen cellPen(const NeuronPlan& plan, int cellIndex, const Theme& theme);

} // namespace endospike
