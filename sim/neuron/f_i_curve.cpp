#include "sim/neuron/f_i_curve.h"

#include "sim/base/errors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace endospike {
namespace {

constexpr std::size_t maximumCurrents = 100'000;
constexpr double maximumSteps = 2e8;

void require(bool allowed, const char* field, double value, const char* why)
{
    if (!allowed)
        throw DocumentError(field, shortNumber(value), why);
}

void check(std::span<const double> currents, const FiSettings& settings)
{
    require(settings.dt_ms > 0 && settings.dt_ms <= 1, "dt_ms", settings.dt_ms, "must be above 0 and at most 1 ms");
    require(settings.duration_ms > 0 && std::isfinite(settings.duration_ms), "duration_ms", settings.duration_ms,
        "must be above 0");
    require(
        settings.transient_ms >= 0 && (settings.transient_ms + settings.duration_ms) / settings.dt_ms <= maximumSteps,
        "transient_ms", settings.transient_ms, "must not be negative, and the whole at most 200 million steps");
    require(!currents.empty() && currents.size() <= maximumCurrents, "current_ua_per_cm2",
        static_cast<double>(currents.size()), "must be 1 to 100000 values");
    for (const double current : currents)
        require(std::isfinite(current), "current_ua_per_cm2", current, "must be a finite number");
}

void requireFinite(const Population& population, const NeuronModel& model, double t_ms, double dt_ms)
{
    if (const auto bad = population.nonFinite())
        throw SimulationError(std::string(model.stateVariables[bad->variable]),
            std::string(model.shortName) + " at current " + std::to_string(bad->cell + 1), t_ms, dt_ms);
}

} // namespace

FiCurve fiCurve(const NeuronModel& model, const ParameterValues& parameters, std::span<const double> currents,
    const FiSettings& settings, const JobContext& context)
{
    check(currents, settings);
    const auto cells = static_cast<int>(currents.size());
    const auto population = model.create(cells, settings.integrator, Precision::float64, settings.dt_ms);
    for (int cell = 0; cell < cells; ++cell)
        population->setParameters(cell, parameters);
    population->reset();

    const double gap_ms = parameters.valueOr(ParameterRole::minimumGap, 0);
    std::vector<double> last_ms(currents.size(), -std::numeric_limits<double>::infinity());
    FiCurve curve{{currents.begin(), currents.end()}, std::vector<double>(currents.size()), false};
    const InputBlock input = {currents.data(), currents.data(), currents.data(), 0, 1};
    std::vector<SpikeEvent> events;
    const std::int64_t steps = std::llround((settings.transient_ms + settings.duration_ms) / settings.dt_ms);
    std::int64_t done = 0;
    while (done < steps && !curve.stopped) {
        const int count = static_cast<int>(std::min<std::int64_t>(1000, steps - done));
        events.clear();
        population->advance(count, input, events);
        for (const SpikeEvent& event : events) {
            const double t_ms = (static_cast<double>(done + event.step) + event.fraction) * settings.dt_ms;
            if (t_ms - last_ms[event.cell] < gap_ms)
                continue;
            last_ms[event.cell] = t_ms;
            curve.rate_hz[event.cell] += t_ms > settings.transient_ms;
        }
        done += count;
        requireFinite(*population, model, static_cast<double>(done) * settings.dt_ms, settings.dt_ms);
        curve.stopped = context.stop.stop_requested() && done < steps;
        context.report(
            static_cast<double>(done) / static_cast<double>(steps), "f-I curve of " + std::string(model.shortName));
    }
    const double counted_ms = static_cast<double>(done) * settings.dt_ms - settings.transient_ms;
    for (double& rate_hz : curve.rate_hz)
        rate_hz = counted_ms > 0 ? 1e3 * rate_hz / counted_ms : 0;
    return curve;
}

} // namespace endospike
