// The left panel of the information plane: which networks, the bottleneck, the training.
#pragma once

#include "app/laboratory/experiment_setup.h"

class QCheckBox;

namespace endospike {

class NetworkChecks;

class InformationSetup : public ExperimentSetup {
    Q_OBJECT

public:
    explicit InformationSetup(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment);

    /// Null for a kind that cannot have a bottleneck.
    QCheckBox* networkBox(std::string_view kind) const;
    ParameterForm* bottleneckForm() const { return m_bottleneck; }
    ParameterForm* trainingForm() const { return m_training; }

private:
    NetworkChecks* m_networks;
    ParameterForm* m_bottleneck;
    ParameterForm* m_training;
};

} // namespace endospike
