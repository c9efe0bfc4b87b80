#include "app/window/main_window.h"

#include "app/control/page.h"
#include "app/cost/page.h"
#include "app/equivalence/page.h"
#include "app/information/page.h"
#include "app/neuron/page.h"
#include "app/results/page.h"
#include "app/robustness/page.h"
#include "app/training/page.h"
#include "app/window/message_bar.h"
#include "app/window/welcome_page.h"
#include "sim/base/errors.h"
#include "sim/cost/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/equivalence/laboratory.h"
#include "sim/information/laboratory.h"
#include "sim/robustness/laboratory.h"
#include "widgets/experiment/transport_bar.h"
#include "widgets/look/theme.h"
#include "widgets/trace/plot_stack.h"

#include <QApplication>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QDialog>
#include <QFileInfo>
#include <QLocale>
#include <QLoggingCategory>
#include <QMimeData>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {

Q_LOGGING_CATEGORY(startLog, "endospike.start", QtWarningMsg)

constexpr int tick_ms = 16;
constexpr int ticksPerReading = 6; // readings change ten times a second, so that they can be read

const Parameter& durationRow() { return simulationTable()[simulation::duration_ms]; }

} // namespace

MainWindow::MainWindow(const Surroundings& surroundings, QWidget* parent)
    : QMainWindow(parent)
    , m_settings(surroundings.settingsFile)
    , m_recoveryFolder(surroundings.recoveryFolder)
{
    setObjectName(QStringLiteral("window"));
    setAcceptDrops(true);
    applyTheme(*qApp, m_settings.theme());
    buildLayout();
    buildActions();
    m_neuron = addLaboratory<NeuronPage>(firstExperiment());
    m_equivalence = addLaboratory<EquivalencePage>(firstEquivalence());
    m_training = addLaboratory<TrainingPage>(firstTraining(), surroundings.runsFolder);
    connect(m_training, &TrainingPage::runExportWanted, m_benches.back()->exports,
        [this, exports = m_benches.back()->exports](const std::vector<std::string>& folders, RunExport format) {
            exports->exportRuns(m_training->runsToExport(folders), format);
        });
    addLaboratory<ControlPage>(firstControl(), surroundings.runsFolder);
    addLaboratory<RobustnessPage>(firstRobustness(), surroundings.runsFolder);
    addLaboratory<InformationPage>(firstInformation(), surroundings.runsFolder);
    addLaboratory<CostPage>(firstCost());
    addResults();
    addWelcome();
    connectTransport();
    showPage(m_neuron);
    showName();
    showDuration();

    resize(1280, 800);
    restoreGeometry(m_settings.bytes("geometry"));
    for (const auto& bench : m_benches)
        bench->page->restoreLayout(m_settings);
    m_transport->setSpeed(m_page->speed());
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, &MainWindow::tick);
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow()
{
    qApp->removeEventFilter(this);
    for (const auto& bench : m_benches)
        bench->page->stop();
}

template <class SomePage, class... Others>
SomePage* MainWindow::addLaboratory(const Experiment& first, const Others&... others)
{
    m_benches.push_back(std::make_unique<Bench>());
    Bench& bench = *m_benches.back();
    bench.document = new Document(this);
    bench.document->replace(first, {});
    bench.files = new DocumentCommands(*bench.document, m_settings, *m_messages, *this);
    bench.files->setParent(this);
    bench.files->setRoute([this](std::string_view laboratory) -> DocumentCommands& {
        showLaboratory(laboratory);
        return *m_files;
    });
    connect(bench.files, &DocumentCommands::trainedWanted, this, &MainWindow::openTrained);
    bench.exports = new ExportCommands(*bench.document, m_settings, *m_messages, *this);
    bench.exports->setParent(this);
    bench.recovery = new Recovery(*bench.document, m_recoveryFolder, this);
    m_undo.addStack(&bench.document->undoStack());
    auto* page = new SomePage(*bench.document, others...);
    bench.page = page;
    bench.exports->setPage(page);
    connectDocument(bench);
    addPage(page);
    return page;
}

void MainWindow::connectDocument(Bench& bench)
{
    const auto ifInFront = [this, &bench](void (MainWindow::*refresh)()) {
        return [this, &bench, refresh] {
            if (m_document == bench.document)
                (this->*refresh)();
        };
    };
    connect(bench.recovery, &Recovery::failed, this,
        [this](const QString& sentence) { m_messages->show("recovery-failed", MessageBar::Kind::problem, sentence); });
    connect(bench.document, &Document::nameChanged, this, ifInFront(&MainWindow::showName));
    connect(bench.document, &Document::edited, this, ifInFront(&MainWindow::showDuration));
    connect(bench.document, &Document::edited, this, ifInFront(&MainWindow::showName)); // the title may be the name
    connect(bench.document, &Document::edited, this, [&bench] { bench.mayClose = false; });
    connect(bench.document, &Document::replaced, this, [this, &bench] {
        bench.started = m_started && m_document == bench.document; // else when it comes to the front
        if (m_document == bench.document)
            showDuration();
        if (bench.started)
            bench.page->start(true);
    });
}

MainWindow::Bench& MainWindow::benchOf(std::string_view laboratory)
{
    for (const auto& bench : m_benches)
        if (bench->page->laboratory() == laboratory)
            return *bench;
    throw DocumentError("laboratory", {}, "has no page in the window; the command line runs its documents");
}

void MainWindow::showLaboratory(std::string_view laboratory) { showPage(benchOf(laboratory).page); }

void MainWindow::showDocument(const QString& path)
{
    showLaboratory(Document::read(path).laboratory->key);
    m_document->open(path);
}

void MainWindow::openTrained(const QString& path)
{
    try {
        showLaboratory(laboratoryOfTrained(path));
        m_page->openTrained(path);
        m_settings.addRecentFile(path);
        m_settings.setLastFolder(QFileInfo(path).absolutePath());
    } catch (const FileError& error) {
        m_settings.removeRecentFile(QFileInfo(path).absoluteFilePath());
        m_files->say(
            tr("“%1” cannot be opened: %2").arg(QFileInfo(path).fileName(), QString::fromStdString(error.why)));
    }
}

void MainWindow::buildLayout()
{
    auto* center = new QWidget;
    auto* outer = new QVBoxLayout(center);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(0);

    auto* rail = new QWidget;
    rail->setObjectName(QStringLiteral("rail"));
    rail->setAccessibleName(tr("Laboratories"));
    m_railLayout = new QVBoxLayout(rail);
    m_railLayout->setContentsMargins(4, 8, 4, 8);
    m_railLayout->addStretch();
    m_rail = new QButtonGroup(this);

    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    m_messages = new MessageBar;
    m_stack = new QStackedWidget;
    right->addWidget(m_messages);
    right->addWidget(m_stack, 1);
    upper->addWidget(rail);
    upper->addLayout(right, 1);

    m_transport = new TransportBar(durationRow());
    outer->addLayout(upper, 1);
    outer->addWidget(m_transport);
    setCentralWidget(center);
}

QToolButton* MainWindow::addRailButton(const QString& name, std::string_view icon, const QString& tip, int number)
{
    auto* button = new QToolButton;
    button->setText(name);
    button->setIcon(themedIcon(icon));
    button->setIconSize({24, 24});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setCheckable(true);
    button->setAutoRaise(true);
    const auto fit = [button] { // the largest type would take the width from what is shown
        QFont type = currentTheme().baseFont();
        type.setPointSize(std::min(type.pointSize(), 12));
        button->setFont(type);
    };
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, button, fit);
    fit();
    button->setAccessibleName(name);
    button->setToolTip(tip);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_rail->addButton(button, number);
    m_railLayout->insertWidget(number == 0 ? 0 : m_railLayout->count() - 1, button);
    return button;
}

void MainWindow::addPage(Page* page)
{
    m_stack->addWidget(page);
    const auto number = static_cast<int>(m_benches.size());

    QToolButton* button =
        addRailButton(page->name(), page->icon(), tr("%1 laboratory (Ctrl+%2)").arg(page->name()).arg(number), number);
    connect(button, &QToolButton::clicked, this, [this, page] { showPage(page); });
    addAction(m_pageMenu, page->name(), QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)),
        [this, page] { showPage(page); });
    connectPage(page);
}

void MainWindow::showPage(Page* page)
{
    const bool fromAside = m_page && m_stack->currentWidget() != m_page;
    if (m_page && m_page != page && !fromAside)
        m_page->suspend();
    Bench& bench = benchOf(page->laboratory());
    const bool returns = m_page && (m_page != page || fromAside);
    m_transport->show();
    m_page = page;
    m_document = bench.document;
    m_files = bench.files;
    m_exports = bench.exports;
    m_recovery = bench.recovery;
    m_undo.setActiveStack(&bench.document->undoStack());
    m_stack->setCurrentWidget(page);
    const auto index = std::ranges::find_if(m_benches, [&](const auto& one) { return one.get() == &bench; });
    m_rail->button(static_cast<int>(index - m_benches.begin()) + 1)->setChecked(true);
    enableActions();
    if (fromAside)
        page->home()->setFocus(); // not the first text field, which would take the keys
    m_transport->setSpeed(page->speed());
    if (m_started && !bench.started) {
        bench.started = true;
        page->start(true);
    } else if (returns) {
        page->resume();
    }
    showName();
    showDuration();
    showState();
}

/// A key must not act on a laboratory that is not in front.
void MainWindow::enableActions()
{
    const QWidget* front = m_stack->currentWidget();
    const bool laboratory = front == m_page;
    const std::pair<const QList<QAction*>&, bool> groups[] = {{m_pageActions, laboratory},
        {m_cellActions, laboratory && m_page == m_neuron}, {m_trainingActions, laboratory && m_page == m_training},
        {m_traceActions, laboratory && m_page->plots()}, {m_resultActions, laboratory || front == m_results}};
    for (const auto& [actions, enabled] : groups)
        for (QAction* action : actions)
            action->setEnabled(enabled);
}

void MainWindow::connectPage(Page* page)
{
    connect(page, &Page::stateChanged, this, [this, page] {
        if (page == m_page)
            showState();
    });
    DocumentCommands* files = m_benches.back()->files;
    connect(page, &Page::refused, files, &DocumentCommands::say);
    connect(page, &Page::undoable, this, [this](const QString& sentence, const std::function<void()>& undo) {
        m_messages->show("undoable", MessageBar::Kind::note, sentence, {{tr("Undo"), undo}});
    });
    connect(
        page, &Page::experimentWanted, files, [files, document = m_benches.back()->document](const Experiment& next) {
            files->guard([document, next] { document->replace(next, {}); });
        });
    connect(page, &Page::recordingWanted, files, &DocumentCommands::chooseRecording);
}

void MainWindow::connectTransport()
{
    connect(m_transport, &TransportBar::runRequested, this, [this](bool run) { m_page->setRunning(run); });
    connect(m_transport, &TransportBar::stepRequested, this, [this] { m_page->singleStep(); });
    connect(m_transport, &TransportBar::resetRequested, this, [this] { m_page->reset(); });
    connect(m_transport, &TransportBar::speedEdited, this, [this](double ms_per_s, bool) {
        m_page->setSpeed(ms_per_s);
        m_transport->setSpeed(ms_per_s);
    });
    connect(m_transport, &TransportBar::durationEdited, this,
        [this](double value, bool continuing) { editSimulation(simulation::duration_ms, value, continuing); });
    connect(m_transport, &TransportBar::endlessEdited, this,
        [this](bool endless) { editSimulation(simulation::endless, endless ? 1 : 0, false); });
}

void MainWindow::start()
{
    m_started = true;
    benchOf(m_page->laboratory()).started = true;
    m_page->start(true);
    m_tick.start(tick_ms);
    offerRecovery();
    // The keys act on the run at once; Tab leads on from here.
    m_page->home()->setFocus();
}

void MainWindow::tick()
{
    const bool wasEmpty = m_page->history().empty();
    m_page->tick();
    if (wasEmpty && !m_page->history().empty())
        qCDebug(startLog, "first samples drawn");
    if (++m_ticks % ticksPerReading == 0)
        m_transport->setReading(m_page->reading());
}

void MainWindow::showState()
{
    constexpr const char* key = "stopped";
    const TransportState state = m_page->state();
    m_transport->setMode(m_page->transportMode());
    m_transport->setProgress(m_page->job().fraction, m_page->job().sentence);
    m_transport->setState(state, m_page->stopReason());
    if (state == TransportState::stopped)
        m_messages->show(QLatin1String(key), MessageBar::Kind::problem,
            tr("The run was stopped: %1").arg(m_page->stopReason()),
            {{tr("Start again"), [this] { m_page->reset(); }}});
    else
        m_messages->dismiss(QLatin1String(key));
}

void MainWindow::showName()
{
    setWindowTitle(tr("%1[*] - Endospike").arg(m_document->displayName()));
    setWindowModified(m_document->isModified());
}

void MainWindow::showDuration()
{
    m_transport->setDuration(m_document->experiment().neuron.duration_ms(), m_document->experiment().neuron.endless());
}

void MainWindow::editSimulation(int row, double value, bool continuing)
{
    const auto index = static_cast<std::size_t>(row);
    Experiment after = m_document->experiment();
    if (!refusal(simulationTable()[index], value).empty())
        return; // the bar's own bounds are the table's
    after.neuron.simulation.set(index, value);
    const std::string_view label = simulationTable()[index].label;
    m_document->edit(std::move(after), QString::fromUtf8(label.data(), static_cast<qsizetype>(label.size())),
        QStringLiteral("simulation.%1").arg(row));
    if (!continuing)
        m_document->endEdit();
}

void MainWindow::setFileChooser(const FileChooser& chooser)
{
    for (const auto& bench : m_benches) {
        bench->files->setFileChooser(chooser);
        bench->exports->setFileChooser(chooser);
        bench->page->setFileChooser(chooser);
    }
}

void MainWindow::offerRecovery()
{
    const auto found = m_recovery->findLost();
    if (!found)
        return;
    const QString name = found->documentPath.isEmpty() ? QString::fromStdString(found->experiment.title)
                                                       : QFileInfo(found->documentPath).fileName();
    m_messages->show("recovery", MessageBar::Kind::question,
        tr("Unsaved work on “%1” of %2 was found; Endospike did not end in the ordinary way.")
            .arg(name, QLocale().toString(found->written, QLocale::ShortFormat)),
        {{tr("Recover"),
             [this, lost = *found] {
                 showLaboratory(lost.experiment.laboratory->key);
                 m_files->guard([this, lost] { recover(lost); });
             }},
            {tr("Discard"), [this, lost = *found] {
                 m_recovery->discard(lost);
                 offerRecovery();
             }}});
}

void MainWindow::recover(const Recovery::Found& found)
{
    showLaboratory(found.experiment.laboratory->key);
    m_document->replace(found.experiment, found.documentPath, true);
    m_recovery->update(); // safe under our own name before the old file goes
    m_recovery->discard(found);
    offerRecovery();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    for (const auto& bench : m_benches) {
        if (bench->mayClose || !bench->document->isModified())
            continue;
        event->ignore();
        showPage(bench->page);
        bench->files->guard([this, which = bench.get()] {
            which->mayClose = true;
            close();
        });
        return;
    }
    m_tick.stop();
    m_started = false;
    for (const auto& bench : m_benches) {
        bench->page->stop();
        bench->page->saveLayout(m_settings);
    }
    m_settings.set("geometry", saveGeometry());
    m_settings.sync();
    for (const auto& bench : m_benches)
        bench->recovery->end();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && DocumentCommands::canDrop(urls.front().toLocalFile()))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && m_files->dropFile(urls.front().toLocalFile()))
        event->acceptProposedAction();
}

} // namespace endospike
