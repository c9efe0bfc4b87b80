#include "app/window/menus.h"

#include "app/laboratory/settings.h"
#include "app/window/export_commands.h"
#include "app/window/help.h"
#include "app/window/transport_control.h"
#include "app/window/workbench.h"
#include "widgets/look/theme.h"
#include "widgets/trace/plot_stack.h"

#include <QActionGroup>
#include <QApplication>
#include <QDialog>
#include <QMainWindow>
#include <QMenuBar>

namespace endospike {

namespace {

QString menuText(QString text) { return text.replace(QLatin1Char('&'), QStringLiteral("&&")); }

bool needsTransport(const PageParts& parts) { return parts.transport; }
bool needsLive(const PageParts& parts) { return parts.live; }
bool needsTraces(const PageParts& parts) { return parts.traces; }
bool needsFigure(const PageParts& parts) { return parts.figure; }
bool needsTable(const PageParts& parts) { return parts.traces || parts.table; }

} // namespace

Menus::Menus(
    QMainWindow& window, Workbench& workbench, ExportCommands& exports, TransportControl& transport, Settings& settings)
    : QObject(&window)
    , m_window(window)
    , m_workbench(workbench)
    , m_exports(exports)
    , m_transport(transport)
    , m_settings(settings)
{
    buildFile();
    buildEdit();
    buildView();
    buildRun();
    buildHelp();
    for (const auto& bench : workbench.benches())
        connect(bench.get(), &Bench::pageMade, this, [this](Page* page) { addPageActions(*page); });
    connect(&workbench, &Workbench::frontChanged, this, &Menus::showFront);
    connect(&workbench, &Workbench::stateChanged, this, &Menus::showFront); // another view may have other parts
}

QAction* Menus::add(
    QMenu* menu, const QString& text, const QKeySequence& key, const std::function<void()>& run, const Need& need)
{
    QAction* action = menu->addAction(text);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, run);
    if (need)
        m_needs.emplace_back(action, need);
    return action;
}

void Menus::addPlace(const QString& name, const QKeySequence& key, const std::function<void()>& run)
{
    add(m_places, name, key, run);
}

/// In a menu of the window, before the entry that was kept for such.
void Menus::addPageActions(Page& page)
{
    for (const PageAction& one : page.menuActions()) {
        const auto& [menu, next] = m_pagePlaces.at(one.menu);
        menu->insertAction(next, one.action);
        m_pageActions.emplace_back(one.action, &page);
    }
}

/// A key must not act on a laboratory that is not in front.
void Menus::showFront()
{
    const PageParts parts = m_workbench.parts();
    for (const auto& [action, need] : m_needs)
        action->setEnabled(need(parts));
    for (const auto& [action, page] : m_pageActions)
        action->setVisible(m_workbench.currentWidget() == page);
}

void Menus::buildFile()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&File"));
    const Need document = [this](const PageParts&) { return m_workbench.isLaboratoryInFront(); };
    add(menu, tr("&New"), QKeySequence::New, [this] {
        m_workbench.show(m_workbench.bench());
        m_workbench.bench().files().newDocument();
    });
    add(menu, tr("&Open…"), QKeySequence::Open, [this] {
        m_workbench.bench().files().open();
    })->setIcon(themedIcon("open"));
    m_recent = menu->addMenu(tr("Open &recent"));
    connect(m_recent, &QMenu::aboutToShow, this, &Menus::fillRecent);
    m_examples = menu->addMenu(tr("&Examples"));
    m_examples->setToolTipsVisible(true);
    connect(m_examples, &QMenu::aboutToShow, this, &Menus::fillExamples);
    menu->addSeparator();
    add(
        menu, tr("&Save"), QKeySequence::Save, [this] { m_workbench.bench().files().save(); }, document)
        ->setIcon(themedIcon("save"));
    add(
        menu, tr("Save &as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
        [this] { m_workbench.bench().files().saveAs(); }, document);
    buildExports(menu->addMenu(themedIcon("export"), tr("E&xport")));
    menu->addSeparator();
    add(menu, tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), [this] { m_window.close(); });
}

void Menus::buildExports(QMenu* menu)
{
    add(
        menu, tr("&Visible range, or table (CSV, NPY)…"), QKeySequence(Qt::CTRL | Qt::Key_E),
        [this] { m_exports.exportVisible(); }, needsTable);
    add(
        menu, tr("Whole &recording (CSV, NPY)…"), {}, [this] { m_exports.exportRecording(); }, needsTraces);
    add(
        menu, tr("Run to the &end and export (CSV, NPY)…"), {}, [this] { m_exports.exportWholeRun(); }, needsTraces);
    menu->addSeparator();
    add(
        menu, tr("&Page as figure (PNG, SVG, PDF)…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E),
        [this] { m_exports.exportFigure(); }, needsFigure);
    QMenu* single = menu->addMenu(tr("&One plot as figure"));
    m_pagePlaces[PageAction::Menu::exports] = {menu, single->menuAction()};
    m_needs.emplace_back(single->menuAction(), needsTraces);
    connect(single, &QMenu::aboutToShow, this, [this, single] {
        single->clear();
        for (const PlotPanel& panel : m_workbench.parts().traces->plots().panels())
            if (panel.visible)
                add(single, menuText(panel.title) + QStringLiteral("…"), {},
                    [this, key = panel.key] { m_exports.exportFigure(key); });
    });
}

void Menus::buildEdit()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Edit"));
    QAction* undo = m_workbench.undo().createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setIcon(themedIcon("undo"));
    QAction* redo = m_workbench.undo().createRedoAction(this, tr("&Redo"));
    redo->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Y), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)});
    redo->setIcon(themedIcon("redo"));
    menu->addAction(undo);
    menu->addAction(redo);
    menu->addSeparator();
    add(
        menu, tr("&Copy plots as picture"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C),
        [this] { m_exports.copyFigure(); }, needsFigure);
    menu->addSeparator();
    m_pagePlaces[PageAction::Menu::edit] = {menu, nullptr}; // at the end
}

void Menus::buildView()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&View"));
    m_places = menu->addMenu(tr("&Laboratory"));
    // A key may come before the menu was ever open, so the marks are read from the page and not the other way.
    const auto panel = [this] { return m_workbench.bench().page().setupPanel(); };
    const auto isShown = [this, panel] { return panel()->isVisibleTo(&m_workbench.bench().page()); };
    QAction* setup = add(
        menu, tr("&Setup panel"), Qt::Key_F9, [panel, isShown] { panel()->setVisible(!isShown()); },
        [this](const PageParts&) { return m_workbench.isLaboratoryInFront(); });
    setup->setIcon(themedIcon("panels"));
    setup->setCheckable(true);
    connect(menu, &QMenu::aboutToShow, setup, [setup, isShown] { setup->setChecked(isShown()); });
    buildTraces(menu);
    menu->addSeparator();
    buildThemes(menu->addMenu(tr("&Theme")));
    add(menu, tr("F&ull screen"), QKeySequence(Qt::Key_F11),
        [this] { m_window.setWindowState(m_window.windowState() ^ Qt::WindowFullScreen); });
}

void Menus::buildTraces(QMenu* menu)
{
    const auto plots = [this]() -> PlotStack& { return m_workbench.parts().traces->plots(); };
    QMenu* panels = menu->addMenu(tr("&Plots"));
    m_needs.emplace_back(panels->menuAction(), needsTraces);
    connect(panels, &QMenu::aboutToShow, this, [this, panels, plots] {
        panels->clear();
        for (const PlotPanel& panel : plots().panels()) {
            QAction* action = add(panels, menuText(panel.title), {},
                [plots, panel] { plots().setPanelVisible(panel.key, !panel.visible); });
            action->setCheckable(true);
            action->setChecked(panel.visible);
        }
    });
    menu->addSeparator();
    const auto addMark = [&](const QString& text, const QKeySequence& key, bool (PlotStack::*is)() const,
                             void (PlotStack::*set)(bool)) {
        QAction* action = add(
            menu, text, key, [plots, is, set] { (plots().*set)(!(plots().*is)()); }, needsTraces);
        action->setCheckable(true);
        connect(menu, &QMenu::aboutToShow, action,
            [this, action, plots, is] { action->setChecked(m_workbench.parts().traces && (plots().*is)()); });
        return action;
    };
    addMark(tr("&Reference lines"), {}, &PlotStack::referenceLinesVisible, &PlotStack::setReferenceLinesVisible);
    addMark(tr("Gates and currents of &all cells"), {}, &PlotStack::allCellsInDetail, &PlotStack::setAllCellsInDetail);
    addMark(tr("&Follow the live end"), QKeySequence(Qt::CTRL | Qt::Key_L), &PlotStack::followsLive,
        &PlotStack::setFollowLive)
        ->setIcon(themedIcon("follow"));
    add(
        menu, tr("Fit &everything"), QKeySequence(Qt::CTRL | Qt::Key_0), [plots] { plots().fit(); }, needsTraces)
        ->setIcon(themedIcon("fit"));
}

void Menus::buildThemes(QMenu* menu)
{
    auto* themes = new QActionGroup(this);
    const auto addTheme = [&](ThemeKind kind, const QString& text, const char* icon) {
        QAction* action = add(menu, text, {}, [this, kind] {
            m_settings.setTheme(kind);
            applyTheme(*qApp, kind);
        });
        action->setIcon(themedIcon(icon));
        action->setCheckable(true);
        themes->addAction(action);
        const auto mark = [action, kind] { action->setChecked(kind == currentTheme().kind); };
        connect(&themeNotifier(), &ThemeNotifier::themeChanged, action, mark);
        mark();
    };
    addTheme(ThemeKind::light, tr("&Light"), "sun");
    addTheme(ThemeKind::dark, tr("&Dark"), "moon");
    addTheme(ThemeKind::projector, tr("&Projector"), "projector");
}

void Menus::buildRun()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Run"));
    add(
        menu, tr("&Run or pause"), Qt::Key_Space,
        [this] {
            Transport* transport = m_workbench.parts().transport;
            transport->setRunning(transport->state() != TransportState::running);
        },
        needsTransport)
        ->setIcon(themedIcon("run"));
    QAction* step = add(
        menu, tr("&Step"), Qt::Key_Period, [this] { m_workbench.parts().live->singleStep(); }, needsLive);
    step->setShortcuts({Qt::Key_Period, Qt::Key_S});
    step->setIcon(themedIcon("step"));
    add(
        menu, tr("R&eset"), Qt::Key_R, [this] { m_workbench.parts().transport->reset(); }, needsTransport)
        ->setIcon(themedIcon("reset"));
    menu->addSeparator();
    add(
        menu, tr("S&lower"), Qt::Key_BracketLeft, [this] { m_transport.changeSpeed(0.5); }, needsLive);
    add(
        menu, tr("&Faster"), Qt::Key_BracketRight, [this] { m_transport.changeSpeed(2); }, needsLive);
    add(
        menu, tr("&As fast as possible"), Qt::Key_Backslash, [this] { m_transport.changeSpeed(0); }, needsLive);
}

void Menus::buildHelp()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Help"));
    const QStringList topics = helpTopics();
    for (int topic = 0; topic < topics.size(); ++topic)
        add(menu, topics[topic], topic == 0 ? QKeySequence(Qt::Key_F1) : QKeySequence(),
            [this, topic] { showHelp(topic); });
}

void Menus::showHelp(int topic)
{
    if (!m_help)
        m_help = createHelp(m_window);
    showHelpTopic(*m_help, topic);
}

void Menus::fillRecent()
{
    m_recent->clear();
    for (const QString& path : m_settings.recentFiles())
        add(m_recent, menuText(path), {}, [this, path] { m_workbench.bench().files().openPath(path); });
    if (m_recent->isEmpty()) {
        m_recent->addAction(tr("No files yet"))->setEnabled(false);
        return;
    }
    m_recent->addSeparator();
    add(m_recent, tr("Clear this list"), {}, [this] { m_settings.clearRecentFiles(); });
}

void Menus::fillExamples()
{
    if (!m_examples->isEmpty())
        return; // they come with the program and do not change
    for (const Example& example : examples()) {
        QAction* action = add(m_examples, menuText(example.title), {},
            [this, resource = example.resource] { m_workbench.bench().files().openExample(resource); });
        action->setToolTip(QStringLiteral("<p>") + example.notes.toHtmlEscaped() + QStringLiteral("</p>"));
        action->setStatusTip(example.notes);
    }
}

} // namespace endospike
