#include "sim/spiking/response_curve.h"

#include "sim/base/random.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace endospike;

namespace {

constexpr double window_ms = 50, dt_ms = 0.05, width = 2;

const ResponseTable& table()
{
    static const ResponseTable made(window_ms, dt_ms, width);
    return made;
}

int simulated(float current)
{
    return simulatedSpikes(std::vector<double>{static_cast<double>(current)}, window_ms, dt_ms).front();
}

} // namespace

class TestResponseCurve : public QObject {
    Q_OBJECT
private slots:
    void sameAsSimulation();
    void sameAsSimulationAtEveryEdge();
    void knownBehaviour();
    void beyondTheTable();
    void outputsAndGain();
    void slopeIsThatOfTheSmoothedCurve();
    void slopeIntegratesToTheResponse();
};

void TestResponseCurve::sameAsSimulation()
{
    std::vector<double> currents;
    for (std::uint64_t i = 0; i < 600; ++i) {
        const double unit = static_cast<double>(randomBits(1, RandomPurpose::weights, i) >> 11) * 0x1p-53;
        currents.push_back(static_cast<double>(static_cast<float>(-20 + (i % 2 ? 60 : 300) * unit)));
    }
    const std::vector<int> spikes = simulatedSpikes(currents, window_ms, dt_ms);
    for (std::size_t i = 0; i < currents.size(); ++i)
        QVERIFY2(
            table().spikes(static_cast<float>(currents[i])) == spikes[i], qPrintable(QString::number(currents[i])));
}

void TestResponseCurve::sameAsSimulationAtEveryEdge()
{
    int edges = 0;
    for (float low = -10; low < 400; low += 0.05f) {
        float high = low + 0.05f;
        if (table().spikes(low) == table().spikes(high))
            continue;
        float below = low;
        while (std::nextafter(below, high) < high) {
            const float middle = below + (high - below) / 2;
            (table().spikes(middle) == table().spikes(low) ? below : high) = middle;
        }
        QCOMPARE(simulated(below), table().spikes(below));
        QCOMPARE(simulated(high), table().spikes(high));
        ++edges;
    }
    QVERIFY(edges > 5);
}

void TestResponseCurve::knownBehaviour()
{
    // No spike at rest or for inward-blocking currents; one at the onset of a current too weak to fire repetitively
    // (below about 6.3 uA/cm^2); repetitive firing faster with current; silence but for the onset under a current that
    // keeps the sodium channels inactivated.
    QCOMPARE(table().spikes(0), 0);
    QCOMPARE(table().spikes(-50), 0);
    QCOMPARE(table().spikes(4), 1);
    QVERIFY(table().spikes(10) > 2);
    for (float current = 0; current < 130; current += 1)
        QVERIFY(table().spikes(current + 1) >= table().spikes(current));
    QVERIFY(table().spikes(500) <= 1);
    QVERIFY(table().mostSpikes() >= 8 && table().mostSpikes() <= 12);
}

void TestResponseCurve::beyondTheTable()
{
    const float infinity = std::numeric_limits<float>::infinity();
    QCOMPARE(table().spikes(-infinity), 0);
    QCOMPARE(table().spikes(-1e6f), 0);
    const int last = simulated(static_cast<float>(ResponseTable::highest_ua_per_cm2));
    QCOMPARE(table().spikes(static_cast<float>(ResponseTable::highest_ua_per_cm2)), last);
    QCOMPARE(table().spikes(1e6f), last);
    QCOMPARE(table().spikes(infinity), last);
    QCOMPARE(table().spikes(std::nanf("")), 0);
}

void TestResponseCurve::outputsAndGain()
{
    const std::vector<float> z = {-30, 0.2f, 1, 7.5f, std::nanf("")};
    std::vector<float> output(z.size()), slope(z.size());
    table().respond(z.data(), static_cast<int>(z.size()), 20, output.data(), slope.data());
    for (std::size_t i = 0; i < z.size(); ++i)
        QCOMPARE(output[i], float(table().spikes(20 * z[i])) / float(table().mostSpikes()));
    const std::vector<float> currents = {-600, 4, 20, 150};
    std::vector<float> same(4), inCurrent(4);
    table().respond(currents.data(), 4, 1, same.data(), inCurrent.data());
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY(std::abs(slope[i] - 20 * inCurrent[i]) < 1e-5);
}

void TestResponseCurve::slopeIsThatOfTheSmoothedCurve()
{
    // d/dI of the mean response under a current noise of this width, by a sum over the noise.
    const auto smoothed = [](double current) {
        double sum = 0, weights = 0;
        for (int i = -6000; i <= 6000; ++i) {
            const double z = i * 1e-3;
            const double weight = std::exp(-z * z / 2);
            sum += weight * table().spikes(static_cast<float>(current + width * z));
            weights += weight;
        }
        return sum / weights / table().mostSpikes();
    };
    for (const float current : {0.0f, 2.0f, 5.0f, 7.0f, 20.0f, 90.0f, 171.0f, 190.0f, 300.0f}) {
        float output = 0, slope = 0;
        table().respond(&current, 1, 1, &output, &slope);
        const double h = 0.25;
        const double at = static_cast<double>(current);
        const double expected = (smoothed(at + h) - smoothed(at - h)) / (2 * h);
        QVERIFY2(std::abs(slope - expected) < 2e-3,
            qPrintable(QString("%1: %2, expected %3").arg(at).arg(slope).arg(expected)));
    }
}

void TestResponseCurve::slopeIntegratesToTheResponse()
{
    double integral = 0;
    constexpr double step = 0.01;
    for (double current = -60 + step / 2; current < 120; current += step) {
        const auto at = static_cast<float>(current);
        float output = 0, slope = 0;
        table().respond(&at, 1, 1, &output, &slope);
        integral += step * static_cast<double>(slope);
    }
    QVERIFY(std::abs(integral - double(table().spikes(120)) / table().mostSpikes()) < 2e-3);
}

QTEST_GUILESS_MAIN(TestResponseCurve)
#include "tst_response_curve.moc"
