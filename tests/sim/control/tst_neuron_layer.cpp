#include "sim/control/neuron_layer.h"
#include "sim/control/policy.h"
#include "sim/spiking/response_curve.h"

#include <QTest>

#include <cmath>
#include <map>
#include <random>
#include <string>

using namespace endospike;

Q_DECLARE_METATYPE(PolicyUnit)

namespace {

constexpr int samples = 2;

PolicySettings smallSettings(int hidden = 19)
{
    PolicySettings s;
    s.hidden = hidden;
    s.observations = 3;
    s.stepsEach = 2;
    s.threshold = 0.5;
    s.surrogateWidth = 0.6;
    s.decay = 0.4;
    s.window_ms = 30;
    s.dt_ms = 0.05;
    return s;
}

std::vector<FrozenNeuron> frozenNeurons(PolicyUnit unit, int hidden)
{
    std::vector<FrozenNeuron> neurons;
    if (unit == PolicyUnit::hh)
        for (int i = 0; i < hidden; ++i) {
            const std::map<std::string, double> rates{{"a_n", 0.2 + 0.01 * i}, {"b_n", 0.3}, {"a_m", 0.4},
                {"b_m", 0.1 + 0.02 * i}, {"a_h", 0.5}, {"b_h", 0.2}};
            neurons.push_back({FrozenRates([&](const char* name) { return rates.at(name); }), 0.05 + 0.02 * i});
        }
    return neurons;
}

template <class T>
std::vector<T> randomNumbers(std::size_t count, double scale, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<double> normal(0.3 * scale, scale);
    std::vector<T> numbers(count);
    for (T& each : numbers)
        each = static_cast<T>(normal(engine));
    return numbers;
}

template <class T>
struct Case {
    Case(std::unique_ptr<NeuronLayer<T>> made, double scale)
        : layer(std::move(made))
        , row(layer->currents() * layer->wide())
        , layout{row, samples * row}
        , currents(randomNumbers<T>(static_cast<std::size_t>(3 * samples * row), scale, 1))
        , features(static_cast<std::size_t>(samples * layer->features()))
    {
    }
    void forward() { layer->forward(currents.data(), layout, map.data(), samples, features.data()); }

    std::unique_ptr<NeuronLayer<T>> layer;
    std::ptrdiff_t row;
    CurrentLayout layout;
    std::vector<T> currents;
    std::vector<T> features;
    std::vector<T> map = {T(0.7), T(0.3), T(0.9), T(0.1)};
};

} // namespace

class TestNeuronLayer : public QObject {
    Q_OBJECT

private slots:
    void smoothGradientsAreThoseOfFiniteDifferences_data()
    {
        QTest::addColumn<PolicyUnit>("unit");
        QTest::addColumn<int>("hidden");
        QTest::newRow("LIF") << PolicyUnit::lif << 19;
        QTest::newRow("LIF, long blocks") << PolicyUnit::lif << 80;
        QTest::newRow("HH") << PolicyUnit::hh << 19;
        QTest::newRow("s-LIF2HH") << PolicyUnit::sLifHh << 19;
        QTest::newRow("s-LIF2HH, long blocks") << PolicyUnit::sLifHh << 48;
        QTest::newRow("rectified") << PolicyUnit::relu << 19;
    }
    void smoothGradientsAreThoseOfFiniteDifferences()
    {
        QFETCH(PolicyUnit, unit);
        QFETCH(int, hidden);
        Case<double> c(makeSmoothNeuronLayer<double>(unit, smallSettings(hidden), frozenNeurons(unit, hidden)), 0.4);
        const std::vector<double> given = randomNumbers<double>(c.features.size(), 1, 2);
        const auto loss = [&] {
            c.forward();
            double sum = 0;
            for (std::size_t i = 0; i < given.size(); ++i)
                sum += given[i] * c.features[i];
            return sum;
        };
        loss();
        std::vector<double> toCurrents(c.currents.size()), toMap(4);
        c.layer->goBack(
            c.currents.data(), c.layout, c.map.data(), samples, given.data(), toCurrents.data(), toMap.data());
        int moving = 0;
        for (std::size_t i = 0; i < c.currents.size(); ++i) {
            const double slope = difference(c.currents[i], loss);
            moving += std::abs(slope) > 1e-3 ? 1 : 0;
            QVERIFY2(std::abs(slope - toCurrents[i]) < 1e-6, qPrintable(QString::number(i)));
        }
        QVERIFY(moving > hidden);
        if (unit == PolicyUnit::sLifHh)
            for (std::size_t i = 0; i < 4; ++i)
                QVERIFY(std::abs(difference(c.map[i], loss) - toMap[i]) < 1e-6);
    }

    void spikesFollowTheEquations()
    {
        const PolicySettings s = smallSettings(40);
        Case<float> c(makeNeuronLayer<float>(PolicyUnit::lif, s, {}), 0.5);
        c.forward();
        int spikes = 0;
        for (int sample = 0; sample < samples; ++sample)
            for (int i = 0; i < s.hidden; ++i) {
                float u = 0;
                int fired = 0;
                for (int t = 0; t < s.steps(); ++t) {
                    const float x = c.currents[static_cast<std::size_t>(
                        sample * c.layout.sample + t / s.stepsEach * c.layout.observation + i)];
                    u = u * 0.4f * (u > 0.5f ? 0.0f : 1.0f) + x;
                    fired += u > 0.5f ? 1 : 0;
                }
                spikes += fired;
                QCOMPARE(c.features[static_cast<std::size_t>(sample * c.layer->wide() + i)],
                    static_cast<float>(fired) * (1.0f / 6));
            }
        QVERIFY(spikes > 0);
    }

    /// V and the gates step by step, as in section 1.1 with rates that stand still.
    void frozenNeuronsFollowTheEquations()
    {
        const PolicySettings s = smallSettings();
        const std::vector<FrozenNeuron> frozen = frozenNeurons(PolicyUnit::hh, s.hidden);
        Case<double> c(makeNeuronLayer<double>(PolicyUnit::hh, s, frozen), 3);
        PolicyRecord record;
        c.layer->record(c.currents.data(), c.layout, c.map.data(), record);
        QCOMPARE(record.steps, s.steps());
        for (int i = 0; i < s.hidden; ++i) {
            const auto& [r, dt] = frozen[static_cast<std::size_t>(i)];
            double v = 0, m = 0, h = 0, n = 0;
            for (int t = 0; t < s.steps(); ++t) {
                const double x = c.currents[static_cast<std::size_t>(t / s.stepsEach * c.layout.observation + i)];
                v += dt * (x - 120 * m * m * m * h * (v - 115) - 36 * n * n * n * n * (v + 12) - 0.3 * (v - 10.6));
                m += dt * (r.aM * (1 - m) - r.bM * m);
                h += dt * (r.aH * (1 - h) - r.bH * h);
                n += dt * (r.aN * (1 - n) - r.bN * n);
                const auto at = static_cast<std::size_t>(t * s.hidden + i);
                QVERIFY(std::abs(static_cast<double>(record.potentials[at]) - v) < 1e-5 * (1 + std::abs(v)));
                QCOMPARE(int(record.spikes[at]), v > 0.5 ? 1 : 0);
            }
        }
    }

    void outputIsTheMeanOfTheRecordedSpikes_data()
    {
        QTest::addColumn<PolicyUnit>("unit");
        QTest::newRow("LIF") << PolicyUnit::lif;
        QTest::newRow("HH") << PolicyUnit::hh;
        QTest::newRow("s-LIF2HH") << PolicyUnit::sLifHh;
    }
    void outputIsTheMeanOfTheRecordedSpikes()
    {
        QFETCH(PolicyUnit, unit);
        const PolicySettings s = smallSettings();
        Case<float> c(makeNeuronLayer<float>(unit, s, frozenNeurons(unit, s.hidden)), 1);
        c.forward();
        PolicyRecord record;
        c.layer->record(c.currents.data(), c.layout, c.map.data(), record);
        QCOMPARE(record.neurons, c.layer->parts() * s.hidden);
        for (int part = 0; part < c.layer->parts(); ++part)
            for (int i = 0; i < c.layer->wide(); ++i) {
                float sum = 0;
                for (int t = 0; t < record.steps && i < s.hidden; ++t)
                    sum += static_cast<float>(
                        record.spikes[static_cast<std::size_t>((t * c.layer->parts() + part) * s.hidden + i)]);
                // What is padded stays silent.
                QCOMPARE(c.features[static_cast<std::size_t>(part * c.layer->wide() + i)], sum * (1.0f / 6));
            }
    }

    void anArtificialNetworkHasNoSpikes()
    {
        const PolicySettings s = smallSettings();
        Case<float> c(makeNeuronLayer<float>(PolicyUnit::relu, s, {}), 1);
        PolicyRecord record;
        record.spikes = {1};
        c.layer->record(c.currents.data(), c.layout, c.map.data(), record);
        QVERIFY(record.spikes.empty());
        QCOMPARE(record.potentials.size(), static_cast<std::size_t>(record.steps) * s.hidden);
    }

    void voltageDependentNeuronsCountTheirSpikes()
    {
        PolicySettings s = smallSettings();
        s.gain_ua_per_cm2 = 20;
        Case<float> c(makeNeuronLayer<float>(PolicyUnit::hhVoltageDependent, s, {}), 1);
        c.forward();
        const ResponseTable table(s.window_ms, s.dt_ms, s.smoothing_ua_per_cm2);
        float most = 0;
        for (int i = 0; i < s.hidden; ++i) {
            int spikes = 0;
            for (int k = 0; k < s.observations; ++k)
                spikes += table.spikes(20 * c.currents[static_cast<std::size_t>(k * c.layout.observation + i)]);
            const auto output = static_cast<float>(spikes) / static_cast<float>(3 * table.mostSpikes());
            QVERIFY(std::abs(c.features[static_cast<std::size_t>(i)] - output) < 1e-6f);
            most = std::max(most, output);
        }
        QVERIFY(most > 0);
    }

    void copiesAnswerAlike()
    {
        for (const PolicyUnit unit : {PolicyUnit::lif, PolicyUnit::hhVoltageDependent}) {
            Case<float> c(makeNeuronLayer<float>(unit, smallSettings(), {}), 1);
            c.forward();
            std::vector<float> features(c.features.size());
            c.layer->clone()->forward(c.currents.data(), c.layout, c.map.data(), samples, features.data());
            QCOMPARE(features, c.features);
        }
    }

private:
    static double difference(double& at, const auto& loss)
    {
        constexpr double step = 1e-7;
        const double before = at;
        at = before + step;
        const double above = loss();
        at = before - step;
        const double below = loss();
        at = before;
        return (above - below) / (2 * step);
    }
};

QTEST_APPLESS_MAIN(TestNeuronLayer)
#include "tst_neuron_layer.moc"
