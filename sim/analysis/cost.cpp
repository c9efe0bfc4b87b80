#include "sim/analysis/cost.h"

#include "sim/network/network.h"

#include <cmath>

namespace endospike {
namespace {

OperationCount linear(double inputs, double outputs, double steps)
{
    return {steps * (inputs - 1) * outputs, steps * inputs * outputs};
}

OperationCount convolution(double inputs, double outputs, double side, double steps)
{
    return {steps * (9 * inputs - 1) * outputs * side * side, steps * 9 * inputs * outputs * side * side};
}

OperationCount neurons(HiddenUnit unit, double count, double steps)
{
    switch (unit) {
    case HiddenUnit::lif:
        return {3 * count * steps, 3 * count * steps};
    case HiddenUnit::hh:
    case HiddenUnit::hhVoltageDependent:
        return {16 * count * steps, 23 * count * steps};
    case HiddenUnit::sLifHh:
        return {14 * count * steps, 15 * count * steps};
    case HiddenUnit::binary:
        break;
    }
    return {};
}

OperationCount& operator+=(OperationCount& sum, const OperationCount& more)
{
    sum.additions += more.additions;
    sum.multiplications += more.multiplications;
    return sum;
}

} // namespace

OperationCount publishedCount(const NetworkPlan& plan)
{
    const NetworkSettings s = networkSettings(plan);
    const bool inTime = plan.kind->unit == HiddenUnit::hhVoltageDependent;
    const double steps = inTime ? std::ceil(s.window_ms / s.dt_ms) : s.steps;
    const double currents = plan.kind->unit == HiddenUnit::sLifHh ? 3 : 1;
    const double outputs = plan.kind->unit == HiddenUnit::sLifHh ? 4 : 1;
    const double half = canvasSide / 2;
    const double quarter = canvasSide / 4;
    OperationCount count;
    if (!plan.kind->convolutional) {
        count += linear(canvasPixels, currents * s.hidden, steps);
        count += neurons(plan.kind->unit, s.hidden, steps);
        count += linear(outputs * s.hidden, bottleneck, 1);
        return count;
    }
    count += convolution(1, currents * s.hidden, canvasSide, steps);
    count += neurons(plan.kind->unit, s.hidden * canvasPixels, steps);
    count += convolution(s.hidden, currents * s.hidden, half, steps);
    count += neurons(plan.kind->unit, s.hidden * half * half, steps);
    count += linear(outputs * s.hidden * quarter * quarter, bottleneck, 1);
    return count;
}

double parameterCount(const NetworkPlan& plan)
{
    const double hidden = networkSettings(plan).hidden;
    const bool four = plan.kind->unit == HiddenUnit::sLifHh;
    const double currents = four ? 3 : 1;
    const double outputs = four ? 4 : 1;
    const double map = four ? 4 : 0;
    const double readout = bottleneck + taskCount * (bottleneck * classCount + classCount);
    if (!plan.kind->convolutional)
        return currents * hidden * (canvasPixels + 1) + map + outputs * hidden * bottleneck + readout;
    const double pooled = canvasPixels / 16.0;
    return currents * hidden * (9 + 1 + 9 * hidden + 1) + map + outputs * hidden * pooled * bottleneck + readout;
}

} // namespace endospike
