// The menus of the window. What they offer follows what is in front.
#pragma once

#include "app/laboratory/page.h"

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QPointer>

#include <functional>
#include <map>
#include <utility>
#include <vector>

class QAction;
class QDialog;
class QMainWindow;
class QMenu;

namespace endospike {

class ExportCommands;
class Settings;
class TransportControl;
class Workbench;

class Menus : public QObject {
    Q_OBJECT

public:
    /// All of them outlive this.
    Menus(QMainWindow& window, Workbench& workbench, ExportCommands& exports, TransportControl& transport,
        Settings& settings);

    /// Something that can be brought to the front.
    void addPlace(const QString& name, const QKeySequence& key, const std::function<void()>& run);

    QMenu* exampleMenu() const { return m_examples; }
    QMenu* recentMenu() const { return m_recent; }

private:
    using Need = std::function<bool(const PageParts&)>;
    QAction* add(QMenu* menu, const QString& text, const QKeySequence& key, const std::function<void()>& run,
        const Need& need = {});
    void buildFile();
    void buildExports(QMenu* menu);
    void buildEdit();
    void buildView();
    void buildTraces(QMenu* menu);
    void buildThemes(QMenu* menu);
    void buildRun();
    void buildHelp();
    void addPageActions(Page& page);
    void fillRecent();
    void fillExamples();
    void showFront();
    void showHelp(int topic);

    QMainWindow& m_window;
    Workbench& m_workbench;
    ExportCommands& m_exports;
    TransportControl& m_transport;
    Settings& m_settings;
    std::vector<std::pair<QAction*, Need>> m_needs; ///< of the parts in front
    std::map<PageAction::Menu, std::pair<QMenu*, QAction*>> m_pagePlaces; ///< and the entry that follows
    std::vector<std::pair<QAction*, const Page*>> m_pageActions; ///< shown while the page is in front
    QMenu* m_examples = nullptr;
    QMenu* m_recent = nullptr;
    QMenu* m_places = nullptr;
    QPointer<QDialog> m_help;
};

} // namespace endospike
