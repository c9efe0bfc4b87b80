#include "app/training/view_list.h"

#include "app/training/data_view.h"
#include "app/training/microscope.h"
#include "app/training/test_view.h"

#include <QCoreApplication>

namespace endospike {

std::vector<TrainingViewEntry> makeTrainingViews()
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("endospike::TrainingViews", text); };
    return {{tr("Data"), new TrainingDataView}, {tr("Test set"), new TrainingTestView},
        {tr("Neuron"), new TrainingMicroscope}};
}

} // namespace endospike
