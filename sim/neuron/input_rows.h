// Input currents on their way into a kernel: converted to its precision, a few steps of one tile at a time.
#pragma once

#include "sim/neuron/neuron_model.h"

#include <algorithm>

namespace endospike {

/// Current of step k: row k * stepStride, one value for all cells if `shared`, else one for each cell of the tile
/// (padded with zeros).
template <class T>
struct InputView {
    const T* start;
    const T* middle;
    const T* end;
    std::ptrdiff_t stepStride;
    bool shared;
};

/// Where a kernel reports crossings: cells and steps are counted from those of the tile and chunk.
struct SpikeSink {
    std::vector<SpikeEvent>* events;
    int firstCell;
    int firstStep;

    void add(int cell, int step, double fraction) const
    {
        events->push_back({firstCell + cell, firstStep + step, fraction});
    }
};

template <class T>
class InputRows {
public:
    static constexpr int width = 128; ///< cells of a tile

    /// Converts the steps from `step` on, for `cells` cells from `firstCell`; returns for how many steps (at least 1).
    int load(const InputBlock& input, int step, int steps, int firstCell, int cells, bool all)
    {
        const bool shared = input.cellStride == 0, constant = input.stepStride == 0;
        const int count = constant ? steps - step : std::min(steps - step, shared ? 1024 : 16);
        const int rows = constant ? 1 : count, columns = shared ? 1 : cells;
        const int stride = shared ? 1 : width;
        const double* const sources[] = {input.start, input.middle, input.end};
        for (int which = 0; which < (all ? 3 : 1); ++which) {
            m_values[which].resize(static_cast<std::size_t>(rows) * stride);
            const double* source = sources[which] + step * input.stepStride + firstCell * input.cellStride;
            for (int k = 0; k < rows; ++k)
                for (int c = 0; c < columns; ++c)
                    m_values[which][k * stride + c] =
                        static_cast<T>(source[k * input.stepStride + c * input.cellStride]);
        }
        m_view = {m_values[0].data(), m_values[1].data(), m_values[2].data(), constant ? 0 : stride, shared};
        return count;
    }

    const InputView<T>& view() const { return m_view; }

private:
    std::vector<T> m_values[3];
    InputView<T> m_view = {};
};

} // namespace endospike
