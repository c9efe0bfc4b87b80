// The window: a rail of laboratories, their pages, one transport bar, menus and keys.
#pragma once

#include "app/laboratory/settings.h"
#include "app/window/workbench.h"

#include <QMainWindow>
#include <QTimer>

#include <functional>
#include <vector>

class QAbstractButton;
class QMenu;

namespace endospike {

class ExportCommands;
class KeyFilter;
class Menus;
class MessageBar;
class Rail;
class RecoveryOffer;
class ResultsPage;
class TransportBar;
class TransportControl;
class WelcomePage;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(const Surroundings& surroundings = Surroundings::standard(), QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Starts the live run and the window's timer, and offers what a crash left behind.
    void start();
    void openPath(const QString& path) { bench().files().openPath(path); }
    /// Opens without asking, in the laboratory that it belongs to. Throws DocumentError, FileError.
    void showDocument(const QString& path);
    /// Brings a laboratory to the front. Throws DocumentError for one without a page.
    void showLaboratory(std::string_view key) { m_workbench->show(m_workbench->find(key)); }
    /// The page to begin from, in front of the laboratories.
    void showWelcome();
    /// The paper's claims and what was measured about them, in place of a laboratory.
    void showResults();
    /// For this session; `remember` keeps it for the next one.
    void setTheme(ThemeKind kind, bool remember = true);

    Workbench& workbench() { return *m_workbench; }
    /// Of the laboratory in front, or behind what lies in front, as are the next ones.
    Bench& bench() const { return m_workbench->bench(); }
    Document& document() const { return bench().document(); }
    Page& page() const { return bench().page(); }
    Settings& settings() { return m_settings; }
    ExportCommands& exports() { return *m_exports; }
    MessageBar& messages() { return *m_messages; }
    TransportBar& transport() { return *m_bar; }
    Menus& menus() { return *m_menus; }
    WelcomePage& welcomePage();
    ResultsPage& resultsPage();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildLayout();
    void addPlaces();
    void addPlace(const QString& name, std::string_view icon, const QString& tip, const QKeySequence& key,
        const std::function<void()>& show, const std::function<bool()>& isInFront);
    void openFirst(std::string_view key, bool runs);
    void openMeasured(const Experiment& experiment);
    void tick();
    void showFront();
    void showName();

    /// Something that can be brought to the front.
    struct Place {
        QAbstractButton* button;
        std::function<bool()> isInFront;
    };

    Surroundings m_surroundings;
    Settings m_settings;
    std::vector<Place> m_places;
    Rail* m_rail = nullptr;
    MessageBar* m_messages = nullptr;
    TransportBar* m_bar = nullptr;
    Workbench* m_workbench = nullptr;
    TransportControl* m_transport = nullptr;
    ExportCommands* m_exports = nullptr;
    Menus* m_menus = nullptr;
    KeyFilter* m_keys = nullptr;
    RecoveryOffer* m_recovery = nullptr;
    WelcomePage* m_welcome = nullptr;
    ResultsPage* m_results = nullptr;
    QTimer m_tick;
    int m_ticks = 0;
};

} // namespace endospike
