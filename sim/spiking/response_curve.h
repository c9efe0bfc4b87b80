// The response of a Hodgkin-Huxley neuron (1952, sim/neuron/hodgkin_huxley.h; exponential Euler) to a constant current:
// spikes within a window that begins at rest. All neurons of a layer share their parameters, so the curve is simulated
// once and then read: the same number of spikes as a simulation of that current.
#pragma once

#include "sim/neuron/neuron_model.h"

#include <span>
#include <vector>

namespace endospike {

class ResponseTable {
public:
    /// Currents beyond these count as the nearest of the two.
    static constexpr double lowest_ua_per_cm2 = -100;
    static constexpr double highest_ua_per_cm2 = 1000;

    /// Throws DocumentError if the window has more steps than can be simulated.
    ResponseTable(double window_ms, double dt_ms, double smoothing_ua_per_cm2);

    /// Spikes in the window. The curve was scanned every 0.1 uA/cm^2 up to 200 and every 1 uA/cm^2 above; each change
    /// that shows there was then located to the last bit of a float. Not a number gives 0.
    int spikes(float current_ua_per_cm2) const;
    /// The most spikes that any current gives; at least 1.
    int mostSpikes() const { return m_most; }

    /// For `count` weighted sums z with current = gain z: output = spikes / mostSpikes, and slope = d output / dz of
    /// the curve smoothed by a Gaussian of the given width in current.
    void respond(const float* z, int count, float gain, float* output, float* slope) const;

private:
    void findEdges(double window_ms, double dt_ms);
    void tabulate(double smoothing_ua_per_cm2);

    // Between edges the number of spikes is constant: counts[i] below edges[i], counts[i + 1] from there on.
    std::vector<float> m_edges;
    std::vector<int> m_counts;
    std::vector<int> m_firstEdge; ///< the first edge above the beginning of each cell of a uniform grid
    float m_cellsPerUnit = 0;
    std::vector<float> m_slope; ///< d (spikes / most) / dI at the nodes of a uniform grid, ends zero
    float m_slopeLow = 0, m_slopeNodesPerUnit = 0;
    int m_most = 1;
};

/// Spikes of each current, simulated step by step. Throws DocumentError (too many steps).
std::vector<int> simulatedSpikes(std::span<const double> currents_ua_per_cm2, double window_ms, double dt_ms);

} // namespace endospike
