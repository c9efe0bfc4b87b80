// Gathers samples and spikes of a simulation into trace blocks.
#pragma once

#include "sim/neuron/simulation.h"

namespace endospike {

class BlockRecorder {
public:
    /// Appends the present state of `simulation`. The layout must not change while a block is open: take() first.
    void record(const Simulation& simulation);

    /// Where advance() puts its spikes.
    std::vector<CellSpike>& spikes() { return m_spikes; }

    int samples() const { return m_count; }

    /// The block so far; the next one begins. `restarted` marks it as the first after a reset.
    TraceBlock take(bool restarted);

private:
    std::shared_ptr<const TraceLayout> m_layout;
    double m_first_ms = 0;
    double m_interval_ms = 0;
    int m_count = 0;
    std::vector<double> m_rows; ///< sample by sample
    std::vector<CellSpike> m_spikes;
};

} // namespace endospike
