#include "app/training_views.h"

#include "app/training_view.h"

namespace endospike {

std::vector<TrainingViewEntry> makeTrainingViews()
{
    // "Data", "Test set", "Neuron", "Published"
    return {};
}

} // namespace endospike
