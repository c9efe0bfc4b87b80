// The window driven by keys and clicks: running, editing, undoing, closing.
#include "app/equivalence/page.h"
#include "sim/control/environment.h"
#include "sim/cost/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/equivalence/settings.h"
#include "tests/app/threads.h"
#include "tests/app/window/window_fixture.h"
#include "widgets/experiment/cell_list.h"
#include "widgets/experiment/stimulus_editor.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/segmented_control.h"
#include "widgets/form/value_slider.h"
#include "widgets/trace/time_plot.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextBrowser>
#include <QToolButton>

#include <cmath>

using namespace endospike;

class TestMainWindow : public QObject {
    Q_OBJECT

private slots:
    void firstStartSpikes();
    void spaceRunsAndPausesWhereverTheFocusIs();
    void keysAreTextWhileTyping();
    void stepsAndResets();
    void clicksOnTheTransportBar();
    void theInjectionKeyHolds();
    void speedKeys();
    void aTypedParameterReachesTheRunAndIsUndone();
    void aSliderDragIsOneUndoStep();
    void cellsAreAddedDuplicatedRenamedRemoved();
    void atMostEightCells();
    void durationAndEnd();
    void aStoppedRunIsSaidAndStartsAgain();
    void enterPressesTheFocusedButton();
    void everyControlHasAName();
    void everyShortcutIsUnique();
    void helpExplainsSpikes();
    void helpListsEveryKey();
    void aboutNamesTheLibraries();
    void actionsFollowWhatIsInFront();
    void pagesOpenNoOtherWindow();
    void themesSwitchAndStay();
    void everyThemeFitsASmallScreen();
    void layoutIsKept();
    void nothingRunsAfterClosing_data();
    void nothingRunsAfterClosing();
};

void TestMainWindow::firstStartSpikes()
{
    const WindowFixture window;
    const Experiment first = firstExperiment();
    QCOMPARE(first.neuron.cells.size(), 2u);
    QTRY_VERIFY(!window.history().spikes(first.neuron.cells[0].id, 0, 1e9).empty()
        && !window.history().spikes(first.neuron.cells[1].id, 0, 1e9).empty());
    QVERIFY(!QApplication::activeModalWidget());
    QVERIFY(window.plots().followsLive());
    const TimePlot* plot = window.plots().plot("voltage");
    const std::uint64_t drawn = plot->framesDrawn();
    QTRY_VERIFY(plot->framesDrawn() > drawn + 20); // and it goes on
}

void TestMainWindow::spaceRunsAndPausesWhereverTheFocusIs()
{
    const WindowFixture window;
    QList<QWidget*> places{&window.plots(), window->transport().resetButton(), window->transport().endlessBox(),
        window.neuron().setup()->cellList(), window->transport().speedSlider(), nullptr};
    for (QWidget* place : places) {
        if (place)
            place->setFocus();
        else if (window->focusWidget())
            window->focusWidget()->clearFocus();
        QCOMPARE(window.state(), TransportState::running);
        window.press(Qt::Key_Space);
        QCOMPARE(window.state(), TransportState::paused);
        QCOMPARE(window->transport().state(), TransportState::paused);
        window.press(Qt::Key_Space);
    }
    QCOMPARE(window.state(), TransportState::running);
    QVERIFY(window.experiment() == firstExperiment()); // no control has heard the key
}

void TestMainWindow::keysAreTextWhileTyping()
{
    const WindowFixture window;
    QPlainTextEdit* notes = window.neuron().setup()->notesEdit();
    notes->setFocus();
    notes->selectAll();
    QTest::keyClicks(notes, "i s r. ri");
    QCOMPARE(notes->toPlainText(), QString("i s r. ri"));
    QCOMPARE(window.state(), TransportState::running);
    QVERIFY(!window.neuron().setup()->stimulusEditor()->isInjecting());
    NumberSpin* spin = window.neuron().setup()->parameterForm()->spin(0);
    spin->setFocus();
    window.press(Qt::Key_Space);
    QCOMPARE(window.state(), TransportState::running);
    // Enter gives the keys back.
    QTest::keyClick(spin, Qt::Key_Return);
    QTRY_VERIFY(!spin->hasFocus());
    window.press(Qt::Key_Space);
    QCOMPARE(window.state(), TransportState::paused);
}

void TestMainWindow::stepsAndResets()
{
    const WindowFixture window;
    QTRY_VERIFY(window.last_ms() > 5);
    window.press(Qt::Key_Space);
    window.untilStill();
    const double paused_ms = window.last_ms();
    const double interval_ms = window.experiment().neuron.stepsPerSample() * window.experiment().neuron.dt_ms();
    window.press(Qt::Key_Period);
    QTRY_VERIFY(std::abs(window.last_ms() - paused_ms - interval_ms) < 1e-9);
    window.press(Qt::Key_S);
    QTRY_VERIFY(std::abs(window.last_ms() - paused_ms - 2 * interval_ms) < 1e-9);
    window.press(Qt::Key_R);
    QTRY_COMPARE(window.last_ms(), 0.0);
    QCOMPARE(window.state(), TransportState::paused);
}

void TestMainWindow::clicksOnTheTransportBar()
{
    const WindowFixture window;
    QTRY_VERIFY(window.last_ms() > 5);
    QTest::mouseClick(window->transport().runButton(), Qt::LeftButton);
    QCOMPARE(window.state(), TransportState::paused);
    window.untilStill();
    const double paused_ms = window.last_ms();
    QTest::mouseClick(window->transport().stepButton(), Qt::LeftButton);
    QTRY_VERIFY(window.last_ms() > paused_ms);
    QTest::mouseClick(window->transport().resetButton(), Qt::LeftButton);
    QTRY_COMPARE(window.last_ms(), 0.0);
    QTest::mouseClick(window->transport().runButton(), Qt::LeftButton);
    QTRY_VERIFY(window.last_ms() > 5);
}

void TestMainWindow::theInjectionKeyHolds()
{
    const WindowFixture window;
    window.live().setSpeed(1000);
    QTRY_VERIFY(window.last_ms() > 30);
    const StimulusEditor* editor = window.neuron().setup()->stimulusEditor();
    const int id = window.experiment().neuron.cells.front().id;
    const auto current = [&] { return window.history().valueAt(id, inputChannel.key, window.last_ms()); };
    const double before = current();
    QTest::keyPress(window->focusWidget(), Qt::Key_I);
    QVERIFY(editor->isInjecting());
    QTRY_COMPARE(current(), before + editor->injectionStrength());
    QTest::keyRelease(window->focusWidget(), Qt::Key_I);
    QVERIFY(!editor->isInjecting());
    QTRY_COMPARE(current(), before);
    QVERIFY(!window.document().isModified()); // by hand, not part of the experiment
}

void TestMainWindow::speedKeys()
{
    const WindowFixture window;
    const double before = window.live().speed();
    window.press(Qt::Key_BracketRight);
    QCOMPARE(window.live().speed(), 2 * before);
    QCOMPARE(window->transport().speed(), 2 * before);
    window.press(Qt::Key_BracketLeft);
    QCOMPARE(window.live().speed(), before);
    window.press(Qt::Key_Backslash);
    QCOMPARE(window.live().speed(), 0.0);
}

void TestMainWindow::aTypedParameterReachesTheRunAndIsUndone()
{
    const WindowFixture window;
    window.live().setSpeed(1000);
    const int id = window.experiment().neuron.cells.front().id;
    const int row = rowOf(window.experiment().neuron.cells.front().parameters.table(), "g_na_ms_per_cm2");
    NumberSpin* spin = window.neuron().setup()->parameterForm()->spin(row);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "0");
    QTest::keyClick(spin, Qt::Key_Return);
    const auto value = [&] {
        return window.experiment().neuron.cells.front().parameters[static_cast<std::size_t>(row)];
    };
    QCOMPARE(value(), 0.0);
    QVERIFY(window->isWindowModified());
    // Without sodium there is no spike any more.
    const double edited_ms = window.last_ms() + 60;
    QTRY_VERIFY(window.last_ms() > edited_ms + 60);
    QVERIFY(window.history().spikes(id, edited_ms, 1e9).empty());
    QTRY_VERIFY(!spin->hasFocus());
    window.press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(value(), 120.0);
    QVERIFY(!window->isWindowModified());
    const double undone_ms = window.last_ms();
    QTRY_VERIFY(!window.history().spikes(id, undone_ms, 1e9).empty());
    window.press(Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(value(), 0.0);
    window.press(Qt::Key_Z, Qt::ControlModifier);
    window.press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(value(), 0.0);
}

void TestMainWindow::aSliderDragIsOneUndoStep()
{
    const WindowFixture window;
    const Experiment before = window.experiment();
    const int row = rowOf(before.neuron.cells.front().parameters.table(), "g_na_ms_per_cm2");
    ValueSlider* slider = window.neuron().setup()->parameterForm()->slider(row);
    const QPoint middle(slider->width() / 2, slider->height() / 2);
    QTest::mousePress(slider, Qt::LeftButton, Qt::NoModifier, middle);
    for (int x = 2; x < 40; x += 2)
        QTest::mouseMove(slider, middle + QPoint(x, 0));
    QTest::mouseRelease(slider, Qt::LeftButton, Qt::NoModifier, middle + QPoint(40, 0));
    QVERIFY(window.experiment() != before);
    QCOMPARE(window.document().undoStack().count(), 1);
    window.press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(window.experiment() == before);
}

void TestMainWindow::cellsAreAddedDuplicatedRenamedRemoved()
{
    const WindowFixture window;
    SetupPanel* setup = window.neuron().setup();
    const Experiment before = window.experiment();
    window.press(Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(window.experiment().neuron.cells.size(), 3u);
    QCOMPARE(window.experiment().neuron.cells[1].name, std::string("HH 2"));
    const int copy = window.experiment().neuron.cells[1].id;
    QCOMPARE(setup->selectedCell(), copy);
    window.live().setSpeed(1000);
    QTRY_VERIFY(!window.history().spikes(copy, 0, 1e9).empty());
    setup->cellList()->startRename(copy);
    QLineEdit* name = setup->cellList()->nameEdit(copy);
    name->selectAll();
    QTest::keyClicks(name, "soma");
    QTest::keyClick(name, Qt::Key_Return);
    QCOMPARE(window.experiment().neuron.cells[1].name, std::string("soma"));
    QTest::mouseClick(setup->cellList()->visibilityButton(copy), Qt::LeftButton);
    QVERIFY(!window.experiment().neuron.cells[1].visible);
    QTest::mouseClick(setup->cellList()->removeButton(), Qt::LeftButton);
    QVERIFY(window.experiment() == before);
    QCOMPARE(window.document().undoStack().count(), 4);
    for (int i = 0; i < 4; ++i)
        window.press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(window.experiment() == before);
}

void TestMainWindow::atMostEightCells()
{
    const WindowFixture window;
    for (int i = 0; i < 10; ++i)
        window.press(Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(window.experiment().neuron.cells.size(), maximumCells);
    QVERIFY2(window.documentProblem().contains("8"), qPrintable(window.documentProblem()));
    QTRY_VERIFY(window.history().layout()
        && window.history().layout()->columns.back().cellId == window.experiment().neuron.cells.back().id);
    while (!window.experiment().neuron.cells.empty())
        emit window.neuron().setup()->cellRemoveRequested(window.experiment().neuron.cells.front().id);
    QTest::qWait(100); // an empty experiment runs, too
    QCOMPARE(window.state(), TransportState::running);
}

void TestMainWindow::durationAndEnd()
{
    const WindowFixture window;
    window.live().setSpeed(1000);
    QTest::mouseClick(window->transport().endlessBox(), Qt::LeftButton);
    QVERIFY(!window.experiment().neuron.endless());
    QTRY_COMPARE(window.state(), TransportState::finished);
    QCOMPARE(window->transport().state(), TransportState::finished);
    QTRY_VERIFY(std::abs(window.last_ms() - 200) < 0.06);
    window.live().setSpeed(10); // it is seen on its way
    window.press(Qt::Key_Space);
    QCOMPARE(window.state(), TransportState::running);
    QTRY_VERIFY(window.last_ms() < 150);
}

void TestMainWindow::aStoppedRunIsSaidAndStartsAgain()
{
    const WindowFixture window;
    Experiment exploding = firstExperiment();
    exploding.neuron.simulation.set("integrator", 0);
    exploding.neuron.simulation.set(simulation::dt_ms, 1);
    exploding.neuron.stimulus.parts.front().values.set("amplitude_ua_per_cm2", 1000);
    window.document().edit(exploding, "Explode");
    QTRY_COMPARE(window.state(), TransportState::stopped);
    QCOMPARE(window->transport().state(), TransportState::stopped);
    QVERIFY(window->messages().text("stopped").contains("HH"));
    window.press(Qt::Key_Z, Qt::ControlModifier);
    QTest::mouseClick(window->messages().button("stopped", "Start again"), Qt::LeftButton);
    QCOMPARE(window.state(), TransportState::running);
    QVERIFY(!window->messages().has("stopped"));
    QTRY_VERIFY(window.last_ms() > 5);
}

void TestMainWindow::enterPressesTheFocusedButton()
{
    const WindowFixture window;
    window->transport().runButton()->setFocus();
    window.press(Qt::Key_Return);
    QCOMPARE(window.state(), TransportState::paused);
    window->transport().endlessBox()->setFocus();
    window.press(Qt::Key_Return);
    QVERIFY(!window.experiment().neuron.endless());
}

void TestMainWindow::everyControlHasAName()
{
    const WindowFixture window;
    for (const QWidget* widget : window->findChildren<QWidget*>()) {
        if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisible())
            continue;
        if (qobject_cast<const QLineEdit*>(widget) && qobject_cast<const QAbstractSpinBox*>(widget->parent()))
            continue; // speaks through its spin box
        QString name = widget->accessibleName();
        if (const auto* button = qobject_cast<const QAbstractButton*>(widget); button && name.isEmpty())
            name = button->text();
        QVERIFY2(!name.isEmpty(),
            qPrintable(QString("%1 %2 in %3")
                           .arg(widget->metaObject()->className(), widget->objectName(),
                               widget->parent()->metaObject()->className())));
    }
}

void TestMainWindow::everyShortcutIsUnique()
{
    const WindowFixture window;
    for (const auto& bench : window->workbench().benches()) // what a page adds, it adds when it is first looked at
        window->showLaboratory(bench->laboratory().key);
    window->showResults();
    QStringList seen;
    for (const QAction* action : window->findChildren<QAction*>())
        for (const QKeySequence& key : action->shortcuts()) {
            QVERIFY2(!seen.contains(key.toString()), qPrintable(key.toString() + " " + action->text()));
            seen << key.toString();
        }
    for (const char* key : {"Space", "R", "S", ".", "Ctrl+Z", "Ctrl+Y", "Ctrl+N", "Ctrl+O", "Ctrl+S", "Ctrl+Shift+S",
             "F1", "Ctrl+1", "Ctrl+Q"})
        QVERIFY2(seen.contains(key), key);
}

void TestMainWindow::helpExplainsSpikes()
{
    const WindowFixture window;
    window.press(Qt::Key_F1);
    QDialog* help = nullptr;
    QTRY_VERIFY((help = window->findChild<QDialog*>()) && help->isVisible());
    QVERIFY(!help->isModal());
    QString all;
    for (const QTextBrowser* page : help->findChildren<QTextBrowser*>())
        all += page->toPlainText();
    for (const char* word : {"Space", "detection threshold", "interpolated", "0 mV", "Ctrl+Shift+S", "10.1038/"})
        QVERIFY2(all.contains(word), word);
    window.press(Qt::Key_F1);
    QCOMPARE(window->findChildren<QDialog*>().size(), 1);
}

namespace {

/// The topic of help that stands first (keys) or last (about).
QString helpText(const WindowFixture& window, bool last)
{
    window.press(Qt::Key_F1);
    const auto pages = window->findChild<QDialog*>()->findChildren<QTextBrowser*>();
    for (const QTextBrowser* page : pages)
        if (page->toPlainText().startsWith(last ? "Endospike " : "Keys and mouse"))
            return page->toPlainText();
    return {};
}

} // namespace

void TestMainWindow::helpListsEveryKey()
{
    const WindowFixture window;
    const QString keys = helpText(window, false);
    int found = 0;
    for (const QAction* action : window->findChildren<QAction*>()) {
        if (action->shortcuts().isEmpty() || action->shortcutContext() != Qt::WindowShortcut)
            continue;
        ++found;
        for (const QKeySequence& key : action->shortcuts())
            QVERIFY2(keys.contains(key.toString(QKeySequence::NativeText)), qPrintable(key.toString()));
        QVERIFY2(keys.contains(QString(action->text()).remove('&').remove(u'…')), qPrintable(action->text()));
    }
    QVERIFY(found >= 30);
    for (const char* held : {"I (hold)", "wheel", "drop a file"})
        QVERIFY2(keys.contains(held), held);
}

void TestMainWindow::aboutNamesTheLibraries()
{
    const WindowFixture window;
    const QString about = helpText(window, true);
    for (const char* library : {"Qt", "QCustomPlot", "Eigen", "Highway", "JSON for Modern C++", "zlib", "CLI11"})
        QVERIFY2(about.contains(library), library);
    QCOMPARE(about.contains("MuJoCo"), environmentAvailable(*findEnvironmentKind("inverted_pendulum")));
}

void TestMainWindow::actionsFollowWhatIsInFront()
{
    const WindowFixture window;
    const auto offered = [&](const char* text) { // in the menus; an editor of a page may have an action of this name
        QList<QAction*> actions = window->menuBar()->actions();
        for (qsizetype i = 0; i < actions.size(); ++i) {
            if (actions[i]->menu())
                actions += actions[i]->menu()->actions();
            else if (QString(actions[i]->text()).remove('&').startsWith(QLatin1String(text)))
                return actions[i]->isEnabled() && actions[i]->isVisible();
        }
        return false;
    };
    QVERIFY(offered("Step") && offered("Duplicate cell") && offered("Fit everything") && offered("Save as"));
    window->showLaboratory(training::key);
    QVERIFY(offered("Trained runs (CSV)") && offered("Run or pause") && offered("Page as figure"));
    for (const char* action : {"Step", "Duplicate cell", "Fit everything", "Visible range"})
        QVERIFY2(!offered(action), action);
    window->showLaboratory(cost::key);
    QVERIFY(offered("Visible range") && !offered("Trained runs (CSV)"));
    window->showResults();
    QVERIFY(offered("Visible range") && offered("Page as figure") && offered("Copy plots"));
    QVERIFY(!offered("Save as") && !offered("Run or pause") && !offered("Setup panel"));
    window->showWelcome();
    QVERIFY(!offered("Visible range") && !offered("Page as figure") && offered("Open") && offered("New"));
    window->showLaboratory(equivalence::key); // its views differ
    QVERIFY(offered("Step") && offered("Faster"));
    window.page<EquivalencePage>(equivalence::key).showView(EquivalencePage::View::dial);
    QVERIFY(!offered("Step") && offered("Run or pause"));
}

/// A widget that is shown before it has its place would be a window for a moment, and take the focus.
void TestMainWindow::pagesOpenNoOtherWindow()
{
    struct Watch : QObject {
        bool eventFilter(QObject* watched, QEvent* event) override
        {
            if (const auto* widget = qobject_cast<QWidget*>(watched);
                widget && event->type() == QEvent::Show && widget->isWindow())
                shown << widget->metaObject()->className();
            return false;
        }
        QStringList shown;
    } watch;
    qApp->installEventFilter(&watch);
    const WindowFixture window;
    for (const auto& bench : window->workbench().benches())
        window->showLaboratory(bench->laboratory().key);
    window->showResults();
    window->showWelcome();
    QCOMPARE(watch.shown, QStringList{"endospike::MainWindow"});
}

void TestMainWindow::themesSwitchAndStay()
{
    const QTemporaryDir folder;
    for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::projector, ThemeKind::light}) {
        {
            const WindowFixture window(folder.path());
            window->setTheme(kind);
            QCOMPARE(currentTheme().kind, kind);
            QCOMPARE(window->palette().color(QPalette::Window), theme(kind).window);
            QTest::qWait(50);
            window->close();
        }
        const WindowFixture window(folder.path());
        QCOMPARE(currentTheme().kind, kind);
    }
}

void TestMainWindow::everyThemeFitsASmallScreen()
{
    const WindowFixture window;
    for (const ThemeKind kind : {ThemeKind::light, ThemeKind::projector}) {
        window->setTheme(kind);
        for (int number = 1; number <= 8; ++number) { // a page takes its type when it is first seen
            window.press(Qt::Key_0 + number, Qt::ControlModifier);
            QTest::qWait(20);
        }
        QCOMPARE(window->menuBar()->font().pointSize(), theme(kind).basePoints);
        for (const SegmentedControl* control : window->findChildren<SegmentedControl*>())
            QCOMPARE(control->button(0)->font().pointSize(), theme(kind).basePoints);
        QVERIFY2(
            window->minimumSizeHint().width() <= 1280, qPrintable(QString::number(window->minimumSizeHint().width())));
    }
    window->setTheme(ThemeKind::light);
}

void TestMainWindow::layoutIsKept()
{
    const QTemporaryDir folder;
    {
        const WindowFixture window(folder.path());
        window->resize(1200, 700);
        window.plots().setPanelVisible("currents", true);
        window.plots().setPanelVisible("gates", false);
        window.press(Qt::Key_F9);
        window.live().setSpeed(0);
        QVERIFY(window->close());
    }
    const WindowFixture window(folder.path());
    QCOMPARE(window->size(), QSize(1200, 700));
    QVERIFY(window.plots().isPanelVisible("currents"));
    QVERIFY(!window.plots().isPanelVisible("gates"));
    QVERIFY(!window->page().setupPanel()->isVisible());
    QCOMPARE(window.live().speed(), 0.0);
    QCOMPARE(window->transport().speed(), 0.0);
    window.press(Qt::Key_F9);
    QVERIFY(window->page().setupPanel()->isVisible());
}

void TestMainWindow::nothingRunsAfterClosing_data()
{
    QTest::addColumn<double>("speed");
    QTest::addColumn<int>("wait");
    QTest::addColumn<int>("cells");
    QTest::newRow("at once") << 100.0 << 0 << 2;
    QTest::newRow("slow") << 1.0 << 100 << 2;
    QTest::newRow("fast") << 0.0 << 300 << 2;
    QTest::newRow("fast, eight cells") << 0.0 << 300 << 8;
}

void TestMainWindow::nothingRunsAfterClosing()
{
    QFETCH(double, speed);
    QFETCH(int, wait);
    QFETCH(int, cells);
    WindowFixture()->close(); // what Qt keeps for itself is there from now on
    const qsizetype before = threads();
    auto window = std::make_unique<WindowFixture>();
    Experiment many = firstExperiment();
    while (static_cast<int>(many.neuron.cells.size()) < cells) {
        Cell cell = many.neuron.cells.front();
        cell.id = many.neuron.freeCellId();
        cell.name = many.neuron.freeCellName("HH");
        many.neuron.cells.push_back(cell);
    }
    window->document().replace(many, {});
    window->live().setSpeed(speed);
    QTest::qWait(wait);
    QVERIFY(threads() > before);
    QVERIFY((*window)->close());
    QTRY_COMPARE(threads(), before);
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
