// The window and files: open, save, the guard, recent files, examples, dropped files, recovery.
#include "app/window/menus.h"
#include "sim/base/errors.h"
#include "sim/document/plan_laboratories.h"
#include "tests/app/window/window_fixture.h"
#include "widgets/experiment/stimulus_editor.h"

#include <QDropEvent>
#include <QMenu>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QUrl>

using namespace endospike;

namespace {

/// Whether the window would take the file, and what it does with it.
bool drop(MainWindow& window, const QString& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    if (!enter.isAccepted())
        return false;
    QDropEvent dropped(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &dropped);
    return dropped.isAccepted();
}

QStringList entries(QMenu* menu)
{
    emit menu->aboutToShow();
    QStringList found;
    for (const QAction* action : menu->actions())
        if (!action->isSeparator())
            found << action->text();
    return found;
}

} // namespace

class TestWindowFiles : public QObject {
    Q_OBJECT

private slots:
    void savesAsAndOpens();
    void openingStartsANewRun();
    void badDocumentsAreSaidAndLeaveTheOpenOne_data();
    void badDocumentsAreSaidAndLeaveTheOpenOne();
    void anUnwritableTargetIsSaid();
    void theGuardAsks();
    void closingAsks();
    void savingInTheGuardMayFail();
    void recentFiles();
    void examplesAllLoadAndRun();
    void dropsDocuments();
    void dropsRecordings();
    void dropsNothingElse();
    void aRecordingIsChosenForItsPart();
    void workLostInACrashIsOffered();
};

void TestWindowFiles::savesAsAndOpens()
{
    WindowFixture window;
    window.retitle("kept");
    QVERIFY(window->windowTitle().contains("kept"));
    window.answer = window.file("kept.json");
    window.press(Qt::Key_S, Qt::ControlModifier); // no name yet: asks
    QVERIFY(window.lastQuestion.saving);
    QVERIFY(!window->isWindowModified());
    QVERIFY(window->windowTitle().contains("kept.json"));
    const std::string saved = toJson(window.experiment());
    window.retitle("changed");
    window.answer.clear();
    window.press(Qt::Key_S, Qt::ControlModifier); // has a name: does not ask
    QVERIFY(readBytes(window.file("kept.json")).contains("changed"));
    window.answer = window.file("copy.json");
    window.press(Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(readBytes(window.file("copy.json")), readBytes(window.file("kept.json")));
    QCOMPARE(window.document().path(), window.file("copy.json"));
    window.press(Qt::Key_N, Qt::ControlModifier);
    QVERIFY(window.experiment() == firstExperiment());
    window.answer = window.file("kept.json");
    window.press(Qt::Key_O, Qt::ControlModifier);
    QCOMPARE(window.experiment().title, std::string("changed"));
    QVERIFY(window.documentProblem().isEmpty());
}

void TestWindowFiles::openingStartsANewRun()
{
    WindowFixture window;
    window.live().setSpeed(1000);
    QTRY_VERIFY(window.last_ms() > 100);
    Experiment other = firstExperiment();
    other.neuron.cells.pop_back();
    writeBytes(window.file("other.json"), QByteArray::fromStdString(toJson(other)));
    window.live().setSpeed(10);
    window->openPath(window.file("other.json"));
    QTRY_VERIFY(!window.history().empty());
    QVERIFY(window.last_ms() < 50);
    QCOMPARE(window.history().first_ms(), 0.0);
    QCOMPARE(window.history().layout()->columns.back().cellName, other.neuron.cells.back().name);
}

void TestWindowFiles::badDocumentsAreSaidAndLeaveTheOpenOne_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray good = QByteArray::fromStdString(toJson(firstExperiment()));
    QTest::newRow("truncated") << good.left(100);
    QTest::newRow("wrong type") << QByteArray(good).replace("\"dt_ms\": 0.01", "\"dt_ms\": []");
    QTest::newRow("unknown key") << QByteArray(good).replace("\"cells\"", "\"sells\"");
    QTest::newRow("out of bounds") << QByteArray(good).replace("\"dt_ms\": 0.01", "\"dt_ms\": 2");
    QTest::newRow("newer") << QByteArray(good).replace("\"version\": 1", "\"version\": 2");
    QTest::newRow("noise") << QByteArray(1 << 20, '\xfe');
    QTest::newRow("missing") << QByteArray();
}

void TestWindowFiles::badDocumentsAreSaidAndLeaveTheOpenOne()
{
    QFETCH(QByteArray, bytes);
    WindowFixture window;
    QTRY_VERIFY(window.last_ms() > 5);
    const double before_ms = window.last_ms();
    if (!bytes.isEmpty())
        writeBytes(window.file("bad.json"), bytes);
    window.answer = window.file("bad.json");
    window.press(Qt::Key_O, Qt::ControlModifier);
    const QString sentence = window.documentProblem();
    QVERIFY2(sentence.contains("bad.json") && sentence.size() < 400, qPrintable(sentence));
    QVERIFY(!QApplication::activeModalWidget());
    QVERIFY(window.experiment() == firstExperiment());
    QVERIFY(!window->isWindowModified());
    QTRY_VERIFY(window.last_ms() > before_ms); // the run has gone on
    QVERIFY(!window->settings().recentFiles().contains(window.file("bad.json")));
    // The next good one takes the message away.
    window.answer = window.file("good.json");
    writeBytes(window.answer, QByteArray::fromStdString(toJson(firstExperiment())));
    window.press(Qt::Key_O, Qt::ControlModifier);
    QVERIFY(window.documentProblem().isEmpty());
}

void TestWindowFiles::anUnwritableTargetIsSaid()
{
    WindowFixture window;
    window.retitle("unsaved");
    window.answer = window.file("no/such/folder/x.json");
    window.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(window.documentProblem().contains("x.json"));
    QVERIFY(window->isWindowModified());
    QVERIFY(window.document().path().isEmpty());
}

void TestWindowFiles::theGuardAsks()
{
    WindowFixture window;
    window.retitle("precious");
    window.press(Qt::Key_N, Qt::ControlModifier);
    window.answerQuestion(QMessageBox::Cancel);
    QCOMPARE(window.experiment().title, std::string("precious"));
    window.press(Qt::Key_N, Qt::ControlModifier);
    window.answer = window.file("precious.json");
    window.answerQuestion(QMessageBox::Save);
    QVERIFY(window.experiment() == firstExperiment());
    QVERIFY(readBytes(window.file("precious.json")).contains("precious"));
    window.retitle("worthless");
    window.press(Qt::Key_N, Qt::ControlModifier);
    window.answerQuestion(QMessageBox::Discard);
    QVERIFY(window.experiment() == firstExperiment());
    QVERIFY(!window->isWindowModified());
}

void TestWindowFiles::closingAsks()
{
    WindowFixture window;
    window.retitle("precious");
    QVERIFY(!window->close());
    QVERIFY(window->isVisible());
    QVERIFY(!window->close()); // asks once, not twice
    QCOMPARE(window->findChildren<QMessageBox*>().size(), 1);
    window.answerQuestion(QMessageBox::Cancel);
    QVERIFY(window->isVisible());
    QTRY_VERIFY(window.last_ms() > 1); // and runs on
    QVERIFY(!window->close());
    window.answerQuestion(QMessageBox::Discard);
    QTRY_VERIFY(!window->isVisible());
}

void TestWindowFiles::savingInTheGuardMayFail()
{
    WindowFixture window;
    window.retitle("precious");
    QVERIFY(!window->close());
    window.answer = window.file("no/such/folder/x.json");
    window.answerQuestion(QMessageBox::Save);
    QVERIFY(window->isVisible());
    QVERIFY(!window.documentProblem().isEmpty());
    QCOMPARE(window.experiment().title, std::string("precious"));
}

void TestWindowFiles::recentFiles()
{
    const QTemporaryDir folder;
    {
        WindowFixture window(folder.path());
        QCOMPARE(entries(window->menus().recentMenu()), QStringList{"No files yet"});
        for (const char* name : {"a.json", "b.json", "a.json"}) {
            window.answer = folder.filePath(name);
            window.press(Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        }
        window->close();
    }
    WindowFixture window(folder.path());
    const QStringList found = entries(window->menus().recentMenu());
    QCOMPARE(found.mid(0, 2), (QStringList{folder.filePath("a.json"), folder.filePath("b.json")}));
    window->menus().recentMenu()->actions().at(1)->trigger();
    QCOMPARE(window.document().path(), folder.filePath("b.json"));
    // A file that is gone leaves the list when it is asked for.
    QFile::remove(folder.filePath("a.json"));
    entries(window->menus().recentMenu());
    window->menus().recentMenu()->actions().at(1)->trigger();
    QVERIFY(window.documentProblem().contains("a.json"));
    QVERIFY(!window->settings().recentFiles().contains(folder.filePath("a.json")));
}

void TestWindowFiles::examplesAllLoadAndRun()
{
    WindowFixture window;
    const QDir shipped(QStringLiteral(ENDOSPIKE_SOURCE_DIR "/resources/examples"));
    const QStringList files = shipped.entryList({"*.json"}, QDir::Files);
    QCOMPARE(examples().size(), static_cast<std::size_t>(files.size())); // none was refused
    entries(window->menus().exampleMenu());
    const QList<QAction*> actions = window->menus().exampleMenu()->actions();
    QCOMPARE(actions.size(), files.size());
    window.live().setSpeed(0);
    for (QAction* action : actions) {
        action->trigger();
        QVERIFY2(window.documentProblem().isEmpty(), qPrintable(window.documentProblem()));
        QCOMPARE(QString::fromStdString(window.experiment().title).replace("&", "&&"), action->text());
        QVERIFY2(!window.experiment().notes.empty(), qPrintable(action->text()));
        QVERIFY(!window->isWindowModified());
        if (window.experiment().neuron.cells.empty())
            continue; // begins when it is told to
        QTRY_VERIFY(window.last_ms() > 10);
        QVERIFY(window.state() != TransportState::stopped);
    }
}

void TestWindowFiles::dropsDocuments()
{
    WindowFixture window;
    Experiment other = firstExperiment();
    other.title = std::string("dropped");
    writeBytes(window.file("dropped.json"), QByteArray::fromStdString(toJson(other)));
    QVERIFY(drop(*window.window, window.file("dropped.json")));
    QCOMPARE(window.experiment().title, std::string("dropped"));
    QCOMPARE(window.document().path(), window.file("dropped.json"));
}

void TestWindowFiles::dropsRecordings()
{
    WindowFixture window;
    writeBytes(window.file("current.csv"), "time (ms),current (uA/cm2)\n0,0\n10,5\n20,0\n");
    QVERIFY(drop(*window.window, window.file("current.csv")));
    QVERIFY2(window.documentProblem().isEmpty(), qPrintable(window.documentProblem()));
    QCOMPARE(window.experiment().neuron.stimulus.parts.size(), 1u);
    const StimulusPart& part = window.experiment().neuron.stimulus.parts.front();
    QVERIFY(part.recording);
    QCOMPARE(part.recording->current_ua_per_cm2, (std::vector<double>{0, 5, 0}));
    window.press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(window.experiment() == firstExperiment());
    writeBytes(window.file("bad.csv"), "time,current\n0,0\n-5,1\n");
    QVERIFY(drop(*window.window, window.file("bad.csv")));
    QVERIFY2(window.documentProblem().contains("bad.csv"), qPrintable(window.documentProblem()));
    QVERIFY(window.experiment() == firstExperiment());
}

void TestWindowFiles::dropsNothingElse()
{
    WindowFixture window;
    writeBytes(window.file("picture.png"), "x");
    QVERIFY(!drop(*window.window, window.file("picture.png")));
    QVERIFY(window.experiment() == firstExperiment());
}

void TestWindowFiles::aRecordingIsChosenForItsPart()
{
    WindowFixture window;
    StimulusEditor* editor = window.neuron().setup()->stimulusEditor();
    editor->addPart("recorded");
    QCOMPARE(window.experiment().neuron.stimulus.parts.size(), 2u);
    writeBytes(window.file("r.csv"), "0 1\n5 2\n");
    window.answer = window.file("r.csv");
    QVERIFY(editor->recordingButton(1));
    QTest::mouseClick(editor->recordingButton(1), Qt::LeftButton);
    QCOMPARE(window.experiment().neuron.stimulus.parts.size(), 2u);
    QVERIFY(window.experiment().neuron.stimulus.parts[1].recording);
    QCOMPARE(window.experiment().neuron.stimulus.parts[1].recording->time_ms.back(), 5.0);
}

void TestWindowFiles::workLostInACrashIsOffered()
{
    const QTemporaryDir folder;
    const auto crash = [&](const char* title) {
        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(), {"--victim", folder.path(), title});
        QVERIFY(victim.waitForReadyRead(15000));
        victim.kill();
        QVERIFY(victim.waitForFinished());
    };
    crash("lost work");
    {
        WindowFixture window(folder.path());
        QVERIFY(window->messages().text("recovery").contains("lost work"));
        QTest::mouseClick(window->messages().button("recovery", "Recover"), Qt::LeftButton);
        QCOMPARE(window.experiment().title, std::string("lost work"));
        QVERIFY(window->isWindowModified());
        QVERIFY(!window->messages().has("recovery"));
        QVERIFY(QFile::exists(window->bench().recovery().file())); // safe again at once
        window.answer = window.file("saved.json");
        window.press(Qt::Key_S, Qt::ControlModifier);
        window->close();
    }
    {
        WindowFixture window(folder.path());
        QVERIFY(!window->messages().has("recovery"));
        window->close();
    }
    crash("unwanted work");
    {
        WindowFixture window(folder.path());
        QTest::mouseClick(window->messages().button("recovery", "Discard"), Qt::LeftButton);
        QVERIFY(window.experiment() == firstExperiment());
        window->close();
    }
    WindowFixture window(folder.path());
    QVERIFY(!window->messages().has("recovery"));
}

namespace {

/// A whole program that edits, says so once the autosave is on the disk, and waits to be killed.
int runVictim(int argc, char** argv)
{
    QApplication app(argc, argv);
    MainWindow window(WindowFixture::surroundings(QString::fromLocal8Bit(argv[2])));
    window.show();
    window.start();
    Experiment changed = window.document().experiment();
    changed.title = std::string(argv[3]);
    window.document().edit(changed, "Title");
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &window, [&] {
        if (!QFile::exists(window.bench().recovery().file()))
            return;
        std::puts("written");
        std::fflush(stdout);
        timer.stop();
    });
    timer.start(50);
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc == 4 && qstrcmp(argv[1], "--victim") == 0)
        return runVictim(argc, argv);
    QApplication app(argc, argv);
    TestWindowFiles test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window_files.moc"
