#include "app/information/board.h"
#include "app/information/page.h"
#include "app/information/setup.h"
#include "sim/information/laboratory.h"
#include "sim/information/log.h"
#include "sim/information/settings.h"
#include "tests/app/window/window_fixture.h"
#include "tests/sim/network/training_fixture.h"
#include "tests/widgets/plot/figure_ink.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/segmented_control.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/path_plot.h"

#include <QCheckBox>
#include <QLabel>
#include <QSlider>
#include <QTableWidget>
#include <QTest>

#include <cmath>

using namespace endospike;

class TestInformationPage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<WindowFixture> m_window;

    InformationPage& page() const { return dynamic_cast<InformationPage&>((*m_window)->page()); }
    InformationBoard& board() const { return page().board(); }
    const Experiment& experiment() const { return m_window->experiment(); }
    bool done() const { return page().state() == TransportState::finished; }
    void click(QAbstractButton* button) const
    {
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, {8, button->height() / 2});
    }
    void run() const { click((*m_window)->transport().runButton()); }
    void edit(const Experiment& experiment) const { m_window->document().edit(experiment, "set", "set"); }
    /// Two small networks on small images.
    Experiment small(int epochs, int pairs = 40) const
    {
        Experiment experiment = this->experiment();
        experiment.training = smallPlan("lif_fc", pairs, epochs);
        experiment.training.networks.push_back(smallPlan("hh_fc").networks.front());
        experiment.training.dataFolder = m_folder->filePath("data").toStdString();
        experiment.own.set(information::code_size, 6);
        experiment.own.set(information::weight_averaging, 0);
        return experiment;
    }
    void show()
    {
        m_window = std::make_unique<WindowFixture>(m_folder->path());
        (*m_window)->showLaboratory(information::key);
        QTRY_VERIFY(page().isVisible());
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        writeDataset(m_folder->filePath("data").toStdString(), 40, 20);
        show();
    }
    void cleanup()
    {
        m_window.reset();
        m_folder.reset();
    }

    void runsAndShowsThePaths()
    {
        QVERIFY(board().plane()->isEmpty());
        QVERIFY(!board().epochSlider()->isEnabled());
        edit(small(3));
        run();
        QTRY_VERIFY(done());
        QCOMPARE(page().runs().size(), 2u);
        QTRY_COMPARE(board().plane()->paths().size(), 2u);
        for (std::size_t i = 0; i < 2; ++i) {
            const PlanePath& path = board().plane()->paths()[i];
            const InformationRun& run = page().runs()[i];
            QCOMPARE(path.points.size(), 4);
            QCOMPARE(run.epochs.size(), 4u);
            QCOMPARE(path.color, hueColor(run.kind->hue));
            QCOMPARE(path.points[3].x(), run.epochs[3].test.inputBits());
            QCOMPARE(path.points[3].y(), run.epochs[3].test.jointBits());
        }
        QCOMPARE(board().epochSlider()->value(), 3); // it follows
        QCOMPARE(board().inputPlot()->curves().size(), 2u);
        QCOMPARE(board().answerPlot()->curves()[1].y.size(), 4);
        compareFigure(page().figure("Two codes"), "Two codes", {hueColor(Hue::blue), hueColor(Hue::vermilion)});
    }

    void sliderAndCountings()
    {
        edit(small(2));
        run();
        QTRY_VERIFY(done());
        QTRY_COMPARE(board().epochSlider()->maximum(), 2);
        board().epochSlider()->setFocus();
        QTest::keyClick(board().epochSlider(), Qt::Key_Home);
        QCOMPARE(board().plane()->step(), 0);
        QCOMPARE(board().epochLabel()->text(), QString("Untrained"));
        QTest::keyClick(board().epochSlider(), Qt::Key_Right);
        QCOMPARE(board().plane()->step(), 1);
        QCOMPARE(board().table()->item(0, 2)->text(), QString("1"));
        const InformationPoint& test = page().runs()[1].epochs[1].test;
        QVERIFY(board().table()->item(1, 3)->text().startsWith(QString::number(test.inputBits(), 'f', 1)));
        const auto plotted = [&] { return board().plane()->paths()[1].points[1].y(); };
        QCOMPARE(plotted(), test.jointBits());
        click(board().answerControl()->button(InformationBoard::publishedCounting));
        QVERIFY(std::abs(plotted() - (test.jointBits() - std::log2(10.0))) < 1e-12);
        QVERIFY(board().plane()->title().contains("published counting"));
        click(board().answerControl()->button(InformationBoard::secondTask));
        QCOMPARE(plotted(), test.taskBits(1));
        click(board().setControl()->button(1));
        QCOMPARE(plotted(), page().runs()[1].epochs[1].train.taskBits(1));
    }

    void estimatorIsNamed()
    {
        bool named = false;
        for (const QLabel* label : board().findChildren<QLabel*>())
            named = named || label->text().contains("Alemi");
        QVERIFY(named);
        QCOMPARE(board().figure("caption").pictures.size(), 3u);
        const FigureRequest figure = page().figure("Two codes");
        QVERIFY(figure.caption.contains("Alemi"));
    }

    void networksAreTicked()
    {
        QCOMPARE(experiment().training.networks.size(), 4u);
        QVERIFY(page().setup().networkBox("lif_conv") == nullptr);
        QCheckBox* box = page().setup().networkBox("4lif_fc");
        QVERIFY(box && !box->isChecked());
        click(box);
        QCOMPARE(experiment().training.networks.size(), 5u);
        QCOMPARE(experiment().training.networks[1].kind->key, std::string_view("4lif_fc"));
        click(page().setup().networkBox("lif_fc"));
        QCOMPARE(experiment().training.networks.size(), 4u);
        m_window->document().undoStack().undo();
        m_window->document().undoStack().undo();
        QCOMPARE(experiment(), firstInformation());
        QVERIFY(!page().setup().networkBox("4lif_fc")->isChecked());
        QVERIFY(page().setup().networkBox("lif_fc")->isChecked());
        NumberSpin* beta = page().setup().bottleneckForm()->spin(information::beta);
        beta->setFocus();
        beta->selectAll();
        QTest::keyClicks(beta, "0.001");
        QTest::keyClick(beta, Qt::Key_Return);
        QCOMPARE(experiment().own[information::beta], 0.001);
    }

    void nothingTickedIsSaid()
    {
        Experiment none = experiment();
        none.training.networks.clear();
        edit(none);
        run();
        QVERIFY(page().state() != TransportState::running);
        QTRY_VERIFY(m_window->documentProblem().contains("tick"));
    }

    void missingImagesAreSaid()
    {
        Experiment lost = small(1);
        lost.training.dataFolder = m_folder->filePath("nowhere").toStdString();
        edit(lost);
        run();
        QTRY_COMPARE(page().state(), TransportState::stopped);
        QVERIFY(page().stopReason().contains("dataset-fashion-mnist"));
    }

    void stopsAndGoesOn()
    {
        edit(small(400));
        run();
        QTRY_VERIFY(!page().runs().front().epochs.empty());
        QCOMPARE(page().state(), TransportState::running);
        run();
        QTRY_COMPARE(page().state(), TransportState::paused);
        const std::vector<InformationEpoch> before = page().runs().front().epochs;
        QVERIFY(page().runs().back().epochs.empty());
        run();
        QTRY_VERIFY(page().runs().front().epochs.size() > before.size() + 1);
        for (std::size_t i = 0; i < before.size(); ++i)
            QCOMPARE(page().runs().front().epochs[i].elapsed_s, before[i].elapsed_s); // read back, not done again
        page().stop();
        QVERIFY(page().state() != TransportState::running);
    }

    void whatWasMeasuredLastIsShownAgain()
    {
        edit(small(1));
        run();
        QTRY_VERIFY(done());
        const std::vector<InformationRun> runs = page().runs();
        m_window->document().undoStack().setClean();
        m_window.reset();
        show();
        QCOMPARE(page().runs().size(), runs.size());
        QVERIFY(!board().plane()->isEmpty());
    }

    void layoutIsKept()
    {
        click(board().answerControl()->button(InformationBoard::firstTask));
        (*m_window)->close();
        m_window.reset();
        show();
        QCOMPARE(board().answerControl()->current(), int(InformationBoard::firstTask));
    }
};

QTEST_MAIN(TestInformationPage)
#include "tst_information_page.moc"
