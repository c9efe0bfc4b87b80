#include "sim/network/network.h"

namespace endospike {

std::unique_ptr<Network> makeNetwork(const NetworkPlan& plan, std::uint64_t seed)
{
    return plan.kind->convolutional ? makeConvolutional(plan, seed) : makeFullyConnected(plan, seed);
}

} // namespace endospike
