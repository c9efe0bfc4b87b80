#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/lif.h"
#include "sim/neuron/s_lif_hh.h"
#include "sim/neuron/tv_lif_hh.h"

namespace endospike {

std::span<const NeuronModel> neuronModels()
{
    static const NeuronModel models[] = {
        hodgkinHuxleyModel(), lifModel(), shiftedHodgkinHuxleyModel(), tvLifHhModel(), sLifHhModel()};
    return models;
}

const NeuronModel* findNeuronModel(std::string_view key)
{
    for (const NeuronModel& model : neuronModels())
        if (model.key == key)
            return &model;
    return nullptr;
}

} // namespace endospike
