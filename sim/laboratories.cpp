// The one list of laboratories, in the order of help and `models`. It stands alone in its file, so that a program that
// defines laboratories() itself is linked with its own list.
#include "sim/cost/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/equivalence/laboratory.h"
#include "sim/information/laboratory.h"
#include "sim/robustness/laboratory.h"

namespace endospike {

std::span<const LaboratoryKind> laboratories()
{
    static const LaboratoryKind rows[] = {neuronLaboratory(), equivalenceLaboratory(), trainingLaboratory(),
        informationLaboratory(), robustnessLaboratory(), costLaboratory(), controlLaboratory()};
    return rows;
}

} // namespace endospike
