// What every small circuit of the equivalence laboratory shares: cells of one kind with the classic parameters, forward
// Euler in double precision, wired by level: while a cell's own V lies above the threshold, its synapses carry current.
// He et al., Nature Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9.
#pragma once

#include "sim/neuron/neuron_model.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace endospike {

enum class CellKind { hodgkinHuxley, tvLif };
inline constexpr std::array cellKinds = {CellKind::hodgkinHuxley, CellKind::tvLif};

const NeuronModel& modelOf(CellKind kind);

/// Published: V = -70 mV, m = 0.0289, h = 0.7541, n = 0.2446 (no rest: it fires an anode-break spike near 5 ms).
enum class CircuitStart { published, rest };

struct CircuitSettings {
    CircuitStart start = CircuitStart::published;
    double dt_ms = 0.001;
    double duration_ms = 40;
    double threshold_mv = -40; ///< a spike is an upward crossing of the cell's own V
    double recordInterval_ms = 0.05; ///< of voltage traces, rounded to whole steps

    std::int64_t steps() const;
    int stepsPerSample() const;
};

/// Throws DocumentError (path = field) unless dt and duration are finite, positive and give 1 .. 2e8 steps, and the
/// rest is finite.
void check(const CircuitSettings& settings);

/// One kind's cells, stepped together one step at a time.
class CircuitCells {
public:
    CircuitCells(CellKind kind, int cells, const CircuitSettings& settings);

    int size() const { return static_cast<int>(m_v.size()); }
    /// One step under the current of each cell, uA/cm^2. Throws SimulationError for a non-finite state.
    void step(std::span<const double> current_ua_per_cm2);
    std::span<const double> v_mv() const { return m_v; } ///< present potentials
    bool above(int cell) const { return m_v[cell] > m_threshold_mv; }
    /// Spike times so far, interpolated within the step, ms.
    const std::vector<std::vector<double>>& spikes_ms() const { return m_spikes; }

    /// The crossings of the last step.
    std::span<const SpikeEvent> lastSpikes() const { return m_events; }
    void requireFinite() const; ///< throws SimulationError; step() looks now and then by itself

private:
    const NeuronModel* m_model;
    std::unique_ptr<Population> m_population;
    double m_threshold_mv;
    double m_dt_ms;
    std::int64_t m_step = 0;
    std::vector<double> m_v;
    std::vector<SpikeEvent> m_events;
    std::vector<std::vector<double>> m_spikes;
};

} // namespace endospike
