// The list, alone in its file: a test has another.
#include "app/window/laboratories.h"

#include "app/control/page.h"
#include "app/cost/page.h"
#include "app/equivalence/card.h"
#include "app/equivalence/page.h"
#include "app/information/page.h"
#include "app/neuron/card.h"
#include "app/neuron/page.h"
#include "app/robustness/page.h"
#include "app/training/card.h"
#include "app/training/page.h"
#include "sim/control/checkpoint.h"
#include "sim/control/policy.h"
#include "sim/cost/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/equivalence/settings.h"
#include "sim/information/settings.h"
#include "sim/network/checkpoint.h"
#include "sim/robustness/settings.h"

namespace endospike {

namespace {

template <class SomePage>
Page* make(Document& document, const Surroundings& surroundings)
{
    if constexpr (std::is_constructible_v<SomePage, Document&, const QString&>)
        return new SomePage(document, surroundings.runsFolder);
    else
        return new SomePage(document);
}

} // namespace

std::span<const BenchKind> benchKinds()
{
    static const BenchKind kinds[] = {
        {neuron::key, make<NeuronPage>, "neuron", RailGroup::learn, neuronCard},
        {equivalence::key, make<EquivalencePage>, "equivalence", RailGroup::learn, equivalenceCard},
        {training::key, make<TrainingPage>, "network", RailGroup::research, trainingCard, {checkpointFormat}},
        {control::key, make<ControlPage>, "balance", RailGroup::research, nullptr,
            {policyFormat, controlCheckpointFormat}},
        {robustness::key, make<RobustnessPage>, "shield", RailGroup::research},
        {information::key, make<InformationPage>, "plane", RailGroup::research},
        {cost::key, make<CostPage>, "clock", RailGroup::research},
    };
    return kinds;
}

} // namespace endospike
