#include "sim/base/random.h"
#include "sim/network/network.h"
#include "sim/network/optimizer.h"
#include "sim/network/readout.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace endospike;

namespace {

/// Small, with currents that reach the spikes' windows.
NetworkPlan smallPlan(const QString& kind, int hidden)
{
    NetworkPlan plan(*findNetworkKind(kind.toStdString()));
    plan.parameters.set("hidden", hidden);
    const bool voltageDependent = plan.kind->unit == HiddenUnit::hhVoltageDependent;
    plan.parameters.set("input_scale", plan.kind->unit == HiddenUnit::hh ? 1 : 1.0 / 255);
    plan.parameters.set("weight_scale", plan.kind->unit == HiddenUnit::hh ? 0.01 : 4);
    if (voltageDependent)
        plan.parameters.set("dt_ms", 0.05);
    return plan;
}

/// Canvases with two bright patches; labels that go with the image.
Batch someBatch(int size, std::uint64_t seed)
{
    Batch batch;
    batch.size = size;
    batch.pixels.resize(static_cast<std::size_t>(size) * canvasPixels);
    for (std::size_t i = 0; i < batch.pixels.size(); ++i) {
        const std::uint64_t bits = randomBits(seed, RandomPurpose::order, i);
        batch.pixels[i] = bits % 3 == 0 ? static_cast<float>((bits >> 8) % 256) : 0;
    }
    for (int i = 0; i < size * taskCount; ++i)
        batch.labels.push_back(static_cast<std::uint8_t>(randomBits(seed + 1, RandomPurpose::order, i) % classCount));
    return batch;
}

std::span<const float> canvasOf(const Batch& batch, int i)
{
    return std::span(batch.pixels).subspan(static_cast<std::size_t>(i) * canvasPixels, canvasPixels);
}

struct Pass {
    Pass(const Network& net, const Batch& batch, int threads = 1)
        : workspace(net.makeWorkspace())
        , gradient(net.trainedCount(), std::nanf(""))
    {
        Workers workers(threads);
        result = net.backward(batch, *workspace, workers, gradient);
    }
    std::span<const float> of(const Network& net, const char* tensor) const
    {
        return std::span(gradient).subspan(net.tensor(tensor).offset, net.tensor(tensor).size());
    }
    std::unique_ptr<Workspace> workspace;
    std::vector<float> gradient;
    BatchResult result;
};

/// [batch][hidden][outputs], from the records of every neuron.
std::vector<float> recordedFeatures(const Network& net, const Batch& batch)
{
    std::vector<float> features;
    for (int i = 0; i < batch.size; ++i)
        for (int j = 0; j < net.settings().hidden; ++j) {
            const NeuronRecord record = net.record(canvasOf(batch, i), 0, j);
            const std::size_t outputs = record.spikes.size();
            for (const auto& train : record.spikes)
                features.push_back(outputs == 1 ? static_cast<float>(record.output)
                                                : static_cast<float>(train.size()) / float(record.times.size()));
        }
    return features;
}

/// s-LIF2HH hears three currents in each unit.
void eachKind(bool withThreeCurrents = true)
{
    QTest::addColumn<QString>("kind");
    for (const NetworkKind& kind : networkKinds())
        if (!kind.convolutional && (withThreeCurrents || kind.unit != HiddenUnit::sLifHh))
            QTest::newRow(std::string(kind.key).c_str()) << QString::fromStdString(std::string(kind.key));
}

} // namespace

class TestFullyConnectedNetwork : public QObject {
    Q_OBJECT
private slots:
    void sameBitsWithTwoThreads_data() { eachKind(); }
    void sameBitsWithTwoThreads();
    void workspaceLeavesNoTrace_data() { eachKind(); }
    void workspaceLeavesNoTrace();
    void logitsFollowFromRecords_data() { eachKind(); }
    void logitsFollowFromRecords();
    void gradientFollowsTheResponseCurve_data() { eachKind(false); } // its way back is tested by itself
    void gradientFollowsTheResponseCurve();
    void weightGradientIsCurrentGradientTimesPixel_data() { eachKind(); }
    void weightGradientIsCurrentGradientTimesPixel();
    void responseAgreesWithSteps_data() { eachKind(); }
    void responseAgreesWithSteps();
    void learnsAFewCanvasesByHeart_data() { eachKind(); }
    void learnsAFewCanvasesByHeart();
    void startsAsPublished_data() { eachKind(); }
    void startsAsPublished();
    void cloneStandsAlone_data() { eachKind(); }
    void cloneStandsAlone();
    void weightsAndCurrents_data() { eachKind(); }
    void weightsAndCurrents();
    void countsDeadAndSaturated();
    void frozenRatesCount();
};

void TestFullyConnectedNetwork::sameBitsWithTwoThreads()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 200), 3);
    const Batch batch = someBatch(37, 1);
    const Pass one(*net, batch, 1), two(*net, batch, 2);
    QCOMPARE(one.result.loss, two.result.loss);
    QCOMPARE(one.result.correct, two.result.correct);
    QCOMPARE(one.workspace->logits, two.workspace->logits);
    QCOMPARE(one.gradient, two.gradient); // which also says that no number of it was forgotten: NaN differs from itself
}

void TestFullyConnectedNetwork::workspaceLeavesNoTrace()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 70), 3);
    const Batch large = someBatch(29, 1), small = someBatch(3, 2);
    Pass used(*net, large);
    Workers workers(1);
    net->backward(small, *used.workspace, workers, used.gradient);
    const Pass fresh(*net, small);
    QCOMPARE(used.workspace->logits, fresh.workspace->logits);
    QCOMPARE(used.gradient, fresh.gradient);
    net->forward(small, *used.workspace, workers);
    QCOMPARE(used.workspace->logits, fresh.workspace->logits);
}

void TestFullyConnectedNetwork::logitsFollowFromRecords()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 24), 5);
    const Batch batch = someBatch(4, 7);
    const std::vector<float> features = recordedFeatures(*net, batch);
    QVERIFY(*std::ranges::max_element(features) > 0);
    ReadoutMemory memory;
    std::vector<float> expected;
    Workers workers(1);
    const auto readout = net->values().subspan(net->tensor("readout.weight").offset);
    readoutForward(readout, features, batch.size, memory, expected, workers);
    const Pass pass(*net, batch);
    QCOMPARE(pass.workspace->logits.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY(std::abs(pass.workspace->logits[i] - expected[i]) < 1e-5f);
}

void TestFullyConnectedNetwork::gradientFollowsTheResponseCurve()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 24), 6);
    const Batch batch = someBatch(4, 8);
    const int hidden = net->settings().hidden;
    const std::vector<float> features = recordedFeatures(*net, batch);
    ReadoutMemory memory;
    std::vector<float> logits, toFeatures(features.size());
    const auto readout = net->values().subspan(net->tensor("readout.weight").offset);
    std::vector<float> own(readoutSize(hidden));
    Workers workers(1);
    readoutForward(readout, features, batch.size, memory, logits, workers);
    readoutLoss(logits, batch.labels, batch.size, memory);
    readoutBackward(readout, features, batch.size, memory, own, toFeatures, workers);

    const Pass pass(*net, batch);
    const bool voltageDependent = net->plan().kind->unit == HiddenUnit::hhVoltageDependent;
    const double perSum = voltageDependent ? net->settings().gain_ua_per_cm2 : 1;
    double largest = 0;
    for (int j = 0; j < hidden; ++j) {
        double expected = 0;
        const std::vector<float> currents = net->currents(batch, 0, j);
        for (int i = 0; i < batch.size; ++i) {
            const double at = static_cast<double>(currents[i]);
            const ResponseCurve curve = net->responseCurve(0, j, at, at, 2);
            expected += static_cast<double>(toFeatures[i * hidden + j]) * curve.slope[0] * perSum;
        }
        largest = std::max(largest, std::abs(expected));
        QVERIFY(
            std::abs(static_cast<double>(pass.of(*net, "input.bias")[j]) - expected) < 1e-4 * (1 + std::abs(expected)));
    }
    QVERIFY(largest > 1e-4);
}

void TestFullyConnectedNetwork::weightGradientIsCurrentGradientTimesPixel()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 40), 6);
    const Batch batch = someBatch(1, 8);
    const Pass pass(*net, batch);
    const double scale = net->settings().inputScale;
    const std::vector<std::string> prefixes = kind == "s_lif2hh_fc"
        ? std::vector<std::string>{"input.0.", "input.1.", "input.2."}
        : std::vector<std::string>{"input."};
    for (const std::string& prefix : prefixes) {
        const auto weight = pass.of(*net, (prefix + "weight").c_str()), bias = pass.of(*net, (prefix + "bias").c_str());
        QVERIFY(std::ranges::any_of(bias, [](float value) { return value != 0; }));
        for (std::size_t j = 0; j < bias.size(); ++j)
            for (std::size_t p = 0; p < canvasPixels; ++p) {
                const double expected = static_cast<double>(bias[j]) * scale * static_cast<double>(batch.pixels[p]);
                QVERIFY(std::abs(static_cast<double>(weight[j * canvasPixels + p]) - expected)
                    <= 1e-5 * std::abs(expected));
            }
    }
}

void TestFullyConnectedNetwork::responseAgreesWithSteps()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 3), 6);
    const bool inCurrent = kind.startsWith("hh");
    const double low = inCurrent ? -20.05 : -2.013, high = inCurrent ? 60 : 3;
    const ResponseCurve curve = net->responseCurve(0, 1, low, high, 211);
    QCOMPARE(curve.current.size(), 211u);
    QCOMPARE(curve.current.front(), low);
    QCOMPARE(curve.current.back(), high);
    for (std::size_t i = 0; i < curve.current.size(); ++i)
        QVERIFY2(std::abs(curve.output[i] - curve.simulated[i]) < 1e-6, qPrintable(QString::number(curve.current[i])));
    QVERIFY(curve.output.front() < 0.3);
    QVERIFY(curve.output.back() > 0.4);
    QVERIFY(*std::ranges::max_element(curve.slope) > 0);
}

void TestFullyConnectedNetwork::learnsAFewCanvasesByHeart()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 64), 9);
    const Batch batch = someBatch(12, 10);
    NetworkSettings settings = net->settings();
    settings.weightDecay = 0;
    Optimizer adam(settings, net->trainedCount());
    const auto workspace = net->makeWorkspace();
    std::vector<float> gradient(net->trainedCount());
    Workers workers(1);
    BatchResult first, last;
    for (int step = 0; step < 400; ++step) {
        last = net->backward(batch, *workspace, workers, gradient);
        if (step == 0)
            first = last;
        adam.step(net->values().first(net->trainedCount()), gradient, kind == "hh_fc" ? 1e-3 : 3e-3, workers);
    }
    QVERIFY(first.loss > 4);
    QVERIFY2(last.loss < 0.02, qPrintable(QString::number(last.loss)));
    QCOMPARE(last.correct, (std::array<int, taskCount>{12, 12}));
}

void TestFullyConnectedNetwork::startsAsPublished()
{
    QFETCH(QString, kind);
    const NetworkPlan plan(*findNetworkKind(kind.toStdString()));
    const auto net = makeFullyConnected(plan, 11), same = makeFullyConnected(plan, 11),
               other = makeFullyConnected(plan, 12);
    const auto values = net->values();
    QVERIFY(std::ranges::equal(values, same->values()));
    QVERIFY(!std::ranges::equal(values, other->values()));
    // U(low, high): every value within, some near both ends
    const auto check = [&](const char* tensor, double low, double high) {
        const auto [least, most] = std::ranges::minmax(net->valuesOf(tensor));
        const double slack = static_cast<double>(net->valuesOf(tensor).size()) > 100 ? 0.1 * (high - low) : high - low;
        QVERIFY2(
            static_cast<double>(least) >= low * (1 + 1e-6) && static_cast<double>(most) <= high * (1 + 1e-6), tensor);
        QVERIFY2(static_cast<double>(least) < low + slack && static_cast<double>(most) > high - slack, tensor);
    };
    const double bound = 1.0 / canvasSide;
    if (kind == "s_lif2hh_fc") {
        for (const char* tensor : {"input.0.weight", "input.2.weight", "input.1.bias"})
            check(tensor, -bound, bound);
        QCOMPARE(net->tensor("map.weight").shape, (std::vector<int>{1, 3}));
        check("map.weight", 0, 1 / std::sqrt(3.0));
        check("map.bias", -1 / std::sqrt(3.0), 1 / std::sqrt(3.0));
    } else {
        const double scale = kind == "hh_fc" ? 0.01 : 1;
        check("input.weight", -bound * scale, bound * scale);
        if (kind != "hh_vd_fc")
            check("input.bias", -bound, bound);
    }
    if (kind == "hh_fc") {
        check("rates.b_h", 0, 0.01);
        QVERIFY(!net->tensor("rates.a_n").trained);
        QCOMPARE(net->tensor("rates.a_m").offset, net->trainedCount());
    }
    const int features = net->settings().hidden * (kind == "s_lif2hh_fc" ? 4 : 1);
    QCOMPARE(net->tensor("readout.weight").shape, (std::vector<int>{bottleneck, features}));
    check("readout.weight", -1 / std::sqrt(double(features)), 1 / std::sqrt(double(features)));
    check("head.1.weight", -1 / std::sqrt(50.0), 1 / std::sqrt(50.0));
    std::size_t size = 0;
    for (const TensorPlace& place : net->tensors()) {
        QCOMPARE(place.offset, size);
        size += place.size();
        QCOMPARE(place.trained, place.offset < net->trainedCount());
    }
    QCOMPARE(values.size(), size);
}

void TestFullyConnectedNetwork::cloneStandsAlone()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 20), 3);
    const auto clone = net->clone();
    const Batch batch = someBatch(6, 4);
    const Pass before(*net, batch), cloned(*clone, batch);
    QCOMPARE(before.gradient, cloned.gradient);
    QVERIFY(clone->plan() == net->plan());
    QCOMPARE(clone->seed(), net->seed());
    for (float& value : clone->values())
        value += 0.05f;
    QCOMPARE(Pass(*net, batch).gradient, before.gradient);
    QVERIFY(Pass(*clone, batch).gradient != before.gradient);
}

void TestFullyConnectedNetwork::weightsAndCurrents()
{
    QFETCH(QString, kind);
    const auto net = makeFullyConnected(smallPlan(kind, 20), 3);
    const int pictures = kind == "s_lif2hh_fc" ? 3 : 1;
    const WeightPictures weights = net->weights(0, 7);
    QCOMPARE(weights.rows * weights.columns, canvasPixels);
    QCOMPARE(int(weights.pictures.size()), pictures);
    QCOMPARE(weights.names.size(), weights.pictures.size());
    const Batch batch = someBatch(3, 4);
    const std::vector<float> currents = net->currents(batch, 0, 7);
    QCOMPARE(int(currents.size()), 3 * pictures);
    const double gain = kind == "hh_vd_fc" ? net->settings().gain_ua_per_cm2 : 1;
    for (int i = 0; i < 3; ++i)
        for (int k = 0; k < pictures; ++k) {
            const std::string name = pictures == 1 ? "input" : "input." + std::to_string(k);
            double sum = static_cast<double>(net->valuesOf(name + ".bias")[7]);
            for (std::size_t p = 0; p < canvasPixels; ++p) {
                QCOMPARE(weights.pictures[k][p], net->valuesOf(name + ".weight")[7 * canvasPixels + p]);
                sum += static_cast<double>(weights.pictures[k][p]) * net->settings().inputScale
                    * static_cast<double>(canvasOf(batch, i)[p]);
            }
            QVERIFY(std::abs(static_cast<double>(currents[i * pictures + k]) - gain * sum) < 1e-3);
            const NeuronRecord record = net->record(canvasOf(batch, i), 0, 7);
            QCOMPARE(float(record.channels[k].values.front()), currents[i * pictures + k]);
            for (const NeuronChannel& channel : record.channels)
                QCOMPARE(channel.values.size(), record.times.size());
        }
    QCOMPARE(net->layers().size(), 1u);
    QCOMPARE(net->layers()[0].channels, 20);
}

void TestFullyConnectedNetwork::countsDeadAndSaturated()
{
    const auto net = makeFullyConnected(smallPlan("lif_fc", 10), 3);
    std::ranges::fill(net->valuesOf("input.weight"), 0.0f);
    // three never spike, two always do, the others in every second of the 15 steps (0.3 -> 0.36 after two steps)
    const auto bias = net->valuesOf("input.bias");
    std::fill_n(bias.begin(), 3, -1.0f);
    std::fill_n(bias.begin() + 3, 2, 1.0f);
    std::fill_n(bias.begin() + 5, 5, 0.29f);
    const auto counter = net->makeActivityCounter();
    QCOMPARE(counter->result().front().neurons, 10);
    const auto workspace = net->makeWorkspace();
    Workers workers(1);
    for (const int size : {5, 2})
        net->forward(someBatch(size, 1), *workspace, workers, counter.get());
    const LayerActivity activity = counter->result().front();
    QCOMPARE(activity.dead, 3);
    QCOMPARE(activity.saturated, 2);
    QVERIFY(std::abs(activity.meanRate - (2 + 5 * 7.0 / 15) / 10) < 1e-6);
}

void TestFullyConnectedNetwork::frozenRatesCount()
{
    // A checkpoint may hold other rates than the seed gives: what is computed follows the tensors.
    NetworkPlan plan = smallPlan("hh_fc", 30);
    plan.parameters.set("dt_ms", 0.1);
    plan.parameters.set("threshold", 1);
    const auto net = makeFullyConnected(plan, 3);
    const Batch batch = someBatch(6, 4);
    const auto workspace = net->makeWorkspace();
    Workers workers(1);
    net->forward(batch, *workspace, workers);
    const std::vector<float> before = workspace->logits;
    std::ranges::fill(net->valuesOf("rates.a_n"), 5.0f);
    net->forward(batch, *workspace, workers);
    QVERIFY(workspace->logits != before);
    const Pass fresh(*net, batch);
    QCOMPARE(workspace->logits, fresh.workspace->logits);
}

QTEST_GUILESS_MAIN(TestFullyConnectedNetwork)
#include "tst_fully_connected_network.moc"
