#include "sim/network/readout.h"

#include "sim/base/random.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

std::vector<float> randoms(std::size_t count, std::uint64_t seed, double scale = 1)
{
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(scale * randomNormal(seed, RandomPurpose::weights, i));
    return values;
}

/// The loss by its definition, in double precision.
double plainLoss(
    const std::vector<double>& p, const std::vector<double>& x, const std::vector<std::uint8_t>& labels, int features)
{
    const std::size_t batch = labels.size() / taskCount;
    const double* bias = &p[static_cast<std::size_t>(bottleneck) * features];
    double loss = 0;
    for (std::size_t i = 0; i < batch; ++i) {
        double middle[bottleneck];
        for (int j = 0; j < bottleneck; ++j) {
            middle[j] = bias[j];
            for (int f = 0; f < features; ++f)
                middle[j] += p[static_cast<std::size_t>(j) * features + f] * x[i * features + f];
        }
        const double* head = bias + bottleneck;
        for (int task = 0; task < taskCount; ++task, head += classCount * (bottleneck + 1)) {
            double sum = 0, right = 0;
            for (int k = 0; k < classCount; ++k) {
                double logit = head[classCount * bottleneck + k];
                for (int j = 0; j < bottleneck; ++j)
                    logit += head[k * bottleneck + j] * middle[j];
                sum += std::exp(logit);
                if (k == labels[i * taskCount + task])
                    right = logit;
            }
            loss += std::log(sum) - right;
        }
    }
    return loss / static_cast<double>(batch);
}

struct Example {
    explicit Example(int width, int size)
        : features(width)
        , batch(size)
        , parameters(randoms(readoutSize(width), 1, 0.3))
        , x(randoms(static_cast<std::size_t>(size) * width, 2))
        , gradient(parameters.size())
        , featureGradient(x.size())
    {
        for (int i = 0; i < size * taskCount; ++i)
            labels.push_back(static_cast<std::uint8_t>((i * 7 + 3) % classCount));
    }

    BatchResult pass(Workers& workers)
    {
        readoutForward(parameters, x, batch, memory, logits, workers);
        const BatchResult result = readoutLoss(logits, labels, batch, memory);
        readoutBackward(parameters, x, batch, memory, gradient, featureGradient, workers);
        return result;
    }

    int features, batch;
    std::vector<float> parameters, x, gradient, featureGradient, logits;
    std::vector<std::uint8_t> labels;
    ReadoutMemory memory;
};

} // namespace

class TestReadout : public QObject {
    Q_OBJECT
private slots:
    void gradientAgainstDifferences();
    void sameBitsWithTwoThreads();
    void lossOfHugeLogits();
    void countsRightAnswers();
    void tensors();
};

void TestReadout::gradientAgainstDifferences()
{
    Example e(21, 5);
    Workers workers(1);
    const BatchResult result = e.pass(workers);
    const std::vector<double> p(e.parameters.begin(), e.parameters.end()), x(e.x.begin(), e.x.end());
    QVERIFY(std::abs(result.loss - plainLoss(p, x, e.labels, e.features)) < 1e-5);
    const auto slope = [&](std::vector<double> all, std::size_t i, auto&& loss) {
        const double step = 1e-5;
        all[i] += step;
        const double above = loss(all);
        all[i] -= 2 * step;
        return (above - loss(all)) / (2 * step);
    };
    for (std::size_t i = 0; i < p.size(); ++i) {
        const double expected = slope(p, i, [&](const auto& all) { return plainLoss(all, x, e.labels, e.features); });
        QVERIFY2(std::abs(e.gradient[i] - expected) < 2e-5, qPrintable(QString("parameter %1").arg(i)));
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double expected = slope(x, i, [&](const auto& all) { return plainLoss(p, all, e.labels, e.features); });
        QVERIFY2(std::abs(e.featureGradient[i] - expected) < 2e-5, qPrintable(QString("feature %1").arg(i)));
    }
}

void TestReadout::sameBitsWithTwoThreads()
{
    Example one(700, 77), two(700, 77);
    Workers alone(1), pair(2);
    const BatchResult a = one.pass(alone), b = two.pass(pair);
    QCOMPARE(a.loss, b.loss);
    QCOMPARE(one.logits, two.logits);
    QCOMPARE(one.gradient, two.gradient);
    QCOMPARE(one.featureGradient, two.featureGradient);
}

void TestReadout::lossOfHugeLogits()
{
    std::vector<float> logits(2 * classCount, 0.0f);
    logits[3] = 1e30f; // first task: sure and right
    logits[classCount] = 1000; // second task: sure and wrong
    ReadoutMemory memory;
    const BatchResult result = readoutLoss(logits, std::vector<std::uint8_t>{3, 1}, 1, memory);
    QCOMPARE(result.loss, 1000.0);
    QCOMPARE(memory.logitGradient[3], 0.0f);
    QCOMPARE(memory.logitGradient[classCount], 1.0f);
    QCOMPARE(memory.logitGradient[classCount + 1], -1.0f);
}

void TestReadout::countsRightAnswers()
{
    std::vector<float> logits(4 * classCount, 0.0f);
    for (const int at : {2, 10 + 5, 20 + 7, 30 + 9})
        logits[at] = 1;
    ReadoutMemory memory;
    const BatchResult result = readoutLoss(logits, std::vector<std::uint8_t>{2, 5, 7, 0}, 2, memory);
    QCOMPARE(result.correct[0], 2);
    QCOMPARE(result.correct[1], 1);
}

void TestReadout::tensors()
{
    const std::vector<TensorPlace> places = readoutTensors(810);
    QCOMPARE(places.size(), 6u);
    QCOMPARE(places[0].shape, (std::vector<int>{50, 810}));
    QCOMPARE(places[4].name, std::string("head.1.weight"));
    QCOMPARE(readoutSize(810), std::size_t(50 * 811 + 2 * 10 * 51));
}

QTEST_GUILESS_MAIN(TestReadout)
#include "tst_readout.moc"
