// A laboratory as a row, as a neuron model is one: what the document, the command line, captions, `models` and the
// window know of it comes from here. The one list is sim/laboratories.cpp; each row stands in its laboratory's folder,
// those of laboratories whose plan every document has room for in plan_laboratories.cpp.
#pragma once

#include "sim/base/parameter.h"

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

using Json = nlohmann::ordered_json;
class ObjectReader;
struct Experiment;

struct LaboratoryKind {
    std::string_view key; ///< in documents and on the command line: "robustness"
    std::string_view name; ///< for a person, one word: "Robustness"
    std::string_view summary; ///< one sentence
    std::string_view command; ///< the verb of endospike-cli that runs its documents: "sweep"
    ParameterTable own; ///< its own settings, in documents below its key; may be empty
    Experiment (*first)(); ///< what `new` gives
    /// The plans that its documents keep beside cells, stimulus and simulation, which all keep, and its own settings,
    /// which follow from the table; nullptr if there are none. `fromJson` throws DocumentError.
    void (*toJson)(Json& document, const Experiment& experiment) = nullptr;
    void (*fromJson)(ObjectReader& document, Experiment& experiment) = nullptr;
    /// The tables of these plans, for `endospike-cli models`; nullptr if there are none, or another row gives them.
    void (*tables)(Json& tables) = nullptr;
    /// What the caption of a figure says of an experiment, beside its title; sentences without their full stop.
    std::vector<std::string> (*caption)(const Experiment& experiment) = nullptr;
};

/// Every laboratory. A document that does not say where it belongs is of the first.
std::span<const LaboratoryKind> laboratories();

/// nullptr if there is none.
const LaboratoryKind* findLaboratory(std::string_view key);

} // namespace endospike
