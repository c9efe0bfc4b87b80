#include "sim/neuron/block_recorder.h"

#include <utility>

namespace endospike {

void BlockRecorder::record(const Simulation& simulation)
{
    if (m_count == 0) {
        m_layout = simulation.layout();
        m_first_ms = simulation.time_ms();
        m_interval_ms = simulation.plan().stepsPerSample() * simulation.plan().dt_ms();
    }
    const std::size_t columns = m_layout->columns.size();
    m_rows.resize((static_cast<std::size_t>(m_count) + 1) * columns);
    simulation.sample(std::span(m_rows).last(columns));
    ++m_count;
}

TraceBlock BlockRecorder::take(bool restarted)
{
    TraceBlock block{m_layout, m_first_ms, m_interval_ms, m_count, restarted, std::vector<double>(m_rows.size()),
        std::exchange(m_spikes, {})};
    const std::size_t columns = m_count > 0 ? m_layout->columns.size() : 0;
    for (std::size_t c = 0; c < columns; ++c)
        for (int k = 0; k < m_count; ++k)
            block.values[c * static_cast<std::size_t>(m_count) + k] = m_rows[static_cast<std::size_t>(k) * columns + c];
    m_rows.clear();
    m_count = 0;
    return block;
}

} // namespace endospike
