#include "sim/network/operation_count.h"

#include "sim/network/network.h"
#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/lif.h"
#include "sim/neuron/s_lif_hh.h"

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

OperationCount operator*(double times, const OperationCount& count)
{
    return {times * count.additions, times * count.multiplications};
}

OperationCount neurons(HiddenUnit unit, double count, double steps)
{
    switch (unit) {
    case HiddenUnit::lif:
        return count * steps * *lifModel().published;
    case HiddenUnit::hh:
    case HiddenUnit::hhVoltageDependent:
        return count * steps * *hodgkinHuxleyModel().published;
    case HiddenUnit::sLifHh:
        return count * steps * *sLifHhModel().published;
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

/// With a bias: as many additions as multiplications.
OperationCount affine(double inputs, double outputs) { return {inputs * outputs, inputs * outputs}; }

/// What a fully connected neuron takes (see sim/spiking/spiking.h and response_curve.cpp).
OperationCount responseOf(HiddenUnit unit, double steps)
{
    switch (unit) {
    case HiddenUnit::lif: // whether it is settled, steps, two means
        return {2 + 8 * steps, 6 * steps + 2};
    case HiddenUnit::hh:
        return {4 * steps, 2 * steps + 2};
    case HiddenUnit::sLifHh:
        return {15 * steps, 11 * steps + 4};
    case HiddenUnit::hhVoltageDependent:
        return {5, 6};
    case HiddenUnit::binary:
        break;
    }
    return {1, 0};
}

/// What a convolutional neuron takes in one step, with the sum of its spikes (see sim/spiking/spiking_sequence.h).
OperationCount stepOf(HiddenUnit unit)
{
    switch (unit) {
    case HiddenUnit::lif:
        return {2 + 1, 2};
    case HiddenUnit::hh:
        return {7 + 1, 4};
    case HiddenUnit::sLifHh:
        return {11 + 4, 11};
    default:
        return {1, 0};
    }
}

} // namespace

std::optional<ExecutedCount> executedCount(const NetworkPlan& plan)
{
    const NetworkSettings s = networkSettings(plan);
    const HiddenUnit unit = plan.kind->unit;
    const double currents = unit == HiddenUnit::sLifHh ? 3 : 1;
    const double outputs = unit == HiddenUnit::sLifHh ? 4 : 1;
    ExecutedCount count;
    OperationCount& sum = count.operations;
    sum += {0, canvasPixels}; // the input scale
    sum += taskCount * affine(bottleneck, classCount);
    if (!plan.kind->convolutional) {
        sum += affine(canvasPixels, currents * s.hidden);
        sum += s.hidden * responseOf(unit, s.steps);
        sum += affine(outputs * s.hidden, bottleneck);
        count.lookups = unit == HiddenUnit::hhVoltageDependent ? 2 * s.hidden : 0;
        count.atMost = unit == HiddenUnit::lif;
        return count;
    }
    if (unit == HiddenUnit::hhVoltageDependent)
        return std::nullopt;
    const double first = s.hidden * canvasPixels;
    const double second = first / 4;
    const double features = outputs * second / 4;
    sum += first * affine(9, currents);
    sum += s.steps * (first + second) * stepOf(unit);
    // Each change of a pooled spike count goes to nine positions of every channel.
    sum += s.steps * second * OperationCount{1, 1};
    sum += s.steps * second * affine(9, currents * s.hidden);
    sum += {0, features};
    sum += affine(features, bottleneck);
    count.atMost = true;
    return count;
}

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

double frozenCount(const NetworkPlan& plan)
{
    if (plan.kind->unit != HiddenUnit::hh)
        return 0;
    // Six rates for each neuron, or for each column of both maps.
    return 6.0 * (plan.kind->convolutional ? canvasSide + canvasSide / 2 : networkSettings(plan).hidden);
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
