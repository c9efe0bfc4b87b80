// What the parts of the benchmark share.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace endospike::bench {

/// Median of several runs, and half the distance between the fastest and the slowest relative to it.
struct Speed {
    double median = 0;
    double spread = 0;
};
Speed summary(std::vector<double> values); ///< at least one value

/// By case.
using Speeds = std::map<std::string, Speed>;

/// What one of the scripts beside this file printed: lines "CASE: number number ...", and notes, lines that start
/// with "# ".
struct Printed {
    Speeds speeds; ///< empty if what the script compares with is not installed
    std::vector<std::string> notes;
};
Printed runScript(const std::string& scriptAndArguments);

/// `alone`: without other programs to compare with.
void benchNeurons(bool alone);
/// `network`: the key of the only one to measure; empty for all.
void benchTraining(bool alone, const std::string& network);
void benchControl();
/// Makes the application from the program's arguments. Built with the window alone.
void benchWindow(int argc, char** argv);
/// Prints what one first start of the window took: ms of processor time, ms of wall time.
void benchFirstStart(int argc, char** argv);

} // namespace endospike::bench
