// Small trainings for tests.
#pragma once

#include "sim/network/trainer.h"
#include "tests/sim/data_fixture.h"

namespace endospike {

/// One network of this kind, with few hidden neurons and currents within reach of the threshold.
inline TrainingPlan smallPlan(std::string_view kind, int pairs = 50, int epochs = 3, int batch = 16)
{
    TrainingPlan plan;
    NetworkPlan& network = plan.networks.emplace_back(*findNetworkKind(kind));
    network.parameters.set("hidden", network.kind->convolutional ? 2 : 12);
    if (rowOf(network.parameters.table(), "steps") >= 0)
        network.parameters.set("steps", 4);
    if (rowOf(network.parameters.table(), "window_ms") >= 0)
        network.parameters.set("window_ms", 20);
    if (network.kind->unit != HiddenUnit::hh)
        network.parameters.set("input_scale", network.kind->unit == HiddenUnit::sLifHh ? 0.05 : 1.0 / 255);
    network.parameters.set("learning_rate", 0.01);
    plan.settings.set(training::train_pairs, pairs);
    plan.settings.set(training::test_pairs, 30);
    plan.settings.set(training::epochs, epochs);
    plan.settings.set(training::batch, batch);
    return plan;
}

/// Plain descent, far too fast: its numbers become infinite.
inline TrainingPlan explodingPlan()
{
    TrainingPlan plan = smallPlan("ann_fc", 200, 50);
    plan.networks[0].parameters.set("optimizer", 1);
    plan.networks[0].parameters.set("learning_rate", 10);
    plan.networks[0].parameters.set("input_scale", 1);
    return plan;
}

inline TrainingData smallData(const TrainingPlan& plan) { return pairImages(numberedTrainingImages(40, 20), plan); }

inline bool same(double a, double b) { return a == b || (a != a && b != b); }

/// All but the times and the memory.
inline bool sameFigures(const EpochMetrics& a, const EpochMetrics& b)
{
    bool equal = a.epoch == b.epoch && same(a.trainLoss, b.trainLoss) && same(a.testLoss, b.testLoss)
        && a.testAccuracy == b.testAccuracy && a.learningRate == b.learningRate && a.operations == b.operations
        && a.layers.size() == b.layers.size();
    for (std::size_t task = 0; task < taskCount; ++task)
        equal = equal && same(a.trainAccuracy[task], b.trainAccuracy[task]);
    for (std::size_t i = 0; equal && i < a.layers.size(); ++i)
        equal = a.layers[i].name == b.layers[i].name && a.layers[i].meanRate == b.layers[i].meanRate
            && a.layers[i].dead == b.layers[i].dead && a.layers[i].saturated == b.layers[i].saturated;
    return equal;
}

inline bool sameFigures(const std::vector<EpochMetrics>& a, const std::vector<EpochMetrics>& b)
{
    return std::ranges::equal(
        a, b, [](const EpochMetrics& one, const EpochMetrics& other) { return sameFigures(one, other); });
}

inline std::vector<float> valuesOf(const Network& network)
{
    return {network.values().begin(), network.values().end()};
}

} // namespace endospike
