// What can be set for the information plane; networks, data, epochs and seeds are those of a TrainingPlan, of which the
// optimiser and the schedule of each network are not used: the ones below take their place. Published values are the
// defaults: He et al., Nature Computational Science 4, 584 (2024), doi 10.1038/s43588-024-00674-9.
#pragma once

#include "sim/base/parameter.h"
#include "sim/network/training_plan.h"

#include <string>

namespace endospike {

/// Rows of informationTable(), in its order.
namespace information {
inline constexpr std::string_view key = "information"; ///< of its documents
enum Row {
    code_size,
    beta,
    learning_rate,
    beta1,
    beta2,
    decay_factor,
    decay_every,
    weight_averaging,
    samples,
    measured_pairs
};
} // namespace information
ParameterTable informationTable();

/// Throws DocumentError unless every network is fully connected; `path` is that of the plan.
void checkInformationPlan(const TrainingPlan& plan, const std::string& path);

} // namespace endospike
