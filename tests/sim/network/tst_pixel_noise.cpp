#include "sim/network/evaluation.h"
#include "tests/sim/data_fixture.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

constexpr double amplitude = 25;
constexpr int pairs = 200;

TrainingData dataWith(double noiseAmplitude, training::Noise form, int seed = 1)
{
    TrainingPlan plan;
    plan.settings.set(training::train_pairs, pairs);
    plan.settings.set(training::test_pairs, pairs);
    plan.settings.set(training::noise_amplitude, noiseAmplitude);
    plan.settings.set(training::noise, form);
    plan.settings.set(training::noise_seed, seed);
    return pairImages(numberedTrainingImages(40, 20), plan);
}

using Pixels = std::array<float, canvasPixels>;

/// What the noise added to a pair.
Pixels noiseOf(const PairedImages& set, int pair, std::uint64_t epoch = 0)
{
    std::array<std::uint8_t, canvasPixels> clean;
    Pixels noisy;
    set.canvas(pair, clean);
    set.pixels(pair, noisy, epoch);
    for (std::size_t i = 0; i < canvasPixels; ++i)
        noisy[i] -= clean[i];
    return noisy;
}

double correlation(const Pixels& a, const Pixels& b)
{
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < canvasPixels; ++i) {
        ab += double(a[i]) * double(b[i]);
        aa += double(a[i]) * double(a[i]);
        bb += double(b[i]) * double(b[i]);
    }
    return ab / std::sqrt(aa * bb);
}

const double fiveSigma = 5 / std::sqrt(double(canvasPixels)); ///< of a correlation of independent images

} // namespace

class TestPixelNoise : public QObject {
    Q_OBJECT

private slots:
    void withoutAmplitudePixelsAreBytes()
    {
        const TrainingData data = dataWith(0, training::freshNoise);
        for (const float value : noiseOf(data.test, 3))
            QCOMPARE(value, 0.0f);
    }

    void meanAndVarianceAreThoseOfTheAmplitude()
    {
        const TrainingData data = dataWith(amplitude, training::freshNoise);
        double sum = 0, squares = 0;
        for (int pair = 0; pair < pairs; ++pair)
            for (const float value : noiseOf(data.test, pair)) {
                sum += double(value) / amplitude;
                squares += double(value) * double(value) / (amplitude * amplitude);
            }
        const double count = double(pairs) * canvasPixels;
        QVERIFY(std::abs(sum / count) < 5 / std::sqrt(count));
        QVERIFY(std::abs(squares / count - 1) < 5 * std::sqrt(2 / count));
        // Not clipped: black pixels go below 0.
        const Pixels one = noiseOf(data.test, 0);
        QVERIFY(std::ranges::min(one) < -2 * amplitude && std::ranges::max(one) > 2 * amplitude);
    }

    void freshNoiseIsIndependent()
    {
        const TrainingData data = dataWith(amplitude, training::freshNoise);
        const Pixels first = noiseOf(data.test, 0);
        for (int pair = 1; pair < 50; ++pair)
            QVERIFY(std::abs(correlation(first, noiseOf(data.test, pair))) < fiveSigma);
        PairedImages redrawn = data.test;
        PixelNoise noise = redrawn.noise();
        noise.draw = 1;
        redrawn.setNoise(noise);
        QVERIFY2(std::abs(correlation(first, noiseOf(redrawn, 0))) < fiveSigma, "another draw");
        QVERIFY2(std::abs(correlation(first, noiseOf(data.train, 0))) < fiveSigma, "training and test");
        QVERIFY2(std::abs(correlation(noiseOf(data.train, 0, 1), noiseOf(data.train, 0))) < fiveSigma, "epochs");
        QVERIFY2(
            std::abs(correlation(first, noiseOf(dataWith(amplitude, training::freshNoise, 2).test, 0))) < fiveSigma,
            "seeds");
        // Neighbouring pixels.
        double product = 0;
        for (std::size_t i = 1; i < canvasPixels; ++i)
            product += double(first[i]) * double(first[i - 1]) / (amplitude * amplitude);
        QVERIFY(std::abs(product / canvasPixels) < fiveSigma);
    }

    void thePublishedFormIsOneImage()
    {
        const TrainingData data = dataWith(amplitude, training::oneNoiseImage);
        const Pixels image = noiseOf(data.train, 0);
        for (const PairedImages* set : {&data.train, &data.test})
            for (int pair = 0; pair < 20; ++pair)
                QVERIFY2(correlation(image, noiseOf(*set, pair, 7)) > 0.999999, "in every epoch, training and test");
        QVERIFY(std::abs(correlation(image, noiseOf(dataWith(amplitude, training::oneNoiseImage, 2).train, 0)))
            < fiveSigma);
    }

    void theSameImageScalesWithTheAmplitude()
    {
        const Pixels weak = noiseOf(dataWith(amplitude, training::freshNoise).test, 5);
        const Pixels strong = noiseOf(dataWith(3 * amplitude, training::freshNoise).test, 5);
        QVERIFY(correlation(weak, strong) > 0.999999);
        QVERIFY(std::abs(strong[9] / weak[9] - 3) < 1e-3f);
    }

    /// Wherever and in whatever order a canvas is put together, it has the same bits.
    void batchesThreadsAndOrderChangeNothing()
    {
        const TrainingData data = dataWith(amplitude, training::freshNoise);
        std::vector<std::int32_t> order;
        for (int pair = pairs; pair-- > 0;)
            order.push_back(pair);
        Workers one(1), two(2);
        Batch alone, together;
        fillBatch(alone, data.train, order, one, 3);
        fillBatch(together, data.train, order, two, 3);
        QVERIFY(alone.pixels == together.pixels);
        Pixels last;
        data.train.pixels(0, last, 3);
        QVERIFY(std::ranges::equal(last, std::span(alone.pixels).last<canvasPixels>()));
    }
};

QTEST_APPLESS_MAIN(TestPixelNoise)
#include "tst_pixel_noise.moc"
