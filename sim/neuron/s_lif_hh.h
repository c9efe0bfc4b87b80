// s-LIF2HH: the simplified four-LIF unit (L. He et al., Nature Computational Science 4, 584 (2024),
// doi 10.1038/s43588-024-00674-9).
//
// u in units of its threshold's scale (the published numbers sit on the shifted HH's millivolts), t in ms, dt = 1 ms:
//
//   u_i[k] = u_i[k-1] - (1 - decay) u_i[k-1] dt + x_i[k] dt                    i = 1, 2, 3
//   u_4[k] = u_4[k-1] - (1 - decay) u_4[k-1] dt + (u_1[k] + u_2[k] + u_3[k]) dt
//   all four above threshold in the same step: the unit fires and all four go to reset
//
// x[k] is the mean of the input current over the step. With decay 0.9 and threshold 70.
#pragma once

#include "sim/neuron/neuron_model.h"

#include <array>

namespace endospike {

namespace s_lif_hh {
/// Rows of the parameter table.
enum Row { step, decay, threshold, reset, gain, rows };

/// One unit, alone; what the cell and the published comparison both step.
struct Unit {
    double decay = 0.9;
    double threshold = 70;
    double reset = 0;
    std::array<double, 4> u = {};

    /// One step of `dt_ms` with the input of each of the three channel parts; true if it fires. `beforeReset`, if
    /// given, receives the four potentials before a reset.
    bool step(const std::array<double, 3>& x, double dt_ms, std::array<double, 4>* beforeReset = nullptr);
};
} // namespace s_lif_hh

/// Key "s_lif2hh": the unit as an ordinary cell. Its own step (row "step_ms", 1 ms) is a whole number of simulation
/// steps (rounded, at least one); the input is averaged over it and the potentials stand still in between. v_mv is the
/// fourth unit's potential, bounded for the eye only by its reset; a spike falls on the end of the internal step.
/// Channels: v_mv (= u_4), u1_mv, u2_mv, u3_mv. Integrator and precision have no meaning here and are ignored.
const NeuronModel& sLifHhModel();

} // namespace endospike
