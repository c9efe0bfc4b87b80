// The left panel of the cost laboratory: which networks, and the parameters on which their cost depends.
#pragma once

#include "app/laboratory/experiment_setup.h"
#include "app/laboratory/network_checks.h"

#include <vector>

class QComboBox;
class QLabel;

namespace endospike {

class CostSetup : public ExperimentSetup {
    Q_OBJECT

public:
    explicit CostSetup(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment);
    /// The network whose parameters are shown, by its place in the document.
    void choose(int network);

    NetworkChecks* networkChecks() const { return m_networks; }
    QComboBox* networkCombo() const { return m_choice; }
    ParameterForm* form() const { return m_form; }

signals:
    void chosen(int network); ///< by the user

private:
    void showParameters();
    void edit(int row, double value, bool continuing);
    void paintNote();

    std::vector<NetworkPlan> m_plans;
    NetworkChecks* m_networks;
    QComboBox* m_choice;
    ParameterForm* m_form;
    QLabel* m_formNote;
    Section* m_formSection;
};

} // namespace endospike
