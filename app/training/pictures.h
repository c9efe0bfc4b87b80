// How the views of the training laboratory show and name a pair of images.
#pragma once

#include "sim/network/multi_fashion.h"
#include "sim/network/trainer.h"

#include <QImage>
#include <QStringList>

#include <vector>

namespace endospike {

/// "top left", "bottom right": what a task is about.
QString cornerName(int task);
QStringList classNames(const TrainingData& data, int task);

/// 36 x 36, grey.
QImage canvasImage(const PairedImages& set, int pair);
/// [1296], as Network::record() takes it.
std::vector<float> canvasPixelsOf(const PairedImages& set, int pair);

/// "LIF fc, seed 1, after epoch 3"; "... before training"
QString snapshotName(const RunId& run, int epoch);

} // namespace endospike
