#include "sim/information/bounds.h"

#include <cmath>

namespace endospike {
namespace {

const double classBits = std::log2(static_cast<double>(classCount));

}

double gaussianKl_nats(double mu, double sigma) { return 0.5 * (mu * mu + sigma * sigma - 1) - std::log(sigma); }

double InformationPoint::taskBits(int task) const
{
    return classBits - crossEntropy_nats[static_cast<std::size_t>(task)] / std::numbers::ln2;
}

double InformationPoint::jointBits() const { return taskBits(0) + taskBits(1); }

double InformationPoint::publishedJointBits() const { return jointBits() - classBits; }

} // namespace endospike
