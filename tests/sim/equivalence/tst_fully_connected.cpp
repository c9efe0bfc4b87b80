#include "sim/base/errors.h"
#include "sim/base/random.h"
#include "sim/equivalence/fully_connected.h"
#include "sim/equivalence/image_layer.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

double uniform(std::uint64_t index) // -1..1
{
    return static_cast<double>(randomBits(3, RandomPurpose::weights, index) >> 11) * 0x1p-52 - 1;
}

FullyConnectedSettings randomLayer(int inputs, int outputs)
{
    FullyConnectedSettings settings;
    for (int j = 0; j < inputs; ++j)
        settings.currents_ua_per_cm2.push_back(20 + 20 * uniform(j));
    for (int i = 0; i < inputs * outputs; ++i)
        settings.weights.push_back(uniform(10'000 + i) / std::sqrt(inputs / 3.0));
    return settings;
}

/// Ten garments that a network can learn from four images each: one bright row for each label.
IdxImages stripes(int count)
{
    IdxImages images{count, 28, 28, std::vector<std::uint8_t>(static_cast<std::size_t>(count) * 784)};
    for (int i = 0; i < count; ++i)
        for (int column = 0; column < 28; ++column)
            images.pixels[i * 784 + (2 + 2 * (i % 10)) * 28 + column] = 255;
    return images;
}

IdxLabels stripeLabels(int count)
{
    IdxLabels labels;
    for (int i = 0; i < count; ++i)
        labels.values.push_back(static_cast<std::uint8_t>(i % 10));
    return labels;
}

} // namespace

class TestFullyConnected : public QObject {
    Q_OBJECT

private slots:
    void bothKindsGiveTheSameTrains()
    {
        const FullyConnectedResult result = runFullyConnected(randomLayer(128, 10), {});
        QCOMPARE(result.steps, std::int64_t(40000));
        QCOMPARE(result.totalHamming, std::int64_t(0));
        QCOMPARE(result.differingSteps, std::int64_t(0));
        QVERIFY(result.maximumDifference_mv < 1e-6);
        QCOMPARE(result.time_ms.size(), std::size_t(801));
        QCOMPARE(result.hamming.size(), result.time_ms.size());
        std::size_t spikes = 0;
        for (int k = 0; k < 10; ++k) {
            const auto &hh = result.runs[0].outputSpikes_ms[k], &tv = result.runs[1].outputSpikes_ms[k];
            QCOMPARE(hh.size(), tv.size());
            QCOMPARE(result.runs[0].outputV_mv[k].size(), result.time_ms.size());
            spikes += hh.size();
        }
        QVERIFY(spikes > 10);
    }

    void inputsFireAsLoneCellsDo()
    {
        FullyConnectedSettings settings = randomLayer(3, 2);
        settings.circuit.start = CircuitStart::rest;
        const FullyConnectedResult result = runFullyConnected(settings, {});
        for (int j = 0; j < 3; ++j) {
            const auto cell =
                findNeuronModel("hh")->create(1, Integrator::forwardEuler, Precision::float64, settings.circuit.dt_ms);
            ParameterValues parameters(findNeuronModel("hh")->parameters);
            parameters.set("spike_threshold_mv", settings.circuit.threshold_mv);
            cell->setParameters(0, parameters);
            const double* current = &settings.currents_ua_per_cm2[j];
            std::vector<SpikeEvent> spikes;
            cell->advance(40000, {current, current, current, 0, 0}, spikes);
            QCOMPARE(result.runs[0].inputSpikes_ms[j].size(), spikes.size());
            for (std::size_t i = 0; i < spikes.size(); ++i)
                QVERIFY(std::abs(result.runs[0].inputSpikes_ms[j][i] - 0.001 * (spikes[i].step + spikes[i].fraction))
                    < 1e-9);
        }
    }

    void signOfTheWeightDecides()
    {
        FullyConnectedSettings settings;
        settings.circuit.start = CircuitStart::rest;
        settings.circuit.duration_ms = 5;
        settings.currents_ua_per_cm2 = {40};
        settings.weights = {1, 0, -1};
        const FullyConnectedResult result = runFullyConnected(settings, {});
        for (const FullyConnectedRun& run : result.runs) {
            QCOMPARE(run.outputSpikes_ms[0].size(), std::size_t(1));
            QVERIFY(run.outputSpikes_ms[1].empty());
            QVERIFY(run.outputSpikes_ms[2].empty());
            QVERIFY(std::ranges::min(run.outputV_mv[2]) < -70); // pulled down
            QVERIFY(std::abs(run.outputV_mv[1].back() - run.outputV_mv[1].front()) < 1e-6);
        }
    }

    void badSettingsAreRefused()
    {
        const FullyConnectedSettings good = randomLayer(3, 2);
        FullyConnectedSettings bad = good;
        bad.weights.pop_back();
        QVERIFY_EXCEPTION_THROWN(runFullyConnected(bad, {}), DocumentError);
        bad = good;
        bad.currents_ua_per_cm2.clear();
        QVERIFY_EXCEPTION_THROWN(runFullyConnected(bad, {}), DocumentError);
        bad = good;
        bad.currents_ua_per_cm2[1] = std::nan("");
        QVERIFY_EXCEPTION_THROWN(runFullyConnected(bad, {}), DocumentError);
        bad = good;
        bad.synapse_ua_per_cm2 = std::numeric_limits<double>::infinity();
        QVERIFY_EXCEPTION_THROWN(runFullyConnected(bad, {}), DocumentError);
        bad = good;
        bad.circuit.dt_ms = 0;
        QVERIFY_EXCEPTION_THROWN(runFullyConnected(bad, {}), DocumentError);
    }

    void stopsWhenAsked()
    {
        std::stop_source source;
        source.request_stop();
        const FullyConnectedResult result = runFullyConnected(randomLayer(8, 2), {source.get_token(), {}});
        QVERIFY(result.stopped);
        QVERIFY(result.steps < 40000);
    }

    void currentsAndWeightsAreScaled()
    {
        const ImageLayer layer = seededImageLayer(5);
        const auto images = stripes(1);
        const std::vector<double> currents = layer.currents_ua_per_cm2(images.image(0), 40);
        QCOMPARE(currents.size(), std::size_t(layerInputs));
        QCOMPARE(*std::ranges::max_element(currents), 40.0);
        QVERIFY(*std::ranges::min_element(currents) >= 0);
        double squares = 0;
        for (const double w : layer.normalisedWeights())
            squares += w * w;
        QVERIFY(std::abs(squares / layerOutputs - 1) < 1e-12);
        for (const float w : layer.firstWeights)
            QVERIFY(std::abs(w) <= 1 / 28.0f);
    }

    void sameSeedSameBits()
    {
        QCOMPARE(seededImageLayer(5).firstWeights, seededImageLayer(5).firstWeights);
        QVERIFY(seededImageLayer(5).weights != seededImageLayer(6).weights);
        const ImageLayer a = trainedImageLayer(stripes(200), stripeLabels(200), 1, {});
        const ImageLayer b = trainedImageLayer(stripes(200), stripeLabels(200), 1, {});
        QCOMPARE(a.firstWeights, b.firstWeights);
        QCOMPARE(a.weights, b.weights);
    }

    void trainingLearns()
    {
        const IdxImages images = stripes(6000);
        const IdxLabels labels = stripeLabels(6000);
        QVERIFY(accuracy(seededImageLayer(1), images, labels) < 0.5);
        const ImageLayer layer = trainedImageLayer(images, labels, 1, {});
        QCOMPARE(accuracy(layer, images, labels), 1.0);
        const std::vector<double> scores = layer.scores(images.image(7));
        QCOMPARE(std::ranges::max_element(scores) - scores.begin(), std::ptrdiff_t(7));
    }

    void wrongImagesAreRefused()
    {
        IdxImages images = stripes(20);
        QVERIFY_EXCEPTION_THROWN(trainedImageLayer(images, stripeLabels(19), 1, {}), DocumentError);
        IdxLabels labels = stripeLabels(20);
        labels.values[3] = 10;
        QVERIFY_EXCEPTION_THROWN(trainedImageLayer(images, labels, 1, {}), DocumentError);
        images.rows = 14;
        QVERIFY_EXCEPTION_THROWN(trainedImageLayer(images, stripeLabels(20), 1, {}), DocumentError);
        const std::vector<std::uint8_t> small(10);
        QVERIFY_EXCEPTION_THROWN(seededImageLayer(1).scores(small), DocumentError);
    }
};

QTEST_GUILESS_MAIN(TestFullyConnected)
#include "tst_fully_connected.moc"
