#include "app/neuron/page.h"

#include "app/document/document.h"
#include "app/laboratory/settings.h"
#include "app/neuron/jitter_view.h"
#include "sim/neuron/run.h"
#include "widgets/experiment/cell_list.h"
#include "widgets/experiment/setup_panel.h"
#include "widgets/experiment/stimulus_editor.h"
#include "widgets/trace/plot_stack.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>

namespace endospike {

namespace {

QString text(std::string_view view) { return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size())); }

} // namespace

Cell* findCell(Experiment& experiment, int cellId)
{
    const auto found = std::ranges::find(experiment.neuron.cells, cellId, &Cell::id);
    return found == experiment.neuron.cells.end() ? nullptr : &*found;
}

NeuronPage::NeuronPage(Document& document, QWidget* parent)
    : Page(parent)
    , m_document(document)
    , m_splitter(new QSplitter(Qt::Horizontal))
    , m_setup(new SetupPanel)
    , m_plots(new PlotStack)
    , m_right(new QSplitter(Qt::Vertical))
    , m_jitterButton(new QToolButton)
    , m_jitter(new JitterView)
{
    build();
    m_plots->setHistory(&m_session.history());
    connect(&m_session, &LiveSession::stateChanged, this, &Page::stateChanged);
    connect(&m_document, &Document::edited, this, [this] {
        showExperiment();
        m_session.edit(m_document.experiment().neuron);
    });
    connect(&m_document, &Document::replaced, this, [this] {
        showExperiment();
        m_setup->selectCell(
            m_document.experiment().neuron.cells.empty() ? -1 : m_document.experiment().neuron.cells.front().id);
        m_plots->setSelectedCell(m_setup->selectedCell());
        m_plots->setFollowLive(true);
    });
    connectSetup();
    connectCells();
    addMenuActions();
    showExperiment();
    m_plots->setSelectedCell(m_setup->selectedCell());
}

void NeuronPage::build()
{
    m_right->addWidget(m_plots);
    m_right->addWidget(m_jitter);
    m_right->setStretchFactor(0, 3);
    m_right->setStretchFactor(1, 2);
    m_right->setChildrenCollapsible(false);
    m_jitter->hide();
    m_jitterButton->setText(tr("Jitter"));
    m_jitterButton->setCheckable(true);
    m_jitterButton->setToolTip(tr("How precisely the spikes are timed when noise is added to the current"));
    m_jitterButton->setAccessibleName(tr("Spike-time jitter"));
    connect(m_jitterButton, &QToolButton::toggled, m_jitter, &QWidget::setVisible);
    m_plots->addTool(m_jitterButton);
    m_splitter->addWidget(m_setup);
    m_splitter->addWidget(m_right);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(1, false);
    m_splitter->setHandleWidth(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
}

void NeuronPage::stop()
{
    m_session.stop();
    m_jitter->stop();
}

FigureRequest NeuronPage::figure(const QString& caption) const
{
    FigureRequest request = m_plots->figure(caption);
    if (m_jitter->isVisibleTo(this))
        m_jitter->addTo(request);
    return request;
}

QWidget* NeuronPage::setupPanel() const { return m_setup; }

QWidget* NeuronPage::home() const { return m_plots; }

void NeuronPage::start() { m_session.start(m_document.experiment().neuron, true); }

void NeuronPage::tick()
{
    m_session.drain();
    m_plots->refresh();
}

void NeuronPage::showWholeRun()
{
    m_session.showRecording(
        m_document.experiment().neuron, [&](const BlockSink& sink) { run(m_document.experiment().neuron, {}, sink); });
    m_plots->fit();
    m_plots->refresh();
    emit stateChanged();
}

void NeuronPage::suspend()
{
    m_resumes = m_session.state() == LiveState::running;
    if (m_resumes)
        m_session.setRunning(false);
}

void NeuronPage::resume()
{
    if (m_resumes)
        m_session.setRunning(true);
    m_resumes = false;
}

void NeuronPage::singleStep()
{
    m_session.singleStep();
    m_plots->setFollowLive(true);
}

void NeuronPage::reset()
{
    m_session.reset();
    m_plots->setFollowLive(true);
}

void NeuronPage::setInjecting(bool injecting)
{
    if (injecting)
        m_setup->stimulusEditor()->pressInjection();
    else
        m_setup->stimulusEditor()->releaseInjection();
}

TransportState NeuronPage::state() const
{
    switch (m_session.state()) {
    case LiveState::running:
        return TransportState::running;
    case LiveState::atEnd:
        return TransportState::finished;
    case LiveState::failed:
        return TransportState::stopped;
    case LiveState::paused:
        break;
    }
    return TransportState::paused;
}

TransportReading NeuronPage::reading() const
{
    return {m_session.time_ms(), m_session.achieved_ms_per_s(), m_session.stepsPerSecond(),
        static_cast<double>(m_plots->framesPerSecond()), m_session.lostSamples()};
}

void NeuronPage::showExperiment()
{
    const Experiment& experiment = m_document.experiment();
    m_setup->setExperiment(experiment.neuron, text(experiment.title), text(experiment.notes));
    m_plots->setPlan(experiment.neuron);
    m_jitter->setPlan(experiment.neuron);
}

void NeuronPage::change(const QString& what, const QString& place, bool continuing, const Change& change)
{
    Page::edit(m_document, what, place, continuing, change);
}

void NeuronPage::changeCell(int cellId, const QString& what, const std::function<void(Cell&)>& changeIt)
{
    change(what, {}, false, [&](Experiment& experiment) {
        if (Cell* cell = findCell(experiment, cellId))
            changeIt(*cell);
    });
}

void NeuronPage::connectSetup()
{
    connect(m_setup, &SetupPanel::parameterEdited, this, [this](int cellId, int row, double value, bool continuing) {
        Experiment before = m_document.experiment();
        const Cell* cell = findCell(before, cellId);
        if (!cell)
            return;
        const Parameter& parameter = cell->model->parameters[static_cast<std::size_t>(row)];
        change(tr("%1 of %2").arg(text(parameter.label), QString::fromStdString(cell->name)),
            QStringLiteral("cells.%1.parameters.%2").arg(cellId).arg(row), continuing, [&](Experiment& experiment) {
                findCell(experiment, cellId)->parameters.set(static_cast<std::size_t>(row), value);
            });
    });
    connect(m_setup, &SetupPanel::simulationEdited, this, [this](int row, double value, bool continuing) {
        change(text(simulationTable()[static_cast<std::size_t>(row)].label), QStringLiteral("simulation.%1").arg(row),
            continuing,
            [&](Experiment& experiment) { experiment.neuron.simulation.set(static_cast<std::size_t>(row), value); });
    });
    connect(m_setup, &SetupPanel::stimulusEdited, this,
        [this](int cellId, const Stimulus& stimulus, const QString& what, bool continuing, StimulusPlace place) {
            change(what, QStringLiteral("stimulus.%1.%2.%3").arg(cellId).arg(place.part).arg(place.row), continuing,
                [&](Experiment& experiment) {
                    if (Cell* cell = findCell(experiment, cellId))
                        cell->ownStimulus = stimulus;
                    else
                        experiment.neuron.stimulus = stimulus;
                });
        });
    connect(m_setup, &SetupPanel::titleEdited, this, [this](const QString& title, bool continuing) {
        change(tr("Title"), QStringLiteral("title"), continuing,
            [&](Experiment& experiment) { experiment.title = title.toStdString(); });
    });
    connect(m_setup, &SetupPanel::notesEdited, this, [this](const QString& notes, bool continuing) {
        change(tr("Notes"), QStringLiteral("notes"), continuing,
            [&](Experiment& experiment) { experiment.notes = notes.toStdString(); });
    });
    connect(m_setup, &SetupPanel::recordingWanted, this, &Page::recordingWanted);
    connect(m_setup, &SetupPanel::injectionHeld, this,
        [this](double current_ua_per_cm2) { m_session.setInjection(current_ua_per_cm2); });
    connect(m_setup, &SetupPanel::cellSelected, this, [this](int cellId) { m_plots->setSelectedCell(cellId); });
}

void NeuronPage::connectCells()
{
    connect(m_setup, &SetupPanel::cellAddRequested, this, &NeuronPage::addCell);
    connect(m_setup, &SetupPanel::cellDuplicateRequested, this, &NeuronPage::duplicateCell);
    connect(m_setup, &SetupPanel::cellRemoveRequested, this, &NeuronPage::removeCell);
    connect(m_setup, &SetupPanel::cellRenameRequested, this, [this](int cellId, const QString& name) {
        changeCell(cellId, tr("Rename to %1").arg(name), [&](Cell& cell) { cell.name = name.toStdString(); });
    });
    connect(m_setup, &SetupPanel::cellVisibilityRequested, this, [this](int cellId, bool visible) {
        changeCell(cellId, visible ? tr("Show cell") : tr("Hide cell"), [&](Cell& cell) { cell.visible = visible; });
    });
    connect(m_setup, &SetupPanel::cellModelChangeRequested, this, [this](int cellId, const QString& modelKey) {
        const NeuronModel* model = findNeuronModel(modelKey.toStdString());
        if (!model)
            return;
        change(tr("Change model to %1").arg(text(model->shortName)), {}, false, [&](Experiment& experiment) {
            Cell* cell = findCell(experiment, cellId);
            if (!cell || cell->model == model)
                return;
            const bool namedAfterModel = QString::fromStdString(cell->name).startsWith(text(cell->model->shortName));
            cell->model = model;
            cell->parameters = ParameterValues(model->parameters);
            if (namedAfterModel) {
                cell->name.clear();
                cell->name = experiment.neuron.freeCellName(model->shortName);
            }
        });
    });
    connect(m_setup, &SetupPanel::ownStimulusRequested, this, [this](int cellId, bool own) {
        const Stimulus shared = m_document.experiment().neuron.stimulus;
        changeCell(cellId, own ? tr("Own stimulus") : tr("Shared stimulus"),
            [&](Cell& cell) { cell.ownStimulus = own ? std::optional<Stimulus>(shared) : std::nullopt; });
    });
}

void NeuronPage::addMenuActions()
{
    auto* models = new QMenu(tr("&Add cell"), this);
    for (const NeuronModel& model : neuronModels())
        connect(models->addAction(text(model.name)), &QAction::triggered, this,
            [this, key = text(model.key)] { addCell(key); });
    constexpr auto edit = PageAction::Menu::edit;
    addMenuAction(edit, models->menuAction());
    addMenuAction(edit, tr("&Duplicate cell"), QKeySequence(Qt::CTRL | Qt::Key_D),
        [this] { duplicateCell(m_setup->selectedCell()); });
    addMenuAction(edit, tr("Re&name cell"), {}, [this] { m_setup->cellList()->startRename(m_setup->selectedCell()); });
    addMenuAction(edit, tr("Re&move cell"), {}, [this] { removeCell(m_setup->selectedCell()); });
}

void NeuronPage::addCell(const QString& modelKey)
{
    const NeuronModel* model = findNeuronModel(modelKey.toStdString());
    if (!model)
        return;
    if (m_document.experiment().neuron.cells.size() >= maximumCells) {
        emit refused(tr("An experiment holds at most %1 cells; remove one first.").arg(maximumCells));
        return;
    }
    const int id = m_document.experiment().neuron.freeCellId();
    change(tr("Add %1").arg(text(model->shortName)), {}, false, [&](Experiment& experiment) {
        Cell cell(*model);
        cell.id = id;
        cell.name = experiment.neuron.freeCellName(model->shortName);
        experiment.neuron.cells.push_back(std::move(cell));
    });
    m_setup->selectCell(id);
    m_plots->setSelectedCell(id);
}

void NeuronPage::duplicateCell(int cellId)
{
    if (m_document.experiment().neuron.cells.size() >= maximumCells) {
        emit refused(tr("An experiment holds at most %1 cells; remove one first.").arg(maximumCells));
        return;
    }
    const int id = m_document.experiment().neuron.freeCellId();
    change(tr("Duplicate cell"), {}, false, [&](Experiment& experiment) {
        const auto found = std::ranges::find(experiment.neuron.cells, cellId, &Cell::id);
        if (found == experiment.neuron.cells.end())
            return;
        Cell copy = *found;
        copy.id = id;
        copy.name = experiment.neuron.freeCellName(copy.model->shortName);
        experiment.neuron.cells.insert(found + 1, std::move(copy));
    });
    m_setup->selectCell(id);
    m_plots->setSelectedCell(m_setup->selectedCell());
}

void NeuronPage::removeCell(int cellId)
{
    change(tr("Remove cell"), {}, false, [&](Experiment& experiment) {
        std::erase_if(experiment.neuron.cells, [&](const Cell& cell) { return cell.id == cellId; });
    });
    m_plots->setSelectedCell(m_setup->selectedCell());
}

void NeuronPage::saveLayout(Settings& settings) const
{
    settings.set("neuron/plots", m_plots->saveLayout());
    settings.set("neuron/splitter", m_splitter->saveState());
    settings.set("neuron/folded", m_setup->foldedSections());
    settings.set("neuron/setupVisible", m_setup->isVisibleTo(this));
    settings.set("neuron/speed", speed());
    settings.set("neuron/jitter", m_jitterButton->isChecked());
}

void NeuronPage::restoreLayout(const Settings& settings)
{
    if (const QByteArray state = settings.bytes("neuron/plots"); !state.isEmpty())
        m_plots->restoreLayout(state);
    if (const QByteArray state = settings.bytes("neuron/splitter"); !state.isEmpty())
        m_splitter->restoreState(state);
    if (settings.has("neuron/folded"))
        m_setup->setFoldedSections(settings.list("neuron/folded"));
    m_setup->setVisible(settings.flag("neuron/setupVisible", true));
    m_jitterButton->setChecked(settings.flag("neuron/jitter", false));
    setSpeed(std::clamp(settings.number("neuron/speed", speed()), 0.0, 1e6));
}

} // namespace endospike
