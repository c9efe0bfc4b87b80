// The errors that the engine can raise. They are caught at the edges only (command line, document, job runner).
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace endospike {

/// A document, a table row or an option holds something that is not allowed.
/// `path` is the place in the document ("cells.0.parameters.tau_ms"), `value` what stood there, `why` what is allowed.
struct DocumentError : std::runtime_error {
    DocumentError(std::string path, std::string value, std::string why);
    std::string path;
    std::string value;
    std::string why;
};

/// A file cannot be read or written. `path` is the file, `why` the system's reason in words.
struct FileError : std::runtime_error {
    FileError(std::string path, std::string why);
    std::string path;
    std::string why;
};

/// A state variable left the finite numbers during a run.
struct SimulationError : std::runtime_error {
    SimulationError(std::string variable, std::string cell, double time_ms, double dt_ms);
    std::string variable;
    std::string cell;
    double time_ms;
};

/// A training left the finite numbers; what was stored before stays. Epoch and batch count from 1.
struct TrainingError : std::runtime_error {
    TrainingError(std::string run, std::string quantity, int epoch, int batch);
    /// Of a policy: at a step of its environment, counted from 1.
    TrainingError(std::string run, std::string quantity, std::int64_t step);
    std::string run; ///< "LIF fc, seed 1"
    std::string quantity; ///< "the loss", "weight input.weight"
    int epoch = 0; ///< 0: counted in steps
    int batch = 0;
    std::int64_t step = 0;
};

/// A balancing task cannot go on: it was given a number that is not finite, or its physics gave up. Steps count from 1
/// in the episode; 0: before the first.
struct EnvironmentError : std::runtime_error {
    EnvironmentError(std::string environment, std::string why, int step);
    std::string environment; ///< "Inverted pendulum"
    std::string why; ///< "the action is not a finite number"
    int step;
};

/// This program was built without an optional library. `purpose` is what it would be for.
struct MissingLibraryError : std::runtime_error {
    MissingLibraryError(std::string library, std::string package, std::string purpose);
    std::string library; ///< "MuJoCo"
    std::string package; ///< what Debian calls it: "libmujoco-dev"
    std::string purpose; ///< "The inverted pendulum"
};

} // namespace endospike
