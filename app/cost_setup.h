// The left panel of the cost laboratory: which networks, and the parameters on which their cost depends. Shows an
// experiment; every wish goes out as a signal.
#pragma once

#include "app/network_checks.h"

class QComboBox;
class QLabel;

namespace endospike {

class ParameterForm;
class Section;

class CostSetup : public QWidget {
    Q_OBJECT

public:
    using Change = NetworkChecks::Change;

    explicit CostSetup(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment);
    /// The network whose parameters are shown, by its place in the document.
    void choose(int network);

    NetworkChecks* networkChecks() const { return m_networks; }
    QComboBox* networkCombo() const { return m_choice; }
    ParameterForm* form() const { return m_form; }

signals:
    /// `place` and `continuing` as in Document::edit.
    void changeWanted(
        const QString& what, const QString& place, bool continuing, const endospike::CostSetup::Change& change);
    void chosen(int network); ///< by the user

private:
    void showParameters();
    void edit(int row, double value, bool continuing);
    void fitWidth();

    std::vector<NetworkPlan> m_plans;
    QLabel* m_notes;
    Section* m_notesSection;
    NetworkChecks* m_networks;
    QComboBox* m_choice;
    ParameterForm* m_form;
    QLabel* m_formNote;
    Section* m_formSection;
};

} // namespace endospike
