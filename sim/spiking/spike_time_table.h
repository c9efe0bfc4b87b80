// When a Hodgkin-Huxley neuron (1952, sim/neuron/hodgkin_huxley.h; exponential Euler) fires under a constant current
// within a window that begins at rest. All neurons of a layer share their parameters, so the times are simulated once,
// at finely spaced currents (0.025 uA/cm^2 apart at 10 uA/cm^2), and read in between: linearly where both neighbours
// fire equally often, else from the nearer one.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace endospike {

class SpikeTimeTable {
public:
    static constexpr double highest_ua_per_cm2 = 1000; ///< currents beyond count as this; below 0 there is no spike

    /// The trace that a synapse makes of the spikes, exp(-(t - t_k) / tau_ms) summed over them, has its mean over the
    /// window. Throws DocumentError if the window has more steps than can be simulated.
    SpikeTimeTable(double window_ms, double dt_ms, double tau_ms, double smoothing_ua_per_cm2);

    int steps() const { return m_steps; }

    /// Calls f(step) for each spike; the crossing lies between this step's beginning and end.
    template <class F>
    void forEachSpike(float current, F&& f) const
    {
        const Place at = placeOf(current);
        const float* below = m_times.data() + m_first[at.node];
        const float* above = m_times.data() + m_first[at.node + 1];
        const auto count = above - below, countAbove = m_times.data() + m_first[at.node + 2] - above;
        if (count == countAbove)
            for (std::ptrdiff_t k = 0; k < count; ++k)
                f(static_cast<int>(below[k] + at.part * (above[k] - below[k])));
        else if (at.part < 0.5f)
            for (std::ptrdiff_t k = 0; k < count; ++k)
                f(static_cast<int>(below[k]));
        else
            for (std::ptrdiff_t k = 0; k < countAbove; ++k)
                f(static_cast<int>(above[k]));
    }

    /// Mean over the window of the trace of spikes at these steps; a spike acts from the step after its own.
    float traceOf(int step) const { return m_traceOfSpike[static_cast<std::size_t>(step)]; }
    /// d (mean trace) / d current of the curve smoothed by a Gaussian of the given width in current.
    float traceSlope(float current) const;

private:
    struct Place {
        std::size_t node;
        float part;
    };
    Place placeOf(float current) const
    {
        // Node j stands at j^2 * unit.
        if (!(current > 0))
            return {0, 0};
        const float used = current < m_highest ? current : m_highest;
        const auto node = static_cast<std::size_t>(std::sqrt(used / m_unit));
        const auto whole = static_cast<float>(node);
        const float from = whole * whole * m_unit, width = (2 * whole + 1) * m_unit;
        const float part = (used - from) / width;
        return {node, part < 0 ? 0 : part > 1 ? 1 : part};
    }
    void simulate(double dt_ms);
    void smooth(double width);

    int m_steps;
    float m_unit, m_highest;
    std::vector<std::size_t> m_first; ///< of each node's times, and one more
    std::vector<float> m_times; ///< in steps
    std::vector<float> m_traceOfSpike; ///< [step]
    std::vector<float> m_slope; ///< at nodes of a uniform grid, ends zero
    float m_slopeLow = 0, m_slopeNodesPerUnit = 1;
};

} // namespace endospike
