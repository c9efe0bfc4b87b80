#include "widgets/experiment/setup_panel.h"

#include "widgets/experiment/cell_list.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTextBlock>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace endospike {

namespace {

// Long runs would squeeze the waveform to nothing: the preview shows their beginning.
constexpr double longestPreview_ms = 500;
constexpr double endlessPreview_ms = 200;

// As wide as the panel and as high as it likes: the panel scrolls rather than squeezing its controls.
class Content : public QWidget {
public:
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }
};

} // namespace

SetupPanel::SetupPanel(QWidget* parent)
    : QWidget(parent)
    , m_scroll(new QScrollArea(this))
    , m_cells(new CellList)
    , m_stimulus(new StimulusEditor)
    , m_parameters(new ParameterForm)
    , m_simulation(new ParameterForm)
{
    fitWidth();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &SetupPanel::fitWidth);
    auto* content = new Content;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(16, 0, 16, 16);
    column->setSpacing(0);
    m_notesSection = new Section(tr("What to look for"), buildNotes(), content);
    m_cellsSection = new Section(tr("Cells"), m_cells, content);
    m_stimulusSection = new Section(tr("Stimulus"), m_stimulus, content);
    m_parametersSection = new Section(tr("Parameters"), m_parameters, content);
    m_simulationSection = new Section(tr("Simulation"), m_simulation, content);
    for (Section* section :
        {m_notesSection, m_cellsSection, m_stimulusSection, m_parametersSection, m_simulationSection})
        column->addWidget(section);
    column->addStretch(1);
    m_cellsSection->setFoldable(false);
    m_stimulusSection->setFoldable(false);
    m_cellsSection->setHeaderWidget(m_cells->headerActions());
    m_stimulusSection->setHeaderWidget(m_stimulus->headerActions());
    // Both are in the transport bar.
    m_simulation->setHiddenRows({simulation::endless, simulation::duration_ms});

    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_scroll);
    connectAll();
    m_notesSection->setExpanded(false);
    setExperiment(m_plan, {}, {});
}

QWidget* SetupPanel::buildNotes()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_title = new QLineEdit(box);
    m_title->setPlaceholderText(tr("Title"));
    m_title->setAccessibleName(tr("Title of the experiment"));
    m_title->setMaxLength(200);
    m_notes = new QPlainTextEdit(box);
    m_notes->setPlaceholderText(tr("What to look for, in a few sentences"));
    m_notes->setAccessibleName(tr("Notes: what to look for"));
    m_notes->setTabChangesFocus(true);
    m_notes->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_title);
    column->addWidget(m_notes);
    connect(m_title, &QLineEdit::textEdited, this, [this](const QString& text) {
        m_titleOpen = true;
        emit titleEdited(text, true);
    });
    connect(m_title, &QLineEdit::editingFinished, this, [this] {
        if (std::exchange(m_titleOpen, false))
            emit titleEdited(m_title->text(), false);
    });
    connect(m_notes, &QPlainTextEdit::textChanged, this, [this] {
        fitNotes();
        if (m_showing)
            return;
        m_notesOpen = true;
        emit notesEdited(m_notes->toPlainText(), true);
    });
    m_notes->installEventFilter(this);
    return box;
}

void SetupPanel::connectAll()
{
    connect(m_cells, &CellList::addRequested, this, &SetupPanel::cellAddRequested);
    connect(m_cells, &CellList::duplicateRequested, this, &SetupPanel::cellDuplicateRequested);
    connect(m_cells, &CellList::removeRequested, this, &SetupPanel::cellRemoveRequested);
    connect(m_cells, &CellList::renameRequested, this, &SetupPanel::cellRenameRequested);
    connect(m_cells, &CellList::visibilityRequested, this, &SetupPanel::cellVisibilityRequested);
    connect(m_cells, &CellList::modelChangeRequested, this, &SetupPanel::cellModelChangeRequested);
    connect(m_cells, &CellList::selected, this, [this](int id) {
        showSelected();
        emit cellSelected(id);
    });
    connect(m_parameters, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        showRelevance();
        if (selected())
            emit parameterEdited(selectedCell(), row, value, continuing);
    });
    connect(m_simulation, &ParameterForm::valueEdited, this, &SetupPanel::simulationEdited);
    const auto stimulusOwner = [this] { return selected() && selected()->ownStimulus ? selectedCell() : -1; };
    connect(m_stimulus, &StimulusEditor::stimulusEdited, this,
        [this, stimulusOwner](const Stimulus& stimulus, const QString& what, bool continuing, StimulusPlace place) {
            emit stimulusEdited(stimulusOwner(), stimulus, what, continuing, place);
        });
    connect(m_stimulus, &StimulusEditor::recordingWanted, this,
        [this, stimulusOwner](int part) { emit recordingWanted(stimulusOwner(), part); });
    connect(m_stimulus, &StimulusEditor::ownStimulusRequested, this,
        [this](bool own) { emit ownStimulusRequested(selectedCell(), own); });
    connect(m_stimulus, &StimulusEditor::injectionHeld, this, &SetupPanel::injectionHeld);
}

const Cell* SetupPanel::selected() const { return m_plan.findCell(selectedCell()); }

int SetupPanel::selectedCell() const { return m_cells->selectedId(); }

void SetupPanel::selectCell(int cellId)
{
    m_cells->setSelected(cellId);
    showSelected();
}

void SetupPanel::setExperiment(const NeuronPlan& plan, const QString& title, const QString& notes)
{
    const int before = selectedCell();
    // Where the selected cell went away, its neighbour.
    int wanted = before;
    if (!plan.findCell(before) && !plan.cells.empty()) {
        std::size_t position = 0;
        while (position < m_plan.cells.size() && m_plan.cells[position].id != before)
            ++position;
        wanted = plan.cells[std::min(position, plan.cells.size() - 1)].id;
    }
    m_plan = plan;
    m_cells->setCells(m_plan);
    m_cells->setSelected(wanted);
    m_simulation->setValues(m_plan.simulation);
    const double duration = m_plan.duration_ms();
    m_stimulus->setPreviewWindow(m_plan.endless() ? endlessPreview_ms : std::min(duration, longestPreview_ms));
    showNotes(title, notes);
    showSelected();
    if (selectedCell() != before)
        emit cellSelected(selectedCell());
}

void SetupPanel::showSelected()
{
    const Cell* cell = selected();
    m_parametersSection->setVisible(cell != nullptr);
    m_stimulus->setOwnStimulusOffered(
        cell && (m_plan.cells.size() > 1 || cell->ownStimulus), cell ? QString::fromStdString(cell->name) : QString());
    m_stimulus->setOwnStimulus(cell && cell->ownStimulus);
    m_stimulus->setStimulus(cell ? m_plan.stimulusOf(*cell) : m_plan.stimulus);
    if (!cell)
        return;
    m_parametersSection->setTitle(tr("Parameters of %1").arg(QString::fromStdString(cell->name)));
    m_parameters->setValues(cell->parameters);
    showRelevance();
}

// The initial values of a cell that starts at rest have no effect.
void SetupPanel::showRelevance()
{
    const ParameterValues& values = m_parameters->values();
    const bool given = values.valueOr(ParameterRole::start, 1) != 0;
    for (std::size_t row = 0; row < values.size(); ++row)
        if (values.table()[row].role == ParameterRole::initialState)
            m_parameters->setRowEnabled(
                static_cast<int>(row), given, tr("No effect: the cell starts from its resting state."));
}

void SetupPanel::showNotes(const QString& title, const QString& notes)
{
    m_showing = true;
    const bool other = title != m_title->text() || notes != m_notes->toPlainText();
    if (title != m_title->text()) {
        m_title->setText(title);
        m_title->setCursorPosition(0);
    }
    if (notes != m_notes->toPlainText())
        m_notes->setPlainText(notes);
    m_showing = false;
    if (other && !notes.isEmpty() && !m_notes->hasFocus())
        m_notesSection->setExpanded(true);
    fitNotes();
}

// As high as the text, from two lines to eight.
void SetupPanel::fitNotes()
{
    const QTextDocument* document = m_notes->document();
    double text = 0;
    for (QTextBlock block = document->begin(); block.isValid(); block = block.next())
        text += document->documentLayout()->blockBoundingRect(block).height();
    const double line = m_notes->fontMetrics().lineSpacing();
    const double around = m_notes->height() - m_notes->viewport()->height() + 2 * document->documentMargin();
    m_notes->setFixedHeight(static_cast<int>(std::ceil(std::clamp(text, 2 * line, 8 * line) + around)));
}

bool SetupPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_notes && event->type() == QEvent::FocusOut && std::exchange(m_notesOpen, false))
        emit notesEdited(m_notes->toPlainText(), false);
    if (watched == m_notes && (event->type() == QEvent::Resize || event->type() == QEvent::Show))
        QMetaObject::invokeMethod(this, &SetupPanel::fitNotes, Qt::QueuedConnection);
    return QWidget::eventFilter(watched, event);
}

QStringList SetupPanel::foldedSections() const
{
    QStringList keys;
    if (!m_notesSection->isExpanded())
        keys << QStringLiteral("notes");
    if (!m_parametersSection->isExpanded())
        keys << QStringLiteral("parameters");
    if (!m_simulationSection->isExpanded())
        keys << QStringLiteral("simulation");
    return keys;
}

void SetupPanel::setFoldedSections(const QStringList& keys)
{
    m_notesSection->setExpanded(!keys.contains(QStringLiteral("notes")));
    m_parametersSection->setExpanded(!keys.contains(QStringLiteral("parameters")));
    m_simulationSection->setExpanded(!keys.contains(QStringLiteral("simulation")));
}

// Large type needs more room, though not in proportion: the plots matter more.
void SetupPanel::fitWidth()
{
    const double scale = (1 + currentTheme().basePoints / 10.0) / 2;
    setMinimumWidth(static_cast<int>(300 * scale));
    setMaximumWidth(static_cast<int>(340 * scale));
    updateGeometry();
}

QSize SetupPanel::sizeHint() const { return {(minimumWidth() + maximumWidth()) / 2, 640}; }

} // namespace endospike
