#include "app/window/main_window.h"

#include "app/neuron/page.h"
#include "app/training/page.h"
#include "app/window/help.h"
#include "app/window/message_bar.h"
#include "widgets/experiment/cell_list.h"
#include "widgets/experiment/setup_panel.h"
#include "widgets/trace/plot_stack.h"

#include <QActionGroup>
#include <QApplication>
#include <QDialog>
#include <QMenuBar>

#include <algorithm>

namespace endospike {

namespace {

QString menuText(QString text) { return text.replace(QLatin1Char('&'), QStringLiteral("&&")); }

} // namespace

QAction* MainWindow::addAction(QMenu* menu, const QString& text, const QKeySequence& key, std::function<void()> run)
{
    QAction* action = menu->addAction(text);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    return action;
}

void MainWindow::buildActions()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildRunMenu();
    buildHelpMenu();
}

void MainWindow::buildFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    addAction(menu, tr("&New"), QKeySequence::New, [this] {
        showPage(m_page);
        m_files->newDocument();
    });
    addAction(menu, tr("&Open…"), QKeySequence::Open, [this] { m_files->open(); })->setIcon(themedIcon("open"));
    m_recentMenu = menu->addMenu(tr("Open &recent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    m_exampleMenu = menu->addMenu(tr("&Examples"));
    m_exampleMenu->setToolTipsVisible(true);
    connect(m_exampleMenu, &QMenu::aboutToShow, this, &MainWindow::fillExampleMenu);
    menu->addSeparator();
    QAction* save = addAction(menu, tr("&Save"), QKeySequence::Save, [this] { m_files->save(); });
    save->setIcon(themedIcon("save"));
    QAction* saveAs =
        addAction(menu, tr("Save &as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), [this] { m_files->saveAs(); });
    m_pageActions << save << saveAs;
    buildExportMenu(menu->addMenu(themedIcon("export"), tr("E&xport")));
    menu->addSeparator();
    addAction(menu, tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), [this] { close(); });
}

void MainWindow::buildExportMenu(QMenu* menu)
{
    m_resultActions << addAction(menu, tr("&Visible range, or table (CSV, NPY)…"), QKeySequence(Qt::CTRL | Qt::Key_E),
        [this] { exportVisible(); });
    m_pageActions << addAction(menu, tr("Whole &recording (CSV, NPY)…"), {}, [this] { m_exports->exportRecording(); });
    m_pageActions << addAction(
        menu, tr("Run to the &end and export (CSV, NPY)…"), {}, [this] { m_exports->exportWholeRun(); });
    menu->addSeparator();
    m_resultActions << addAction(menu, tr("&Page as figure (PNG, SVG, PDF)…"),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), [this] { exportFigure(); });
    m_trainingActions << addAction(menu, tr("&Trained runs (CSV)…"), {},
        [this] { m_exports->exportRuns(m_training->runsToExport(), RunExport::csv); });
    m_trainingActions << addAction(menu, tr("Trained runs for Tensor&Board…"), {},
        [this] { m_exports->exportRuns(m_training->runsToExport(), RunExport::tensorBoard); });
    QMenu* single = menu->addMenu(tr("&One plot as figure"));
    m_traceActions << single->menuAction();
    connect(single, &QMenu::aboutToShow, this, [this, single] {
        single->clear();
        for (const PlotPanel& panel : m_page->plots()->panels())
            if (panel.visible)
                addAction(single, menuText(panel.title) + QStringLiteral("…"), {},
                    [this, key = panel.key] { m_exports->exportFigure(key); });
    });
}

void MainWindow::buildEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = m_undo.createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setIcon(themedIcon("undo"));
    QAction* redo = m_undo.createRedoAction(this, tr("&Redo"));
    redo->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Y), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)});
    redo->setIcon(themedIcon("redo"));
    menu->addAction(undo);
    menu->addAction(redo);
    menu->addSeparator();
    m_resultActions << addAction(
        menu, tr("&Copy plots as picture"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), [this] { copyFigure(); });
    menu->addSeparator();
    QMenu* models = menu->addMenu(tr("&Add cell"));
    const auto firstCellAction = menu->actions().size() - 1;
    for (const NeuronModel& model : neuronModels()) {
        const QString key = QString::fromUtf8(model.key.data(), static_cast<qsizetype>(model.key.size()));
        addAction(models, QString::fromUtf8(model.name.data(), static_cast<qsizetype>(model.name.size())), {},
            [this, key] { emit m_neuron->setup()->cellAddRequested(key); });
    }
    const auto selected = [this] { return m_neuron->setup()->selectedCell(); };
    addAction(menu, tr("&Duplicate cell"), QKeySequence(Qt::CTRL | Qt::Key_D),
        [this, selected] { emit m_neuron->setup()->cellDuplicateRequested(selected()); });
    addAction(
        menu, tr("Re&name cell"), {}, [this, selected] { m_neuron->setup()->cellList()->startRename(selected()); });
    addAction(
        menu, tr("Re&move cell"), {}, [this, selected] { emit m_neuron->setup()->cellRemoveRequested(selected()); });
    m_cellActions = menu->actions().mid(firstCellAction);
}

void MainWindow::buildViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    m_pageMenu = menu->addMenu(tr("&Laboratory"));
    QAction* setup = menu->addAction(themedIcon("panels"), tr("&Setup panel"));
    setup->setCheckable(true);
    setup->setShortcut(Qt::Key_F9);
    m_pageActions << setup;
    // A key may come before the menu was ever open, so the marks are read from the page and not the other way.
    connect(setup, &QAction::triggered, this,
        [this] { m_page->setupPanel()->setVisible(!m_page->setupPanel()->isVisibleTo(m_page)); });
    QMenu* plots = menu->addMenu(tr("&Plots"));
    connect(plots, &QMenu::aboutToShow, this, [this, plots] { fillPlotMenu(plots); });
    menu->addSeparator();
    QAction* lines = menu->addAction(tr("&Reference lines"));
    lines->setCheckable(true);
    connect(lines, &QAction::triggered, this,
        [this] { m_page->plots()->setReferenceLinesVisible(!m_page->plots()->referenceLinesVisible()); });
    QAction* detail = menu->addAction(tr("Gates and currents of &all cells"));
    detail->setCheckable(true);
    connect(detail, &QAction::triggered, this,
        [this] { m_page->plots()->setAllCellsInDetail(!m_page->plots()->allCellsInDetail()); });
    QAction* follow = menu->addAction(themedIcon("follow"), tr("&Follow the live end"));
    follow->setCheckable(true);
    follow->setShortcut(Qt::CTRL | Qt::Key_L);
    connect(
        follow, &QAction::triggered, this, [this] { m_page->plots()->setFollowLive(!m_page->plots()->followsLive()); });
    QAction* fit =
        addAction(menu, tr("Fit &everything"), QKeySequence(Qt::CTRL | Qt::Key_0), [this] { m_page->plots()->fit(); });
    fit->setIcon(themedIcon("fit"));
    m_traceActions << plots->menuAction() << lines << detail << follow << fit;
    menu->addSeparator();
    buildThemeMenu(menu->addMenu(tr("&Theme")));
    addAction(menu, tr("F&ull screen"), QKeySequence(Qt::Key_F11),
        [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    connect(menu, &QMenu::aboutToShow, this, [this, setup, lines, detail, follow] {
        setup->setChecked(m_page->setupPanel()->isVisibleTo(m_page));
        if (!m_page->plots())
            return;
        lines->setChecked(m_page->plots()->referenceLinesVisible());
        detail->setChecked(m_page->plots()->allCellsInDetail());
        follow->setChecked(m_page->plots()->followsLive());
    });
}

void MainWindow::buildThemeMenu(QMenu* menu)
{
    m_themeActions = new QActionGroup(this);
    const auto add = [&](ThemeKind kind, const QString& text, const char* icon) {
        QAction* action = menu->addAction(themedIcon(icon), text);
        action->setCheckable(true);
        action->setData(static_cast<int>(kind));
        action->setChecked(kind == currentTheme().kind);
        m_themeActions->addAction(action);
        connect(action, &QAction::triggered, this, [this, kind] { setTheme(kind); });
    };
    add(ThemeKind::light, tr("&Light"), "sun");
    add(ThemeKind::dark, tr("&Dark"), "moon");
    add(ThemeKind::projector, tr("&Projector"), "projector");
}

void MainWindow::setTheme(ThemeKind kind, bool remember)
{
    applyTheme(*qApp, kind);
    for (QAction* action : m_themeActions->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(kind));
    if (remember)
        m_settings.setTheme(kind);
}

void MainWindow::buildRunMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Run"));
    addAction(menu, tr("&Run or pause"), Qt::Key_Space, [this] {
        m_page->setRunning(m_page->state() != TransportState::running);
    })->setIcon(themedIcon("run"));
    QAction* step = addAction(menu, tr("&Step"), Qt::Key_Period, [this] { m_page->singleStep(); });
    step->setShortcuts({Qt::Key_Period, Qt::Key_S});
    step->setIcon(themedIcon("step"));
    addAction(menu, tr("R&eset"), Qt::Key_R, [this] { m_page->reset(); })->setIcon(themedIcon("reset"));
    menu->addSeparator();
    addAction(menu, tr("S&lower"), Qt::Key_BracketLeft, [this] { changeSpeed(0.5); });
    addAction(menu, tr("&Faster"), Qt::Key_BracketRight, [this] { changeSpeed(2); });
    addAction(menu, tr("&As fast as possible"), Qt::Key_Backslash, [this] { changeSpeed(0); });
    m_pageActions << menu->actions();
}

void MainWindow::changeSpeed(double factor)
{
    constexpr double slowest = 1;
    constexpr double usual = 100;
    constexpr double fastest = 100000;
    // From "as fast as possible" the way back leads to the usual speed.
    const double speed = factor == 0 ? 0
        : m_page->speed() <= 0       ? usual
                                     : std::clamp(m_page->speed() * factor, slowest, fastest);
    m_page->setSpeed(speed);
    m_transport->setSpeed(speed);
}

void MainWindow::buildHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    addAction(menu, tr("&Keys and mouse"), QKeySequence::HelpContents, [this] {
        showHelp(0);
    })->setShortcut(Qt::Key_F1);
    addAction(menu, tr("About &spikes"), {}, [this] { showHelp(1); });
    addAction(menu, tr("&About Endospike"), {}, [this] { showHelp(2); });
}

void MainWindow::showHelp(int topic)
{
    if (!m_help)
        m_help = createHelp(this);
    showHelpTopic(*m_help, topic);
}

void MainWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    for (const QString& path : m_settings.recentFiles())
        addAction(m_recentMenu, menuText(path), {}, [this, path] { m_files->openPath(path); });
    if (m_recentMenu->isEmpty()) {
        m_recentMenu->addAction(tr("No files yet"))->setEnabled(false);
        return;
    }
    m_recentMenu->addSeparator();
    addAction(m_recentMenu, tr("Clear this list"), {}, [this] { m_settings.clearRecentFiles(); });
}

void MainWindow::fillExampleMenu()
{
    if (!m_exampleMenu->isEmpty())
        return; // they come with the program and do not change
    for (const Example& example : examples()) {
        QAction* action = addAction(m_exampleMenu, menuText(example.title), {},
            [this, resource = example.resource] { m_files->openExample(resource); });
        action->setToolTip(QStringLiteral("<p>") + example.notes.toHtmlEscaped() + QStringLiteral("</p>"));
        action->setStatusTip(example.notes);
    }
}

void MainWindow::fillPlotMenu(QMenu* menu)
{
    menu->clear();
    for (const PlotPanel& panel : m_page->plots()->panels()) {
        QAction* action = menu->addAction(menuText(panel.title));
        action->setCheckable(true);
        action->setChecked(panel.visible);
        connect(action, &QAction::triggered, this,
            [this, key = panel.key](bool shown) { m_page->plots()->setPanelVisible(key, shown); });
    }
}

} // namespace endospike
