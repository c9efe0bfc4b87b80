// The leaky integrate-and-fire neuron (L. Lapicque, J. Physiol. Pathol. Gen. 9, 620 (1907),
// doi 10.1007/s00422-007-0189-6 in translation).
//
//   tau dV/dt = -(V - E) + R I;   V >= threshold: spike, V = reset, held there for the refractory period
//
// V in mV, t in ms, I in uA/cm^2 (positive depolarises), R in kOhm cm^2. The refractory period counts from the crossing
// inside the step, and the rest of the step in which it ends is integrated. At most one spike in a step.
#pragma once

#include "sim/neuron/neuron_model.h"

namespace endospike {

/// Rows of the parameter table.
namespace lif {
enum Row { tau, resistance, rest, threshold, reset, refractory, v0, rows };
}

const NeuronModel& lifModel();

} // namespace endospike
