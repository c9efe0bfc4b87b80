// A fully connected layer of Hodgkin-Huxley cells against the same layer of tv-LIF2HH microstructures, after He et al.,
// Nature Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9.
//
// Each input cell j receives a constant current I_j; while its V lies above the threshold, output cell k receives
// w_kj * S from it:  I_k = S sum_j w_kj [V_j > threshold],  uA/cm^2. Inputs are stepped first by the same time step, so
// that an output hears the inputs' state at the beginning of the step.
#pragma once

#include "sim/base/job.h"
#include "sim/equivalence/circuit_cells.h"

#include <array>
#include <cstdint>
#include <vector>

namespace endospike {

struct FullyConnectedSettings {
    std::vector<double> currents_ua_per_cm2; ///< one for each input, finite
    std::vector<double> weights; ///< [output][input], dimensionless, finite
    double synapse_ua_per_cm2 = 20; ///< S
    CircuitSettings circuit;
};

struct FullyConnectedRun {
    std::vector<std::vector<double>> inputSpikes_ms;
    std::vector<std::vector<double>> outputSpikes_ms;
    std::vector<std::vector<double>> outputV_mv; ///< [output][sample]
    double seconds = 0; ///< computing time
};

struct FullyConnectedResult {
    std::vector<double> time_ms; ///< of outputV_mv
    std::array<FullyConnectedRun, 2> runs; ///< indexed by CellKind
    /// Hamming distance of the two binary output vectors (bit k: output k spikes in this step) summed over all steps up
    /// to each time of time_ms.
    std::vector<std::int64_t> hamming;
    std::int64_t totalHamming = 0; ///< over all steps
    std::int64_t differingSteps = 0; ///< steps with a Hamming distance above 0
    std::int64_t steps = 0; ///< time steps computed
    double maximumDifference_mv = 0; ///< largest |V_HH - V_tvLIF| over all outputs and steps
    bool stopped = false;
};

/// Throws DocumentError for settings that are not allowed, SimulationError for a non-finite state.
FullyConnectedResult runFullyConnected(const FullyConnectedSettings& settings, const JobContext& context);

} // namespace endospike
