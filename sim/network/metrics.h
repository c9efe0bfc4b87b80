// What is measured while a network is trained, and when it is tested.
#pragma once

#include "sim/network/canvas.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace endospike {

/// How busy the neurons of one hidden layer are. A neuron of a convolutional layer is a position of a channel; for
/// s-LIF2HH each of the four units counts.
struct LayerActivity {
    std::string name; ///< "Hidden", "Layer 1"
    double meanRate = 0; ///< spikes per step, 0..1 (voltage-dependent HH: per ms)
    int neurons = 0;
    int dead = 0; ///< no spike for any canvas
    int saturated = 0; ///< a spike in every step for every canvas (voltage-dependent HH: at least 0.95 of the most
                       ///< spikes that the window allows)
};

/// After every few batches.
struct BatchMetrics {
    int epoch = 0; ///< counts from 0
    int batch = 0; ///< within the epoch, counts from 0
    int batchesPerEpoch = 0;
    double loss = 0; ///< over the batches since the last report
    std::array<double, taskCount> accuracy{}; ///< 0..1, training
    double samples_per_s = 0;
    double elapsed_s = 0; ///< of training, over all sessions of this run
};

/// After every epoch; epoch -1 is the untrained network (its training figures are NaN).
struct EpochMetrics {
    int epoch = 0;
    double trainLoss = 0; ///< mean over the epoch as it went by
    std::array<double, taskCount> trainAccuracy{};
    double testLoss = 0;
    std::array<double, taskCount> testAccuracy{};
    double learningRate = 0;
    double samples_per_s = 0;
    double elapsed_s = 0; ///< of training alone, over all sessions
    double operations = 0; ///< additions and multiplications so far, by the published counting (3 x forward per sample)
    std::size_t peakMemory_bytes = 0; ///< of the process
    std::vector<LayerActivity> layers; ///< on the test set
};

} // namespace endospike
