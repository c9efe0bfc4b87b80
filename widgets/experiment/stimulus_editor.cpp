#include "widgets/experiment/stimulus_editor.h"

#include "widgets/experiment/stimulus_preview.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/look/tool_icons.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace endospike {

namespace {

// What a person can inject by hand. The engine takes any current; this row is only about the button.
const Parameter& handRow()
{
    static const Parameter row{"injection_ua_per_cm2", "Current injected by hand", "", "µA/cm²", 10, -1000, 1000, -20,
        50, "Added to the input of every cell while the button is held."};
    return row;
}

// A value of the same key, such as the onset, survives a change of kind where it is allowed.
StimulusPart converted(const StimulusPart& from, const StimulusKind& kind)
{
    StimulusPart to(kind);
    for (std::size_t i = 0; i < kind.parameters.size(); ++i) {
        const int row = rowOf(from.kind->parameters, kind.parameters[i].key);
        if (row >= 0 && refusal(kind.parameters[i], from.values[static_cast<std::size_t>(row)]).empty())
            to.values.set(i, from.values[static_cast<std::size_t>(row)]);
    }
    return to;
}

} // namespace

struct StimulusEditor::PartView {
    const StimulusKind* kind = nullptr;
    QWidget* box = nullptr;
    QToolButton* fold = nullptr;
    QComboBox* combo = nullptr;
    QLabel* summary = nullptr;
    QToolButton* remove = nullptr;
    QWidget* body = nullptr;
    ParameterForm* form = nullptr;
    QPushButton* recording = nullptr;
    QLabel* recordingText = nullptr;
};

StimulusEditor::StimulusEditor(QWidget* parent)
    : QWidget(parent)
    , m_headerActions(new QWidget(this))
    , m_add(new QToolButton(m_headerActions))
    , m_preview(new StimulusPreview(this))
    , m_own(new QCheckBox(this))
    , m_empty(new QWidget(this))
    , m_list(new QVBoxLayout)
{
    auto* actions = new QHBoxLayout(m_headerActions);
    actions->setContentsMargins(0, 0, 0, 0);
    actions->addWidget(m_add);
    buildAddMenu();

    auto* hint = new QVBoxLayout(m_empty);
    hint->setContentsMargins(0, 0, 0, 0);
    auto* sentence = new QLabel(tr("No current is injected."), m_empty);
    auto* first = new QPushButton(tr("Add a step of current"), m_empty);
    hint->addWidget(sentence);
    hint->addWidget(first);
    connect(first, &QPushButton::clicked, this, [this] { addPart(QStringLiteral("step")); });

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_headerActions, 0, Qt::AlignRight);
    column->addWidget(m_own);
    column->addWidget(m_preview);
    column->addWidget(buildInjection());
    column->addWidget(m_empty);
    m_list->setSpacing(8);
    column->addLayout(m_list);
    m_own->hide();
    connect(m_own, &QCheckBox::clicked, this, &StimulusEditor::ownStimulusRequested);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &StimulusEditor::fitIcons);
    rebuild();
    refresh();
    fitIcons();
}

// What has the focus reports its last edit when it goes: it must go while there is still somebody to report to.
StimulusEditor::~StimulusEditor()
{
    m_inject->disconnect(this);
    m_strength->disconnect(this);
    for (const auto& part : m_parts)
        delete part->box;
}

QWidget* StimulusEditor::buildInjection()
{
    auto* box = new QWidget(this);
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    m_inject = new QPushButton(themedIcon("inject"), tr("Inject (hold)"), box);
    m_inject->setToolTip(tr("Adds this current to every cell for as long as the button, or the key I, is held."));
    m_inject->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_strength = new NumberSpin(handRow(), box);
    m_strength->setAccessibleName(tr("Current injected by hand, µA/cm²"));
    m_strength->setToolTip(ParameterForm::toolTip(handRow()));
    line->addWidget(m_inject, 1);
    line->addWidget(m_strength);
    connect(m_inject, &QPushButton::pressed, this, &StimulusEditor::pressInjection);
    connect(m_inject, &QPushButton::released, this, &StimulusEditor::releaseInjection);
    connect(m_strength, &NumberSpin::edited, this, [this](double current) {
        if (m_injecting)
            emit injectionHeld(current);
    });
    m_inject->installEventFilter(this);
    return box;
}

void StimulusEditor::buildAddMenu()
{
    m_add->setAutoRaise(true);
    m_add->setIcon(themedIcon("add"));
    m_add->setAccessibleName(tr("Add a part to the stimulus"));
    m_add->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_add);
    menu->setToolTipsVisible(true);
    for (const StimulusKind& kind : stimulusKinds()) {
        QAction* action = menu->addAction(qstring(kind.name));
        action->setToolTip(qstring(kind.meaning));
        action->setStatusTip(qstring(kind.meaning));
        const QString key = qstring(kind.key);
        action->setObjectName(key);
        connect(action, &QAction::triggered, this, [this, key] { addPart(key); });
    }
    m_add->setMenu(menu);
}

void StimulusEditor::setStimulus(const Stimulus& stimulus)
{
    if (stimulus == m_stimulus)
        return;
    m_stimulus = stimulus;
    refresh();
}

void StimulusEditor::setPreviewWindow(double window_ms) { m_preview->setWindow(window_ms); }

void StimulusEditor::setOwnStimulusOffered(bool offered, const QString& cellName)
{
    // A long name must not widen the panel.
    const QString shortName = cellName.size() > 16 ? cellName.left(15) + QStringLiteral("…") : cellName;
    m_own->setText(tr("%1 has its own stimulus").arg(shortName));
    m_own->setToolTip(tr("Ticked: what is edited here is injected into this cell only. Not ticked: into every cell "
                         "that has none of its own."));
    m_own->setVisible(offered);
}

void StimulusEditor::setOwnStimulus(bool own) { m_own->setChecked(own); }

double StimulusEditor::injectionStrength() const { return m_strength->value(); }

QComboBox* StimulusEditor::kindCombo(int part) const { return m_parts.at(static_cast<std::size_t>(part))->combo; }
QToolButton* StimulusEditor::removeButton(int part) const { return m_parts.at(static_cast<std::size_t>(part))->remove; }
QPushButton* StimulusEditor::recordingButton(int part) const
{
    return m_parts.at(static_cast<std::size_t>(part))->recording;
}
ParameterForm* StimulusEditor::form(int part) const { return m_parts.at(static_cast<std::size_t>(part))->form; }

void StimulusEditor::pressInjection()
{
    if (std::exchange(m_injecting, true))
        return;
    m_inject->setDown(true);
    emit injectionHeld(m_strength->value());
}

void StimulusEditor::releaseInjection()
{
    if (!std::exchange(m_injecting, false))
        return;
    m_inject->setDown(false);
    emit injectionHeld(0);
}

// A release that goes to another window would never arrive: the current must not stay on.
bool StimulusEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_inject
        && (event->type() == QEvent::FocusOut || event->type() == QEvent::WindowDeactivate
            || event->type() == QEvent::Hide))
        releaseInjection();
    return QWidget::eventFilter(watched, event);
}

void StimulusEditor::hideEvent(QHideEvent* event)
{
    releaseInjection();
    QWidget::hideEvent(event);
}

void StimulusEditor::addPart(const QString& kindKey)
{
    const StimulusKind* kind = findStimulusKind(kindKey.toStdString());
    if (!kind || m_stimulus.parts.size() >= maximumStimulusParts)
        return;
    Stimulus next = m_stimulus;
    next.parts.emplace_back(*kind);
    for (const auto& part : m_parts)
        part->fold->setChecked(false);
    propose(next, tr("Add %1").arg(qstring(kind->name).toLower()));
}

void StimulusEditor::removePart(int part)
{
    if (part < 0 || part >= static_cast<int>(m_stimulus.parts.size()))
        return;
    Stimulus next = m_stimulus;
    const QString name = qstring(next.parts[static_cast<std::size_t>(part)].kind->name).toLower();
    next.parts.erase(next.parts.begin() + part);
    propose(next, tr("Remove %1").arg(name));
}

void StimulusEditor::changeKind(int part, const QString& kindKey)
{
    const StimulusKind* kind = findStimulusKind(kindKey.toStdString());
    if (!kind || part < 0 || part >= static_cast<int>(m_stimulus.parts.size()))
        return;
    Stimulus next = m_stimulus;
    StimulusPart& old = next.parts[static_cast<std::size_t>(part)];
    if (old.kind == kind)
        return;
    old = converted(old, *kind);
    propose(next, tr("Change stimulus to %1").arg(qstring(kind->name).toLower()));
}

void StimulusEditor::editValue(int part, int row, double value, bool continuing)
{
    Stimulus next = m_stimulus;
    StimulusPart& edited = next.parts.at(static_cast<std::size_t>(part));
    edited.values.set(static_cast<std::size_t>(row), value);
    const QString label = qstring(edited.kind->parameters[static_cast<std::size_t>(row)].label).toLower();
    propose(next, tr("Change %1 of %2").arg(label, qstring(edited.kind->name).toLower()), continuing, {part, row});
}

// Shown at once, so that the next edit builds on this one even before the document answers.
void StimulusEditor::propose(const Stimulus& stimulus, const QString& what, bool continuing, StimulusPlace place)
{
    m_stimulus = stimulus;
    refresh();
    emit stimulusEdited(m_stimulus, what, continuing, place);
}

void StimulusEditor::refresh()
{
    bool same = m_parts.size() == m_stimulus.parts.size();
    for (std::size_t i = 0; same && i < m_parts.size(); ++i)
        same = m_parts[i]->kind == m_stimulus.parts[i].kind;
    if (!same)
        rebuild();
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const StimulusPart& part = m_stimulus.parts[i];
        PartView& view = *m_parts[i];
        view.form->setValues(part.values);
        if (view.recordingText) {
            const bool some = part.recording && !part.recording->time_ms.empty();
            view.recordingText->setText(some ? tr("%1 samples, to %2 ms")
                                                   .arg(part.recording->time_ms.size())
                                                   .arg(part.recording->time_ms.back(), 0, 'g', 6)
                                             : tr("No recording yet"));
            view.summary->setText(some ? tr("%1 samples").arg(part.recording->time_ms.size()) : tr("no recording"));
        } else if (!part.kind->parameters.empty()) {
            view.summary->setText(ParameterForm::valueText(part.kind->parameters[0], part.values[0]));
        }
    }
    m_preview->setStimulus(m_stimulus);
    const bool full = m_stimulus.parts.size() >= maximumStimulusParts;
    m_add->setEnabled(!full);
    m_add->setToolTip(
        full ? tr("A stimulus has at most %1 parts.").arg(maximumStimulusParts) : tr("Add a part; the parts add up"));
}

void StimulusEditor::rebuild()
{
    std::vector<bool> open;
    int focused = -1;
    for (const auto& part : m_parts) {
        if (part->combo->hasFocus() || part->remove->hasFocus())
            focused = static_cast<int>(open.size());
        open.push_back(part->fold->isChecked());
        // What was being typed belonged to a part that is no longer shown. Not deleted at once: the combo box or button
        // that asked for it may still be on the stack.
        part->form->blockSignals(true);
        part->box->hide();
        part->box->deleteLater();
    }
    m_parts.clear();
    const int count = static_cast<int>(m_stimulus.parts.size());
    for (int i = 0; i < count; ++i) {
        m_parts.push_back(buildPart(i));
        const bool known = i < static_cast<int>(open.size());
        const bool expanded = known ? open[static_cast<std::size_t>(i)] : i == (open.empty() ? 0 : count - 1);
        m_parts.back()->fold->setChecked(expanded || count == 1);
        m_list->addWidget(m_parts.back()->box);
        m_parts.back()->box->show();
    }
    m_empty->setVisible(count == 0);
    fitIcons();
    // Who works by keyboard goes on where they were.
    if (focused >= 0 && count > 0)
        m_parts[static_cast<std::size_t>(std::min(focused, count - 1))]->combo->setFocus();
}

void StimulusEditor::fitIcons()
{
    fitToolIcons(*m_headerActions);
    for (const auto& part : m_parts)
        for (QToolButton* button : {part->fold, part->remove})
            button->setIconSize({fontMetrics().height(), fontMetrics().height()});
}

std::unique_ptr<StimulusEditor::PartView> StimulusEditor::buildPart(int index)
{
    auto view = std::make_unique<PartView>();
    view->kind = m_stimulus.parts[static_cast<std::size_t>(index)].kind;
    view->box = new QWidget(this);
    auto* column = new QVBoxLayout(view->box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    column->addLayout(line);

    view->fold = new QToolButton(view->box);
    view->fold->setAutoRaise(true);
    view->fold->setCheckable(true);
    view->fold->setStyleSheet(QStringLiteral("QToolButton:checked:!hover { background: transparent; }"));
    view->fold->setAccessibleName(tr("Show the values of part %1").arg(index + 1));
    view->combo = new QuietCombo(view->box);
    view->combo->setAccessibleName(tr("Kind of part %1").arg(index + 1));
    for (const StimulusKind& kind : stimulusKinds()) {
        view->combo->addItem(qstring(kind.name), qstring(kind.key));
        view->combo->setItemData(view->combo->count() - 1, qstring(kind.meaning), Qt::ToolTipRole);
        if (&kind == view->kind)
            view->combo->setCurrentIndex(view->combo->count() - 1);
    }
    view->combo->setToolTip(qstring(view->kind->meaning));
    view->summary = new QLabel(view->box);
    view->remove = new QToolButton(view->box);
    view->remove->setAutoRaise(true);
    view->remove->setIcon(themedIcon("remove"));
    view->remove->setToolTip(tr("Remove this part"));
    view->remove->setAccessibleName(tr("Remove part %1, %2").arg(index + 1).arg(qstring(view->kind->name)));
    line->addWidget(view->fold);
    line->addWidget(view->combo, 1);
    line->addWidget(view->summary);
    line->addWidget(view->remove);

    view->body = new QWidget(view->box);
    buildPartBody(*view, index);
    column->addWidget(view->body);
    connectPart(*view, index);
    return view;
}

void StimulusEditor::buildPartBody(PartView& view, int index)
{
    auto* column = new QVBoxLayout(view.body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    if (view.kind->hasSamples) {
        auto* line = new QHBoxLayout;
        view.recording = new QPushButton(tr("Load CSV…"), view.body);
        view.recording->setToolTip(tr("Two columns: time in ms, current in µA/cm². The current between samples is "
                                      "interpolated, outside it is 0."));
        view.recordingText = new QLabel(view.body);
        view.recordingText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        line->addWidget(view.recording);
        line->addWidget(view.recordingText, 1);
        column->addLayout(line);
        connect(view.recording, &QPushButton::clicked, this, [this, index] { emit recordingWanted(index); });
    }
    view.form = new ParameterForm(view.body);
    column->addWidget(view.form);
}

void StimulusEditor::connectPart(PartView& view, int index)
{
    const auto unfold = [fold = view.fold, body = view.body, summary = view.summary](bool open) {
        fold->setIcon(themedIcon(open ? "down" : "right"));
        fold->setToolTip(open ? tr("Hide the values") : tr("Show the values"));
        body->setVisible(open);
        summary->setVisible(!open);
    };
    unfold(false);
    connect(view.fold, &QToolButton::toggled, view.box, unfold);
    connect(view.combo, &QComboBox::activated, this,
        [this, index, combo = view.combo](int item) { changeKind(index, combo->itemData(item).toString()); });
    connect(view.remove, &QToolButton::clicked, this, [this, index] { removePart(index); });
    connect(view.form, &ParameterForm::valueEdited, this,
        [this, index](int row, double value, bool continuing) { editValue(index, row, value, continuing); });
}

} // namespace endospike
