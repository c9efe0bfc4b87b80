// A laboratory of one parameter and one page costs its page and a row in each list: everything else follows. This
// program has lists of its own, with a dozen laboratories, in place of the program's.
#include "app/laboratory/experiment_setup.h"
#include "app/window/export_commands.h"
#include "app/window/menus.h"
#include "app/window/rail.h"
#include "app/window/welcome_page.h"
#include "sim/document/laboratory.h"
#include "tests/app/window/window_fixture.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"

#include <QMenu>
#include <QPushButton>
#include <QTextBrowser>
#include <QToolButton>

namespace endospike {

namespace {

constexpr Parameter pupilTable[] = {{"diameter_mm", "Diameter of the pupil", "", "mm", 4, 1, 9, 2, 8,
    "How wide the pupil is open; light falls with its square."}};

Experiment firstOf(std::string_view key)
{
    Experiment experiment(*findLaboratory(key));
    experiment.title = "Daylight";
    return experiment;
}

std::vector<std::string> caption(const Experiment& experiment)
{
    return {"Diameter of the pupil " + shortNumber(experiment.own[0]) + " mm"};
}

class PupilSetup : public ExperimentSetup {
public:
    PupilSetup()
        : ExperimentSetup(nullptr)
        , form(new ParameterForm)
    {
        addSection("Pupil", form);
        connectForm(form, "pupil", [](Experiment& experiment) -> ParameterValues& { return experiment.own; });
    }

    ParameterForm* form;
};

class PupilPage : public Page, public FigureSource {
public:
    explicit PupilPage(Document& document)
        : m_document(document)
        , m_setup(new PupilSetup)
    {
        m_setup->setParent(this);
        connect(m_setup, &ExperimentSetup::changeWanted, this,
            [this](const QString& what, const QString& place, bool continuing, const auto& change) {
                edit(m_document, what, place, continuing, change);
            });
        connect(&m_document, &Document::edited, this, &PupilPage::showExperiment);
        connect(&m_document, &Document::replaced, this, &PupilPage::showExperiment);
        showExperiment();
    }

    PageParts parts() override { return {.figure = this}; }
    void start() override { }
    void stop() override { }
    void tick() override { }
    QWidget* setupPanel() const override { return m_setup; }
    QWidget* home() const override { return m_setup; }
    void saveLayout(Settings&) const override { }
    void restoreLayout(const Settings&) override { }
    FigureRequest figure(const QString& text) const override
    {
        FigureRequest request{{}, text};
        request.pictures.push_back({{300, 200}, [](QCPPainter&, QSize) {}});
        return request;
    }
    ParameterForm& form() const { return *m_setup->form; }

private:
    void showExperiment() override { m_setup->form->setValues(m_document.experiment().own); }

    Document& m_document;
    PupilSetup* m_setup;
};

Page* makePage(Document& document, const Surroundings&) { return new PupilPage(document); }

WelcomeCard card()
{
    return {"Look into an eye", "It looks back.", [](QPainter&, QRectF, double, const Theme&) {}};
}

template <int number>
Experiment first()
{
    return firstOf(laboratories()[number].key);
}

LaboratoryKind row(std::string_view key, std::string_view name, Experiment (*first)())
{
    LaboratoryKind kind;
    kind.key = key;
    kind.name = name;
    kind.summary = "Shows how much light one eye lets in.";
    kind.command = "look";
    kind.own = pupilTable;
    kind.first = first;
    kind.caption = caption;
    return kind;
}

} // namespace

std::span<const LaboratoryKind> laboratories()
{
    static const LaboratoryKind rows[] = {row("pupil", "Pupil", first<0>), row("b", "Lab B", first<1>),
        row("c", "Lab C", first<2>), row("d", "Lab D", first<3>), row("e", "Lab E", first<4>),
        row("f", "Lab F", first<5>), row("g", "Lab G", first<6>), row("h", "Lab H", first<7>),
        row("i", "Lab I", first<8>), row("j", "Lab J", first<9>), row("k", "Lab K", first<10>),
        row("l", "Lab L", first<11>)};
    return rows;
}

std::span<const BenchKind> benchKinds()
{
    static const BenchKind rows[] = {{"pupil", makePage, "neuron", RailGroup::learn, card},
        {"b", makePage, "neuron", RailGroup::learn}, {"c", makePage, "neuron", RailGroup::learn},
        {"d", makePage, "neuron", RailGroup::learn}, {"e", makePage, "neuron", RailGroup::learn},
        {"f", makePage, "neuron", RailGroup::learn}, {"g", makePage, "neuron", RailGroup::learn},
        {"h", makePage, "neuron", RailGroup::learn}, {"i", makePage, "neuron", RailGroup::learn},
        {"j", makePage, "neuron", RailGroup::learn}, {"k", makePage, "neuron", RailGroup::learn},
        {"l", makePage, "neuron", RailGroup::learn}};
    return rows;
}

} // namespace endospike

using namespace endospike;

class TestNewLaboratory : public QObject {
    Q_OBJECT

    static double diameter(const WindowFixture& window) { return window.experiment().own["diameter_mm"]; }

    /// As a person does.
    static void type(const WindowFixture& window, const QString& text)
    {
        NumberSpin* spin = dynamic_cast<PupilPage&>(window->page()).form().spin(0);
        spin->setFocus();
        spin->selectAll();
        QTest::keyClicks(spin, text);
        QTest::keyClick(spin, Qt::Key_Return);
        QTRY_VERIFY(!spin->hasFocus()); // the keys are the window's again
    }

private slots:
    void itIsInFrontAndInTheRail()
    {
        const WindowFixture window;
        QCOMPARE(window->bench().laboratory().key, "pupil");
        QVERIFY(window->page().isVisible());
        QVERIFY(!window->transport().isVisible()); // there is nothing to run
        QVERIFY(window->windowTitle().contains("Daylight"));
        QStringList rail;
        for (const QToolButton* button : window->findChild<QWidget*>("rail")->findChildren<QToolButton*>())
            rail << button->text();
        QCOMPARE(rail.size(), 14);
        QCOMPARE(rail.mid(0, 3), (QStringList{"Start", "Pupil", "Lab B"}));
        QCOMPARE(rail.back(), QString("Results"));
    }

    void itsDocumentIsEditedAndUndone()
    {
        const WindowFixture window;
        type(window, "6");
        QCOMPARE(diameter(window), 6.0);
        QVERIFY(window->isWindowModified());
        QCOMPARE(window.document().undoStack().undoText(), QString("Diameter of the pupil"));
        window.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(diameter(window), 4.0);
        QVERIFY(!window->isWindowModified());
        window.press(Qt::Key_Y, Qt::ControlModifier);
        QCOMPARE(diameter(window), 6.0);
    }

    void itsDocumentIsSavedAndOpened()
    {
        WindowFixture window;
        type(window, "6");
        window.answer = window.file("eye.json");
        window.press(Qt::Key_S, Qt::ControlModifier);
        const QByteArray saved = readBytes(window.answer);
        QVERIFY2(
            saved.contains("\"laboratory\": \"pupil\"") && saved.contains("\"diameter_mm\": 6"), saved.constData());
        window.press(Qt::Key_N, Qt::ControlModifier);
        QCOMPARE(diameter(window), 4.0);
        window->showLaboratory("c"); // a document brings its own laboratory to the front
        window.press(Qt::Key_O, Qt::ControlModifier);
        QCOMPARE(window->bench().laboratory().key, "pupil");
        QCOMPARE(diameter(window), 6.0);
        writeBytes(window.answer, QByteArray(saved).replace("\"diameter_mm\": 6", "\"diameter_mm\": 60"));
        window.press(Qt::Key_O, Qt::ControlModifier);
        QVERIFY2(window.documentProblem().contains("pupil.diameter_mm"), qPrintable(window.documentProblem()));
        QCOMPARE(diameter(window), 6.0);
    }

    void itsFigureHasItsCaption()
    {
        WindowFixture window;
        type(window, "6");
        QCOMPARE(figureCaption(window.experiment()), QString("Daylight. Diameter of the pupil 6 mm."));
        window.answer = window.file("eye.svg");
        window.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(readBytes(window.answer).contains("Diameter of the pupil 6 mm"));
    }

    void helpTellsOfIt()
    {
        const WindowFixture window;
        window.press(Qt::Key_F1);
        QString all;
        for (const QTextBrowser* page : window->findChild<QDialog*>()->findChildren<QTextBrowser*>())
            all += page->toPlainText();
        for (const char* words : {"Pupil", "Shows how much light one eye lets in.", "endospike-cli look",
                 "How wide the pupil is open; light falls with its square.", "Ctrl+1", "Ctrl+Alt+3"})
            QVERIFY2(all.contains(words), words);
    }

    void itsCardLeadsToIt()
    {
        const WindowFixture window;
        window->showLaboratory("b");
        window->showWelcome();
        QVERIFY(!window->welcomePage().card("b"));
        QTest::mouseClick(window->welcomePage().card("pupil"), Qt::LeftButton);
        QCOMPARE(window->bench().laboratory().key, "pupil");
        QVERIFY(window->page().isVisible());
    }

    void whatACrashLeftIsOffered()
    {
        const QTemporaryDir folder;
        QByteArray left;
        {
            WindowFixture window(folder.path());
            type(window, "6");
            window->bench().recovery().update();
            left = readBytes(window->bench().recovery().file());
        }
        writeBytes(folder.filePath("recovery/lost.recovery"), left);
        const WindowFixture window(folder.path());
        QTest::mouseClick(window->messages().button("recovery", "Recover"), Qt::LeftButton);
        QCOMPARE(diameter(window), 6.0);
        QVERIFY(window->isWindowModified());
    }

    /// Ctrl+1 to Ctrl+9, then Ctrl+Alt+1 and on; the last place is that of the results.
    void aDozenHaveKeysThatDoNotClash()
    {
        const WindowFixture window;
        QStringList seen;
        for (const QAction* action : window->findChildren<QAction*>())
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!seen.contains(key.toString()), qPrintable(key.toString()));
                seen << key.toString();
            }
        for (int number = 1; number <= 12; ++number) {
            const Qt::KeyboardModifiers more = number <= 9 ? Qt::NoModifier : Qt::AltModifier;
            window.press(Qt::Key_1 + (number - 1) % 9, Qt::ControlModifier | more);
            QCOMPARE(window->bench().laboratory().key, laboratories()[static_cast<std::size_t>(number - 1)].key);
            QVERIFY(window->page().isVisible());
        }
        QCOMPARE(railKey(9), QKeySequence("Ctrl+9"));
        QCOMPARE(railKey(13), QKeySequence("Ctrl+Alt+4"));
        QCOMPARE(railKey(18), QKeySequence("Ctrl+Alt+9"));
        QVERIFY(railKey(19).isEmpty());
    }
};

QTEST_MAIN(TestNewLaboratory)
#include "tst_new_laboratory.moc"
