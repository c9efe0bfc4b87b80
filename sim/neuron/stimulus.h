// Injected current as a value: a sum of parts, each of a kind with its own parameter table. Current in uA/cm^2, time in
// ms.
#pragma once

#include "sim/base/parameter.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace endospike {

struct StimulusKind {
    std::string_view key; ///< "step"
    std::string_view name; ///< "Step"
    std::string_view meaning;
    ParameterTable parameters;
    bool hasSamples = false; ///< the recorded kind: linear between samples, zero outside
};

std::span<const StimulusKind> stimulusKinds();
const StimulusKind* findStimulusKind(std::string_view key);

/// A recorded current: strictly rising times, as many values.
struct RecordedCurrent {
    std::vector<double> time_ms;
    std::vector<double> current_ua_per_cm2;
    friend bool operator==(const RecordedCurrent&, const RecordedCurrent&) = default;
};

/// At most this many samples in one recording.
inline constexpr std::size_t maximumRecordedSamples = 1'000'000;

/// Reads two columns (time in ms, current in uA/cm^2; separators comma, semicolon, tab or blank; lines that start with
/// # and one header line are skipped). Throws DocumentError with the line as path.
RecordedCurrent parseRecordedCurrent(std::string_view csv);

struct StimulusPart {
    explicit StimulusPart(const StimulusKind& kind);

    const StimulusKind* kind;
    ParameterValues values;
    std::shared_ptr<const RecordedCurrent> recording; ///< never changed once shared; null but for the recorded kind

    friend bool operator==(const StimulusPart& a, const StimulusPart& b);
};

struct Stimulus {
    std::vector<StimulusPart> parts;
    friend bool operator==(const Stimulus&, const Stimulus&) = default;
};

inline constexpr std::size_t maximumStimulusParts = 16;

/// Evaluates a stimulus. Noise is drawn by a generator that counts, so that a seed gives the same current whatever dt,
/// block size or starting time.
class StimulusSampler {
public:
    explicit StimulusSampler(const Stimulus& stimulus);
    StimulusSampler(StimulusSampler&&) noexcept;
    StimulusSampler& operator=(StimulusSampler&&) noexcept;
    ~StimulusSampler();

    /// Current at time t >= 0. Calls with rising t are cheap for every kind.
    double at(double t_ms);

    /// Adds to out[k] the current at origin + (firstStep + k + offset) * dt; offset 0, 0.5 or 1, where 1 means just
    /// before the next step begins. The values do not depend on how a run is split into calls.
    void add(double origin_ms, std::int64_t firstStep, double offset, double dt_ms, std::span<double> out);

private:
    struct Part;
    std::vector<std::unique_ptr<Part>> m_parts;
};

} // namespace endospike
