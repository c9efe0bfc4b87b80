#include "app/equivalence/circuits.h"
#include "app/equivalence/dial.h"
#include "app/equivalence/exact.h"
#include "app/equivalence/page.h"
#include "app/equivalence/simplified.h"
#include "app/window/main_window.h"
#include "sim/document/plan_laboratories.h"
#include "sim/equivalence/laboratory.h"
#include "sim/equivalence/settings.h"
#include "tests/sim/data_fixture.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/segmented_control.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/microstructure_view.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/spike_comparison.h"
#include "widgets/trace/plot_stack.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <memory>

using namespace endospike;

class TestEquivalencePage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;

    EquivalencePage& page()
    {
        return dynamic_cast<EquivalencePage&>(m_window->workbench().find(equivalence::key).page());
    }
    EquivalenceExact& exact() { return *page().exactView(); }
    const Experiment& experiment() { return m_window->document().experiment(); }

    void click(QAbstractButton* button)
    {
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, button->rect().center());
    }
    void choose(QComboBox* combo, int index)
    {
        QVERIFY(combo);
        combo->setFocus();
        while (combo->currentIndex() != index)
            QTest::keyClick(combo, combo->currentIndex() < index ? Qt::Key_Down : Qt::Key_Up);
    }
    void view(EquivalencePage::View which) { click(page().viewControl()->button(which)); }
    /// A small data set in place of the one that may be installed.
    void haveImages()
    {
        writeDataset(m_folder->filePath("images").toStdString(), 200, 20);
        qputenv("ENDOSPIKE_DATA", m_folder->filePath("images").toUtf8());
    }
    bool done() { return page().state() == TransportState::finished; }
    double maximum_mv()
    {
        const TraceHistory& history = page().history();
        return history.valueAt(experiment().neuron.comparison->secondId, "difference_maximum_mv", history.last_ms());
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = std::make_unique<MainWindow>(Surroundings{
            m_folder->filePath("settings.ini"), m_folder->filePath("recovery"), m_folder->filePath("runs")});
        m_window->show();
        m_window->start();
        m_window->showLaboratory(equivalence::key);
        page().setSpeed(0);
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup()
    {
        qunsetenv("ENDOSPIKE_DATA");
        m_window.reset();
        m_folder.reset();
    }

    void theExactPairStaysAtRoundingLevel()
    {
        QTRY_VERIFY(done());
        QCOMPARE(page().history().last_ms(), 40.0);
        QVERIFY(maximum_mv() > 0);
        QVERIFY2(maximum_mv() < 1e-9, qPrintable(QString::number(maximum_mv())));
        QTRY_COMPARE(exact().maximumLabel()->text(), differenceText(maximum_mv()));
    }

    void thePublishedOrderBreaksItAndUndoMendsIt()
    {
        choose(exact().orderForm()->combo(rowOf(findNeuronModel("tv_lif2hh")->parameters, "update_order")), 1);
        click(m_window->transport().resetButton());
        page().setRunning(true);
        QTRY_VERIFY(done() && page().history().last_ms() == 40.0 && maximum_mv() > 0.01);
        QVERIFY(maximum_mv() < 1);
        QVERIFY(exact().reasonLabel()->text().contains("Published"));
        m_window->document().undoStack().undo();
        QCOMPARE(experiment(), firstEquivalence());
        QVERIFY(!exact().reasonLabel()->text().contains("Published"));
    }

    void membraneParametersAreSetInBothCells()
    {
        const int row = rowOf(findNeuronModel("hh")->parameters, "start");
        for (ParameterForm* form : exact().findChildren<ParameterForm*>())
            if (static_cast<int>(form->values().size()) <= row)
                continue;
            else if (QComboBox* combo = form->combo(row); combo && form != exact().numbersForm() && combo->isVisible())
                choose(combo, 0);
        for (const Cell& cell : experiment().neuron.cells)
            QCOMPARE(cell.parameters["start"], 0.0);
    }

    void aClickOnAPartPlotsIt()
    {
        PlotStack* plots = exact().plots();
        plots->setPanelVisible("conductances", false);
        click(exact().picture()->partButton(MicrostructureView::Part::na));
        QVERIFY(plots->isPanelVisible("units"));
        QVERIFY(plots->isPanelVisible("conductances"));
        QVERIFY(exact().picture()->activePart() == MicrostructureView::Part::na);
        click(exact().picture()->partButton(MicrostructureView::Part::na));
        QVERIFY(!exact().picture()->activePart());
    }

    void theTableShowsWhereItBreaksAndARowSetsIt()
    {
        exact().runButton()->click();
        QTRY_COMPARE(exact().breaksTable()->rowCount(), 10);
        int row = -1;
        for (int i = 0; i < 10; ++i)
            if (exact().breaksTable()->item(i, 0)->text() == "Runge-Kutta 4, float32")
                row = i;
        QVERIFY(row >= 0);
        emit exact().breaksTable()->cellClicked(row, 0);
        QCOMPARE(experiment().neuron.integrator(), Integrator::rungeKutta4);
        QCOMPARE(experiment().neuron.precision(), Precision::float32);
        QVERIFY(m_window->document().undoStack().canUndo());
    }

    void fiveStimuliAreComparedAndMismatchIsSaid()
    {
        view(EquivalencePage::View::simplified);
        QTRY_VERIFY(done());
        EquivalenceSimplified& simplified = *page().simplifiedView();
        QCOMPARE(simplified.table()->rowCount(), 10);
        QCOMPARE(simplified.raster()->rows().size(), std::size_t{10});
        const auto stimuli = paperStimuli();
        for (std::size_t i = 0; i < stimuli.size(); ++i) {
            const SpikeRow& driven = simplified.raster()->rows()[2 * i + 1];
            QCOMPARE(static_cast<int>(driven.times_ms[0].size()), stimuli[i].publishedHhSpikes);
            QCOMPARE(static_cast<int>(driven.times_ms[1].size()), stimuli[i].publishedSLifSpikes);
        }
        QVERIFY(simplified.verdictLabel()->text().contains("agree for 2 of 5"));
        simplified.table()->setCurrentCell(6, 0);
        QVERIFY(!simplified.hhPlot()->isEmpty());
        QCOMPARE(simplified.table()->item(6, 3)->text(), QStringLiteral("–")); // not defined where counts differ
    }

    void theDialLeadsFromHhToLif()
    {
        view(EquivalencePage::View::dial);
        QTRY_VERIFY(done());
        EquivalenceDial& dial = *page().dialView();
        QCOMPARE(dial.ratePlot()->curves().size(), std::size_t{4});
        QCOMPARE(dial.voltagePlot()->curves().size(), std::size_t{1});
        click(dial.dial()->button(1));
        QCOMPARE(dial.voltagePlot()->curves().size(), std::size_t{2});
        const auto& curves = dial.voltagePlot()->curves();
        for (qsizetype k = 0; k < curves[0].y.size(); ++k)
            QVERIFY(std::abs(curves[0].y[k] - curves[1].y[k]) < 1e-9);
        QTest::keyClick(dial.dial()->button(1), Qt::Key_Right);
        QCOMPARE(dial.dial()->current(), 2);
        QVERIFY(dial.textLabel()->text().contains("s-LIF2HH"));
    }

    void bothKindsAgreeInTheCircuits()
    {
        haveImages();
        view(EquivalencePage::View::circuits);
        EquivalenceCircuits& circuits = *page().circuitsView();
        QTRY_VERIFY(done());
        const char* const inputs[4][2] = {{"0", "0"}, {"0", "1"}, {"1", "0"}, {"1", "1"}};
        for (int row = 0; row < 4; ++row) {
            QCOMPARE(circuits.truth(row, 0), QLatin1String(inputs[row][0]));
            QCOMPARE(circuits.truth(row, 1), QLatin1String(inputs[row][1]));
            QCOMPARE(circuits.truth(row, 4), circuits.truth(row, 5)); // HH and its microstructure
            QVERIFY(!circuits.outputPlot(row)->isEmpty());
        }
        QVERIFY(!circuits.missingPanel()->isVisible());
        QCOMPARE(circuits.raster()->rows().size(), std::size_t{10});
        const QString before = circuits.imageView()->caption();
        click(circuits.imageView()->nextButton());
        QCOMPARE(experiment().own[equivalence::image], 1.0);
        QTRY_VERIFY(done() && circuits.imageView()->caption() != before);
        for (const SpikeRow& row : circuits.raster()->rows())
            QCOMPARE(row.times_ms[0].size(), row.times_ms[1].size());
    }

    void missingDataSaysHowToGetItAndCanBeTriedAgain()
    {
        qputenv("ENDOSPIKE_DATA", m_folder->path().toUtf8());
        view(EquivalencePage::View::circuits);
        EquivalenceCircuits& circuits = *page().circuitsView();
        QTRY_VERIFY(circuits.missingPanel()->isVisible());
        QStringList texts;
        for (const QLabel* label : circuits.missingPanel()->findChildren<QLabel*>())
            texts << label->text();
        QVERIFY(texts.join(' ').contains("sudo apt install dataset-fashion-mnist"));
        QVERIFY(!circuits.outputPlot(0)->isEmpty()); // XOR needs no data
        haveImages();
        click(circuits.retryButton());
        QTRY_VERIFY(!circuits.missingPanel()->isVisible());
        QTRY_VERIFY(!circuits.isRunning());
        QCOMPARE(circuits.raster()->rows().size(), std::size_t{10});
    }

    void helpShowsTheDerivationOverTheView()
    {
        const QSize before = m_window->size();
        click(page().helpButton());
        QVERIFY(page().helpPanel()->isVisible());
        QCOMPARE(m_window->size(), before);
        click(page().helpButton());
        QVERIFY(!page().helpPanel()->isVisible());
    }

    void eachLaboratoryKeepsItsOwnDocument()
    {
        const Experiment here = experiment();
        m_window->showLaboratory(neuron::key);
        QCOMPARE(experiment().laboratory->key, neuron::key);
        Experiment edited = experiment();
        edited.title = "mine";
        m_window->document().edit(edited, "Title");
        m_window->showLaboratory(equivalence::key);
        QCOMPARE(experiment(), here);
        QVERIFY(!m_window->document().isModified());
        m_window->showLaboratory(neuron::key);
        QCOMPARE(experiment().title, std::string("mine"));
        QVERIFY(m_window->document().undoStack().canUndo());
    }

    void aDocumentOpensInItsLaboratory()
    {
        const QString path = m_folder->filePath("pair.json");
        m_window->document().save(path);
        m_window->showLaboratory(neuron::key);
        m_window->openPath(path);
        QCOMPARE(&m_window->page(), static_cast<Page*>(&page()));
        QCOMPARE(m_window->document().path(), path);
    }
};

QTEST_MAIN(TestEquivalencePage)
#include "tst_equivalence_page.moc"
