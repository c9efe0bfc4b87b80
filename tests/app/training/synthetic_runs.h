// Runs as a training would leave them, without any training: curves that fall and rise exponentially, with noise.
#pragma once

#include "app/training/listed_run.h"

#include <cmath>
#include <random>

namespace endospike {

inline BatchMetrics syntheticBatch(int epoch, int batch, int batchesPerEpoch, double end, std::mt19937& random)
{
    std::normal_distribution<double> noise(0, 1);
    const double x = epoch + (batch + 1.0) / batchesPerEpoch;
    BatchMetrics metrics;
    metrics.epoch = epoch;
    metrics.batch = batch;
    metrics.batchesPerEpoch = batchesPerEpoch;
    const double learned = 1 - 0.75 * std::exp(-2 * x) - 0.25 * std::exp(-x / 10);
    metrics.loss = 4.6 - (4.6 - 4 * (1 - end)) * learned + 0.08 * noise(random);
    metrics.accuracy = {
        0.1 + (end - 0.1) * learned + 0.02 * noise(random), 0.1 + (end - 0.15) * learned + 0.02 * noise(random)};
    metrics.samples_per_s = 12345;
    metrics.elapsed_s = 4 * x;
    return metrics;
}

inline EpochMetrics syntheticEpoch(int epoch, double end, double secondsPerEpoch = 4, double operations = 1e12)
{
    const double x = epoch + 1;
    EpochMetrics metrics;
    metrics.epoch = epoch;
    const double learned = 1 - 0.75 * std::exp(-2 * x) - 0.25 * std::exp(-x / 8);
    metrics.testLoss = 4.6 - (4.4 - 4 * (1 - end)) * learned;
    metrics.testAccuracy = {0.1 + (end - 0.12) * learned, 0.1 + (end - 0.17) * learned};
    metrics.learningRate = 1e-4;
    metrics.samples_per_s = 12345;
    metrics.elapsed_s = secondsPerEpoch * x;
    metrics.operations = operations * x;
    metrics.peakMemory_bytes = std::size_t{210} << 20;
    metrics.layers = {{"Hidden", 0.137, 512, 12, 3}};
    if (epoch < 0)
        metrics.trainLoss = metrics.trainAccuracy[0] = metrics.trainAccuracy[1] = std::nan("");
    return metrics;
}

/// `done` epochs, each with this many reports.
inline ListedRun syntheticRun(
    std::string_view kind, std::uint64_t seed, int epochs, int done, double end, bool current, int reports = 30)
{
    ListedRun run;
    run.current = current;
    run.state = done == 0 ? RunState::waiting : done < epochs ? RunState::stopped : RunState::finished;
    RunRecord& record = run.record;
    record.plan.networks.emplace_back(*findNetworkKind(kind));
    record.plan.settings.set(training::epochs, epochs);
    record.id = {record.plan.networks.front().name, seed};
    record.folder = "/nowhere/" + record.id.folderName();
    record.title = "Two tasks at once";
    record.hasCheckpoint = done > 0;
    std::mt19937 random(static_cast<unsigned>(seed));
    for (int epoch = -1; epoch < done && done > 0; ++epoch) {
        for (int batch = 0; batch < reports && epoch >= 0; ++batch)
            record.batches.push_back(syntheticBatch(epoch, batch, reports, end, random));
        record.epochs.push_back(syntheticEpoch(epoch, end));
    }
    return run;
}

} // namespace endospike
