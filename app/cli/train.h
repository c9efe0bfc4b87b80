// What the train command does with a document of the training laboratory (train.cpp) and of the control laboratory
// (train_policies.cpp).
#pragma once

#include "app/cli/command.h"

#include <algorithm>
#include <string>
#include <vector>

namespace endospike {

struct TrainOptions {
    DocumentOptions document;
    std::string folder; ///< one folder below it for each run; empty: keep nothing
    bool resume = false;
    int threads = 0; ///< of a network, or policies trained at once; 0: one for each processor
    std::vector<std::string> names; ///< of networks or policies, or their kinds' keys; empty: all of the document
};

/// Those of a document's networks or policies that were asked for, each once. Throws DocumentError.
template <class Item>
std::vector<Item> chosen(
    const std::vector<Item>& all, const TrainOptions& options, const std::string& place, const std::string& what)
{
    if (all.empty())
        throw DocumentError(place, "empty", "name at least one " + what + " to train");
    if (options.names.empty())
        return all;
    std::vector<Item> result;
    for (const std::string& name : options.names) {
        bool known = false;
        for (const Item& item : all)
            if (item.name == name || item.kind->key == name) {
                known = true; // it may have been asked for by its kind before
                if (std::ranges::find(result, item.name, &Item::name) == result.end())
                    result.push_back(item);
            }
        if (!known)
            throw DocumentError(
                "--network", "\"" + name + "\"", "the document has no " + what + " of this name or kind");
    }
    return result;
}

/// Several at once, and over the processes that mpirun started. JSON lines to stdout (sim/control/log.h), a table to
/// stderr. The exit code; throws as Verb::declare says.
int trainPolicies(const Experiment& experiment, const TrainOptions& options);

} // namespace endospike
