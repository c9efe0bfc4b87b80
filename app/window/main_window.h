// The window: a rail of laboratories, their pages, one transport bar, menus and keys.
#pragma once

#include "app/document/document.h"
#include "app/document/recovery.h"
#include "app/laboratory/settings.h"
#include "app/window/document_commands.h"
#include "app/window/export_commands.h"

#include <QMainWindow>
#include <QPointer>
#include <QTimer>
#include <QUndoGroup>

#include <memory>
#include <vector>

class QActionGroup;
class QButtonGroup;
class QDialog;
class QMenu;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace endospike {

class EquivalencePage;
class MessageBar;
class NeuronPage;
class Page;
class ResultsPage;
class TrainingPage;
class TransportBar;
class WelcomePage;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(const Surroundings& surroundings = Surroundings::standard(), QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Starts the live run and the window's timer, and offers what a crash left behind.
    void start();
    void openPath(const QString& path) { m_files->openPath(path); }
    /// Opens without asking, in the laboratory that it belongs to. Throws DocumentError, FileError.
    void showDocument(const QString& path);
    /// A trained network or policy, in the laboratory that trains such; what cannot be opened is said.
    void openTrained(const QString& path);
    /// Brings a laboratory to the front.
    void showLaboratory(std::string_view laboratory);
    /// The page to begin from, in front of the laboratories.
    void showWelcome();
    /// The paper's claims and what was measured about them, in place of a laboratory.
    void showResults();
    void setFileChooser(const FileChooser& chooser);
    /// For this session; `remember` keeps it for the next one.
    void setTheme(ThemeKind kind, bool remember = true);

    /// Of the laboratory in front, as are the next ones.
    Document& document() { return *m_document; }
    Settings& settings() { return m_settings; }
    Recovery& recovery() { return *m_recovery; }
    DocumentCommands& files() { return *m_files; }
    ExportCommands& exports() { return *m_exports; }
    MessageBar& messages() { return *m_messages; }
    TransportBar& transport() { return *m_transport; }
    Page& page() const { return *m_page; }
    NeuronPage& neuronPage() const { return *m_neuron; }
    EquivalencePage& equivalencePage() const { return *m_equivalence; }
    TrainingPage& trainingPage() const { return *m_training; }
    WelcomePage* welcomePage() const { return m_welcome; }
    ResultsPage* resultsPage() const { return m_results; }
    QMenu* exampleMenu() const { return m_exampleMenu; }
    QMenu* recentMenu() const { return m_recentMenu; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildLayout();
    /// A laboratory: its page, its own document, and what acts on it.
    struct Bench {
        Document* document;
        DocumentCommands* files;
        ExportCommands* exports;
        Recovery* recovery;
        Page* page;
        bool started = false;
        bool mayClose = false;
    };
    template <class SomePage, class... Others>
    SomePage* addLaboratory(const Experiment& first, const Others&... others);
    void connectDocument(Bench& bench);
    /// Throws DocumentError for a laboratory without a page.
    Bench& benchOf(std::string_view laboratory);
    void addPage(Page* page);
    QToolButton* addRailButton(const QString& name, std::string_view icon, const QString& tip, int number);
    void addWelcome();
    void addResults();
    void openMeasured(const Experiment& experiment);
    void exportFigure();
    void exportVisible();
    void copyFigure();
    /// Something that is no laboratory comes to the front.
    void showAside(QWidget* widget, int railButton, const QString& title);
    void startFirstTraining();
    void showPage(Page* page);
    void enableActions();
    void connectTransport();
    void connectPage(Page* page);
    void buildActions();
    void buildFileMenu();
    void buildExportMenu(QMenu* menu);
    void buildEditMenu();
    void buildViewMenu();
    void buildThemeMenu(QMenu* menu);
    void buildRunMenu();
    void buildHelpMenu();
    QAction* addAction(QMenu* menu, const QString& text, const QKeySequence& key, std::function<void()> run);
    void fillRecentMenu();
    void fillExampleMenu();
    void fillPlotMenu(QMenu* menu);
    void changeSpeed(double factor);
    void tick();
    void showState();
    void showName();
    void showDuration();
    void editSimulation(int row, double value, bool continuing);
    void showHelp(int topic);
    void offerRecovery();
    void recover(const Recovery::Found& found);
    bool takesInjectionKey(QObject* watched, QEvent* event);
    bool leavesField(QObject* watched, QEvent* event);
    bool pressesButton(QObject* watched, QEvent* event);

    Settings m_settings;
    QString m_recoveryFolder;
    QUndoGroup m_undo;
    std::vector<std::unique_ptr<Bench>> m_benches;
    Document* m_document = nullptr; ///< of the page in front, as are m_files, m_exports, m_recovery
    MessageBar* m_messages = nullptr;
    TransportBar* m_transport = nullptr;
    QButtonGroup* m_rail = nullptr;
    QVBoxLayout* m_railLayout = nullptr;
    QStackedWidget* m_stack = nullptr;
    Page* m_page = nullptr;
    NeuronPage* m_neuron = nullptr;
    EquivalencePage* m_equivalence = nullptr;
    TrainingPage* m_training = nullptr;
    WelcomePage* m_welcome = nullptr;
    ResultsPage* m_results = nullptr;
    QList<QAction*> m_cellActions;
    QList<QAction*> m_traceActions; ///< what needs plots over time
    QList<QAction*> m_trainingActions, m_pageActions; ///< what acts on trained runs, or on any laboratory in front
    QList<QAction*> m_resultActions; ///< what results have as well as laboratories
    DocumentCommands* m_files = nullptr;
    ExportCommands* m_exports = nullptr;
    Recovery* m_recovery = nullptr;
    QActionGroup* m_themeActions = nullptr;
    QMenu* m_exampleMenu = nullptr;
    QMenu* m_recentMenu = nullptr;
    QMenu* m_pageMenu = nullptr;
    QPointer<QDialog> m_help;
    QTimer m_tick;
    int m_ticks = 0;
    bool m_started = false;
    bool m_injecting = false;
};

} // namespace endospike
