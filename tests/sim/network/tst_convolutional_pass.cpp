// One canvas through two convolutional layers: against plain loops, and the gradient against finite differences, with
// the spike replaced by the ramp whose slope is the surrogate.
#include "sim/base/random.h"
#include "sim/network/convolutional_pass.h"

#include <QtTest>

#include <cmath>
#include <functional>

using namespace endospike;

namespace {

double uniform(std::uint64_t stream, std::uint64_t index)
{
    return static_cast<double>(randomBits(stream, RandomPurpose::weights, index) >> 11) * 0x1p-53;
}

/// A canvas with an empty half.
template <class Real>
std::vector<Real> canvasOf(double scale)
{
    std::vector<Real> canvas(paddedCanvasSide * paddedCanvasSide);
    for (int i = 0; i < canvasPixels; ++i)
        if (i % canvasSide < 20)
            canvas[(i / canvasSide + 1) * paddedCanvasSide + i % canvasSide + 1] =
                static_cast<Real>(scale * uniform(5, i));
    return canvas;
}

template <class Unit>
void fillWeights(ConvolutionalPass<Unit>& pass, int channels)
{
    using Pass = ConvolutionalPass<Unit>;
    using Real = typename Pass::Real;
    std::uint64_t index = 0;
    const auto next = [&](double bound) { return static_cast<Real>(bound * (2 * uniform(1, index++) - 1)); };
    for (int i = 0; i < Pass::currents; ++i)
        for (int channel = 0; channel < channels; ++channel) {
            pass.weights()[pass.layout().firstBias(i, channel)] = next(0.5);
            pass.weights()[pass.layout().secondBias(i, channel)] = next(0.3);
            for (int k = 0; k < 9; ++k)
                pass.weights()[pass.layout().firstWeight(i, channel, k / 3, k % 3)] = next(0.5);
            for (int k = 0; k < 9 * channels; ++k)
                pass.weights()[pass.layout().secondWeight(i, channel, k / 9, k % 9 / 3, k % 3)] =
                    next(1 / std::sqrt(channels));
        }
    for (int i = 0; i < Unit::shared; ++i)
        pass.weights()[pass.layout().sharedPlace() + i] = next(0.6);
    pass.weightsChanged();
}

/// Rates that open the channels a little within a few steps.
template <class Real>
std::vector<ConductanceDrive<Real>> drivesOf(int columns, int steps)
{
    std::vector<ConductanceDrive<Real>> drives;
    for (int i = 0; i < columns; ++i) {
        int drawn = 6 * i;
        const FrozenRates rates([&](const char*) { return 0.3 * uniform(9, drawn++); });
        const auto each = frozenConductances<Real>(rates, 0.1, steps);
        drives.insert(drives.end(), each.begin(), each.end());
    }
    return drives;
}

template <template <class> class Spike, class Real>
auto lif()
{
    return LifUnit<Spike<Real>>{{Real(0.3), Real(0.5)}, Real(0.2)};
}
template <template <class> class Spike, class Real>
auto hh()
{
    return FrozenHhUnit<Spike<Real>>{{Real(2.3), Real(0.5)}, Real(0.1)};
}
template <template <class> class Spike, class Real>
auto fourLif()
{
    return FourLifUnit<Spike<Real>>{{{Real(0.3), Real(0.4)}, Real(0.2)}};
}
template <template <class> class Spike, class Real>
auto binary()
{
    return BinaryUnit<Spike<Real>>{{Real(0.5), Real(0.5)}};
}

template <class Unit>
ConvolutionalPass<Unit> passOf(const Unit& unit, int channels, int steps)
{
    ConvolutionalPass<Unit> pass(unit, channels, steps);
    if constexpr (!std::is_empty_v<typename Unit::Drive>)
        pass.setDrives(
            drivesOf<typename Unit::Real>(firstSide, steps), drivesOf<typename Unit::Real>(secondSide, steps));
    fillWeights(pass, channels);
    return pass;
}

/// The same network by the plainest loops: every convolution whole, in every step.
template <class Unit>
std::vector<double> plainFeatures(const ConvolutionalPass<Unit>& pass, const std::vector<double>& w,
    const std::vector<typename Unit::Real>& canvas, int channels, int steps)
{
    using Real = typename Unit::Real;
    constexpr int parts = Unit::parts, currents = Unit::currents;
    std::vector<double> features(static_cast<std::size_t>(channels * secondTiles * parts));
    std::vector<Real> u1(channels * firstSide * firstSide * parts), u2(channels * secondSide * secondSide * parts);
    for (int t = 0; t < steps; ++t) {
        std::vector<double> pooled(static_cast<std::size_t>(channels * firstTiles));
        for (int c = 0; c < channels; ++c)
            for (int at = 0; at < firstSide * firstSide; ++at) {
                const int row = at / firstSide, column = at % firstSide;
                Real x[currents];
                for (int i = 0; i < currents; ++i) {
                    double sum = w[pass.layout().firstBias(i, c)];
                    for (int k = 0; k < 9; ++k)
                        sum += w[pass.layout().firstWeight(i, c, k / 3, k % 3)]
                            * canvas[(row + k / 3) * paddedCanvasSide + column + k % 3];
                    x[i] = static_cast<Real>(sum);
                }
                Real* u = &u1[(c * firstSide * firstSide + at) * parts];
                pass.unit().advance(pass.drive(0, column, t), x, u);
                for (int i = 0; i < parts; ++i)
                    pooled[c * firstTiles + row / 2 * secondSide + column / 2] += pass.unit().spikes(u[i]) / 4;
            }
        for (int c = 0; c < channels; ++c)
            for (int at = 0; at < firstTiles; ++at) {
                const int row = at / secondSide, column = at % secondSide;
                Real x[currents];
                for (int i = 0; i < currents; ++i) {
                    double sum = w[pass.layout().secondBias(i, c)];
                    for (int k = 0; k < 9 * channels; ++k) {
                        const int y = row + k % 9 / 3 - 1, z = column + k % 3 - 1;
                        if (y >= 0 && y < secondSide && z >= 0 && z < secondSide)
                            sum += w[pass.layout().secondWeight(i, c, k / 9, k % 9 / 3, k % 3)]
                                * pooled[k / 9 * firstTiles + y * secondSide + z];
                    }
                    x[i] = static_cast<Real>(sum);
                }
                Real* u = &u2[(c * firstTiles + at) * parts];
                pass.unit().advance(pass.drive(1, column, t), x, u);
                for (int i = 0; i < parts; ++i)
                    features[(c * secondTiles + row / 2 * featureSide + column / 2) * parts + i] +=
                        pass.unit().spikes(u[i]) / (4.0 * steps);
            }
    }
    return features;
}

template <class Unit>
void compareWithPlainLoops(const Unit& unit, int channels, int steps, double scale, double tolerance)
{
    using Pass = ConvolutionalPass<Unit>;
    Pass pass = passOf(unit, channels, steps);
    const auto canvas = canvasOf<typename Unit::Real>(scale);
    typename Pass::Sample sample;
    typename Pass::Scratch scratch;
    std::vector<typename Unit::Real> features(static_cast<std::size_t>(pass.features()));
    pass.forward(canvas.data(), sample, scratch, features.data());
    const std::vector<double> w(pass.weights().begin(), pass.weights().end());
    const auto expected = plainFeatures(pass, w, canvas, channels, steps);
    double worst = 0, sum = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        worst = std::max(worst, std::abs(expected[i] - static_cast<double>(features[i])));
        sum += expected[i];
    }
    QVERIFY(sum > 1);
    QVERIFY2(worst <= tolerance, qPrintable(QString::number(worst)));
}

/// Weights of the loss, which is a weighted sum of the features.
std::vector<double> weightsOfLoss(int features)
{
    std::vector<double> g(static_cast<std::size_t>(features));
    for (int i = 0; i < features; ++i)
        g[static_cast<std::size_t>(i)] = uniform(3, i) - 0.4;
    return g;
}

template <class Unit>
void compareWithFiniteDifferences(const Unit& unit, int channels, int steps, double scale)
{
    using Pass = ConvolutionalPass<Unit>;
    Pass pass = passOf(unit, channels, steps);
    const auto canvas = canvasOf<double>(scale);
    typename Pass::Sample sample;
    typename Pass::Scratch scratch;
    std::vector<double> features(static_cast<std::size_t>(pass.features())), gradient(pass.layout().size());
    const auto g = weightsOfLoss(pass.features());
    pass.forward(canvas.data(), sample, scratch, features.data());
    pass.backward(canvas.data(), sample, g.data(), scratch, gradient.data());
    const auto loss = [&] {
        pass.weightsChanged();
        pass.forward(canvas.data(), sample, scratch, features.data());
        double sum = 0;
        for (std::size_t i = 0; i < g.size(); ++i)
            sum += g[i] * features[i];
        return sum;
    };
    std::vector<std::size_t> places;
    for (int i = 0; i < Pass::currents; ++i)
        for (int channel = 0; channel < channels; channel += std::max(1, channels - 1)) {
            places.insert(places.end(), {pass.layout().firstBias(i, channel), pass.layout().secondBias(i, channel)});
            for (int k = 0; k < 9; k += 2)
                places.insert(places.end(),
                    {pass.layout().firstWeight(i, channel, k / 3, k % 3),
                        pass.layout().secondWeight(i, channel, k % channels, k / 3, k % 3)});
        }
    for (int i = 0; i < Unit::shared; ++i)
        places.push_back(pass.layout().sharedPlace() + i);
    int nonzero = 0;
    for (const std::size_t place : places) {
        const double before = pass.weights()[place], step = 1e-6;
        pass.weights()[place] = before + step;
        const double above = loss();
        pass.weights()[place] = before - step;
        const double below = loss();
        pass.weights()[place] = before;
        const double slope = (above - below) / (2 * step);
        nonzero += std::abs(slope) > 1e-3;
        QVERIFY2(std::abs(slope - gradient[place]) < 2e-5 * (1 + std::abs(slope)),
            qPrintable(QString("%1: %2, %3").arg(place).arg(gradient[place], 0, 'g', 9).arg(slope, 0, 'g', 9)));
    }
    QVERIFY(nonzero > static_cast<int>(places.size()) / 2);
}

} // namespace

class ConvolutionalPassTest : public QObject {
    Q_OBJECT
private slots:
    // Sums in another order differ by rounding, and may flip a spike that stands within it of the threshold; in double
    // that does not happen.
    void plainLoops_data()
    {
        QTest::addColumn<int>("channels");
        QTest::addColumn<double>("scale");
        QTest::newRow("one channel") << 1 << 1.0;
        QTest::newRow("a full block") << 8 << 1.0;
        QTest::newRow("a block and a bit, raw pixels") << 10 << 255.0;
    }
    void plainLoops()
    {
        QFETCH(int, channels);
        QFETCH(double, scale);
        compareWithPlainLoops(lif<Heaviside, double>(), channels, 9, scale, 1e-12);
        compareWithPlainLoops(hh<Heaviside, double>(), channels, 12, 10 * scale, 1e-12);
        compareWithPlainLoops(fourLif<Heaviside, double>(), channels, 5, scale, 1e-12);
        compareWithPlainLoops(binary<Heaviside, double>(), channels, 1, scale, 1e-12);
        compareWithPlainLoops(lif<Ramp, double>(), channels, 6, scale, 1e-12);
    }

    void floatFollowsDouble()
    {
        compareWithPlainLoops(lif<Heaviside, float>(), 10, 15, 255, 1e-6);
        compareWithPlainLoops(binary<Heaviside, float>(), 10, 1, 255, 1e-6);
    }

    void finiteDifferences_data()
    {
        QTest::addColumn<int>("channels");
        QTest::newRow("two channels") << 2;
        QTest::newRow("nine channels") << 9;
    }
    void finiteDifferences()
    {
        QFETCH(int, channels);
        compareWithFiniteDifferences(lif<Ramp, double>(), channels, 4, 0.5);
        compareWithFiniteDifferences(fourLif<Ramp, double>(), channels, 4, 0.5);
        compareWithFiniteDifferences(binary<Ramp, double>(), channels, 1, 1);
    }
};

QTEST_GUILESS_MAIN(ConvolutionalPassTest)
#include "tst_convolutional_pass.moc"
