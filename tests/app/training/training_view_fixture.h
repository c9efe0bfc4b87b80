// Small data and a network that knows its answers, for tests of the training laboratory's views.
#pragma once

#include "app/training/view.h"
#include "tests/app/laboratory/fake_network.h"
#include "tests/sim/data_fixture.h"

#include <QTest>

namespace endospike {

inline TrainingPlan smallPlan(int train = 400, int test = 120)
{
    TrainingPlan plan;
    plan.settings.set(training::train_pairs, train);
    plan.settings.set(training::test_pairs, test);
    plan.settings.set(training::pairing_seed, 3);
    return plan;
}

inline std::shared_ptr<const TrainingData> smallData(int train = 400, int test = 120)
{
    return std::make_shared<const TrainingData>(pairImages(numberedTrainingImages(200, 80), smallPlan(train, test)));
}

inline EpochMetrics afterEpoch(int epoch)
{
    EpochMetrics metrics;
    metrics.epoch = epoch;
    return metrics;
}

inline const RunId fakeRun{"LIF fc", 1};

} // namespace endospike
