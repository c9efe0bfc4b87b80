#include "widgets/look/theme.h"
#include "widgets/picture/spike_columns.h"

#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace endospike;

namespace {

constexpr int steps = 3, neurons = 4;

/// Neuron n spikes in its first n steps.
struct Decision {
    std::vector<std::uint8_t> spikes = std::vector<std::uint8_t>(steps * neurons);
    std::vector<float> potentials = std::vector<float>(steps * neurons, 0.1f);
    Decision()
    {
        for (int step = 0; step < steps; ++step)
            for (int n = 0; n < neurons; ++n)
                spikes[std::size_t(step * neurons + n)] = step < n;
    }
    SpikeColumn column() const { return {steps, neurons, spikes, potentials, 0.2}; }
};

} // namespace

class TestSpikeColumns : public QObject {
    Q_OBJECT
private slots:
    void activityIsTheShareOfSteps()
    {
        SpikeColumns view;
        view.append(Decision().column());
        QCOMPARE(view.columns(), 1);
        QCOMPARE(view.neurons(), neurons);
        for (int n = 0; n < neurons; ++n)
            QCOMPARE(float(view.activity(0, n)), float(n) / 3);
        QVERIFY(std::abs(view.lastMeanSpikes() - 0.5) < 1e-6);
        for (int i = 0; i < 2 * SpikeColumns::shownColumns; ++i)
            view.append(Decision().column());
        QCOMPARE(view.columns(), SpikeColumns::shownColumns);
    }

    void whatIsNotWholeIsLeftOut()
    {
        SpikeColumns view;
        Decision decision;
        decision.potentials.pop_back();
        view.append(decision.column());
        view.append({});
        QCOMPARE(view.columns(), 0);
        view.grab();
    }

    void anotherNumberOfNeuronsBeginsAnew()
    {
        SpikeColumns view;
        view.append(Decision().column());
        view.chooseNeuron(3);
        const std::vector<float> outputs{0.5f, 2};
        view.append({1, 2, {}, outputs, std::numeric_limits<double>::quiet_NaN()});
        QCOMPARE(view.columns(), 1);
        QCOMPARE(view.neurons(), 2);
        QCOMPARE(view.chosenNeuron(), 1);
        QVERIFY(!view.grab().isNull());
    }

    void clicksAndKeysChooseANeuron()
    {
        SpikeColumns view;
        view.resize(400, 300);
        view.append(Decision().column());
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy spy(&view, &SpikeColumns::neuronChosen);
        const QRectF area = view.rasterArea(view.size());
        const auto row = [&](double n) {
            return QPointF(area.center().x(), area.top() + n * area.height() / 4).toPoint();
        };
        QTest::mouseClick(&view, Qt::LeftButton, {}, row(2.5));
        QCOMPARE(view.chosenNeuron(), 2);
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.chosenNeuron(), 1);
        QTest::keyClick(&view, Qt::Key_PageDown);
        QCOMPARE(view.chosenNeuron(), 3);
        QCOMPARE(spy.size(), 3);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(200, view.height() - 4)); // below the raster
        QCOMPARE(spy.size(), 3);
    }

    void moreSpikesMoreColour()
    {
        SpikeColumns view;
        view.setColor(Qt::blue);
        for (int i = 0; i < SpikeColumns::shownColumns; ++i)
            view.append(Decision().column());
        const QSize size(500, 320);
        QImage image(size, QImage::Format_RGB32);
        QPainter painter(&image);
        view.draw(painter, size, false);
        painter.end();
        const QRectF area = view.rasterArea(size);
        double before = 2;
        for (int n = 0; n < neurons; ++n) {
            const QPoint middle =
                QPointF(area.center().x(), area.top() + (n + 0.5) * area.height() / neurons).toPoint();
            const double lightness = image.pixelColor(middle).lightnessF();
            QVERIFY(lightness < before);
            before = lightness;
        }
    }
};

QTEST_MAIN(TestSpikeColumns)
#include "tst_spike_columns.moc"
