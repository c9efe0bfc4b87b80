#include "app/robustness/board.h"
#include "app/robustness/page.h"
#include "app/robustness/setup.h"
#include "sim/robustness/laboratory.h"
#include "sim/robustness/settings.h"
#include "tests/app/window/window_fixture.h"
#include "tests/sim/network/training_fixture.h"
#include "tests/widgets/plot/figure_ink.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/segmented_control.h"
#include "widgets/plot/curve_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QTableWidget>
#include <QTest>

#include <cmath>

using namespace endospike;

class TestRobustnessPage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<WindowFixture> m_window;

    RobustnessPage& page() const { return dynamic_cast<RobustnessPage&>((*m_window)->page()); }
    RobustnessBoard& board() const { return page().board(); }
    RobustnessSetup& setup() const { return page().setup(); }
    const Experiment& experiment() const { return m_window->experiment(); }
    bool done() const { return page().state() == TransportState::finished; }
    void click(QAbstractButton* button) const
    {
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, {8, button->height() / 2});
    }
    void run() const { click((*m_window)->transport().runButton()); }
    void edit(const Experiment& experiment) const { m_window->document().edit(experiment, "set", "set"); }
    /// Two small networks and two seeds on small images.
    Experiment small(int epochs = 2) const
    {
        Experiment experiment = this->experiment();
        experiment.training = smallPlan("lif_fc", 40, epochs);
        experiment.training.networks.push_back(smallPlan("hh_fc").networks.front());
        experiment.training.settings.set(training::seeds, 2);
        experiment.training.dataFolder = m_folder->filePath("data").toStdString();
        experiment.own.set(robustness::amplitudes, 3);
        experiment.own.set(robustness::repeats, 2);
        return experiment;
    }
    void show()
    {
        m_window = std::make_unique<WindowFixture>(m_folder->path());
        (*m_window)->showLaboratory(robustness::key);
        QTRY_VERIFY(page().isVisible());
    }
    QStringList fieldFiles() const { return QDir(page().work() + "/cells").entryList(QDir::Files, QDir::Name); }

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

    void sweepsAndShowsMeanAndSpread()
    {
        QVERIFY(board().plot(0)->isEmpty());
        QVERIFY(page().csv().isEmpty());
        edit(small());
        run();
        QTRY_VERIFY(done());
        QCOMPARE(page().fields().size(), 12u);
        QCOMPARE(fieldFiles().size(), 12);
        const std::vector<SweepPoint> points = summarise(small(), page().fields());
        QCOMPARE(points.size(), 6u);
        for (int task = 0; task < 2; ++task) {
            const auto& curves = board().plot(task)->curves();
            QCOMPARE(curves.size(), 2u);
            for (std::size_t network = 0; network < 2; ++network) {
                QCOMPARE(curves[network].x, (QVector<double>{0, 25, 50}));
                for (int i = 0; i < 3; ++i) {
                    const SweepPoint& point = points[network * 3 + static_cast<std::size_t>(i)];
                    QCOMPARE(point.seeds, 2);
                    const auto at = static_cast<std::size_t>(task);
                    QCOMPARE(curves[network].y[i], 100 * point.mean[at]);
                    QCOMPARE(curves[network].spread[i], 100 * point.spread[at]);
                    const QString text = QString("%1 ± %2 %")
                                             .arg(100 * point.mean[at], 0, 'f', 1)
                                             .arg(100 * point.spread[at], 0, 'f', 1);
                    QCOMPARE(board().table()->item(static_cast<int>(2 * network) + task, 2 + i)->text(), text);
                }
            }
            QCOMPARE(curves[0].color, hueColor(Hue::blue));
            QCOMPARE(curves[1].color, hueColor(Hue::vermilion));
        }
        QVERIFY(board().titleLabel()->text().contains("12 of 12"));
        // The table that is exported says the same.
        const QStringList lines = page().csv().split('\n');
        QCOMPARE(lines.size(), 8); // a header, six rows, and the end of the last line
        QCOMPARE(lines[2].split(',')[1], QString("25"));
        QVERIFY(std::abs(lines[2].split(',')[3].toDouble() - points[1].mean[0]) < 1e-9);
        QCOMPARE(page().figure("caption").pictures.size(), 2u);
        compareFigure(page().figure("Twelve fields"), "Twelve fields", {hueColor(Hue::blue), hueColor(Hue::vermilion)});
    }

    void formsOfNoiseAreNamed()
    {
        Experiment one = small(1);
        one.training.settings.set(training::seeds, 1);
        edit(one);
        run();
        QTRY_VERIFY(done());
        QVERIFY(board().noiseLabel()->text().contains("trained without it"));
        QComboBox* form = setup().noiseForm()->combo(robustness::noise);
        form->setFocus();
        QTest::keyClick(form, Qt::Key_Down);
        QTest::keyClick(form, Qt::Key_Down);
        QCOMPARE(experiment().own[robustness::noise], double(robustness::oneImage));
        QVERIFY(board().titleLabel()->text().contains("other settings"));
        const QString before = page().work();
        run();
        QTRY_VERIFY(done() && page().work() != before);
        QVERIFY(board().noiseLabel()->text().contains("as published"));
        QVERIFY(board().noiseLabel()->text().contains("Caveat"));
        QVERIFY(!board().titleLabel()->text().contains("other settings"));
        // Amplitude 0 is without noise in either form: that network was there, the others were not.
        QCOMPARE(page().fields()[0].training_s, 0.0);
        QVERIFY(page().fields()[1].training_s > 0);
    }

    void stopsAndGoesOnWithoutDoingAnythingTwice()
    {
        Experiment slow = small(120);
        edit(slow);
        run();
        QTRY_VERIFY(!page().fields().empty());
        run();
        QTRY_COMPARE(page().state(), TransportState::paused);
        const std::vector<FieldResult> before = page().fields();
        QVERIFY(before.size() < 12);
        const QString work = page().work();
        QVERIFY(board().titleLabel()->text().contains(QString("%1 of 12").arg(before.size())));
        run();
        QTRY_VERIFY(done());
        QCOMPARE(page().work(), work);
        QCOMPARE(page().fields().size(), 12u);
        for (const FieldResult& was : before)
            for (const FieldResult& is : page().fields())
                if (is.field == was.field)
                    QCOMPARE(is.test_s, was.test_s); // read back, not done again
    }

    void goesOnAfterARestart()
    {
        edit(small(120));
        run();
        QTRY_VERIFY(!page().fields().empty());
        run();
        QTRY_COMPARE(page().state(), TransportState::paused);
        const std::size_t before = page().fields().size();
        const QString work = page().work();
        const Experiment same = experiment();
        m_window->document().undoStack().setClean();
        m_window.reset();
        show();
        QCOMPARE(page().fields().size(), before); // what was done last is shown
        QVERIFY(!board().plot(0)->isEmpty());
        edit(same);
        run();
        QTRY_VERIFY(done());
        QCOMPARE(page().work(), work);
    }

    void trainedNetworksAreFoundAndUsedAgain()
    {
        // As the training laboratory leaves them: FOLDER/training/WORK/RUN.
        const Experiment sweep = small();
        const TrainingData data = pairImages(readTrainingImages(sweep.training), sweep.training);
        for (const RunId& id : runsOf(sweep.training)) {
            TrainingOptions options;
            options.folder = m_folder->filePath("runs/training/20261101-101500-000/").toStdString() + id.folderName();
            trainNetwork(planOf(sweep.training, id), id, data, options, {}, {});
        }
        m_window->document().undoStack().setClean();
        m_window.reset();
        show();
        edit(sweep);
        QTRY_VERIFY(setup().reuseLabel()->text().contains("4 of 4"));
        QComboBox* reuse = setup().reuseCombo();
        QCOMPARE(reuse->count(), 4); // all, none, this training, another folder
        QVERIFY(reuse->itemText(2).contains("1 Nov 2026"));
        reuse->setFocus();
        QTest::keyClick(reuse, Qt::Key_Down);
        QVERIFY(setup().reuse().isEmpty());
        QTest::keyClick(reuse, Qt::Key_Down);
        QCOMPARE(setup().reuse(), (QStringList{m_folder->filePath("runs/training/20261101-101500-000")}));
        QCOMPARE(setup().fitting(), 4);
        run();
        QTRY_VERIFY(done());
        for (const FieldResult& field : page().fields())
            QCOMPARE(field.training_s, 0.0);
        QVERIFY(!QDir(page().work() + "/runs").exists());
    }

    void anotherFolderIsAskedForAsEverywhere()
    {
        const QString elsewhere = m_folder->filePath("elsewhere");
        const TrainingPlan plan = small().training;
        const RunId id = runsOf(plan).front();
        TrainingOptions options;
        options.folder = elsewhere.toStdString() + "/" + id.folderName();
        trainNetwork(planOf(plan, id), id, pairImages(readTrainingImages(plan), plan), options, {}, {});
        edit(small());
        m_window->answer = elsewhere;
        QComboBox* reuse = setup().reuseCombo();
        reuse->setFocus();
        QTest::keyClick(reuse, Qt::Key_End);
        QVERIFY(m_window->lastQuestion.folder);
        QTRY_VERIFY(setup().reuse().contains(elsewhere));
        QTRY_VERIFY(setup().reuseLabel()->text().contains("1 of 4"));
    }

    void networksAreTicked()
    {
        QCOMPARE(experiment().training.networks.size(), 3u);
        QVERIFY(setup().networkBox("lif_fc")->isChecked());
        click(setup().networkBox("lif_conv"));
        QCOMPARE(experiment().training.networks.size(), 4u);
        QCOMPARE(experiment().training.networks.back().kind->key, std::string_view("lif_conv"));
        click(setup().networkBox("lif_fc"));
        QCOMPARE(experiment().training.networks.size(), 3u);
        m_window->document().undoStack().undo();
        m_window->document().undoStack().undo();
        QCOMPARE(experiment(), firstRobustness());
        NumberSpin* step = setup().noiseForm()->spin(robustness::amplitude_step);
        step->setFocus();
        step->selectAll();
        QTest::keyClicks(step, "12.5");
        QTest::keyClick(step, Qt::Key_Return);
        QCOMPARE(experiment().own[robustness::amplitude_step], 12.5);
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

    void viewIsKept()
    {
        click(page().viewControl()->button(RobustnessPage::View::mirror));
        (*m_window)->close();
        m_window.reset();
        show();
        QVERIFY(page().viewControl()->currentAs<RobustnessPage::View>() == RobustnessPage::View::mirror);
    }
};

QTEST_MAIN(TestRobustnessPage)
#include "tst_robustness_page.moc"
