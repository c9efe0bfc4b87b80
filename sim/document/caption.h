// Sentences for the caption of a figure, made from the plans of a document. Only what differs from the tables is said,
// and what nobody should have to look up.
#pragma once

#include "sim/base/parameter.h"

#include <string>
#include <vector>

namespace endospike {

struct Experiment;

/// "Sodium conductance 60 mS/cm²", for each value that is not its table's default, and for those of `always`.
std::vector<std::string> differences(const ParameterValues& values, std::vector<std::size_t> always = {});

/// "HH: Sodium conductance 60 mS/cm², Start Rest"; the head alone if there is nothing to add.
std::string sentence(std::string_view head, const std::vector<std::string>& values);

std::string joined(const std::vector<std::string>& parts, std::string_view separator);

/// The visible cells with their own stimuli, the shared stimulus, the time step.
std::vector<std::string> cellSentences(const Experiment& experiment);

/// The networks, and how they are trained.
std::vector<std::string> trainingSentences(const Experiment& experiment);

} // namespace endospike
