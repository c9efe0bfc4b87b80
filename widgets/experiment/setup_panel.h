// The left panel of the neuron page: notes, cells, stimulus, parameters of the selected cell, simulation settings.
// Shows an experiment; every wish of the user goes out as a signal, and what is shown changes when the experiment is
// set again.
#pragma once

#include "sim/neuron/neuron_plan.h"
#include "widgets/experiment/stimulus_editor.h"

#include <QWidget>

class QLineEdit;
class QPlainTextEdit;
class QScrollArea;

namespace endospike {

class CellList;
class ParameterForm;
class Section;

class SetupPanel : public QWidget {
    Q_OBJECT
public:
    explicit SetupPanel(QWidget* parent = nullptr);

    /// Keeps the selected cell if it still exists, else selects the nearest one. Cheap when little has changed.
    void setExperiment(const NeuronPlan& plan, const QString& title, const QString& notes);

    int selectedCell() const; ///< id, -1 with no cells
    void selectCell(int cellId);

    /// Folded sections, for settings ("notes", "parameters", "simulation").
    QStringList foldedSections() const;
    void setFoldedSections(const QStringList& keys);

    CellList* cellList() const { return m_cells; }
    StimulusEditor* stimulusEditor() const { return m_stimulus; }
    ParameterForm* parameterForm() const { return m_parameters; }
    ParameterForm* simulationForm() const { return m_simulation; }
    QLineEdit* titleEdit() const { return m_title; }
    QPlainTextEdit* notesEdit() const { return m_notes; }

    QSize sizeHint() const override;

signals:
    void parameterEdited(int cellId, int row, double value, bool continuing);
    void simulationEdited(int row, double value, bool continuing);
    /// `cellId` is the cell whose own stimulus it is, or -1 for the shared one.
    void stimulusEdited(int cellId, const endospike::Stimulus& stimulus, const QString& what, bool continuing,
        endospike::StimulusPlace place);
    void ownStimulusRequested(int cellId, bool own);
    void recordingWanted(int cellId, int part);
    void injectionHeld(double current_ua_per_cm2);
    void titleEdited(const QString& title, bool continuing);
    void notesEdited(const QString& notes, bool continuing);
    void cellSelected(int cellId); ///< by the user, or because the selected cell went away

    // Straight from CellList.
    void cellAddRequested(const QString& modelKey);
    void cellDuplicateRequested(int cellId);
    void cellRemoveRequested(int cellId);
    void cellRenameRequested(int cellId, const QString& name);
    void cellVisibilityRequested(int cellId, bool visible);
    void cellModelChangeRequested(int cellId, const QString& modelKey);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildNotes();
    void connectAll();
    void showSelected();
    void showRelevance();
    void showNotes(const QString& title, const QString& notes);
    void fitNotes();
    void fitWidth();
    const Cell* selected() const;

    NeuronPlan m_plan;
    QScrollArea* m_scroll;
    CellList* m_cells;
    StimulusEditor* m_stimulus;
    ParameterForm* m_parameters;
    ParameterForm* m_simulation;
    QLineEdit* m_title;
    QPlainTextEdit* m_notes;
    Section* m_notesSection;
    Section* m_cellsSection;
    Section* m_stimulusSection;
    Section* m_parametersSection;
    Section* m_simulationSection;
    bool m_showing = false; ///< text is being set from the experiment, not typed
    bool m_titleOpen = false; ///< edits of the title that wait for their last one
    bool m_notesOpen = false;
};

} // namespace endospike
