// The left panel of the information plane: which networks, the bottleneck, the training. Shows an experiment; every
// wish goes out as a signal.
#pragma once

#include "sim/experiment.h"

#include <QWidget>

#include <functional>

class QCheckBox;
class QLabel;

namespace endospike {

class NetworkChecks;
class ParameterForm;
class Section;

class InformationSetup : public QWidget {
    Q_OBJECT

public:
    using Change = std::function<void(Experiment&)>;

    explicit InformationSetup(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment);

    /// Null for a kind that cannot have a bottleneck.
    QCheckBox* networkBox(std::string_view kind) const;
    ParameterForm* bottleneckForm() const { return m_bottleneck; }
    ParameterForm* trainingForm() const { return m_training; }

signals:
    /// `place` and `continuing` as in Document::edit.
    void changeWanted(
        const QString& what, const QString& place, bool continuing, const endospike::InformationSetup::Change& change);

private:
    void fitWidth();

    NetworkChecks* m_networks;
    QLabel* m_notes;
    Section* m_notesSection;
    ParameterForm* m_bottleneck;
    ParameterForm* m_training;
};

} // namespace endospike
