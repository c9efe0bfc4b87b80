// The Hodgkin-Huxley cell against its equations, published values and the plain formulas.
#include "sim/neuron/hodgkin_huxley.h"

#include <QtTest>

#include <cmath>

using namespace endospike;

namespace {

using State = std::array<double, 4>;

const NeuronModel& model() { return hodgkinHuxleyModel(); }

State stateOf(const Population& population)
{
    State state;
    population.copyState(0, state);
    return state;
}

std::unique_ptr<Population> cellOf(const ParameterValues& values, Integrator integrator, double dt_ms,
    Precision precision = Precision::float64, const NeuronModel& which = model())
{
    auto population = which.create(1, integrator, precision, dt_ms);
    population->setParameters(0, values);
    population->reset();
    return population;
}

std::vector<SpikeEvent> run(Population& population, int steps, double current)
{
    std::vector<SpikeEvent> events;
    population.advance(steps, {&current, &current, &current, 0, 0}, events);
    return events;
}

/// The state after 6 ms of 20 uA/cm^2 from rest, on the way down from the first spike.
State afterSpike(Integrator integrator, int stepsPerMs)
{
    const auto cell = cellOf(ParameterValues(model().parameters), integrator, 1.0 / stepsPerMs);
    run(*cell, 3 * stepsPerMs, 20);
    return stateOf(*cell);
}

double distance(const State& a, const State& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(a[i] - b[i]) / (i == 0 ? 100 : 1);
    return sum;
}

/// The formulas in long double, by expm1.
std::array<long double, 6> exactRates(long double u)
{
    const auto linoid = [](long double x) { return x == 0 ? 1 : -x / std::expm1(-x); };
    return {linoid((u + 40) / 10), 4 * std::exp(-(u + 65) / 18), 0.07L * std::exp(-(u + 65) / 20),
        1 / (1 + std::exp(-(u + 35) / 10)), 0.1L * linoid((u + 55) / 10), 0.125L * std::exp(-(u + 65) / 80)};
}

std::array<double, 6> asArray(const hh::Rates& r) { return {r.aM, r.bM, r.aH, r.bH, r.aN, r.bN}; }

/// Largest distance of the fast rates from the exact ones within a range, in units of the last digit.
template <class T>
double worstUlps(double from_mv, double to_mv)
{
    std::vector<T> u;
    for (double at_mv = from_mv; at_mv <= to_mv; at_mv += 0.0099)
        u.push_back(static_cast<T>(at_mv));
    for (const double singular : {-40.0, -55.0})
        for (int power = -45; power < 4; ++power)
            for (const int sign : {-1, 0, 1})
                u.push_back(static_cast<T>(singular + sign * std::ldexp(1, power)));
    std::vector<hh::Rates> fast(u.size());
    hh::fastRates(std::span<const T>(u), fast);
    double worst = 0;
    for (std::size_t i = 0; i < u.size(); ++i) {
        const auto expected = exactRates(u[i]);
        const auto found = asArray(fast[i]);
        for (std::size_t k = 0; k < expected.size(); ++k) {
            const T rounded = static_cast<T>(expected[k]);
            const auto ulp = static_cast<long double>(std::nextafter(rounded, T(1e30)) - rounded);
            const double off = static_cast<double>(std::abs(found[k] - expected[k]) / ulp);
            worst = off <= worst ? worst : off; // a NaN stays
        }
    }
    return worst;
}

} // namespace

class HodgkinHuxleyTest : public QObject {
    Q_OBJECT

private slots:
    void restIsAFixedPoint_data()
    {
        QTest::addColumn<const NeuronModel*>("which");
        QTest::addColumn<double>("rest");
        QTest::newRow("absolute") << &hodgkinHuxleyModel() << -64.9964;
        QTest::newRow("shifted") << &shiftedHodgkinHuxleyModel() << 0.0036;
    }
    void restIsAFixedPoint()
    {
        QFETCH(const NeuronModel*, which);
        QFETCH(double, rest);
        const ParameterValues values(which->parameters);
        const hh::State state = hh::restingState(values);
        QVERIFY(std::abs(state.v_mv - rest) < 1e-4);
        for (const Integrator integrator :
            {Integrator::forwardEuler, Integrator::exponentialEuler, Integrator::rungeKutta4}) {
            const auto cell = cellOf(values, integrator, 0.01, Precision::float64, *which);
            const State before = stateOf(*cell);
            QVERIFY(run(*cell, 100000, 0).empty());
            QVERIFY2(distance(stateOf(*cell), before) < 1e-12,
                qPrintable(QString::number(distance(stateOf(*cell), before))));
        }
    }

    void gatesAtMinus65()
    {
        const hh::Rates r = hh::plainRates(-65);
        QVERIFY(std::abs(r.aM / (r.aM + r.bM) - 0.0529) < 5e-5);
        QVERIFY(std::abs(r.aH / (r.aH + r.bH) - 0.5961) < 5e-5);
        QVERIFY(std::abs(r.aN / (r.aN + r.bN) - 0.3177) < 5e-5);
    }

    void restCancelsTheCurrents_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<double>("value");
        QTest::newRow("no sodium") << QByteArray("g_na_ms_per_cm2") << 0.0;
        QTest::newRow("potassium blocked") << QByteArray("k_scale") << 0.1;
        QTest::newRow("no potassium") << QByteArray("k_scale") << 0.0;
        QTest::newRow("other leak") << QByteArray("e_l_mv") << -90.0;
        QTest::newRow("no leak") << QByteArray("g_l_ms_per_cm2") << 0.0;
    }
    void restCancelsTheCurrents()
    {
        QFETCH(QByteArray, key);
        QFETCH(double, value);
        ParameterValues values(model().parameters);
        values.set(key.toStdString(), value);
        const auto cell = cellOf(values, Integrator::forwardEuler, 0.01);
        std::array<double, 10> channels;
        cell->sample(channels);
        QVERIFY(std::abs(channels[4] + channels[5] + channels[6]) < 1e-10);
        const double* v = &channels[0];
        const hh::Rates r = hh::plainRates(*v);
        QVERIFY(std::abs(r.aH / (r.aH + r.bH) - channels[2]) < 1e-15);
    }

    void fastRatesAgreeWithTheFormulas_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<double>("ulps");
        QTest::newRow("where cells live") << -150.0 << 87.0 << 9.0;
        QTest::newRow("beyond, where the argument of exp is large and its rounding shows") << 87.0 << 150.0 << 16.0;
    }
    void fastRatesAgreeWithTheFormulas()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        QFETCH(double, ulps);
        const double inDouble = worstUlps<double>(from, to), inFloat = worstUlps<float>(from, to);
        QVERIFY2(inDouble <= ulps, qPrintable(QString::number(inDouble)));
        QVERIFY2(inFloat <= ulps, qPrintable(QString::number(inFloat)));
    }

    void ratesAreSmoothAcrossTheSingularities_data()
    {
        QTest::addColumn<double>("at");
        QTest::newRow("a_m") << -40.0;
        QTest::newRow("a_n") << -55.0;
    }
    void ratesAreSmoothAcrossTheSingularities()
    {
        QFETCH(double, at);
        const bool isM = at == -40;
        for (const double x : {0.0, 1e-14, 1e-9, 1e-6, 1e-4, 1e-3})
            for (const double sign : {-1.0, 1.0}) {
                const double u[] = {at + sign * 10 * x};
                hh::Rates fast[1];
                hh::fastRates(std::span<const double>(u), fast);
                const double y = (u[0] - at) / 10;
                const double series = (isM ? 1 : 0.1) * (1 + y / 2 + y * y / 12 - y * y * y * y / 720);
                for (const hh::Rates& r : {fast[0], hh::plainRates(u[0])})
                    QVERIFY(std::abs((isM ? r.aM : r.aN) - series) < 5e-15);
            }
    }

    void errorFallsAtTheOrderOfTheMethod_data()
    {
        QTest::addColumn<Integrator>("integrator");
        QTest::addColumn<int>("stepsPerMs");
        QTest::addColumn<double>("order");
        QTest::newRow("Euler") << Integrator::forwardEuler << 800 << 1.0;
        QTest::newRow("exponential Euler") << Integrator::exponentialEuler << 800 << 1.0;
        QTest::newRow("Runge-Kutta") << Integrator::rungeKutta4 << 100 << 4.0;
    }
    void errorFallsAtTheOrderOfTheMethod()
    {
        QFETCH(Integrator, integrator);
        QFETCH(int, stepsPerMs);
        QFETCH(double, order);
        const State fine = afterSpike(Integrator::rungeKutta4, 2000);
        const double coarse = distance(afterSpike(integrator, stepsPerMs), fine);
        const double halved = distance(afterSpike(integrator, 2 * stepsPerMs), fine);
        const double found = std::log2(coarse / halved);
        QVERIFY2(std::abs(found - order) < 0.2, qPrintable(QString::number(found)));
    }

    void oneStepOfEulerIsTheEquation()
    {
        const ParameterValues p(model().parameters);
        const auto cell = cellOf(p, Integrator::forwardEuler, 0.01);
        for (const double v : {-140.0, -80.0, -55.0, -40.0, 10.0, 120.0, 400.0}) {
            const State s = {v, 0.3, 0.4, 0.5};
            cell->setState(0, s);
            run(*cell, 1, 7);
            const hh::Rates r = hh::plainRates(v);
            const double current = 7 - 120 * 0.027 * 0.4 * (v - 50) - 36 * 0.0625 * (v + 77) - 0.3 * (v + 54.387);
            const State expected = {v + 0.01 * current, 0.3 + 0.01 * (r.aM * 0.7 - r.bM * 0.3),
                0.4 + 0.01 * (r.aH * 0.6 - r.bH * 0.4), 0.5 + 0.01 * (r.aN * 0.5 - r.bN * 0.5)};
            const State found = stateOf(*cell);
            for (std::size_t i = 0; i < 4; ++i)
                QVERIFY(std::abs(found[i] - expected[i]) <= 1e-14 * std::max(1.0, std::abs(expected[i])));
        }
    }

    void oneStepOfExponentialEulerIsExactForFrozenCoefficients()
    {
        for (const double dt_ms : {0.001, 0.01, 0.1, 1.0, 20.0}) {
            const auto cell = cellOf(ParameterValues(model().parameters), Integrator::exponentialEuler, dt_ms);
            for (const double v : {-90.0, -50.0, 30.0}) {
                cell->setState(0, State{v, 0.3, 0.4, 0.5});
                run(*cell, 1, 7);
                const hh::Rates r = hh::plainRates(v);
                const auto settled = [&](double x, double gain, double decay) {
                    return gain / decay + (x - gain / decay) * std::exp(-dt_ms * decay);
                };
                const double gNa = 120 * 0.027 * 0.4, gK = 36 * 0.0625, gL = 0.3;
                const State expected = {settled(v, 7 + gNa * 50 - gK * 77 - gL * 54.387, gNa + gK + gL),
                    settled(0.3, r.aM, r.aM + r.bM), settled(0.4, r.aH, r.aH + r.bH), settled(0.5, r.aN, r.aN + r.bN)};
                const State found = stateOf(*cell);
                for (std::size_t i = 0; i < 4; ++i)
                    QVERIFY(std::abs(found[i] - expected[i]) <= 1e-13 * std::max(1.0, std::abs(expected[i])));
            }
        }
    }

    void oneSpikeFirstAppearsAtItsPublishedCurrent()
    {
        const auto spikes = [](double current) {
            return run(*cellOf(ParameterValues(model().parameters), Integrator::rungeKutta4, 0.01), 20000, current)
                .size();
        };
        double silent = 2, firing = 2.5;
        QCOMPARE(spikes(silent), 0u);
        QCOMPARE(spikes(firing), 1u);
        while (firing - silent > 1e-3)
            (spikes((silent + firing) / 2) ? firing : silent) = (silent + firing) / 2;
        QVERIFY2(std::abs(firing - 2.24) < 0.02, qPrintable(QString::number(firing)));
    }

    void thresholdSeesEveryOscillation()
    {
        QCOMPARE(model().parameters[hh::spikeThreshold].initial, -43.0); // troughs reach -47.2 mV, peaks -39.0 mV
        for (const double current : {6.5, 10.0, 50.0, 100.0, 140.0, 150.0}) {
            const auto cell = cellOf(ParameterValues(model().parameters), Integrator::rungeKutta4, 0.01);
            run(*cell, 50000, current);
            const auto events = run(*cell, 50000, current);
            QVERIFY2(events.size() >= 25 && events.size() < 100, qPrintable(QString::number(events.size())));
        }
    }

    void gatesSpeedUpWithTemperature()
    {
        ParameterValues cold(model().parameters), warm(model().parameters);
        QCOMPARE(hh::temperatureFactor(cold), 1.0);
        warm.set(hh::temperature, 16.3);
        QCOMPARE(hh::temperatureFactor(warm), 3.0);
        warm.set(hh::temperature, 1.3);
        warm.set(hh::q10, 2);
        QVERIFY(std::abs(hh::temperatureFactor(warm) - std::pow(2, -0.5)) < 1e-15);
        // one small step from the same state moves the gates phi times as far, the voltage as far
        const auto moves = [](const ParameterValues& values) {
            const auto cell = cellOf(values, Integrator::forwardEuler, 0.01);
            const State start = {-50, 0.1, 0.5, 0.4};
            cell->setState(0, start);
            run(*cell, 1, 0);
            State now = stateOf(*cell);
            for (std::size_t i = 0; i < 4; ++i)
                now[i] -= start[i];
            return now;
        };
        const State a = moves(cold), b = moves(warm);
        QVERIFY(std::abs(b[0] - a[0]) < 1e-12);
        for (std::size_t i = 1; i < 4; ++i)
            QVERIFY(std::abs(b[i] / a[i] - std::pow(2, -0.5)) < 1e-9);
    }

    void conventionsDifferByAShift()
    {
        ParameterValues absolute(hodgkinHuxleyModel().parameters), shifted(shiftedHodgkinHuxleyModel().parameters);
        shifted.set(hh::eL, 65 - 54.387);
        const auto a = cellOf(absolute, Integrator::rungeKutta4, 0.01);
        const auto b = cellOf(shifted, Integrator::rungeKutta4, 0.01, Precision::float64, shiftedHodgkinHuxleyModel());
        const auto first = run(*a, 3000, 12), second = run(*b, 3000, 12);
        QCOMPARE(first.size(), second.size());
        QVERIFY(first.size() >= 2);
        QVERIFY(std::abs(stateOf(*a)[0] + 65 - stateOf(*b)[0]) < 1e-8);
    }

    void channelsFollowFromTheState()
    {
        const auto cell = cellOf(ParameterValues(model().parameters), Integrator::exponentialEuler, 0.01);
        run(*cell, 350, 15);
        const State s = stateOf(*cell);
        std::array<double, 10> c;
        cell->sample(c);
        QVERIFY(std::abs(c[7] - 120 * std::pow(s[1], 3) * s[2]) < 1e-12);
        QVERIFY(std::abs(c[8] - 36 * std::pow(s[3], 4)) < 1e-12);
        QVERIFY(std::abs(c[4] - c[7] * (s[0] - 50)) < 1e-10);
        QVERIFY(std::abs(c[5] - c[8] * (s[0] + 77)) < 1e-10);
        QVERIFY(std::abs(c[6] - 0.3 * (s[0] + 54.387)) < 1e-12);
    }

    void withoutSodiumThereIsNoSpike()
    {
        for (const auto row : {hh::gNa, hh::naScale}) {
            ParameterValues values(model().parameters);
            values.set(row, 0);
            const auto cell = cellOf(values, Integrator::forwardEuler, 0.01);
            QVERIFY(run(*cell, 20000, 10).empty());
            QVERIFY(!cell->nonFinite());
        }
    }

    void givenStartIsThePapers()
    {
        ParameterValues values(model().parameters);
        values.set(hh::start, 1);
        const auto cell = cellOf(values, Integrator::rungeKutta4, 0.01);
        QCOMPARE(stateOf(*cell), (State{-70, 0.0289, 0.7541, 0.2446}));
        const auto events = run(*cell, 2000, 0); // no rest: an anode-break spike near 5 ms
        QCOMPARE(events.size(), 1u);
        QVERIFY(std::abs(events[0].step * 0.01 - 5) < 2);
    }

    void tooLargeAStepIsNoticed()
    {
        const auto cell = cellOf(ParameterValues(model().parameters), Integrator::forwardEuler, 1);
        run(*cell, 1000, 50);
        QVERIFY(cell->nonFinite());
    }
};

QTEST_GUILESS_MAIN(HodgkinHuxleyTest)
#include "tst_hodgkin_huxley.moc"
