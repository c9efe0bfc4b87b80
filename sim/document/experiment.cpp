#include "sim/document/experiment.h"

#include "sim/document/laboratory.h"

namespace endospike {

Experiment::Experiment()
    : Experiment(laboratories().front())
{
}

Experiment::Experiment(const LaboratoryKind& kind)
    : laboratory(&kind)
    , own(kind.own)
{
}

} // namespace endospike
