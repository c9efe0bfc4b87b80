// What reads the two answers from the hidden neurons, the same for every network:
//
//   middle[50] = W features[F] + b,   logits[k][10] = W_k middle + b_k   for the two tasks k
//
// and the loss: the sum over both tasks of the cross-entropy of softmax(logits[k]), mean over the batch.
#pragma once

#include "sim/network/network.h"

#include <span>
#include <string>
#include <vector>

namespace endospike {

/// Names and shapes in the order in which the parameters stand: readout.weight [50][F], readout.bias [50],
/// head.0.weight [10][50], head.0.bias [10], head.1.weight, head.1.bias. Network::addReadout() adds them.
std::vector<TensorPlace> readoutTensors(int features);
/// How many numbers these are.
std::size_t readoutSize(int features);

/// What a pass leaves for the backward pass; reused from batch to batch.
struct ReadoutMemory {
    std::vector<float> middle; ///< [batch][50]
    std::vector<float> middleGradient; ///< [batch][50]
    std::vector<float> logitGradient; ///< [batch][2][10]
};

/// `parameters` [readoutSize()], `features` [batch][F], logits [batch][2][10] (resized).
void readoutForward(std::span<const float> parameters, std::span<const float> features, int batch,
    ReadoutMemory& memory, std::vector<float>& logits, Workers& workers);

/// Loss and right answers; its gradient to memory.logitGradient. `labels` [batch][2], each below 10.
BatchResult readoutLoss(
    std::span<const float> logits, std::span<const std::uint8_t> labels, int batch, ReadoutMemory& memory);

/// After the two above, with the same features: writes `gradient` [readoutSize()] and `featureGradient` [batch][F].
void readoutBackward(std::span<const float> parameters, std::span<const float> features, int batch,
    ReadoutMemory& memory, std::span<float> gradient, std::span<float> featureGradient, Workers& workers);

} // namespace endospike
