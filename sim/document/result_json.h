// What a run to an end says about itself, as JSON for result.json.
#pragma once

#include "sim/neuron/run.h"

#include <string>
#include <vector>

namespace endospike {

struct Experiment;

/// The resolved experiment, versions, seeds, how the run ended, and for each cell its spike times, intervals and rates.
/// A quantity that is not defined (the mean interval of one spike) is null. `files` are the tables written beside it;
/// `error` is why the run failed, or empty. Ends in a newline.
std::string resultAsJson(const Experiment& experiment, const Result& result, const std::vector<std::string>& files,
    const std::string& error = {});

} // namespace endospike
