#include "app/robustness/noise_mirror_view.h"
#include "app/robustness/page.h"
#include "sim/robustness/settings.h"
#include "tests/app/window/window_fixture.h"
#include "tests/sim/network/training_fixture.h"
#include "tests/widgets/plot/figure_ink.h"
#include "widgets/form/segmented_control.h"
#include "widgets/form/value_slider.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/probability_bars.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace endospike;

class TestNoiseMirrorView : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<WindowFixture> m_window;

    RobustnessPage& page() const { return dynamic_cast<RobustnessPage&>((*m_window)->page()); }
    NoiseMirrorView& view() const { return page().mirror(); }
    void click(QWidget* button) const
    {
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, {8, button->height() / 2});
    }
    void press(QWidget* widget, Qt::Key key, int times = 1) const
    {
        widget->setFocus();
        for (int i = 0; i < times; ++i)
            QTest::keyClick(widget, key);
    }
    void show()
    {
        m_window = std::make_unique<WindowFixture>(m_folder->path());
        (*m_window)->showLaboratory(robustness::key);
        QTRY_VERIFY(page().isVisible());
        Experiment experiment = m_window->experiment();
        experiment.training.dataFolder = m_folder->filePath("data").toStdString();
        experiment.training.settings.set(training::test_pairs, 30);
        m_window->document().edit(experiment, "set", "set");
        m_window->document().undoStack().setClean();
        click(page().viewControl()->button(RobustnessPage::View::mirror));
    }
    void train(const std::vector<const char*>& kinds) const
    {
        int number = 0;
        for (const char* kind : kinds) {
            TrainingPlan plan = smallPlan(kind, 40, 1);
            plan.dataFolder = m_folder->filePath("data").toStdString();
            const RunId id = runsOf(plan).front();
            TrainingOptions options;
            options.folder = m_folder->filePath("runs/training/work%1/").arg(++number).toStdString() + id.folderName();
            trainNetwork(plan, id, pairImages(readTrainingImages(plan), plan), options, {}, {});
        }
    }
    bool answered(std::size_t networks) const
    {
        const std::vector<MirrorAnswer> answers = view().answers();
        return !view().isBusy() && answers.size() == networks
            && std::ranges::all_of(answers, [](const auto& a) { return a.draws == NoiseMirrorView::drawCount; });
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        writeDataset(m_folder->filePath("data").toStdString(), 40, 20);
    }
    void cleanup()
    {
        m_window.reset();
        m_folder.reset();
    }

    void trainsWhereThereIsNothing()
    {
        show();
        QVERIFY(view().isEmptyState());
        QVERIFY(view().trainButton()->isVisible());
        click(view().trainButton());
        QVERIFY(!view().trainButton()->isEnabled());
        QTRY_VERIFY(!view().isEmptyState());
        QTRY_VERIFY(answered(2));
        QCOMPARE(view().networkList()->count(), 2);
    }

    void networksAnswerSideBySide()
    {
        train({"lif_fc", "hh_fc", "lif_conv"});
        show();
        QTRY_VERIFY(answered(3));
        QCOMPARE(view().networkList()->count(), 3);
        QVERIFY(view().cleanView()->hasImage() && view().noisyView()->hasImage());
        for (int column = 0; column < 3; ++column) {
            const MirrorAnswer answer = view().answers()[static_cast<std::size_t>(column)];
            QVERIFY(view().bars(column, 0)->isVisible());
            for (int task = 0; task < 2; ++task) {
                const auto begin = answer.noisy.begin() + task * classCount;
                QCOMPARE(view().bars(column, task)->answer(),
                    static_cast<int>(std::max_element(begin, begin + classCount) - begin));
            }
            QVERIFY(view().rateLabel(column)->text().contains(
                QString("%1 and %2 of 64").arg(answer.right[0]).arg(answer.right[1])));
        }
        QVERIFY(!view().bars(3, 0)->isVisible());
        QCOMPARE(page().csv().count('\n'), 4);
        QCOMPARE(page().figure("caption").pictures.size(), 6u);
        compareFigure(page().figure("Three networks"), "Three networks", {});
    }

    void slidersTurnTheNoise()
    {
        train({"lif_fc", "lif_conv"});
        show();
        QTRY_VERIFY(answered(2));
        press(view().pixelSlider(), Qt::Key_Home);
        press(view().currentSlider(), Qt::Key_Home);
        QCOMPARE(view().noise().pixels, 0.0);
        QTRY_VERIFY(answered(2));
        for (const MirrorAnswer& answer : view().answers())
            QVERIFY(answer.noisy == answer.clean);
        press(view().currentSlider(), Qt::Key_End);
        QVERIFY(view().noise().currents > 1);
        QTRY_VERIFY(answered(2));
        const bool firstIsConvolutional = view().rateLabel(0)->text().contains("convolutional");
        QVERIFY(firstIsConvolutional != view().rateLabel(1)->text().contains("convolutional"));
        const std::vector<MirrorAnswer> answers = view().answers();
        QVERIFY(answers[firstIsConvolutional ? 0 : 1].noisy == answers[firstIsConvolutional ? 0 : 1].clean);
        QVERIFY(answers[firstIsConvolutional ? 1 : 0].noisy != answers[firstIsConvolutional ? 1 : 0].clean);
        press(view().pixelSlider(), Qt::Key_End);
        QCOMPARE(view().noise().pixels, 150.0);
        QTRY_VERIFY(answered(2));
        const std::vector<float> before = view().answers()[0].noisy;
        click(view().drawButton());
        QTRY_VERIFY(answered(2) && view().answers()[0].noisy != before);
    }

    void anotherCanvas()
    {
        train({"lif_fc"});
        show();
        QTRY_VERIFY(answered(1));
        const std::vector<float> before = view().answers()[0].clean;
        click(view().cleanView()->nextButton());
        QTRY_VERIFY(answered(1) && view().answers()[0].clean != before);
        QCOMPARE(view().cleanView()->index(), 1);
    }

    void atMostFour()
    {
        train({"lif_fc", "hh_fc", "ann_fc", "4lif_fc", "s_lif2hh_fc"});
        show();
        QTRY_VERIFY(answered(4));
        QListWidget* list = view().networkList();
        QListWidgetItem* open = nullptr;
        QListWidgetItem* ticked = nullptr;
        for (int row = 0; row < list->count(); ++row)
            (list->item(row)->checkState() == Qt::Checked ? ticked : open) = list->item(row);
        QVERIFY(open && ticked);
        const auto tick = [&](QListWidgetItem* item) {
            list->setFocus();
            list->setCurrentItem(item);
            QTest::keyClick(list, Qt::Key_Return);
        };
        tick(open);
        QCOMPARE(open->checkState(), Qt::Unchecked);
        QTRY_VERIFY(m_window->documentProblem().contains("untick"));
        tick(ticked);
        QTRY_VERIFY(answered(3));
        tick(open);
        QCOMPARE(open->checkState(), Qt::Checked);
        QTRY_VERIFY(answered(4));
    }

    void damagedNetworksAreSaid()
    {
        train({"lif_fc"});
        writeBytes(m_folder->filePath("runs/training/work1/LIF_fc-seed1/checkpoint.safetensors"), "damaged");
        show();
        QTRY_VERIFY(view().rateLabel(0)->text().contains("safetensors"));
        page().stop();
    }
};

QTEST_MAIN(TestNoiseMirrorView)
#include "tst_noise_mirror_view.moc"
