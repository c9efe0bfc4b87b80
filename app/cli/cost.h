// The cost command: operations, parameters, memory and measured time of networks and single cells.
#pragma once

#include "sim/document/experiment.h"

namespace endospike {

struct CostCommand {
    bool json = false;
    int threads = 1;
};

/// The document's networks, or the default network of every kind. To stdout; the exit code.
int printCost(const std::vector<NetworkPlan>& networks, const CostCommand& command);

} // namespace endospike
