// What can be set for the simplified comparison and the circuits of the equivalence laboratory; the exact comparison is
// an ordinary experiment of two cells. Published values are the defaults: He et al., Nature Computational Science 4,
// 584 (2024), doi 10.1038/s43588-024-00674-9.
#pragma once

#include "sim/base/parameter.h"

namespace endospike {

/// Rows of equivalenceTable(), in its order.
namespace equivalence {
inline constexpr std::string_view key = "equivalence"; ///< of its documents
enum Row {
    coupling,
    simplified_dt_ms,
    simplified_duration_ms,
    van_rossum_tau_ms,
    coincidence_window_ms,
    f_i_maximum_ua_per_cm2,
    f_i_points,
    f_i_duration_ms,
    xor_kind,
    xor_current_ua_per_cm2,
    xor_synapse_ua_per_cm2,
    circuit_start,
    circuit_dt_ms,
    circuit_duration_ms,
    image,
    weight_seed,
    layer_current_ua_per_cm2,
    layer_weights,
    layer_synapse_ua_per_cm2
};
/// Values of the choices.
enum XorKind { oneAndNotThree, trueXor };
enum CircuitStart { publishedStart, restStart };
enum LayerWeights { trainedWeights, seededWeights };
} // namespace equivalence

ParameterTable equivalenceTable();

} // namespace endospike
