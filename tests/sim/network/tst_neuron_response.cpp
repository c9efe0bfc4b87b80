#include "sim/network/neuron_response.h"
#include "tests/app/laboratory/fake_network.h"
#include "tests/sim/data_fixture.h"

#include <QTest>

using namespace endospike;

class TestNeuronResponse : public QObject {
    Q_OBJECT

    const TrainingImages m_images = numberedTrainingImages(40, 40);
    PairedImages pairs(int count) const { return {m_images.firstTest, m_images.secondTest, 0, 40, count, 7, true}; }

private slots:
    void currentsAreThoseOfTheCanvases()
    {
        FakeNetwork network;
        const PairedImages set = pairs(300);
        const NeuronResponse response = neuronResponse(network, 0, 3, set, 260, {});
        QCOMPARE(response.canvases, 260);
        QCOMPARE(response.currents.size(), std::size_t{260});
        Batch one;
        set.append(259, one);
        QCOMPARE(response.currents.back(), network.currents(one, 0, 3).front());
        QCOMPARE(neuronResponse(network, 0, 3, set, 1000, {}).canvases, 300);
        const auto [low, high] = std::ranges::minmax(response.currents);
        QVERIFY(response.seen.current.front() <= low && response.seen.current.back() >= high);
        QVERIFY(response.seen.current.front() <= 0 && response.seen.current.back() >= 0);
    }

    void theShareOfLearnableCurrentsIsCounted()
    {
        FakeNetwork network;
        const NeuronResponse response = neuronResponse(network, 0, 3, pairs(300), 300, {});
        const double threshold = network.settings().threshold;
        const double width = network.settings().surrogateWidth;
        double inside = 0;
        for (const float current : response.currents)
            inside += std::abs(static_cast<double>(current) - threshold) < width ? 1.0 / 300 : 0;
        QVERIFY2(std::abs(response.taught - inside) < 0.01, qPrintable(QString::number(response.taught)));
    }

    /// Wherever the search begins, it ends about threshold and surrogate window.
    void theAnsweringRangeIsFound_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("far too wide") << -4000.0 << 3000.0;
        QTest::newRow("about right") << -1.0 << 2.0;
        QTest::newRow("elsewhere") << -40.0 << -20.0;
    }
    void theAnsweringRangeIsFound()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        FakeNetwork network;
        const ResponseCurve curve = answeringRange(network, 0, 0, low, high);
        const double threshold = network.settings().threshold;
        const double width = network.settings().surrogateWidth;
        QVERIFY(curve.current.front() <= threshold - width && curve.current.back() >= threshold + width);
        QVERIFY2(curve.current.back() - curve.current.front() < 8 * width,
            qPrintable(QString::number(curve.current.back() - curve.current.front())));
        QVERIFY(std::ranges::count_if(curve.slope, [](double slope) { return slope > 0; }) > 20);
    }

    void stoppedItIsEmpty()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(neuronResponse(FakeNetwork(), 0, 0, pairs(300), 300, {stop.get_token(), {}}).currents.empty());
    }
};

QTEST_APPLESS_MAIN(TestNeuronResponse)
#include "tst_neuron_response.moc"
