#include "app/window/main_window.h"

#include "app/results/page.h"
#include "app/window/export_commands.h"
#include "app/window/key_filter.h"
#include "app/window/menus.h"
#include "app/window/message_bar.h"
#include "app/window/rail.h"
#include "app/window/recovery_offer.h"
#include "app/window/transport_control.h"
#include "app/window/welcome_page.h"
#include "sim/trace/trace_history.h"
#include "widgets/experiment/transport_bar.h"
#include "widgets/look/text.h"

#include <QApplication>
#include <QCloseEvent>
#include <QLoggingCategory>
#include <QMimeData>
#include <QToolButton>
#include <QVBoxLayout>

namespace endospike {

namespace {

Q_LOGGING_CATEGORY(startLog, "endospike.start", QtWarningMsg)

constexpr int tick_ms = 16;
constexpr int ticksPerReading = 6; // readings change ten times a second, so that they can be read

} // namespace

MainWindow::MainWindow(const Surroundings& surroundings, QWidget* parent)
    : QMainWindow(parent)
    , m_surroundings(surroundings)
    , m_settings(surroundings.settingsFile)
{
    setObjectName(QStringLiteral("window"));
    setAcceptDrops(true);
    applyTheme(*qApp, m_settings.theme());
    buildLayout();
    m_transport = new TransportControl(*m_bar, *m_workbench, *m_messages, this);
    m_exports = new ExportCommands(*m_workbench, m_surroundings, m_settings, *m_messages, *this);
    m_menus = new Menus(*this, *m_workbench, *m_exports, *m_transport, m_settings);
    m_keys = new KeyFilter(*this, *m_workbench, this);
    m_recovery = new RecoveryOffer(*m_workbench, *m_messages, this);
    addPlaces();
    for (const auto& bench : m_workbench->benches())
        connect(bench.get(), &Bench::pageMade, this,
            [this](Page* page) { connect(page, &Page::exportWanted, m_exports, &ExportCommands::write); });
    connect(m_workbench, &Workbench::frontChanged, this, &MainWindow::showFront);
    connect(m_workbench, &Workbench::documentChanged, this, &MainWindow::showName);

    resize(1280, 800);
    restoreGeometry(m_settings.bytes("geometry"));
    m_workbench->show(*m_workbench->benches().front());
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, &MainWindow::tick);
}

MainWindow::~MainWindow()
{
    // Whoever acts on the laboratories goes first.
    for (QObject* object : std::initializer_list<QObject*>{m_keys, m_recovery, m_menus, m_exports, m_transport})
        delete object;
    delete m_workbench;
}

void MainWindow::buildLayout()
{
    auto* center = new QWidget;
    auto* outer = new QVBoxLayout(center);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(0);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    m_rail = new Rail;
    m_messages = new MessageBar;
    m_workbench = new Workbench(m_surroundings, m_settings, *m_messages, *this);
    m_bar = new TransportBar(simulationTable()[simulation::duration_ms]);
    right->addWidget(m_messages);
    right->addWidget(m_workbench, 1);
    upper->addWidget(m_rail);
    upper->addLayout(right, 1);
    outer->addLayout(upper, 1);
    outer->addWidget(m_bar);
    setCentralWidget(center);
}

void MainWindow::addPlaces()
{
    const QString start = tr("Start");
    const QKeySequence home(Qt::ALT | Qt::Key_Home);
    QAbstractButton* welcome = m_rail->add(start, "home", tr("Where to begin"), home, [this] { showWelcome(); });
    m_places.push_back({welcome, [this] { return m_welcome && m_workbench->currentWidget() == m_welcome; }});
    int number = 0;
    for (const auto& bench : m_workbench->benches()) {
        const QString name = qstring(bench->laboratory().name);
        addPlace(
            name, bench->kind().icon, tr("%1 laboratory").arg(name), railKey(++number),
            [this, one = bench.get()] { m_workbench->show(*one); },
            [this, one = bench.get()] { return m_workbench->isLaboratoryInFront() && &this->bench() == one; });
    }
    addPlace(
        tr("Results"), "table", tr("Published against measured"), railKey(++number), [this] { showResults(); },
        [this] { return m_results && m_workbench->currentWidget() == m_results; });
    m_menus->addPlace(start, home, [this] { showWelcome(); });
}

void MainWindow::addPlace(const QString& name, std::string_view icon, const QString& tip, const QKeySequence& key,
    const std::function<void()>& show, const std::function<bool()>& isInFront)
{
    m_places.push_back({m_rail->add(name, icon, tip, key, show), isInFront});
    m_menus->addPlace(name, key, show);
}

WelcomePage& MainWindow::welcomePage()
{
    if (!m_welcome) {
        m_welcome = new WelcomePage(benchKinds());
        connect(m_welcome, &WelcomePage::laboratoryWanted, this, &MainWindow::openFirst);
        connect(m_welcome, &WelcomePage::fileWanted, this, &MainWindow::openPath);
        connect(m_welcome, &WelcomePage::exampleWanted, this,
            [this](const QString& resource) { bench().files().openExample(resource); });
    }
    return *m_welcome;
}

ResultsPage& MainWindow::resultsPage()
{
    if (!m_results) {
        m_results = new ResultsPage;
        m_results->setWindowTitle(tr("Results"));
        connect(m_results, &ResultsPage::experimentWanted, this, &MainWindow::openMeasured);
        connect(m_results, &ResultsPage::figureWanted, this, [this](const FigureRequest& request, const QString& name) {
            m_exports->exportPicture(name, [request] { return request; });
        });
        connect(m_results, &ResultsPage::tableWanted, this,
            [this](const QString& csv, const QString& name) { m_exports->exportCsv(name, csv); });
    }
    return *m_results;
}

void MainWindow::showWelcome()
{
    WelcomePage& page = welcomePage();
    page.setRecentFiles(m_settings.recentFiles());
    std::vector<WelcomePage::Link> links;
    for (const Example& example : examples())
        links.push_back(
            {example.title, example.resource, QStringLiteral("<p>%1</p>").arg(example.notes.toHtmlEscaped())});
    page.setExamples(links);
    m_workbench->showAside(page);
}

void MainWindow::showResults() { m_workbench->showAside(resultsPage()); }

/// A card was chosen: the laboratory comes to the front; if it is to run, with its first document.
void MainWindow::openFirst(std::string_view key, bool runs)
{
    showLaboratory(key);
    if (!runs)
        return;
    bench().files().guard([this] {
        if (Experiment first = bench().laboratory().first(); document().experiment() != first)
            document().replace(std::move(first), {});
        page().parts().transport->setRunning(true);
    });
}

void MainWindow::openMeasured(const Experiment& experiment)
{
    showLaboratory(experiment.laboratory->key);
    bench().files().guard([this, experiment] { document().replace(experiment, {}, true); });
}

void MainWindow::showDocument(const QString& path)
{
    showLaboratory(Document::read(path).laboratory->key);
    document().open(path);
}

void MainWindow::setTheme(ThemeKind kind, bool remember)
{
    applyTheme(*qApp, kind);
    if (remember)
        m_settings.setTheme(kind);
}

void MainWindow::start()
{
    m_workbench->begin();
    m_tick.start(tick_ms);
    m_recovery->offer();
    // The keys act on the run at once; Tab leads on from here.
    page().home()->setFocus();
}

void MainWindow::tick()
{
    const TracePlots* traces = page().parts().traces;
    const bool wasEmpty = traces && traces->history().empty();
    page().tick();
    if (wasEmpty && !traces->history().empty())
        qCDebug(startLog, "first samples drawn");
    if (++m_ticks % ticksPerReading == 0)
        m_transport->showReading();
}

void MainWindow::showFront()
{
    for (const Place& place : m_places)
        if (place.isInFront())
            place.button->setChecked(true);
    showName();
}

void MainWindow::showName()
{
    const bool laboratory = m_workbench->isLaboratoryInFront();
    const QString name = laboratory ? document().displayName() : m_workbench->currentWidget()->windowTitle();
    setWindowTitle(name.isEmpty() ? tr("Endospike") : tr("%1[*] - Endospike").arg(name));
    setWindowModified(laboratory && document().isModified());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_workbench->mayClose([this] { close(); }))
        return event->ignore();
    m_tick.stop();
    m_workbench->end();
    for (const auto& bench : m_workbench->benches())
        bench->saveLayout();
    m_settings.set("geometry", saveGeometry());
    m_settings.sync();
    for (const auto& bench : m_workbench->benches())
        bench->recovery().end();
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
    if (urls.size() == 1 && bench().files().dropFile(urls.front().toLocalFile()))
        event->acceptProposedAction();
}

} // namespace endospike
