#include "sim/equivalence/circuit_cells.h"

#include "sim/base/errors.h"
#include "sim/base/parameter.h"
#include "sim/neuron/tv_lif_hh.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace endospike {
namespace {

constexpr double maximumCircuitSteps = 2e8;

ParameterValues cellParameters(const NeuronModel& model, const CircuitSettings& settings)
{
    ParameterValues values(model.parameters);
    values.set(hh::start, settings.start == CircuitStart::published ? 1 : 0);
    values.set(hh::spikeThreshold, settings.threshold_mv);
    return values;
}

} // namespace

const NeuronModel& modelOf(CellKind kind) { return kind == CellKind::tvLif ? tvLifHhModel() : hodgkinHuxleyModel(); }

std::int64_t CircuitSettings::steps() const { return std::llround(duration_ms / dt_ms); }

int CircuitSettings::stepsPerSample() const
{
    return static_cast<int>(std::clamp(std::round(recordInterval_ms / dt_ms), 1.0, 1e9));
}

void check(const CircuitSettings& settings)
{
    const double count = settings.duration_ms / settings.dt_ms;
    require(settings.dt_ms > 0 && settings.dt_ms <= 1, "dt_ms", settings.dt_ms, "must be above 0 and at most 1 ms");
    require(settings.duration_ms > 0 && count >= 1 && count <= maximumCircuitSteps, "duration_ms", settings.duration_ms,
        "must hold at least one time step and at most 200 million");
    require(settings.recordInterval_ms > 0 && std::isfinite(settings.recordInterval_ms), "record_interval_ms",
        settings.recordInterval_ms, "must be above 0");
    require(std::abs(settings.threshold_mv) <= 100, "threshold_mv", settings.threshold_mv, "must lie within ±100 mV");
}

CircuitCells::CircuitCells(CellKind kind, int cells, const CircuitSettings& settings)
    : m_model(&modelOf(kind))
    , m_population(m_model->create(cells, Integrator::forwardEuler, Precision::float64, settings.dt_ms))
    , m_threshold_mv(settings.threshold_mv)
    , m_dt_ms(settings.dt_ms)
    , m_v(static_cast<std::size_t>(cells))
    , m_spikes(static_cast<std::size_t>(cells))
{
    const ParameterValues values = cellParameters(*m_model, settings);
    for (int cell = 0; cell < cells; ++cell)
        m_population->setParameters(cell, values);
    m_population->reset();
    m_population->voltages(m_v);
}

void CircuitCells::step(std::span<const double> current_ua_per_cm2)
{
    const double* current = current_ua_per_cm2.data();
    m_events.clear();
    m_population->advance(1, {current, current, current, 0, 1}, m_events);
    m_population->voltages(m_v);
    for (const SpikeEvent& event : m_events)
        m_spikes[event.cell].push_back((static_cast<double>(m_step) + event.fraction) * m_dt_ms);
    ++m_step;
    // A potential beyond the finite numbers stays there, so that looking now and then is enough.
    if (m_step % 1024 == 0)
        requireFinite();
}

void CircuitCells::requireFinite() const
{
    if (const auto bad = m_population->nonFinite())
        throw SimulationError(std::string(m_model->stateVariables[bad->variable]),
            std::string(m_model->shortName) + " cell " + std::to_string(bad->cell + 1),
            static_cast<double>(m_step) * m_dt_ms, m_dt_ms);
}

} // namespace endospike
