// The left panel of the robustness sweep: which networks, which noise, whose trained networks are used again, the
// training.
#pragma once

#include "app/laboratory/experiment_setup.h"
#include "app/laboratory/file_chooser.h"
#include "sim/network/run_folder.h"

#include <QComboBox>

#include <memory>

class QCheckBox;
class QLabel;

namespace endospike {

class NetworkChecks;

class RobustnessSetup : public ExperimentSetup {
    Q_OBJECT

public:
    explicit RobustnessSetup(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment);
    /// What was found on the disk, and the folders that were looked through. nullptr: not known yet.
    void setTrained(std::shared_ptr<const RunList> trained, const QStringList& roots);

    /// Folders whose networks are to be used where they fit.
    QStringList reuse() const;
    bool usesAll() const { return m_wanted.isEmpty() && m_reuse->currentIndex() == allEarlier; }
    /// How many of the sweep's trainings are there already in reuse().
    int fitting() const;

    QCheckBox* networkBox(std::string_view kind) const;
    QComboBox* reuseCombo() const { return m_reuse; }
    QLabel* reuseLabel() const { return m_reuseText; }
    ParameterForm* noiseForm() const { return m_noise; }
    ParameterForm* trainingForm() const { return m_training; }

signals:
    /// Another folder than those that were found is to be looked through as well.
    void folderChosen(const QString& folder);
    void fileWanted(const endospike::FileQuestion& question, const endospike::FileChosen& chosen);

private:
    enum Reuse { allEarlier, none, otherFolder };

    QWidget* buildReuse();
    void fillReuse();
    void showReuse();
    void askForFolder();

    Experiment m_experiment;
    std::shared_ptr<const RunList> m_trained;
    QStringList m_roots;
    QString m_wanted; ///< folder that is chosen; empty: none of the single ones
    NetworkChecks* m_networks;
    ParameterForm* m_noise;
    QComboBox* m_reuse;
    QLabel* m_reuseText;
    ParameterForm* m_training;
};

} // namespace endospike
