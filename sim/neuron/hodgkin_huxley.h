// The squid axon of Hodgkin and Huxley, J. Physiol. 117 (1952), doi 10.1113/jphysiol.1952.sp004764, at one point of
// membrane.
//
//   C dV/dt = I - gNa m^3 h (V - ENa) - gK n^4 (V - EK) - gL (V - EL)
//     dx/dt = phi (a_x (1 - x) - b_x x)   for x in m, h, n,   phi = Q10^((T - 6.3 C) / 10 C)
//
// V in mV, inside minus outside; t in ms; I in uA/cm^2, positive depolarises; g in mS/cm^2; C in uF/cm^2; rates in
// 1/ms. With u = V in the absolute convention and u = V - 65 mV in the shifted one (rest at 0):
//   a_m = 0.1 (u+40) / (1 - exp(-(u+40)/10))    b_m = 4 exp(-(u+65)/18)
//   a_n = 0.01 (u+55) / (1 - exp(-(u+55)/10))   b_n = 0.125 exp(-(u+65)/80)
//   a_h = 0.07 exp(-(u+65)/20)                  b_h = 1 / (1 + exp(-(u+35)/10))
#pragma once

#include "sim/neuron/neuron_model.h"

namespace endospike {

/// Rows of the parameter tables of both conventions.
namespace hh {
enum Row {
    capacitance,
    gNa,
    gK,
    gL,
    eNa,
    eK,
    eL,
    naScale,
    kScale,
    temperature,
    q10,
    start,
    v0,
    m0,
    h0,
    n0,
    spikeThreshold,
    minimumGap,
    rows
};

struct State {
    double v_mv, m, h, n;
};

/// Opening and closing rates in 1/ms at 6.3 C.
struct Rates {
    double aM, bM, aH, bH, aN, bN;
};

/// The rates by the plain formulas, smooth across -40 and -55 mV. `u_mv` in the absolute convention.
Rates plainRates(double u_mv);

/// Opening and closing rates by the vector code of the stepping loops, for each voltage; lengths agree.
void fastRates(std::span<const double> u_mv, std::span<Rates> out);
void fastRates(std::span<const float> u_mv, std::span<Rates> out);

/// phi for these parameters.
double temperatureFactor(const ParameterValues& values);

/// The resting state without input: the lowest voltage at which the ionic currents cancel with the gates settled and
/// turn from inward to outward. `values` from either table.
State restingState(const ParameterValues& values);
} // namespace hh

const NeuronModel& hodgkinHuxleyModel();
const NeuronModel& shiftedHodgkinHuxleyModel();

} // namespace endospike
