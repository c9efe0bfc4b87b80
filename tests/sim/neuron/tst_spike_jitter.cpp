// Spike-time jitter against the linear response of an integrate-and-fire cell.
#include "sim/base/errors.h"
#include "sim/neuron/lif.h"
#include "sim/neuron/run.h"
#include "sim/neuron/spike_jitter.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

constexpr double current_ua_per_cm2 = 20;

NeuronPlan constantCurrent(std::initializer_list<const char*> models, double duration_ms)
{
    NeuronPlan plan;
    for (const char* key : models) {
        Cell cell(*findNeuronModel(key));
        cell.id = plan.freeCellId();
        plan.cells.push_back(std::move(cell));
    }
    StimulusPart part(*findStimulusKind("constant"));
    part.values.set(0, current_ua_per_cm2);
    plan.stimulus.parts.push_back(std::move(part));
    plan.simulation.set(simulation::duration_ms, duration_ms);
    return plan;
}

ParameterValues settingsOf(double deviation, int trials)
{
    ParameterValues settings(jitterTable());
    settings.set(jitter::deviation, deviation);
    settings.set(jitter::trials, trials);
    return settings;
}

/// Variance of the time of the crossing, to first order in the noise: the potential's variance at the threshold over
/// the square of its slope there. Noise held for `interval` has the power density of white noise while that is short.
double varianceOfClimb_ms2(const ParameterValues& p, double from_mv, double deviation, double interval_ms)
{
    const double tau = p[lif::tau], r = p[lif::resistance], steady = p[lif::rest] + r * current_ua_per_cm2;
    const double climb_ms = tau * std::log((steady - from_mv) / (steady - p[lif::threshold]));
    const double variance =
        r * r * deviation * deviation * interval_ms / (2 * tau) * (1 - std::exp(-2 * climb_ms / tau));
    const double slope = (steady - p[lif::threshold]) / tau;
    return variance / (slope * slope);
}

} // namespace

class TestSpikeJitter : public QObject {
    Q_OBJECT

private slots:
    void withoutNoiseThereIsNone()
    {
        const JitterResult result = spikeJitter(constantCurrent({"lif", "hh"}, 100), settingsOf(0, 5), {});
        QCOMPARE(result.trials, 5);
        QCOMPARE(result.cells.size(), std::size_t(2));
        for (const CellJitter& cell : result.cells) {
            QVERIFY(cell.reference_ms.size() > 2);
            for (const auto& trial : cell.trials_ms)
                QVERIFY(trial == cell.reference_ms);
            QCOMPARE(cell.jitter_ms(), 0.0);
            QCOMPARE(cell.reliability(), 1.0);
        }
    }

    void smallNoiseFollowsLinearResponse()
    {
        const double deviation = 0.5;
        const int trials = 1000;
        const ParameterValues settings = settingsOf(deviation, trials);
        const NeuronPlan plan = constantCurrent({"lif"}, 60);
        const CellJitter cell = spikeJitter(plan, settings, {}).cells[0];
        QVERIFY(cell.spikes.size() >= 4);
        const ParameterValues& p = plan.cells[0].parameters;
        const double first = varianceOfClimb_ms2(p, p[lif::v0], deviation, settings[jitter::interval]);
        const double later = varianceOfClimb_ms2(p, p[lif::reset], deviation, settings[jitter::interval]);
        for (std::size_t k = 0; k < 4; ++k) {
            // Each crossing forgets what was before it, so that variances add.
            const double expected = std::sqrt(first + static_cast<double>(k) * later);
            const double error = std::abs(cell.spikes[k].deviation_ms / expected - 1);
            QVERIFY2(error < 4 / std::sqrt(2.0 * trials), qPrintable(QString("spike %1: %2").arg(k).arg(error)));
            QCOMPARE(cell.spikes[k].trials, trials);
            QVERIFY(std::abs(cell.spikes[k].mean_ms - cell.spikes[k].reference_ms) < 5 * expected / std::sqrt(trials));
        }
    }

    void growsWithTheNoise()
    {
        // The same seeds: twice the noise is twice every deviation, but for what is of second order.
        const NeuronPlan plan = constantCurrent({"lif"}, 30);
        const double small = spikeJitter(plan, settingsOf(0.05, 50), {}).cells[0].spikes[0].deviation_ms;
        const double large = spikeJitter(plan, settingsOf(0.1, 50), {}).cells[0].spikes[0].deviation_ms;
        QVERIFY2(std::abs(large / small - 2) < 0.01, qPrintable(QString::number(large / small)));
    }

    void reliabilityIsTheShareOfHits()
    {
        ParameterValues settings = settingsOf(8, 200);
        settings.set(jitter::window, 0.7);
        const CellJitter cell = spikeJitter(constantCurrent({"lif"}, 60), settings, {}).cells[0];
        for (const JitterSpike& spike : cell.spikes) {
            int hit = 0;
            for (const auto& trial : cell.trials_ms) {
                bool near = false;
                for (const double time_ms : trial)
                    near = near || std::abs(time_ms - spike.reference_ms) <= 0.7;
                hit += near;
            }
            QCOMPARE(spike.reliability, hit / 200.0);
        }
        QVERIFY(cell.reliability() > 0.1 && cell.reliability() < 0.95);
        settings.set(jitter::window, 1000);
        QCOMPARE(spikeJitter(constantCurrent({"lif"}, 60), settings, {}).cells[0].reliability(), 1.0);
    }

    void cellsOfATrialShareTheNoise()
    {
        NeuronPlan plan = constantCurrent({"lif", "lif"}, 60);
        plan.cells[1].ownStimulus = plan.stimulus;
        const JitterResult result = spikeJitter(plan, settingsOf(5, 4), {});
        QVERIFY(result.cells[0].trials_ms == result.cells[1].trials_ms);
        QVERIFY(result.cells[0].trials_ms[0] != result.cells[0].trials_ms[1]);
        // The trials are those of the same plan with that noise, run by itself.
        NeuronPlan third = plan;
        StimulusPart part(*findStimulusKind("white_noise"));
        part.values.set("mean_ua_per_cm2", 0);
        part.values.set("deviation_ua_per_cm2", 5);
        part.values.set("interval_ms", ParameterValues(jitterTable())[jitter::interval]);
        part.values.set("seed", 3);
        third.stimulus.parts.push_back(part);
        QVERIFY(run(third, {}, {}).spikes[0].times_ms == result.cells[0].trials_ms[2]);
    }

    void frozenNoiseOfTheStimulusStays()
    {
        NeuronPlan plan = constantCurrent({"lif"}, 60);
        plan.stimulus.parts.emplace_back(*findStimulusKind("white_noise"));
        const CellJitter cell = spikeJitter(plan, settingsOf(0, 3), {}).cells[0];
        QVERIFY(!cell.spikes.empty());
        QCOMPARE(cell.jitter_ms(), 0.0);
    }

    void silenceHasNoJitter()
    {
        NeuronPlan plan = constantCurrent({"lif"}, 60);
        plan.stimulus.parts.clear();
        const CellJitter cell = spikeJitter(plan, settingsOf(0.1, 3), {}).cells[0];
        QVERIFY(cell.spikes.empty());
        QVERIFY(std::isnan(cell.jitter_ms()) && std::isnan(cell.reliability()));
    }

    void stopsWhenAsked()
    {
        std::stop_source source;
        JobContext context{source.get_token(), {}};
        context.progress = [&](double fraction, const std::string&) {
            if (fraction >= 0.3)
                source.request_stop();
        };
        const JitterResult result = spikeJitter(constantCurrent({"lif"}, 60), settingsOf(2, 10), context);
        QCOMPARE(result.trials, 3);
        QCOMPARE(result.cells[0].trials_ms.size(), std::size_t(3));
        QVERIFY(std::isfinite(result.cells[0].jitter_ms()));
    }

    void everyRowRefusesWhatIsOutOfBounds()
    {
        ParameterValues settings(jitterTable());
        for (std::size_t row = 0; row < jitterTable().size(); ++row)
            for (const double value : {jitterTable()[row].minimum - 1e-3, jitterTable()[row].maximum + 1, std::nan("")})
                QVERIFY_EXCEPTION_THROWN(settings.set(row, value), DocumentError);
    }
};

QTEST_GUILESS_MAIN(TestSpikeJitter)
#include "tst_spike_jitter.moc"
