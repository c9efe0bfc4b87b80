#include "sim/equivalence/simplified.h"

#include "sim/base/errors.h"
#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/s_lif_hh.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace endospike {
namespace {

constexpr double spike_mv = 70;
constexpr double sLifStep_ms = 1;
constexpr double maximumSteps = 2e8;
constexpr double edge_ms = 1e-9; // keeps k * dt on the right side of a jump

double constantAt(double) { return 9; }
double sineAt(double t_ms) { return 11.5 - 19 * std::sin(1.2 * t_ms); }
double squareAt(double t_ms)
{
    const double x = std::fmod(std::floor(t_ms + edge_ms), 8.5) - 3.751;
    return 9 - 15.5 * (x > 0 ? 1 : x < 0 ? -1 : 0);
}
double sinceStart(double t_ms) { return t_ms - 8.5 * std::floor((t_ms + edge_ms) / 8.5); }
double sawtoothAt(double t_ms) { return 6.5 + 11 / 8.5 * std::abs(sinceStart(t_ms) + 4.25); }
double triangleAt(double t_ms) { return 7 + 7 / 8.5 * std::abs(sinceStart(t_ms) - 4.25); }

constexpr PaperStimulus stimuli[] = {
    {"constant", "Constant", "9", constantAt, 5, 5},
    {"sine", "Sine", "11.5 − 19 sin(1.2 t)", sineAt, 8, 8},
    {"square", "Square wave", "9 − 15.5 sign(mod(⌊t⌋, 8.5) − 3.751)", squareAt, 7, 6},
    {"sawtooth", "Sawtooth", "6.5 + (11/8.5) |t − 8.5 ⌊t/8.5⌋ + 4.25|", sawtoothAt, 6, 14},
    {"triangle", "Triangle", "7 + (7/8.5) |t − 8.5 ⌊t/8.5⌋ − 4.25|", triangleAt, 5, 4},
};

void check(const SimplifiedSettings& s)
{
    require(s.dt_ms > 0 && s.dt_ms <= 0.1, "simplified_dt_ms", s.dt_ms, "must be above 0 and at most 0.1 ms");
    require(s.duration_ms >= sLifStep_ms && s.duration_ms / s.dt_ms <= maximumSteps, "simplified_duration_ms",
        s.duration_ms, "must be at least 1 ms and at most 200 million steps");
    require(std::isfinite(s.coupling), "coupling", s.coupling, "must be a finite number");
    require(s.vanRossumTau_ms > 0 && std::isfinite(s.vanRossumTau_ms), "van_rossum_tau_ms", s.vanRossumTau_ms,
        "must be above 0");
    require(s.coincidenceWindow_ms >= 0 && std::isfinite(s.coincidenceWindow_ms), "coincidence_window_ms",
        s.coincidenceWindow_ms, "must not be negative");
    require(s.recordInterval_ms > 0 && std::isfinite(s.recordInterval_ms), "record_interval_ms", s.recordInterval_ms,
        "must be above 0");
}

/// Driver and driven HH cell, cells 0 and 1 of one population.
class HhPair {
public:
    explicit HhPair(const SimplifiedSettings& settings)
        : m_model(&shiftedHodgkinHuxleyModel())
        , m_population(m_model->create(2, Integrator::forwardEuler, Precision::float64, settings.dt_ms))
        , m_dt_ms(settings.dt_ms)
        , m_drive_ua_per_cm2(settings.coupling * settings.dt_ms)
    {
        ParameterValues values(m_model->parameters);
        values.set(hh::start, 1);
        values.set(hh::v0, 0);
        values.set(hh::m0, 0.0489);
        values.set(hh::h0, 0.1341);
        values.set(hh::n0, 0.6446);
        values.set(hh::spikeThreshold, spike_mv);
        for (int cell = 0; cell < 2; ++cell)
            m_population->setParameters(cell, values);
        m_population->reset();
        m_population->voltages(m_v);
    }

    double v_mv(int cell) const { return m_v[cell]; }

    void step(double stimulus_ua_per_cm2, SimplifiedRun& run)
    {
        const double current[2] = {stimulus_ua_per_cm2, m_v[0] > spike_mv ? m_drive_ua_per_cm2 : 0};
        m_events.clear();
        m_population->advance(1, {current, current, current, 0, 1}, m_events);
        m_population->voltages(m_v);
        for (const SpikeEvent& event : m_events)
            (event.cell == 0 ? run.driver : run.driven)
                .hhSpikes_ms.push_back((static_cast<double>(m_step) + event.fraction) * m_dt_ms);
        if (++m_step % 1024 == 0)
            requireFinite();
    }

    void requireFinite() const
    {
        if (const auto bad = m_population->nonFinite())
            throw SimulationError(std::string(m_model->stateVariables[bad->variable]),
                bad->cell == 0 ? "HH driver" : "HH driven", static_cast<double>(m_step) * m_dt_ms, m_dt_ms);
    }

private:
    const NeuronModel* m_model;
    std::unique_ptr<Population> m_population;
    double m_dt_ms;
    double m_drive_ua_per_cm2;
    std::int64_t m_step = 0;
    std::array<double, 2> m_v = {};
    std::vector<SpikeEvent> m_events;
};

/// Driver and driven s-LIF2HH unit, fed with the stimulus step by step.
class SLifPair {
public:
    explicit SLifPair(const SimplifiedSettings& settings)
        : m_stepsOfUpdate(std::max<std::int64_t>(1, std::llround(sLifStep_ms / settings.dt_ms)))
        , m_coupling(settings.coupling)
    {
    }

    void step(double stimulus_ua_per_cm2, SimplifiedRun& run)
    {
        m_sum += stimulus_ua_per_cm2;
        if (++m_count < m_stepsOfUpdate)
            return;
        const double x = m_sum / static_cast<double>(m_count);
        m_sum = 0;
        m_count = 0;
        const double t_ms = static_cast<double>(++m_updates) * sLifStep_ms;
        run.sLifTime_ms.push_back(t_ms);
        const bool driverFires = update(m_driver, {x, x, x}, t_ms, run.driver);
        // All four parts of the driver spike in the same step: part i hears part i and part 4.
        const double drive = driverFires ? m_coupling * sLifStep_ms * 2 : 0;
        update(m_driven, {drive, drive, drive}, t_ms, run.driven);
    }

private:
    static bool update(s_lif_hh::Unit& unit, const std::array<double, 3>& x, double t_ms, SimplifiedPair& into)
    {
        std::array<double, 4> before;
        const bool fires = unit.step(x, sLifStep_ms, &before);
        for (int part = 0; part < 4; ++part)
            into.sLifU[part].push_back(before[part]);
        if (fires)
            into.sLifSpikes_ms.push_back(t_ms);
        return fires;
    }

    std::int64_t m_stepsOfUpdate;
    double m_coupling;
    double m_sum = 0;
    std::int64_t m_count = 0;
    std::int64_t m_updates = 0;
    s_lif_hh::Unit m_driver, m_driven;
};

void record(SimplifiedRun& run, const HhPair& hh, double t_ms)
{
    run.time_ms.push_back(t_ms);
    run.current_ua_per_cm2.push_back(run.stimulus->at(t_ms));
    run.driver.hhV_mv.push_back(hh.v_mv(0));
    run.driven.hhV_mv.push_back(hh.v_mv(1));
}

} // namespace

std::span<const PaperStimulus> paperStimuli() { return stimuli; }

SimplifiedRun runSimplified(
    const PaperStimulus& stimulus, const SimplifiedSettings& settings, const JobContext& context)
{
    check(settings);
    const std::int64_t steps = std::llround(settings.duration_ms / settings.dt_ms);
    const std::int64_t stride = std::max<std::int64_t>(1, std::llround(settings.recordInterval_ms / settings.dt_ms));
    SimplifiedRun run;
    run.stimulus = &stimulus;
    HhPair hh(settings);
    SLifPair sLif(settings);
    record(run, hh, 0);
    for (std::int64_t k = 0; k < steps; ++k) {
        const double current = stimulus.at(static_cast<double>(k) * settings.dt_ms);
        hh.step(current, run);
        sLif.step(current, run);
        if ((k + 1) % stride == 0)
            record(run, hh, static_cast<double>(k + 1) * settings.dt_ms);
        if (k % 1024 == 0) {
            if (context.stop.stop_requested()) {
                run.stopped = true;
                break;
            }
            context.report(static_cast<double>(k) / static_cast<double>(steps),
                "Simplified comparison, " + std::string(stimulus.name));
        }
    }
    hh.requireFinite();
    for (SimplifiedPair* pair : {&run.driver, &run.driven})
        pair->comparison = compareSpikeTrains(pair->hhSpikes_ms, pair->sLifSpikes_ms, settings.duration_ms,
            settings.vanRossumTau_ms, settings.coincidenceWindow_ms);
    return run;
}

} // namespace endospike
