// Noise on the currents of hidden neurons, and what the noise mirror says about it.
#include "sim/robustness/noise_mirror.h"
#include "tests/sim/network/training_fixture.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace endospike;

namespace {

const PairedImages& testSet()
{
    static const TrainingData data = smallData(smallPlan("lif_fc"));
    return data.test;
}

std::unique_ptr<Network> network(const char* kind) { return makeNetwork(smallPlan(kind).networks.front(), 3); }

Batch canvases(int count)
{
    Batch batch;
    for (int pair = 0; pair < count; ++pair)
        testSet().append(pair, batch);
    return batch;
}

std::vector<float> logits(const Network& network, const Batch& batch, int threads = 1)
{
    Workers workers(threads);
    const auto workspace = network.makeWorkspace();
    network.forward(batch, *workspace, workers);
    return workspace->logits;
}

constexpr const char* fullyConnected[] = {"lif_fc", "hh_fc", "s_lif2hh_fc", "ann_fc", "hh_vd_fc", "4lif_fc"};

} // namespace

class TestNoiseMirror : public QObject {
    Q_OBJECT

    static void kinds()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : fullyConnected)
            QTest::newRow(kind) << kind;
    }

private slots:
    void amplitudeZeroChangesNoBit_data() { kinds(); }
    void amplitudeZeroChangesNoBit()
    {
        QFETCH(QString, kind);
        const auto net = network(kind.toUtf8());
        QVERIFY(net->takesCurrentNoise());
        Batch batch = canvases(9);
        const std::vector<float> plain = logits(*net, batch);
        batch.currentNoise = {0, 7, 5};
        QVERIFY(logits(*net, batch) == plain);
        // Much: HH neurons of a small network lie far below their threshold.
        batch.currentNoise.amplitude = 100 * currentSpread(*net, testSet(), 20, {});
        QVERIFY(logits(*net, batch) != plain);
    }

    void sameBitsHoweverItIsSplit_data() { kinds(); }
    void sameBitsHoweverItIsSplit()
    {
        QFETCH(QString, kind);
        const auto net = network(kind.toUtf8());
        Batch batch = canvases(8);
        batch.currentNoise = {currentSpread(*net, testSet(), 20, {}), 7, 5};
        const std::vector<float> whole = logits(*net, batch);
        QVERIFY(logits(*net, batch, 3) == whole);
        for (int i = 0; i < 8; ++i) {
            Batch one{1, {batch.pixels.begin() + i * canvasPixels, batch.pixels.begin() + (i + 1) * canvasPixels}, {}};
            one.currentNoise = {batch.currentNoise.amplitude, 7, 5u + static_cast<unsigned>(i)};
            const std::vector<float> alone = logits(*net, one);
            for (std::size_t k = 0; k < alone.size(); ++k)
                QVERIFY(std::abs(alone[k] - whole[static_cast<std::size_t>(i) * alone.size() + k]) < 1e-5f);
        }
    }

    /// A binary neuron with no weights spikes if its bias and the noise exceed the threshold: that the share of
    /// canvases on which it does is the Gaussian's tail shows mean, deviation and independence at once.
    void noiseIsGaussianOfItsAmplitude()
    {
        const auto net = network("ann_fc");
        std::ranges::fill(net->values(), 0.0f);
        const double threshold = net->settings().threshold, amplitude = 0.4;
        // The readout hands each neuron through: neuron j to logit j of the first task.
        const int hidden = net->settings().hidden;
        const auto readout = net->valuesOf("readout.weight");
        const auto head = net->valuesOf("head.0.weight");
        for (int j = 0; j < classCount; ++j) {
            readout[static_cast<std::size_t>(j * hidden + j)] = 1;
            head[static_cast<std::size_t>(j * bottleneck + j)] = 1;
        }
        const int draws = 20000;
        Batch batch{draws, std::vector<float>(static_cast<std::size_t>(draws) * canvasPixels), {}};
        batch.currentNoise = {amplitude, 11, 0};
        const std::vector<float> all = logits(*net, batch, 2);
        const double tail = 0.5 * std::erfc(threshold / amplitude / std::sqrt(2.0));
        std::array<double, classCount> counts{};
        double both = 0, follows = 0;
        float before = 0;
        for (int i = 0; i < draws; ++i) {
            const float* logit = all.data() + static_cast<std::ptrdiff_t>(i) * taskCount * classCount;
            for (std::size_t j = 0; j < classCount; ++j)
                counts[j] += static_cast<double>(logit[j]);
            both += static_cast<double>(logit[0] * logit[1]);
            follows += static_cast<double>(logit[0] * before);
            before = logit[0];
        }
        const double error = 4.5 * std::sqrt(tail * (1 - tail) / draws);
        for (const double count : counts)
            QVERIFY2(std::abs(count / draws - tail) < error, qPrintable(QString::number(count / draws - tail)));
        const double squareError = 4.5 * std::sqrt(tail * tail * (1 - tail * tail) / draws);
        QVERIFY(std::abs(both / draws - tail * tail) < squareError); // neighbours are independent
        QVERIFY(std::abs(follows / draws - tail * tail) < squareError); // and so are draws
    }

    void spreadIsThatOfTheCurrents()
    {
        const auto net = network("hh_vd_fc");
        const Batch batch = canvases(20);
        double squares = 0;
        const int hidden = net->settings().hidden;
        for (int neuron = 0; neuron < hidden; ++neuron) {
            const std::vector<float> currents = net->currents(batch, 0, neuron);
            double sum = 0, sumOfSquares = 0;
            for (const float current : currents) {
                sum += double(current);
                sumOfSquares += double(current) * double(current);
            }
            squares += (sumOfSquares - sum * sum / 20) / 19;
        }
        const double expected = std::sqrt(squares / hidden);
        QVERIFY(expected > 0);
        QVERIFY(std::abs(currentSpread(*net, testSet(), 20, {}) / expected - 1) < 1e-4);
    }

    void mirrorSaysWhatIsCounted_data() { kinds(); }
    void mirrorSaysWhatIsCounted()
    {
        QFETCH(QString, kind);
        const auto net = network(kind.toUtf8());
        Workers workers(1);
        const MirrorNoise noise{60, 0.5, 4, 100};
        const double spread = currentSpread(*net, testSet(), 20, {});
        int told = 0;
        const MirrorAnswer answer =
            mirror(*net, testSet(), 2, noise, spread, 40, workers, {}, [&](const MirrorAnswer& part) {
                ++told;
                QCOMPARE(part.noisy.size(), std::size_t(20));
            });
        QVERIFY(told > 2);
        QCOMPARE(answer.draws, 40);
        std::array<int, 2> right{};
        int both = 0;
        for (int draw = 0; draw < 40; ++draw) {
            Batch one{1, mirrorCanvas(testSet(), 2, noise, draw), {}};
            one.currentNoise = {0.5 * spread, 4, 100u + static_cast<unsigned>(draw)};
            const std::vector<float> each = logits(*net, one);
            std::array<bool, 2> correct{};
            for (std::size_t task = 0; task < 2; ++task) {
                const auto begin = each.begin() + static_cast<std::ptrdiff_t>(task) * classCount;
                correct[task] = std::max_element(begin, begin + classCount) - begin == testSet().labels(2)[task];
                right[task] += correct[task];
            }
            both += correct[0] && correct[1];
        }
        QVERIFY(answer.right == right);
        QCOMPARE(answer.bothRight, both);
        for (std::size_t task = 0; task < 2; ++task) {
            float sum = 0;
            for (std::size_t k = 0; k < classCount; ++k)
                sum += answer.noisy[task * classCount + k];
            QVERIFY(std::abs(sum - 1) < 1e-5f);
        }
    }

    void withoutNoiseEveryDrawIsTheSame()
    {
        const auto net = network("lif_fc");
        Workers workers(1);
        const MirrorAnswer answer = mirror(*net, testSet(), 1, {}, 1, 20, workers, {}, {});
        QVERIFY(answer.noisy == answer.clean);
        for (std::size_t task = 0; task < 2; ++task) {
            const auto begin = answer.clean.begin() + static_cast<std::ptrdiff_t>(task) * classCount;
            const bool right = std::max_element(begin, begin + classCount) - begin == testSet().labels(1)[task];
            QCOMPARE(answer.right[task], right ? 20 : 0);
        }
    }

    void drawsDiffer()
    {
        const MirrorNoise noise{50, 0, 1, 0};
        const std::vector<float> clean = mirrorCanvas(testSet(), 0, {}, 0);
        const std::vector<float> first = mirrorCanvas(testSet(), 0, noise, 0);
        const std::vector<float> second = mirrorCanvas(testSet(), 0, noise, 1);
        QVERIFY(first != second);
        QVERIFY(second == mirrorCanvas(testSet(), 0, {50, 0, 1, 1}, 0));
        double squares = 0;
        for (std::size_t i = 0; i < clean.size(); ++i)
            squares += std::pow(double(first[i] - clean[i]), 2);
        QVERIFY(std::abs(std::sqrt(squares / canvasPixels) / 50 - 1) < 4 / std::sqrt(2.0 * canvasPixels));
    }

    void stopsWhenAsked()
    {
        std::stop_source source;
        Workers workers(1);
        const MirrorAnswer answer = mirror(*network("lif_fc"), testSet(), 0, {10, 0, 1, 0}, 1, 64, workers,
            {source.get_token(), {}}, [&](const MirrorAnswer&) { source.request_stop(); });
        QCOMPARE(answer.draws, 1);
    }
};

QTEST_GUILESS_MAIN(TestNoiseMirror)
#include "tst_noise_mirror.moc"
