#include "sim/spiking/spiking.h"

#include "sim/base/random.h"

#include <QTest>

#include <cmath>
#include <cstring>
#include <vector>

using namespace endospike;
using namespace endospike::spiking;

namespace {

/// A spike whose true derivative is the surrogate.
struct Ramp {
    double threshold, width;
    double value(double u) const { return std::clamp(u - threshold + width, 0.0, 2 * width); }
    double slope(double u) const { return std::abs(u - threshold) < width ? 1 : 0; }
    bool settled(double) const { return false; }
};

double uniform(std::uint64_t seed, std::uint64_t index, double low, double high)
{
    return low + (high - low) * static_cast<double>(randomBits(seed, RandomPurpose::weights, index) >> 11) * 0x1p-53;
}

std::vector<double> uniforms(int count, std::uint64_t seed, double low, double high)
{
    std::vector<double> values;
    for (int i = 0; i < count; ++i)
        values.push_back(uniform(seed, static_cast<std::uint64_t>(i), low, high));
    return values;
}

/// (f(x + h) - f(x - h)) / 2h; exact for straight pieces but for rounding.
template <class F>
double difference(const F& f, double x)
{
    constexpr double h = 1e-7;
    return (f(x + h) - f(x - h)) / (2 * h);
}

constexpr int steps = 15;
constexpr int many = 301; // not a multiple of `lanes`

/// Mean spike of one LIF neuron and, by back-propagation through time over stored states, its gradient.
template <class Spike>
std::pair<double, double> plainLif(double x, double decay, const Spike& spike)
{
    double u[steps], s[steps], mean = 0;
    for (int t = 0; t < steps; ++t) {
        u[t] = (t ? u[t - 1] * decay * (1 - s[t - 1]) : 0) + x;
        s[t] = spike.value(u[t]);
        mean += s[t] / steps;
    }
    double gradient = 0, toU = 0, toS = 0; // from the step after
    for (int t = steps - 1; t >= 0; --t) {
        const double atS = 1.0 / steps + toS;
        const double atU = toU + atS * spike.slope(u[t]);
        gradient += atU;
        if (t) {
            toU = atU * decay * (1 - s[t - 1]);
            toS = -atU * u[t - 1] * decay;
        }
    }
    return {mean, gradient};
}

struct UnitCase {
    double decay;
    Ramp ramp;
};

} // namespace

class TestSpiking : public QObject {
    Q_OBJECT
private slots:
    void lifSlopeAgainstDifferences();
    void lifSlopeAgainstGoingBack();
    void lifFarFromTheThreshold_data();
    void lifFarFromTheThreshold();
    void lifClosedForm();
    void binaryUnits();
    void frozenHhAgainstItsEquations();
    void frozenHhSlopeAgainstDifferences();
    void channelsChangeNoBit();
    void unitGradientAgainstDifferences_data();
    void unitGradientAgainstDifferences();
    void unitOutputsStepByStep();
    void neighboursDoNotMatter();
};

void TestSpiking::lifSlopeAgainstDifferences()
{
    for (const double decay : {0.0, 0.2, 0.9}) {
        const Ramp ramp{0.3, 0.5};
        const auto x = uniforms(many, 1, -1, 2);
        std::vector<double> output(many), slope(many);
        lif(x.data(), many, steps, decay, ramp, output.data(), slope.data());
        int sloping = 0;
        for (int i = 0; i < many; ++i) {
            const double expected = difference([&](double at) { return plainLif(at, decay, ramp).first; }, x[i]);
            QVERIFY2(
                std::abs(slope[i] - expected) < 1e-5 * (1 + std::abs(expected)), qPrintable(QString::number(x[i])));
            sloping += expected != 0;
        }
        QVERIFY(sloping > many / 10);
    }
}

void TestSpiking::lifSlopeAgainstGoingBack()
{
    const Threshold<double> spike{0.3, 0.5};
    const auto x = uniforms(many, 2, -1, 1.5);
    std::vector<double> output(many), slope(many);
    lif(x.data(), many, steps, 0.2, spike, output.data(), slope.data());
    for (int i = 0; i < many; ++i) {
        const auto [mean, gradient] = plainLif(x[i], 0.2, spike);
        QVERIFY(std::abs(output[i] - mean) < 1e-12);
        QVERIFY(std::abs(slope[i] - gradient) < 1e-12 * (1 + std::abs(gradient)));
    }
}

void TestSpiking::lifFarFromTheThreshold_data()
{
    QTest::addColumn<double>("threshold");
    QTest::addColumn<double>("decay");
    QTest::newRow("published") << 0.3 << 0.2;
    QTest::newRow("negative") << -1.5 << 0.7;
    QTest::newRow("without decay") << 2.0 << 1.0;
}

void TestSpiking::lifFarFromTheThreshold()
{
    // Blocks of neurons that are all settled take a short cut; 1 in 40 currents is near the threshold.
    QFETCH(double, threshold);
    QFETCH(double, decay);
    const Threshold<double> spike{threshold, 0.5};
    for (std::uint64_t layer = 0; layer < 20; ++layer) {
        auto x = uniforms(many, 50 + layer, -100, 100);
        for (int i = static_cast<int>(layer); i < many; i += 40)
            x[i] = uniform(49, i, threshold - 3, threshold + 3);
        x[0] = threshold + 0.5;
        x[1] = threshold - 0.5;
        std::vector<double> output(many), slope(many);
        lif(x.data(), many, steps, decay, spike, output.data(), slope.data());
        for (int i = 0; i < many; ++i) {
            const auto [mean, gradient] = plainLif(x[i], decay, spike);
            QVERIFY2(std::abs(output[i] - mean) < 1e-12, qPrintable(QString::number(x[i])));
            QVERIFY2(
                std::abs(slope[i] - gradient) < 1e-12 * (1 + std::abs(gradient)), qPrintable(QString::number(x[i])));
        }
    }
}

void TestSpiking::lifClosedForm()
{
    // Above the threshold at once: a spike in every step. Otherwise u[t] = x (1 - d^t) / (1 - d), and the first spike
    // comes when that passes the threshold; the neuron starts anew after it.
    const double decay = 0.8, threshold = 1;
    const std::vector<double> x = {1.01, 0.5, 0.3, 0.199, -5};
    std::vector<double> output(x.size()), slope(x.size());
    lif(x.data(), static_cast<int>(x.size()), 60, decay, Threshold<double>{threshold, 0.001}, output.data(),
        slope.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double left = 1 - threshold * (1 - decay) / x[i]; // d^t when u passes the threshold
        const double period = x[i] > 0 && left > 0 ? std::floor(std::log(left) / std::log(decay)) + 1 : 1e9;
        QCOMPARE(output[i], x[i] > threshold ? 1.0 : std::floor(60 / period) / 60);
    }
}

void TestSpiking::binaryUnits()
{
    const std::vector<float> x = {-3, -0.001f, 0.001f, 0.4f, 0.5f, 0.6f, 0.999f, 1.1f};
    std::vector<float> output(x.size()), slope(x.size());
    binary(x.data(), static_cast<int>(x.size()), Threshold<float>{0.5f, 0.5f}, output.data(), slope.data());
    QCOMPARE(output, (std::vector<float>{0, 0, 0, 0, 0, 1, 1, 1}));
    QCOMPARE(slope, (std::vector<float>{0, 0, 1, 1, 1, 1, 1, 0}));

    const Ramp ramp{0.3, 0.5}; // the window reaches below zero, where max(x, 0) has no slope
    const auto y = uniforms(many, 3, -1, 1.5);
    std::vector<double> out(many), rise(many);
    binary(y.data(), many, ramp, out.data(), rise.data());
    for (int i = 0; i < many; ++i)
        QVERIFY(std::abs(rise[i] - difference([&](double at) { return ramp.value(std::max(at, 0.0)); }, y[i])) < 1e-6);
}

namespace {

FrozenRates someRates(std::uint64_t index, double scale)
{
    std::uint64_t drawn = 0;
    return FrozenRates([&](const char*) { return uniform(7, 6 * index + drawn++, 0, scale); });
}

/// The equations of sim/spiking/spiking.h, one step after the other.
template <class Spike>
double plainHh(double x, const FrozenRates& r, const FrozenMembrane& p, double dt, const Spike& spike)
{
    double v = 0, m = 0, h = 0, n = 0, mean = 0;
    for (int t = 0; t < steps; ++t) {
        v += dt * (x - p.gNa * m * m * m * h * (v - p.eNa) - p.gK * n * n * n * n * (v - p.eK) - p.gL * (v - p.eL));
        m += dt * (r.aM * (1 - m) - r.bM * m);
        h += dt * (r.aH * (1 - h) - r.bH * h);
        n += dt * (r.aN * (1 - n) - r.bN * n);
        mean += spike.value(v) / steps;
    }
    return mean;
}

struct HhLayer {
    HhLayer(int count, double rateScale, double dt_ms, const FrozenMembrane& membrane)
        : gain(static_cast<std::size_t>(count) * steps)
        , offset(gain.size())
    {
        for (int j = 0; j < count; ++j)
            frozenHh(someRates(j, rateScale), membrane, dt_ms, steps, &gain[j], &offset[j], count);
    }
    std::vector<double> gain, offset;
};

} // namespace

void TestSpiking::frozenHhAgainstItsEquations()
{
    // Fast gates and a long step, so that every term counts.
    const double scale = 2, dt = 0.1;
    const HhLayer layer(many, scale, dt, {});
    const Ramp ramp{2, 1.5};
    const auto x = uniforms(many, 4, -5, 20);
    std::vector<double> output(many), slope(many);
    linear(x.data(), many, steps, layer.gain.data(), layer.offset.data(), many, ramp, output.data(), slope.data());
    double withoutChannels = 0;
    for (int i = 0; i < many; ++i) {
        const FrozenRates r = someRates(i, scale);
        const double expected = plainHh(x[i], r, {}, dt, ramp);
        QVERIFY(std::abs(output[i] - expected) < 1e-10);
        withoutChannels = std::max(withoutChannels, std::abs(expected - plainHh(x[i], r, {0, 0}, dt, ramp)));
    }
    QVERIFY(withoutChannels > 0.1);
}

void TestSpiking::frozenHhSlopeAgainstDifferences()
{
    const double scale = 2, dt = 0.1;
    const HhLayer layer(many, scale, dt, {});
    const Ramp ramp{2, 1.5};
    const auto x = uniforms(many, 5, -5, 20);
    std::vector<double> output(many), slope(many);
    linear(x.data(), many, steps, layer.gain.data(), layer.offset.data(), many, ramp, output.data(), slope.data());
    for (int i = 0; i < many; ++i) {
        const auto at = [&](double current) { return plainHh(current, someRates(i, scale), {}, dt, ramp); };
        QVERIFY(std::abs(slope[i] - difference(at, x[i])) < 1e-6);
    }
}

void TestSpiking::channelsChangeNoBit()
{
    // Published settings: the gates hardly leave zero, and the potential is the same float without any channel.
    const HhLayer with(many, 0.01, 0.01, {}), without(many, 0.01, 0.01, {0, 0});
    const auto floats = [](const std::vector<double>& values) {
        return std::vector<float>(values.begin(), values.end());
    };
    const auto g = floats(with.gain), o = floats(with.offset), g0 = floats(without.gain), o0 = floats(without.offset);
    const Threshold<float> spike{0.2f, 0.3f};
    double rate = 0;
    for (std::uint64_t image = 0; image < 300; ++image) {
        const auto x = floats(uniforms(many, 100 + image, -20, 40));
        std::vector<float> a(many), b(many), slope(many);
        linear(x.data(), many, steps, g.data(), o.data(), many, spike, a.data(), slope.data());
        linear(x.data(), many, steps, g0.data(), o0.data(), many, spike, b.data(), slope.data());
        QCOMPARE(std::memcmp(a.data(), b.data(), sizeof(float) * many), 0);
        rate += static_cast<double>(a[image]) / 300;
    }
    QVERIFY(rate > 0.1 && rate < 0.9);
}

void TestSpiking::unitGradientAgainstDifferences_data()
{
    QTest::addColumn<double>("decay");
    QTest::addColumn<double>("threshold");
    QTest::addColumn<double>("width");
    QTest::newRow("fully connected") << 0.5 << 2.0 << 0.4;
    QTest::newRow("convolutional") << 0.2 << 0.3 << 0.4;
    QTest::newRow("wide") << 0.9 << 0.5 << 2.0;
}

void TestSpiking::unitGradientAgainstDifferences()
{
    QFETCH(double, decay);
    QFETCH(double, threshold);
    QFETCH(double, width);
    const Ramp ramp{threshold, width};
    constexpr int count = 53;
    std::array<std::vector<double>, 3> x;
    for (std::uint64_t k = 0; k < 3; ++k)
        x[k] = uniforms(count, 10 + k, -1, 3);
    Map<double> map{{0.4, -0.3, 0.5}, 0.1};
    const auto weights = uniforms(count * parts, 20, -1, 1);
    const auto loss = [&](int only) { // sum of weights * outputs, of one unit or (-1) of all
        std::vector<double> output(count * parts);
        sLifHh<double>({x[0].data(), x[1].data(), x[2].data()}, count, steps, decay, map, ramp, output.data());
        double sum = 0;
        for (int i = 0; i < count * parts; ++i)
            if (only < 0 || i / parts == only)
                sum += weights[i] * output[i];
        return sum;
    };
    std::array<std::vector<double>, 3> gradient;
    for (auto& part : gradient)
        part.resize(count);
    std::vector<Potentials<double>> trace;
    std::array<double, 4> mapGradient{};
    sLifHhBack<double>({x[0].data(), x[1].data(), x[2].data()}, count, steps, decay, map, ramp, trace, weights.data(),
        {gradient[0].data(), gradient[1].data(), gradient[2].data()}, mapGradient);

    const auto slope = [&](double& value, int only) {
        const double old = value;
        const double result = difference(
            [&](double at) {
                value = at;
                return loss(only);
            },
            old);
        value = old;
        return result;
    };
    int sloping = 0;
    for (int i = 0; i < count; ++i)
        for (int k = 0; k < 3; ++k) {
            const double expected = slope(x[k][i], i);
            QVERIFY2(std::abs(gradient[k][i] - expected) < 1e-5 * (1 + std::abs(expected)),
                qPrintable(
                    QString("unit %1 current %2: %3, expected %4").arg(i).arg(k).arg(gradient[k][i]).arg(expected)));
            sloping += expected != 0;
        }
    QVERIFY(sloping > count / 2);
    double* const ofMap[] = {&map.weight[0], &map.weight[1], &map.weight[2], &map.bias};
    for (int k = 0; k < 4; ++k) {
        const double expected = slope(*ofMap[k], -1);
        QVERIFY2(std::abs(mapGradient[k] - expected) < 1e-5 * (1 + std::abs(expected)), qPrintable(QString::number(k)));
    }
}

void TestSpiking::unitOutputsStepByStep()
{
    const Threshold<double> spike{2, 0.4};
    const Map<double> map{{0.3, 0.6, 0.1}, -0.2};
    const std::vector<double> x[3] = {uniforms(many, 31, -1, 3), uniforms(many, 32, -1, 3), uniforms(many, 33, -1, 3)};
    std::vector<double> output(many * parts);
    sLifHh<double>({x[0].data(), x[1].data(), x[2].data()}, many, steps, 0.5, map, spike, output.data());
    for (int i = 0; i < many; ++i) {
        double u[parts] = {}, s[parts] = {}, mean[parts] = {};
        for (int t = 0; t < steps; ++t) {
            const double before[] = {u[0], u[1], u[2]};
            for (int k = 0; k < 3; ++k)
                u[k] = 0.5 * u[k] * (1 - s[k]) + x[k][i];
            u[3] = 0.5 * u[3] * (1 - s[3]) + map.bias;
            for (int k = 0; k < 3; ++k)
                u[3] += map.weight[k] * before[k];
            for (int k = 0; k < parts; ++k) {
                s[k] = u[k] > 2 ? 1 : 0;
                mean[k] += s[k] / steps;
            }
        }
        for (int k = 0; k < parts; ++k)
            QVERIFY(std::abs(output[i * parts + k] - mean[k]) < 1e-12);
    }
}

void TestSpiking::neighboursDoNotMatter()
{
    const Threshold<float> spike{0.3f, 0.5f};
    std::vector<float> x;
    for (const double value : uniforms(many, 41, -1, 1))
        x.push_back(static_cast<float>(value));
    std::vector<float> output(many), slope(many);
    lif(x.data(), many, steps, 0.2f, spike, output.data(), slope.data());
    for (int i = 0; i < many; ++i) {
        float alone = 0, aloneSlope = 0;
        lif(&x[i], 1, steps, 0.2f, spike, &alone, &aloneSlope);
        QCOMPARE(alone, output[i]);
        QCOMPARE(aloneSlope, slope[i]);
    }
}

QTEST_GUILESS_MAIN(TestSpiking)
#include "tst_spiking.moc"
