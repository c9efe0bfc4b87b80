#include "sim/base/errors.h"

#include <sstream>

namespace endospike {
namespace {

std::string documentSentence(const std::string& path, const std::string& value, const std::string& why)
{
    std::string sentence = path.empty() ? "document" : path;
    if (!value.empty())
        sentence += " is " + value;
    return sentence + ": " + why;
}

std::string simulationSentence(const std::string& variable, const std::string& cell, double time_ms, double dt_ms)
{
    std::ostringstream text;
    text << variable << " of cell \"" << cell << "\" is no longer a finite number at t = " << time_ms
         << " ms; try a time step below " << dt_ms << " ms, exponential Euler, or a smaller current";
    return text.str();
}

} // namespace

DocumentError::DocumentError(std::string path_, std::string value_, std::string why_)
    : std::runtime_error(documentSentence(path_, value_, why_))
    , path(std::move(path_))
    , value(std::move(value_))
    , why(std::move(why_))
{
}

FileError::FileError(std::string path_, std::string why_)
    : std::runtime_error(path_ + ": " + why_)
    , path(std::move(path_))
    , why(std::move(why_))
{
}

SimulationError::SimulationError(std::string variable_, std::string cell_, double time, double dt)
    : std::runtime_error(simulationSentence(variable_, cell_, time, dt))
    , variable(std::move(variable_))
    , cell(std::move(cell_))
    , time_ms(time)
{
}

TrainingError::TrainingError(std::string run_, std::string quantity_, int epoch_, int batch_)
    : std::runtime_error(run_ + ": " + quantity_ + " is no longer a finite number in epoch " + std::to_string(epoch_)
        + ", batch " + std::to_string(batch_)
        + ". A smaller learning rate or input scale may help; what was stored before is kept.")
    , run(std::move(run_))
    , quantity(std::move(quantity_))
    , epoch(epoch_)
    , batch(batch_)
{
}

TrainingError::TrainingError(std::string run_, std::string quantity_, std::int64_t step_)
    : std::runtime_error(run_ + ": " + quantity_ + " is no longer a finite number at environment step "
        + std::to_string(step_) + ". A smaller learning rate may help; what was stored before is kept.")
    , run(std::move(run_))
    , quantity(std::move(quantity_))
    , step(step_)
{
}

EnvironmentError::EnvironmentError(std::string environment_, std::string why_, int step_)
    : std::runtime_error(environment_ + (step_ > 0 ? ", step " + std::to_string(step_) : "") + ": " + why_)
    , environment(std::move(environment_))
    , why(std::move(why_))
    , step(step_)
{
}

MissingLibraryError::MissingLibraryError(std::string library_, std::string package_, std::string purpose_)
    : std::runtime_error(purpose_ + " needs " + library_
        + ", and this program was built without it. Install the package " + package_ + " and build again.")
    , library(std::move(library_))
    , package(std::move(package_))
    , purpose(std::move(purpose_))
{
}

} // namespace endospike
