// Firing rate against constant current of one neuron model: one cell for each current, all stepped together.
#pragma once

#include "sim/base/job.h"
#include "sim/neuron/neuron_model.h"

#include <span>
#include <vector>

namespace endospike {

struct FiSettings {
    Integrator integrator = Integrator::exponentialEuler;
    double dt_ms = 0.01;
    double transient_ms = 200; ///< spikes before this do not count
    double duration_ms = 500; ///< over which spikes are counted
};

struct FiCurve {
    std::vector<double> current_ua_per_cm2;
    std::vector<double> rate_hz; ///< spikes after the transient / duration
    bool stopped = false; ///< rates are then of the part that was computed
};

/// `parameters` from model.parameters. Currents finite. Throws DocumentError (path = field) and SimulationError.
FiCurve fiCurve(const NeuronModel& model, const ParameterValues& parameters, std::span<const double> current_ua_per_cm2,
    const FiSettings& settings, const JobContext& context);

} // namespace endospike
