// What long work is given: when to stop, where to say how far it is. One entry for every laboratory; JobRunner (window)
// and the command line are the two callers.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace endospike {

struct JobContext {
    std::stop_token stop;
    /// Fraction done 0..1 (negative: not known) and a sentence. Called from the working thread, often; the receiver
    /// throttles. May be empty.
    std::function<void(double fraction, const std::string& sentence)> progress;

    void report(double fraction, const std::string& sentence) const
    {
        if (progress)
            progress(fraction, sentence);
    }
};

} // namespace endospike
