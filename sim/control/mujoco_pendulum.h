// The two public tasks on MuJoCo (Todorov, Erez, Tassa, IROS 2012, doi 10.1109/IROS.2012.6386109), models in
// resources/pendulums. The only place that knows MuJoCo; not built without it.
#pragma once

#include "sim/control/environment.h"

namespace endospike {

/// Throws EnvironmentError with MuJoCo's own words if the model cannot be used.
std::unique_ptr<Environment> makeMujocoPendulum(const EnvironmentKind& kind, const ParameterValues& values);

} // namespace endospike
