#include "sim/information/bounds.h"
#include "sim/network/bottleneck_network.h"
#include "tests/sim/network/training_fixture.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

constexpr double classBits = 3.321928094887362; // log2(10)

double normalDensity(double x, double mu, double sigma)
{
    const double z = (x - mu) / sigma;
    return std::exp(-z * z / 2) / (sigma * std::sqrt(2 * std::numbers::pi));
}

/// The integral of f over N(mu, sigma^2), by the trapezoidal rule, which is exact here to rounding.
template <class F>
double expectation(double mu, double sigma, const F& f)
{
    constexpr int half = 4000;
    double sum = 0;
    for (int i = -half; i <= half; ++i) {
        const double x = mu + sigma * 12.0 * i / half;
        sum += normalDensity(x, mu, sigma) * f(x);
    }
    return sum * sigma * 12.0 / half;
}

BottleneckNetwork smallNetwork(std::string_view kind, const BottleneckSettings& settings)
{
    return BottleneckNetwork(smallPlan(kind).networks.front(), settings, 7);
}

Batch batchOf(int size)
{
    const TrainingPlan plan = smallPlan("lif_fc");
    const TrainingData data = smallData(plan);
    Batch batch;
    for (int pair = 0; pair < size; ++pair)
        data.train.append(pair, batch);
    return batch;
}

struct Parts {
    int features, code;
    std::vector<double> x, noise; ///< [batch][features], [batch][code]
    std::vector<std::uint8_t> labels;
    double beta;
};

/// The loss by its definition, in double precision. Parameters: code.weight, code.bias and the two heads in a row.
double plainLoss(const Parts& p, const std::vector<double>& w)
{
    const int outputs = 2 * p.code;
    const std::size_t batch = p.labels.size() / taskCount;
    const double* const bias = &w[static_cast<std::size_t>(outputs) * p.features];
    double loss = 0;
    for (std::size_t i = 0; i < batch; ++i) {
        std::vector<double> s(outputs), z;
        for (int j = 0; j < outputs; ++j) {
            s[j] = bias[j];
            for (int f = 0; f < p.features; ++f)
                s[j] += w[static_cast<std::size_t>(j) * p.features + f] * p.x[i * p.features + f];
        }
        for (int j = 0; j < p.code; ++j) {
            const double sigma = std::log1p(std::exp(s[p.code + j] - 5));
            z.push_back(s[j] + sigma * p.noise[i * p.code + j]);
            loss += p.beta * gaussianKl_nats(s[j], sigma);
        }
        const double* head = bias + outputs;
        for (int task = 0; task < taskCount; ++task, head += classCount * (p.code + 1)) {
            double sum = 0, right = 0;
            for (int k = 0; k < classCount; ++k) {
                double logit = head[classCount * p.code + k];
                for (int j = 0; j < p.code; ++j)
                    logit += head[k * p.code + j] * z[j];
                sum += std::exp(logit);
                if (k == p.labels[i * taskCount + task])
                    right = logit;
            }
            loss += std::log(sum) - right;
        }
    }
    return loss / static_cast<double>(batch);
}

template <class Loss>
double slope(std::vector<double> at, std::size_t i, const Loss& loss)
{
    const double step = 1e-5;
    at[i] += step;
    const double above = loss(at);
    at[i] -= 2 * step;
    return (above - loss(at)) / (2 * step);
}

} // namespace

class TestBottleneckNetwork : public QObject {
    Q_OBJECT

private slots:
    void divergenceAgainstQuadrature_data();
    void divergenceAgainstQuadrature();
    void perfectAndChance();
    void networkOfPerfectAndChancePredictions();
    void drawsFollowTheCode();
    void gradientOfTheCodeAgainstDifferences();
    void gradientReachesTheNeurons_data();
    void gradientReachesTheNeurons();
    void tinySpreadStaysFinite();
};

void TestBottleneckNetwork::divergenceAgainstQuadrature_data()
{
    QTest::addColumn<double>("mu");
    QTest::addColumn<double>("sigma");
    QTest::newRow("the prior itself") << 0.0 << 1.0;
    QTest::newRow("narrow") << 0.3 << 0.05;
    QTest::newRow("far") << -4.0 << 0.7;
    QTest::newRow("wide") << 1.0 << 3.0;
}

void TestBottleneckNetwork::divergenceAgainstQuadrature()
{
    QFETCH(double, mu);
    QFETCH(double, sigma);
    const double expected = expectation(mu, sigma, [&](double x) {
        const double z = (x - mu) / sigma;
        return (x * x - z * z) / 2 - std::log(sigma);
    });
    QVERIFY(std::abs(gaussianKl_nats(mu, sigma) - expected) < 1e-9 * (1 + expected));
}

void TestBottleneckNetwork::perfectAndChance()
{
    InformationPoint point;
    point.kl_nats = 2 * std::numbers::ln2;
    QVERIFY(std::abs(point.inputBits() - 2) < 1e-12);
    QVERIFY(std::abs(point.taskBits(0) - classBits) < 1e-12);
    QVERIFY(std::abs(point.jointBits() - 2 * classBits) < 1e-12);
    QVERIFY(std::abs(point.publishedJointBits() - classBits) < 1e-12);
    point.crossEntropy_nats = {std::log(10.0), 0};
    QVERIFY(std::abs(point.taskBits(0)) < 1e-12);
    QVERIFY(std::abs(point.jointBits() - classBits) < 1e-12);
    QVERIFY(std::abs(point.publishedJointBits()) < 1e-12);
}

/// Every canvas has the same code, and the heads answer 3 and 4 whatever it is, or nothing at all.
void TestBottleneckNetwork::networkOfPerfectAndChancePredictions()
{
    const BottleneckSettings settings{3, 0, 4};
    BottleneckNetwork network = smallNetwork("lif_fc", settings);
    std::ranges::fill(network.valuesOf("code.weight"), 0.0f);
    const float statistics[] = {0.5f, -1, 2, 5, 4, 6.5f};
    std::ranges::copy(statistics, network.valuesOf("code.bias").begin());
    double kl = 0;
    for (int k = 0; k < 3; ++k)
        kl += gaussianKl_nats(statistics[k], std::log1p(std::exp(static_cast<double>(statistics[k + 3]) - 5)));
    for (const char* head : {"head.0.", "head.1."})
        for (const char* part : {"weight", "bias"})
            std::ranges::fill(network.valuesOf(std::string(head) + part), 0.0f);
    Batch batch = batchOf(20);
    for (std::size_t i = 0; i < batch.labels.size(); ++i)
        batch.labels[i] = i % 2 == 0 ? 3 : 4;
    Workers workers(1);
    BottleneckWorkspace workspace;
    const BottleneckMeasure chance = network.measure(batch, 0, workspace, workers);
    QVERIFY(std::abs(chance.kl_nats / 20 - kl) < 1e-5 * kl);
    for (const double crossEntropy : chance.crossEntropy_nats)
        QVERIFY(std::abs(classBits - crossEntropy / 20 / std::numbers::ln2) < 1e-6);
    network.valuesOf("head.0.bias")[3] = 100;
    network.valuesOf("head.1.bias")[4] = 100;
    const BottleneckMeasure perfect = network.measure(batch, 0, workspace, workers);
    for (std::size_t task = 0; task < taskCount; ++task) {
        QCOMPARE(perfect.correct[task], 20);
        QVERIFY(perfect.crossEntropy_nats[task] < 1e-6);
    }
    QVERIFY(std::abs(workspace.logits[3]) < 1e-6); // logarithm of a probability of 1
}

/// Cross-entropy of a code of one number against its integral over the number's distribution.
void TestBottleneckNetwork::drawsFollowTheCode()
{
    BottleneckNetwork network = smallNetwork("lif_fc", {1, 0, 1000});
    std::ranges::fill(network.valuesOf("code.weight"), 0.0f);
    const double mu = 0.4, sigma = std::log1p(std::exp(0.5));
    network.valuesOf("code.bias")[0] = 0.4f;
    network.valuesOf("code.bias")[1] = 5.5f;
    for (int task = 0; task < taskCount; ++task) {
        const std::string head = "head." + std::to_string(task);
        std::ranges::fill(network.valuesOf(head + ".bias"), 0.0f);
        std::ranges::fill(network.valuesOf(head + ".weight"), 0.0f);
        network.valuesOf(head + ".weight")[0] = 3;
    }
    Batch batch = batchOf(50);
    std::ranges::fill(batch.labels, std::uint8_t{0});
    Workers workers(1);
    BottleneckWorkspace workspace;
    const BottleneckMeasure sums = network.measure(batch, 0, workspace, workers);
    const auto loss = [](double z) { return std::log(std::exp(3 * z) + 9) - 3 * z; };
    const double mean = expectation(mu, sigma, loss);
    const double variance = expectation(mu, sigma, [&](double z) { return std::pow(loss(z) - mean, 2); });
    // 50000 draws; both tasks share them
    QVERIFY(std::abs(sums.crossEntropy_nats[0] / 50 - mean) < 5 * std::sqrt(variance / 50000));
    const double probability = expectation(mu, sigma, [&](double z) { return std::exp(-loss(z)); });
    QVERIFY(std::abs(std::exp(static_cast<double>(workspace.logits[0])) - probability) < 5 * 0.5 / std::sqrt(1000.0));
    const std::vector<float> first = workspace.logits;
    network.measure(batch, 1, workspace, workers);
    QVERIFY(workspace.logits != first);
    network.measure(batch, 0, workspace, workers);
    QCOMPARE(workspace.logits, first);
}

void TestBottleneckNetwork::gradientOfTheCodeAgainstDifferences()
{
    const BottleneckSettings settings{5, 0.03, 1};
    BottleneckNetwork network = smallNetwork("lif_fc", settings);
    for (float& s : network.valuesOf("code.bias").subspan(5))
        s += 4; // sigma near 0.3, so that the noise is felt
    const Batch batch = batchOf(6);
    Workers workers(1);
    BottleneckWorkspace w;
    std::vector<float> gradient(network.trainedCount());
    const BatchResult result = network.backward(batch, 3, w, workers, gradient);
    const Parts parts{12, 5, {w.encoder.features.begin(), w.encoder.features.end()}, {w.noise.begin(), w.noise.end()},
        batch.labels, settings.beta};
    const std::size_t begin = network.tensor("code.weight").offset;
    const auto own = network.values().subspan(begin, network.trainedCount() - begin);
    const std::vector<double> values(own.begin(), own.end());
    const auto loss = [&](const std::vector<double>& all) { return plainLoss(parts, all); };
    QVERIFY(std::abs(result.loss - loss(values)) < 1e-5);
    for (std::size_t i = 0; i < values.size(); ++i)
        QVERIFY2(
            std::abs(gradient[begin + i] - slope(values, i, loss)) < 2e-5, qPrintable(QString("parameter %1").arg(i)));
    for (std::size_t i = 0; i < parts.x.size(); ++i) {
        const double expected = slope(parts.x, i, [&](const std::vector<double>& x) {
            Parts moved = parts;
            moved.x = x;
            return plainLoss(moved, values);
        });
        QVERIFY2(std::abs(w.encoder.featureGradient[i] - expected) < 2e-5, qPrintable(QString("feature %1").arg(i)));
    }
}

void TestBottleneckNetwork::gradientReachesTheNeurons_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("LIF") << "lif_fc";
    QTest::newRow("binary") << "ann_fc";
    QTest::newRow("voltage-dependent") << "hh_vd_fc";
}

/// The rest of the chain rule: gradient of a neuron's output, times the slope of its response, times the pixel.
void TestBottleneckNetwork::gradientReachesTheNeurons()
{
    QFETCH(QString, kind);
    const BottleneckNetwork network = smallNetwork(kind.toStdString(), {5, 0.01, 1});
    const Batch batch = batchOf(6);
    Workers workers(1);
    BottleneckWorkspace w;
    std::vector<float> gradient(network.trainedCount());
    network.backward(batch, 0, w, workers, gradient);
    const int hidden = network.settings().hidden;
    double largest = 0;
    for (int neuron = 0; neuron < hidden; ++neuron) {
        std::vector<double> toSum;
        for (int i = 0; i < batch.size; ++i) {
            const int at = i * hidden + neuron;
            toSum.push_back(static_cast<double>(w.encoder.featureGradient[at]) * w.encoder.slopes[at]);
        }
        for (int pixel = 0; pixel < canvasPixels; ++pixel) {
            double expected = 0;
            for (int i = 0; i < batch.size; ++i)
                expected += toSum[i] * network.settings().inputScale * batch.pixels[i * canvasPixels + pixel];
            const double found = gradient[static_cast<std::size_t>(neuron) * canvasPixels + pixel];
            QVERIFY(std::abs(found - expected) < 1e-5 * (1 + std::abs(expected)));
            largest = std::max(largest, std::abs(found));
        }
    }
    QVERIFY(largest > 1e-4);
}

/// sigma of e^-200 is no float; the code is then as good as certain.
void TestBottleneckNetwork::tinySpreadStaysFinite()
{
    BottleneckNetwork network = smallNetwork("lif_fc", {4, 1e-3, 2});
    std::ranges::fill(network.valuesOf("code.bias").subspan(4), -195.0f);
    const Batch batch = batchOf(4);
    Workers workers(1);
    BottleneckWorkspace w;
    std::vector<float> gradient(network.trainedCount());
    QVERIFY(std::isfinite(network.backward(batch, 0, w, workers, gradient).loss));
    QVERIFY(std::ranges::all_of(gradient, [](float value) { return std::isfinite(value); }));
    const TensorPlace& bias = network.tensor("code.bias");
    for (std::size_t k = 4; k < 8; ++k) // the divergence falls as sigma grows: d KL / ds is -1
        QVERIFY(std::abs(gradient[bias.offset + k] + 1e-3f) < 1e-5f);
    QVERIFY(std::isfinite(network.measure(batch, 0, w, workers).kl_nats));
}

QTEST_GUILESS_MAIN(TestBottleneckNetwork)
#include "tst_bottleneck_network.moc"
