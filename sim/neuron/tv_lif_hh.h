// tv-LIF2HH: one Hodgkin-Huxley neuron as a microstructure of four time-varying leaky integrate-and-fire units
// (L. He et al., Nature Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9). Exact: the four units
// together are the neuron of hodgkin_huxley.h, and under forward Euler they are so step by step.
//
// V, u, F, E in mV; t in ms; I in uA/cm^2, positive depolarises; g in mS/cm^2; C in uF/cm^2; rates in 1/ms; absolute
// convention (rest near -65 mV). With g_1 = gNa m^3 h, g_2 = gK n^4, g_3 = gL, E_1 = ENa, E_2 = EK, E_3 = EL and
// gs = g_1 + g_2 + g_3, all functions of time:
//
//   three channel units  C du_i/dt = -(u_i - E_i) + I/gs                       i = 1, 2, 3
//   their synapse        F = sum_i integral of g_i du_i
//   one soma unit        (C/gs) du_4/dt = -u_4 - F + (sum_i g_i u_i)/gs
//   output               V = F + u_4
//   gates                dx/dt = phi (a_x(V) (1 - x) - b_x(V) x)               x in m, h, n, from the unit's own V
//
// C dV/dt = C dF/dt + C du_4/dt = [-sum g_i (u_i - E_i) + I] + [-gs (u_4 + F) + sum g_i u_i] = I - sum g_i (V - E_i).
// (As published, the leak of a channel unit is 1 mS/cm^2 and I/gs is a potential: what enters the synapse is
// g_i du_i/dt, so that the units only have to agree after the sum.)
//
// Start: u_1..3 = 0, F = 0, u_4 = V0, gates as in the HH cell. F and u_4 drift apart without bound and cancel in V
// (about 1000 mV after 40 ms of firing at dt 0.001 ms), so that float32 loses what the sum needs.
//
// Integrators. Forward Euler: F[k+1] = F[k] + sum g_i (u_i[k+1] - u_i[k]); with old values on every right-hand side V
// follows HH to rounding. The published order puts F[k+1] into the soma unit instead and is off by up to 0.5 mV at the
// upstroke at dt 0.001 ms. Runge-Kutta 4: (u_1..4, F, m, h, n) as one system with dF/dt = sum g_i du_i/dt; V is a
// linear function of the state, so it is preserved too. Exponential Euler: each unit relaxes exactly while the rest
// stands still, which is another rule than relaxing V itself, so that the difference is of first order in dt. The
// order of update is a matter of the two Euler rules; Runge-Kutta 4 has no order and ignores it. With every conductance
// zero I/gs is not defined: the state leaves the finite numbers and the run stops.
#pragma once

#include "sim/neuron/hodgkin_huxley.h"

namespace endospike {

namespace tv_lif_hh {
/// The table has the rows of hh (hh::Row, same order), then this one.
inline constexpr int updateOrder = hh::rows;
/// Values of the row "update_order".
enum UpdateOrder { oldValues, published };
/// Order of NeuronModel::stateVariables.
enum Variable { u1, u2, u3, f, u4, m, h, n, variables };
} // namespace tv_lif_hh

/// Key "tv_lif2hh". Channels: v_mv, m, h, n, the currents and conductances of hh, u1_mv .. u4_mv, f_mv (internal).
const NeuronModel& tvLifHhModel();

} // namespace endospike
