// The left panel of the control laboratory: which environment, which policies, how they learn, and what disturbs them
// while they are watched. Shows an experiment; every wish goes out as a signal.
#pragma once

#include "app/laboratory/experiment_setup.h"

#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;

namespace endospike {

class ControlSetup : public ExperimentSetup {
    Q_OBJECT

public:
    explicit ControlSetup(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment);
    /// Over controlPlayTable(); not of the document.
    void setDisturbances(const ParameterValues& values);

    QComboBox* environmentCombo() const { return m_environment; }
    QCheckBox* policyBox(std::string_view kind) const;
    ParameterForm* disturbanceForm() const { return m_disturbances; }
    ParameterForm* trainingForm() const { return m_training; }
    ParameterForm* environmentForm() const { return m_environmentForm; }

signals:
    void disturbancesEdited(const endospike::ParameterValues& values);

private:
    struct Choice {
        const PolicyKind* kind;
        QCheckBox* box;
    };
    QWidget* buildEnvironment();
    QWidget* buildPolicies();
    void connectForms();
    void chooseEnvironment(int index);
    void setPolicy(const PolicyKind& kind, bool wanted);
    void showPolicies();
    void showEnvironment();

    Experiment m_experiment;
    std::vector<Choice> m_policies;
    QComboBox* m_environment;
    QLabel* m_environmentNote;
    ParameterForm* m_disturbances;
    ParameterForm* m_training;
    ParameterForm* m_environmentForm;
};

} // namespace endospike
