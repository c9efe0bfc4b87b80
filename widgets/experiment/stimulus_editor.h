// Shows and edits a stimulus (a sum of parts), with a preview and a button that injects a current by hand.
#pragma once

#include "sim/neuron/stimulus.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace endospike {

class NumberSpin;
class ParameterForm;
class StimulusPreview;

/// A value of a stimulus; -1: the parts themselves.
struct StimulusPlace {
    int part = -1;
    int row = -1;
};

class StimulusEditor : public QWidget {
    Q_OBJECT
public:
    explicit StimulusEditor(QWidget* parent = nullptr);
    ~StimulusEditor() override;

    void setStimulus(const Stimulus& stimulus);
    const Stimulus& stimulus() const { return m_stimulus; }

    /// The preview shows 0..window_ms.
    void setPreviewWindow(double window_ms);

    /// Shows the check box "own stimulus" for the cell of this name; hidden while not offered.
    void setOwnStimulusOffered(bool offered, const QString& cellName = {});
    /// Whether the stimulus shown is the cell's own.
    void setOwnStimulus(bool own);

    double injectionStrength() const; ///< uA/cm^2
    bool isInjecting() const { return m_injecting; }

    // The controls, for composing and for tests.
    QWidget* headerActions() const { return m_headerActions; } ///< the add button; may be moved into a section header
    StimulusPreview* preview() const { return m_preview; }
    QToolButton* addButton() const { return m_add; }
    QPushButton* injectButton() const { return m_inject; }
    NumberSpin* injectionSpin() const { return m_strength; }
    QCheckBox* ownStimulusBox() const { return m_own; }
    QComboBox* kindCombo(int part) const;
    QToolButton* removeButton(int part) const;
    QPushButton* recordingButton(int part) const; ///< null unless the kind has samples
    ParameterForm* form(int part) const;

public slots:
    /// What the button does, for a key that is held. A second press without a release does nothing.
    void pressInjection();
    void releaseInjection();
    void addPart(const QString& kindKey);
    void removePart(int part);
    void changeKind(int part, const QString& kindKey);

signals:
    /// The stimulus as wished, what was done in words for the undo list, whether the gesture goes on (see
    /// ParameterForm), and what is edited.
    void stimulusEdited(
        const endospike::Stimulus& stimulus, const QString& what, bool continuing, endospike::StimulusPlace place);
    /// A recording is to be loaded from a file for this part.
    void recordingWanted(int part);
    /// A current to add to every cell from now on, uA/cm^2; 0 when let go.
    void injectionHeld(double current_ua_per_cm2);
    void ownStimulusRequested(bool own);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct PartView;
    QWidget* buildInjection();
    void buildAddMenu();
    std::unique_ptr<PartView> buildPart(int index);
    void buildPartBody(PartView& view, int index);
    void connectPart(PartView& view, int index);
    void rebuild();
    void refresh();
    void fitIcons();
    void editValue(int part, int row, double value, bool continuing);
    void propose(const Stimulus& stimulus, const QString& what, bool continuing = false, StimulusPlace place = {});

    Stimulus m_stimulus;
    std::vector<std::unique_ptr<PartView>> m_parts;
    bool m_injecting = false;
    QWidget* m_headerActions;
    QToolButton* m_add;
    StimulusPreview* m_preview;
    QCheckBox* m_own;
    QWidget* m_empty;
    QVBoxLayout* m_list;
    QPushButton* m_inject;
    NumberSpin* m_strength;
};

} // namespace endospike
