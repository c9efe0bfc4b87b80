#include "sim/results/verdict.h"

#include <cmath>

namespace endospike {

bool holds(Relation relation, double difference, double tolerance)
{
    switch (relation) {
    case Relation::equal:
        return difference == 0;
    case Relation::atMost:
        return difference <= 0;
    case Relation::about:
        return std::abs(difference) <= tolerance;
    case Relation::above:
        return difference > tolerance;
    case Relation::aboutOrAbove:
        break;
    }
    return difference >= -tolerance;
}

Outcome Verdict::outcome() const
{
    return tested == 0   ? Outcome::notMeasured
        : held == tested ? Outcome::holds
        : held == 0      ? Outcome::doesNotHold
                         : Outcome::inPart;
}

} // namespace endospike
