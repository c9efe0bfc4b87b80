// The integrate-and-fire cell against its closed form.
#include "sim/neuron/lif.h"

#include <QtTest>

#include <cmath>

using namespace endospike;

namespace {

std::unique_ptr<Population> cellOf(const ParameterValues& values, Integrator integrator, double dt_ms)
{
    auto population = lifModel().create(1, integrator, Precision::float64, dt_ms);
    population->setParameters(0, values);
    population->reset();
    return population;
}

std::vector<double> spikeTimes(
    const ParameterValues& values, Integrator integrator, double dt_ms, double current, double end_ms)
{
    const auto population = cellOf(values, integrator, dt_ms);
    std::vector<SpikeEvent> events;
    population->advance(static_cast<int>(std::lround(end_ms / dt_ms)), {&current, &current, &current, 0, 0}, events);
    std::vector<double> times_ms;
    for (const SpikeEvent& event : events)
        times_ms.push_back((event.step + event.fraction) * dt_ms);
    return times_ms;
}

/// Time from `from` to the threshold under a constant current.
double climb_ms(const ParameterValues& p, double from_mv, double current)
{
    const double steady = p[lif::rest] + p[lif::resistance] * current;
    return p[lif::tau] * std::log((steady - from_mv) / (steady - p[lif::threshold]));
}

ParameterValues with(std::initializer_list<std::pair<lif::Row, double>> changes)
{
    ParameterValues values(lifModel().parameters);
    for (const auto& [row, value] : changes)
        values.set(row, value);
    return values;
}

/// Error of the fifth spike time, counted from the first: whole intervals with refractory periods.
double intervalError_ms(Integrator integrator, double dt_ms)
{
    const ParameterValues p = with({{lif::refractory, 2.137}, {lif::reset, -68}});
    const auto times = spikeTimes(p, integrator, dt_ms, 11.3, 100);
    const double expected = 4 * (p[lif::refractory] + climb_ms(p, p[lif::reset], 11.3));
    return times.size() < 5 ? NAN : std::abs(times[4] - times[0] - expected);
}

constexpr Integrator integrators[] = {Integrator::forwardEuler, Integrator::exponentialEuler, Integrator::rungeKutta4};

} // namespace

class LifTest : public QObject {
    Q_OBJECT

private slots:
    void traceFollowsTheClosedForm()
    {
        const ParameterValues p = with({{lif::v0, -80}});
        const double current = 6, dt_ms = 0.05;
        for (const Integrator integrator : integrators) {
            const auto cell = cellOf(p, integrator, dt_ms);
            std::vector<SpikeEvent> events;
            double state[2];
            for (int k = 1; k <= 1000; ++k) {
                cell->advance(1, {&current, &current, &current, 0, 0}, events);
                cell->copyState(0, state);
                const double steady = p[lif::rest] + p[lif::resistance] * current;
                const double expected = steady + (-80 - steady) * std::exp(-k * dt_ms / p[lif::tau]);
                QVERIFY(std::abs(state[0] - expected) < (integrator == Integrator::forwardEuler ? 0.03 : 1e-10));
            }
            QVERIFY(events.empty());
        }
    }

    void rateFollowsTheClosedForm_data()
    {
        QTest::addColumn<double>("current");
        QTest::addColumn<double>("refractory");
        QTest::addColumn<double>("reset");
        QTest::addColumn<double>("tau");
        for (const double current : {6.8, 10.0, 40.0})
            for (const double refractory : {0.0, 0.0037, 3.0, 12.5})
                for (const double reset : {-65.0, -75.0})
                    for (const double tau : {3.0, 10.0})
                        QTest::addRow("I %g ref %g reset %g tau %g", current, refractory, reset, tau)
                            << current << refractory << reset << tau;
    }
    void rateFollowsTheClosedForm()
    {
        QFETCH(double, current);
        QFETCH(double, refractory);
        QFETCH(double, reset);
        QFETCH(double, tau);
        const ParameterValues p = with({{lif::refractory, refractory}, {lif::reset, reset}, {lif::tau, tau}});
        const double interval = refractory + climb_ms(p, reset, current);
        const double first = climb_ms(p, p[lif::v0], current);
        const auto times = spikeTimes(p, Integrator::exponentialEuler, 0.01, current, 1000);
        QVERIFY(std::abs(static_cast<double>(times.size()) - std::floor((1000 - first) / interval + 1)) <= 1);
        for (std::size_t i = 0; i < times.size(); ++i) // exact but for rounding
            QVERIFY(std::abs(times[i] - (first + static_cast<double>(i) * interval)) < 1e-7);
    }

    void intervalsConverge()
    {
        const double euler =
            intervalError_ms(Integrator::forwardEuler, 0.1) / intervalError_ms(Integrator::forwardEuler, 0.01);
        QVERIFY2(euler > 8 && euler < 12, qPrintable(QString::number(euler)));
        QVERIFY(intervalError_ms(Integrator::exponentialEuler, 0.1) < 1e-9);
        // Runge-Kutta: the crossing is interpolated, order 2 with a factor that depends on where in the step it falls
        for (const double dt_ms : {0.2, 0.1, 0.05, 0.02, 0.01})
            QVERIFY(intervalError_ms(Integrator::rungeKutta4, dt_ms) < 0.25 * dt_ms * dt_ms);
        QVERIFY(intervalError_ms(Integrator::rungeKutta4, 0.2) > 1e-6);
    }

    void rheobaseSeparatesSilenceFromFiring()
    {
        const ParameterValues p(lifModel().parameters);
        const double rheobase = (p[lif::threshold] - p[lif::rest]) / p[lif::resistance];
        QVERIFY(std::abs(rheobase - 6.667) < 0.001);
        for (const Integrator integrator : integrators) {
            QVERIFY(spikeTimes(p, integrator, 0.01, rheobase * 0.999, 500).empty());
            QVERIFY(!spikeTimes(p, integrator, 0.01, rheobase * 1.001, 500).empty());
        }
        QCOMPARE(spikeTimes(p, Integrator::exponentialEuler, 0.01, 10, 1000).size(), 71u);
    }

    void refractoryTimeIgnoresTheCurrent()
    {
        const ParameterValues p = with({{lif::refractory, 7}});
        const auto cell = cellOf(p, Integrator::rungeKutta4, 0.01);
        std::vector<SpikeEvent> events;
        const double strong = 500, state[2] = {-60, 5.004};
        cell->setState(0, state);
        cell->advance(500, {&strong, &strong, &strong, 0, 0}, events);
        double now[2];
        cell->copyState(0, now);
        QCOMPARE(now[0], -60.0);
        QVERIFY(events.empty() && std::abs(now[1] - 0.004) < 1e-9);
        cell->advance(1, {&strong, &strong, &strong, 0, 0}, events);
        cell->copyState(0, now);
        const double steady = -65 + 1.5 * strong; // 0.006 ms of the step are left
        QVERIFY(std::abs(now[0] - (steady + (-60 - steady) * std::exp(-0.006 / 10))) < 1e-6);
    }

    void resetAboveThresholdEnds_data()
    {
        QTest::addColumn<double>("refractory");
        QTest::newRow("none") << 0.0;
        QTest::newRow("some") << 1.1;
    }
    void resetAboveThresholdEnds()
    {
        QFETCH(double, refractory);
        const ParameterValues p = with({{lif::reset, -50}, {lif::v0, -50}, {lif::refractory, refractory}});
        for (const Integrator integrator : integrators) {
            const auto times = spikeTimes(p, integrator, 0.01, 0, 10);
            QCOMPARE(times.size(), refractory > 0 ? 10u : 1000u);
            QCOMPARE(times[0], 0.0);
        }
    }
};

QTEST_GUILESS_MAIN(LifTest)
#include "tst_lif.moc"
