#include "sim/document/experiment.h"
#include "sim/document/plan_laboratories.h"
#include "widgets/experiment/cell_list.h"
#include "widgets/experiment/setup_panel.h"
#include "widgets/experiment/stimulus_editor.h"
#include "widgets/experiment/stimulus_preview.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace endospike;

class TestSetupPanel : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void showsTheFirstExperiment();
    void everythingThatMattersIsInSightAt1280x800();
    void nothingIsCutAtTheRight();
    void selectionChoosesTheForm();
    void selectionSurvivesWhatItCan();
    void editsNameTheirCell();
    void ownStimulusNamesItsCell();
    void simulationEdits();
    void titleIsOneGesture();
    void notesAreOneGesture();
    void notesUnfoldWithADocument();
    void initialValuesWaitForTheirChoice();
    void foldedSectionsAreKept();

private:
    int id(int position) const { return m_experiment.neuron.cells[static_cast<std::size_t>(position)].id; }
    void show()
    {
        m_panel->setExperiment(m_experiment.neuron, QString::fromStdString(m_experiment.title),
            QString::fromStdString(m_experiment.notes));
    }
    Experiment m_experiment;
    std::unique_ptr<SetupPanel> m_panel;
};

void TestSetupPanel::init()
{
    m_experiment = firstExperiment();
    m_panel = std::make_unique<SetupPanel>();
    show();
    m_panel->resize(320, 700);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    QTest::qWait(10);
}

void TestSetupPanel::cleanup() { m_panel.reset(); }

void TestSetupPanel::showsTheFirstExperiment()
{
    QCOMPARE(m_panel->cellList()->count(), static_cast<int>(m_experiment.neuron.cells.size()));
    QCOMPARE(m_panel->selectedCell(), id(0));
    QCOMPARE(m_panel->parameterForm()->values(), m_experiment.neuron.cells[0].parameters);
    QCOMPARE(m_panel->simulationForm()->values(), m_experiment.neuron.simulation);
    QCOMPARE(m_panel->stimulusEditor()->stimulus(), m_experiment.neuron.stimulus);
    QCOMPARE(m_panel->titleEdit()->text(), QString::fromStdString(m_experiment.title));
    QCOMPARE(m_panel->notesEdit()->toPlainText(), QString::fromStdString(m_experiment.notes));
}

void TestSetupPanel::everythingThatMattersIsInSightAt1280x800()
{
    QVERIFY(m_panel->sizeHint().width() >= 300 && m_panel->sizeHint().width() <= 340);
    for (QWidget* widget :
        {static_cast<QWidget*>(m_panel->cellList()), static_cast<QWidget*>(m_panel->stimulusEditor()->preview()),
            static_cast<QWidget*>(m_panel->notesEdit())}) {
        const QRect place(widget->mapTo(m_panel.get(), QPoint()), widget->size());
        QVERIFY(m_panel->rect().contains(place));
    }
}

void TestSetupPanel::nothingIsCutAtTheRight()
{
    for (const int width : {300, 340}) {
        m_panel->resize(width, 700);
        QTest::qWait(10);
        auto* scroll = m_panel->findChild<QScrollArea*>();
        QCOMPARE(scroll->horizontalScrollBar()->maximum(), 0);
        for (const QWidget* widget : scroll->widget()->findChildren<QWidget*>()) {
            if (!widget->isVisible())
                continue;
            const int right = widget->mapTo(scroll->widget(), QPoint(widget->width(), 0)).x();
            QVERIFY2(right <= scroll->viewport()->width(), widget->metaObject()->className());
        }
    }
}

void TestSetupPanel::selectionChoosesTheForm()
{
    QSignalSpy selected(m_panel.get(), &SetupPanel::cellSelected);
    m_panel->selectCell(id(1));
    QCOMPARE(m_panel->parameterForm()->values(), m_experiment.neuron.cells[1].parameters);
    QCOMPARE(selected.count(), 0);
    QTest::mouseClick(m_panel->cellList()->rowWidget(id(0)), Qt::LeftButton, {}, {12, 12});
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.at(0)[0].toInt(), id(0));
    QCOMPARE(m_panel->parameterForm()->values(), m_experiment.neuron.cells[0].parameters);
}

void TestSetupPanel::selectionSurvivesWhatItCan()
{
    Cell third(*m_experiment.neuron.cells[0].model);
    third.id = m_experiment.neuron.freeCellId();
    m_experiment.neuron.cells.push_back(third);
    show();
    m_panel->selectCell(third.id);
    QSignalSpy selected(m_panel.get(), &SetupPanel::cellSelected);
    m_experiment.neuron.cells.erase(m_experiment.neuron.cells.begin());
    show();
    QCOMPARE(m_panel->selectedCell(), third.id);
    QCOMPARE(selected.count(), 0);
    m_experiment.neuron.cells.pop_back();
    show();
    QCOMPARE(m_panel->selectedCell(), id(0)); // its neighbour
    QCOMPARE(selected.count(), 1);
    m_experiment.neuron.cells.clear();
    show();
    QCOMPARE(m_panel->selectedCell(), -1);
    QVERIFY(!m_panel->parameterForm()->isVisible());
}

void TestSetupPanel::editsNameTheirCell()
{
    QSignalSpy edited(m_panel.get(), &SetupPanel::parameterEdited);
    m_panel->selectCell(id(1));
    m_panel->parameterForm()->spin(0)->setFocus();
    QTest::keyClick(m_panel->parameterForm()->spin(0), Qt::Key_Up);
    QCOMPARE(edited.count(), 2);
    QCOMPARE(edited.at(0)[0].toInt(), id(1));
    QCOMPARE(edited.at(0)[1].toInt(), 0);
    QVERIFY(edited.at(0)[2].toDouble() > m_experiment.neuron.cells[1].parameters[std::size_t(0)]);
    QCOMPARE(edited.at(0)[3].toBool(), true);
    QCOMPARE(edited.at(1)[3].toBool(), false);
}

void TestSetupPanel::ownStimulusNamesItsCell()
{
    QSignalSpy edited(m_panel.get(), &SetupPanel::stimulusEdited);
    QSignalSpy own(m_panel.get(), &SetupPanel::ownStimulusRequested);
    m_panel->selectCell(id(1));
    m_panel->stimulusEditor()->addPart(QStringLiteral("sine"));
    QCOMPARE(edited.last()[0].toInt(), -1); // the shared one
    QCheckBox* box = m_panel->stimulusEditor()->ownStimulusBox();
    QVERIFY(box->isVisible());
    QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
    QCOMPARE(own.at(0)[0].toInt(), id(1));
    QCOMPARE(own.at(0)[1].toBool(), true);
    m_experiment.neuron.cells[1].ownStimulus = Stimulus();
    show();
    QVERIFY(box->isChecked());
    QCOMPARE(m_panel->stimulusEditor()->stimulus(), Stimulus());
    m_panel->stimulusEditor()->addPart(QStringLiteral("ramp"));
    QCOMPARE(edited.last()[0].toInt(), id(1));
    m_panel->selectCell(id(0));
    QVERIFY(!box->isChecked());
    QCOMPARE(m_panel->stimulusEditor()->stimulus(), m_experiment.neuron.stimulus);
}

void TestSetupPanel::simulationEdits()
{
    QSignalSpy edited(m_panel.get(), &SetupPanel::simulationEdited);
    ParameterForm* form = m_panel->simulationForm();
    QVERIFY(!form->spin(simulation::duration_ms)->isVisibleTo(form)); // in the transport bar
    QVERIFY(form->spin(simulation::dt_ms)->isVisibleTo(form));
    form->spin(simulation::dt_ms)->stepUp();
    QCOMPARE(edited.last()[0].toInt(), static_cast<int>(simulation::dt_ms));
}

void TestSetupPanel::titleIsOneGesture()
{
    QSignalSpy edited(m_panel.get(), &SetupPanel::titleEdited);
    m_panel->titleEdit()->setFocus();
    m_panel->titleEdit()->selectAll();
    QTest::keyClicks(m_panel->titleEdit(), "Abc");
    QCOMPARE(edited.count(), 3);
    QVERIFY(edited.last()[1].toBool());
    m_experiment.title = "Abc";
    show(); // the document answers
    m_panel->notesEdit()->setFocus();
    QCOMPARE(edited.count(), 4);
    QCOMPARE(edited.last()[0].toString(), QStringLiteral("Abc"));
    QVERIFY(!edited.last()[1].toBool());
}

void TestSetupPanel::notesAreOneGesture()
{
    QSignalSpy edited(m_panel.get(), &SetupPanel::notesEdited);
    m_panel->notesEdit()->setFocus();
    m_panel->notesEdit()->selectAll();
    QTest::keyClicks(m_panel->notesEdit(), "Look");
    QVERIFY(edited.count() >= 4);
    for (const auto& call : edited)
        QVERIFY(call[1].toBool());
    m_panel->titleEdit()->setFocus();
    QCOMPARE(edited.last()[0].toString(), QStringLiteral("Look"));
    QVERIFY(!edited.last()[1].toBool());
    const qsizetype count = edited.count();
    show(); // showing is not editing
    QCOMPARE(edited.count(), count);
}

void TestSetupPanel::notesUnfoldWithADocument()
{
    m_panel->setExperiment(NeuronPlan(), {}, {});
    m_panel->setFoldedSections({QStringLiteral("notes")});
    QVERIFY(!m_panel->notesEdit()->isVisible());
    m_experiment.notes = "Watch the threshold.";
    show();
    QVERIFY(m_panel->notesEdit()->isVisible());
    QCOMPARE(m_panel->notesEdit()->toPlainText(), QStringLiteral("Watch the threshold."));
}

void TestSetupPanel::initialValuesWaitForTheirChoice()
{
    Cell cell(*findNeuronModel("hh"));
    const int start = rowOf(cell.parameters.table(), "start");
    const int v0 = rowOf(cell.parameters.table(), "v0_mv");
    m_experiment.neuron.cells = {cell};
    show();
    QVERIFY(!m_panel->parameterForm()->spin(v0)->isEnabled());
    m_experiment.neuron.cells[0].parameters.set(static_cast<std::size_t>(start), 1);
    show();
    QVERIFY(m_panel->parameterForm()->spin(v0)->isEnabled());
}

void TestSetupPanel::foldedSectionsAreKept()
{
    m_panel->setFoldedSections({QStringLiteral("parameters"), QStringLiteral("simulation")});
    QVERIFY(!m_panel->parameterForm()->isVisible());
    QVERIFY(!m_panel->simulationForm()->isVisible());
    QVERIFY(m_panel->stimulusEditor()->isVisible());
    QCOMPARE(m_panel->foldedSections(), QStringList({QStringLiteral("parameters"), QStringLiteral("simulation")}));
    m_panel->setFoldedSections({});
    QVERIFY(m_panel->parameterForm()->isVisible());
    QVERIFY(m_panel->foldedSections().isEmpty());
}

QTEST_MAIN(TestSetupPanel)
#include "tst_setup_panel.moc"
