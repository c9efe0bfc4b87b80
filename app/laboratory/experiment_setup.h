// The left panel of a laboratory: what to look for, and sections of fields, in one column that scrolls. Shows an
// experiment; every wish goes out as a signal.
#pragma once

#include "sim/document/experiment.h"

#include <QWidget>

#include <functional>

class QLabel;
class QVBoxLayout;

namespace endospike {

class ParameterForm;
class Section;

class ExperimentSetup : public QWidget {
    Q_OBJECT

public:
    using Change = std::function<void(Experiment&)>;

signals:
    /// `place` and `continuing` as in Document::edit.
    void changeWanted(
        const QString& what, const QString& place, bool continuing, const endospike::ExperimentSetup::Change& change);

protected:
    explicit ExperimentSetup(QWidget* parent);

    /// One below the other; those that must not be folded stay open.
    Section* addSection(const QString& title, QWidget* body, bool foldable = true);
    void showNotes(const Experiment& experiment);
    /// An edit of a row changes these values of the experiment.
    void connectForm(
        ParameterForm* form, const QString& place, const std::function<ParameterValues&(Experiment&)>& values);

private:
    void fitWidth();

    QVBoxLayout* m_column;
    QLabel* m_notes;
    Section* m_notesSection;
};

} // namespace endospike
