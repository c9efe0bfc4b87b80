// The views of the training page besides the training itself, in the order of their segments.
#pragma once

#include <QString>

#include <vector>

class QWidget;

namespace endospike {

class TrainingView;

struct TrainingViewEntry {
    QString label; ///< of the segment, one or two words
    TrainingView* view;
};

std::vector<TrainingViewEntry> makeTrainingViews();

} // namespace endospike
