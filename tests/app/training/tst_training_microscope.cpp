#include "app/training/microscope.h"
#include "tests/app/training/training_view_fixture.h"
#include "widgets/form/segmented_control.h"
#include "widgets/picture/image_grid.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/weight_picture.h"
#include "widgets/plot/annotated_plot.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

using namespace endospike;

class TestTrainingMicroscope : public QObject {
    Q_OBJECT

    std::shared_ptr<const TrainingData> m_data;
    std::unique_ptr<TrainingMicroscope> m_view;
    std::vector<std::shared_ptr<FakeNetwork>> m_networks;

    /// With weights that grow from epoch to epoch.
    std::shared_ptr<FakeNetwork> network(int epoch, const char* kind = "lif_fc")
    {
        auto made = std::make_shared<FakeNetwork>(kind);
        for (float& value : made->values())
            value *= static_cast<float>(epoch + 2);
        m_networks.push_back(made);
        return made;
    }
    void show(int epochs, const char* kind = "lif_fc")
    {
        for (int epoch = -1; epoch < epochs; ++epoch)
            m_view->setSnapshot(fakeRun, afterEpoch(epoch), network(epoch, kind));
    }
    const std::vector<float>& shownWeights() { return m_view->weightPicture()->weights().pictures.front(); }
    std::vector<float> weightsOf(int epoch, int neuron)
    {
        return m_networks[static_cast<std::size_t>(epoch + 1)]->weights(m_view->layer(), neuron).pictures.front();
    }
    bool shows(int epoch, int neuron)
    {
        return !m_view->weightPicture()->weights().pictures.empty() && shownWeights() == weightsOf(epoch, neuron);
    }

private slots:
    void init()
    {
        m_networks.clear();
        m_data = smallData();
        m_view = std::make_unique<TrainingMicroscope>();
        m_view->setData(m_data);
        m_view->resize(1190, 650);
        m_view->show();
        m_view->enter();
    }
    void cleanup() { m_view.reset(); }

    void theNewestEpochIsFollowed()
    {
        show(3);
        QCOMPARE(m_view->epoch(), 2);
        QTRY_VERIFY(shows(2, 0));
        m_view->setSnapshot(fakeRun, afterEpoch(3), network(3));
        QCOMPARE(m_view->epoch(), 3);
        QTRY_VERIFY(shows(3, 0));
    }

    void theSliderGoesBackThroughLearning()
    {
        show(5);
        m_view->epochSlider()->setFocus();
        QTest::keyClick(m_view->epochSlider(), Qt::Key_Home);
        QCOMPARE(m_view->epoch(), -1);
        QTRY_VERIFY(shows(-1, 0));
        QVERIFY(!m_view->followButton()->isChecked());
        m_view->setSnapshot(fakeRun, afterEpoch(5), network(5)); // does not pull the view along
        QCOMPARE(m_view->epoch(), -1);
        QTest::mouseClick(m_view->followButton(), Qt::LeftButton);
        QCOMPARE(m_view->epoch(), 5);
        QTRY_VERIFY(shows(5, 0));
    }

    void tracesAreThoseOfTheRecord()
    {
        show(1);
        QTest::mouseClick(m_view->imageView()->nextButton(), Qt::LeftButton);
        m_view->channelSpin()->setValue(7);
        QTRY_VERIFY(shows(0, 7));
        Batch batch;
        m_data->test.append(1, batch);
        const NeuronRecord record = m_networks.back()->record(batch.pixels, 0, 7);
        AnnotatedPlot* current = m_view->tracePlots()[0];
        AnnotatedPlot* potential = m_view->tracePlots()[1];
        const auto is = [](const Curve& curve, const NeuronChannel& channel) {
            return curve.y == QVector<double>(channel.values.begin(), channel.values.end());
        };
        QTRY_VERIFY(!potential->curves().empty() && is(potential->curves().front(), record.channels[1]));
        QVERIFY(is(current->curves().front(), record.channels[0]));
        QCOMPARE(potential->ticks(), record.spikes);
        QCOMPARE(potential->levels().front().y, record.threshold);
        QVERIFY(!m_view->tracePlots()[2]->isVisible()); // a LIF neuron has no gates
    }

    void aNeuronIsChosenByItsWeightsAndByKeys()
    {
        show(1);
        QTest::mouseClick(
            m_view->neuronGrid()->viewport(), Qt::LeftButton, {}, m_view->neuronGrid()->itemRect(4).center());
        QCOMPARE(m_view->neuron(), 4);
        QTest::keyClick(m_view->neuronGrid(), Qt::Key_Right);
        QCOMPARE(m_view->neuron(), 5);
        QTRY_VERIFY(shows(0, 5));
    }

    void theyAreSortedByWeight()
    {
        auto made = std::make_shared<FakeNetwork>();
        for (float& value : made->values().subspan(11 * canvasPixels, canvasPixels))
            value *= 9;
        m_networks.push_back(made);
        m_view->setSnapshot(fakeRun, afterEpoch(-1), made);
        m_view->orderCombo()->setFocus();
        QTest::keyClick(m_view->orderCombo(), Qt::Key_Down);
        const auto firstIsEleven = [&] {
            QTest::mouseClick(
                m_view->neuronGrid()->viewport(), Qt::LeftButton, {}, m_view->neuronGrid()->itemRect(1).center());
            QTest::mouseClick(
                m_view->neuronGrid()->viewport(), Qt::LeftButton, {}, m_view->neuronGrid()->itemRect(0).center());
            return m_view->neuron() == 11;
        };
        QTRY_VERIFY(firstIsEleven());
    }

    void theResponseCurveStandsBesideTheCurrents()
    {
        show(1);
        QTRY_VERIFY(!m_view->responsePlot()->curves().empty());
        const Histogram& histogram = m_view->responsePlot()->histogram();
        double sum = 0;
        for (const double share : histogram.shares)
            sum += share;
        QVERIFY2(std::abs(sum - 1) < 1e-6, qPrintable(QString::number(sum))); // all currents are in the first range
        QCOMPARE(m_view->slopePlot()->xAxis->range().lower, m_view->responsePlot()->xAxis->range().lower);
        QCOMPARE(m_view->slopePlot()->xAxis->range().upper, m_view->responsePlot()->xAxis->range().upper);
    }

    void aMapHasPlaces()
    {
        show(1, "lif_conv");
        QVERIFY(m_view->layerControl()->isVisible());
        m_view->setNeuron((2 * 36 + 10) * 36 + 20);
        QCOMPARE(m_view->neuron(), (2 * 36 + 10) * 36 + 20);
        QCOMPARE(m_view->channelSpin()->value(), 2);
        QTest::mouseClick(m_view->layerControl()->button(1), Qt::LeftButton);
        QCOMPARE(m_view->layer(), 1);
        QCOMPARE(m_view->neuron() % (18 * 18), 9 * 18 + 9); // its middle
        QTRY_VERIFY(shows(0, m_view->neuron()));
    }

    void anotherNetworkFitsTheControls()
    {
        show(1, "lif_conv");
        m_view->setSnapshot({"small", 1}, afterEpoch(-1), std::make_shared<FakeNetwork>("lif_fc", 3));
        QVERIFY(!m_view->layerControl()->isVisible());
        QCOMPARE(m_view->channelSpin()->maximum(), 2);
        QCOMPARE(m_view->neuronGrid()->count(), 3);
        QCOMPARE(m_view->epoch(), -1);
    }

    void withoutNetworkOrDataNothingBreaks()
    {
        TrainingMicroscope empty;
        empty.enter();
        empty.grab();
        QCOMPARE(empty.epoch(), -2);
        empty.setSnapshot(fakeRun, afterEpoch(0), nullptr);
        empty.setSnapshot(fakeRun, afterEpoch(0), std::make_shared<FakeNetwork>());
        empty.grab();
        empty.setData(m_data);
        empty.setData(nullptr);
        empty.grab();
        empty.stop();
    }
};

QTEST_MAIN(TestTrainingMicroscope)
#include "tst_training_microscope.moc"
