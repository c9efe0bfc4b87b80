#include "sim/neuron/stimulus.h"

#include "sim/base/errors.h"
#include "sim/base/random.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

namespace endospike {
namespace {

// An edge counts as reached this much early, so that n * dt need not hit it exactly; "just before" an edge is further
// away than this.
constexpr double edge_ms = 1e-7;
constexpr double justBefore_ms = 1e-6;

constexpr Parameter amplitudeRow(double initial, std::string_view meaning)
{
    return {"amplitude_ua_per_cm2", "Amplitude", "A", "µA/cm²", initial, -1e4, 1e4, -50, 100, meaning};
}
constexpr Parameter meanRow(double initial)
{
    return {"mean_ua_per_cm2", "Mean", "I<sub>0</sub>", "µA/cm²", initial, -1e4, 1e4, -50, 100,
        "Value around which the current swings."};
}
constexpr Parameter onsetRow(double initial)
{
    return {"onset_ms", "Onset", "t<sub>0</sub>", "ms", initial, 0, 1e9, 0, 200, "Time at which the current sets in."};
}
constexpr Parameter frequencyRow(double initial)
{
    return {"frequency_hz", "Frequency", "f", "Hz", initial, 1e-3, 1e4, 1, 500, "Periods in a second.",
        ParameterKind::real, {}, true};
}
constexpr Parameter phaseRow{"phase_deg", "Phase", "φ", "°", 0, -360, 360, -180, 180,
    "Part of a period by which the waveform is ahead at t = 0."};
constexpr Parameter seedRow = as(ParameterRole::seed,
    {"seed", "Seed", "", "", 1, 0, 4294967295.0, 0, 1000, "The same seed gives the same noise, sample for sample.",
        ParameterKind::integer});

constexpr Parameter constantRows[] = {
    amplitudeRow(10, "Current at all times. Positive current depolarises."),
};
namespace step {
enum Row { amplitude, onset, duration };
constexpr Parameter rows[] = {
    amplitudeRow(10, "Current during the step. Positive current depolarises."),
    onsetRow(10),
    {"duration_ms", "Duration", "d", "ms", 0, 0, 1e9, 0, 500, "How long the step lasts; 0 means until the end."},
};
static_assert(std::size(rows) == duration + 1);
} // namespace step
namespace ramp {
enum Row { from, to, onset, duration };
constexpr Parameter rows[] = {
    {"from_ua_per_cm2", "From", "I<sub>1</sub>", "µA/cm²", 0, -1e4, 1e4, -50, 100,
        "Current before and at the start of the ramp."},
    {"to_ua_per_cm2", "To", "I<sub>2</sub>", "µA/cm²", 20, -1e4, 1e4, -50, 100,
        "Current at the end of the ramp and after it."},
    onsetRow(10),
    {"duration_ms", "Duration", "d", "ms", 100, 1e-3, 1e9, 1, 1000, "Time from one current to the other.",
        ParameterKind::real, {}, true},
};
static_assert(std::size(rows) == duration + 1);
} // namespace ramp
namespace wave {
enum Row { mean, amplitude, frequency, phase, duty };
constexpr Parameter rows[] = {
    meanRow(10),
    amplitudeRow(5, "Largest distance from the mean; the current swings by twice this."),
    frequencyRow(50),
    phaseRow,
    {"duty", "Duty", "", "", 0.5, 0, 1, 0, 1, "Fraction of each period spent at the high value."},
};
static_assert(std::size(rows) == duty + 1);
constexpr ParameterTable plain = ParameterTable(rows).first(4);
} // namespace wave
namespace train {
enum Row { amplitude, onset, width, period, count };
constexpr Parameter rows[] = {
    amplitudeRow(20, "Current during each pulse."),
    onsetRow(10),
    {"width_ms", "Width", "w", "ms", 1, 1e-3, 1e6, 0.1, 20, "How long each pulse lasts.", ParameterKind::real, {},
        true},
    {"period_ms", "Period", "T", "ms", 20, 1e-3, 1e6, 1, 200, "From the onset of one pulse to the next.",
        ParameterKind::real, {}, true},
    {"count", "Pulses", "", "", 0, 0, 1e6, 0, 50, "Number of pulses; 0 means without end.", ParameterKind::integer},
};
static_assert(std::size(rows) == count + 1);
} // namespace train
namespace pair {
enum Row { amplitude, second, onset, width, interval };
constexpr Parameter rows[] = {
    amplitudeRow(20, "Current of the first pulse."),
    {"second_ua_per_cm2", "Second pulse", "A<sub>2</sub>", "µA/cm²", 20, -1e4, 1e4, -50, 100,
        "Current of the second pulse."},
    onsetRow(10),
    {"width_ms", "Width", "w", "ms", 1, 1e-3, 1e6, 0.1, 20, "How long each pulse lasts.", ParameterKind::real, {},
        true},
    {"interval_ms", "Interval", "Δt", "ms", 10, 0, 1e6, 0, 50,
        "From the onset of the first pulse to the onset of the second."},
};
static_assert(std::size(rows) == interval + 1);
} // namespace pair
namespace noise {
enum Row { mean, deviation, interval, seed, tau };
constexpr Parameter deviationRow{"deviation_ua_per_cm2", "Standard deviation", "σ", "µA/cm²", 5, 0, 1e4, 0, 50,
    "Standard deviation of the current around its mean."};
constexpr Parameter whiteRows[] = {
    meanRow(5),
    deviationRow,
    {"interval_ms", "Interval", "δ", "ms", 0.1, 1e-3, 1e3, 0.01, 10,
        "Each random value is held for this long; the power density is σ²δ.", ParameterKind::real, {}, true},
    seedRow,
};
constexpr Parameter correlatedRows[] = {
    meanRow(5),
    deviationRow,
    {"interval_ms", "Interval", "δ", "ms", 0.05, 1e-2, 1e3, 0.01, 10,
        "Each value is held for this long; choose it well below the correlation time.", ParameterKind::real, {}, true},
    seedRow,
    {"tau_ms", "Correlation time", "τ", "ms", 5, 1e-2, 1e3, 0.1, 100, "Time over which the current forgets its past.",
        ParameterKind::real, {}, true},
};
static_assert(std::size(whiteRows) == seed + 1);
static_assert(std::size(correlatedRows) == tau + 1);
} // namespace noise
namespace recorded {
enum Row { gain, onset, repeat };
constexpr Parameter rows[] = {
    {"gain", "Gain", "", "", 1, -1e6, 1e6, -10, 10, "Factor on every recorded value."},
    {"onset_ms", "Onset", "t<sub>0</sub>", "ms", 0, 0, 1e9, 0, 200, "Time at which the recording begins."},
    {"repeat", "Repeat", "", "", 0, 0, 1, 0, 1, "Start again when the recording ends.", ParameterKind::flag},
};
static_assert(std::size(rows) == repeat + 1);
} // namespace recorded

constexpr StimulusKind kinds[] = {
    {"constant", "Constant", "The same current at all times.", constantRows},
    {"step", "Step", "A current that is switched on and, if wanted, off again.", step::rows},
    {"ramp", "Ramp", "A current that changes at a constant slope.", ramp::rows},
    {"sine", "Sine", "A sinusoidal current.", wave::plain},
    {"square", "Square wave", "Alternates between two values.", wave::rows},
    {"sawtooth", "Sawtooth", "Rises at a constant slope and falls at once.", wave::plain},
    {"triangle", "Triangle", "Rises and falls at the same slope.", wave::plain},
    {"pulse_train", "Pulse train", "Equal pulses at a fixed period.", train::rows},
    {"paired_pulses", "Paired pulses", "Two pulses at a chosen interval, to probe the refractory period.", pair::rows},
    {"white_noise", "Gaussian white noise", "Independent Gaussian values, each held for a short interval.",
        noise::whiteRows},
    {"ornstein_uhlenbeck", "Ornstein-Uhlenbeck noise",
        "Gaussian noise with a correlation time, like summed synaptic input.", noise::correlatedRows},
    {"recorded", "Recorded", "A current read from a file of two columns, time and current.", recorded::rows, true},
};

bool reached(double t_ms, double when_ms) { return t_ms + edge_ms >= when_ms; }
bool within(double t_ms, double from_ms, double length_ms)
{
    return reached(t_ms, from_ms) && !reached(t_ms, from_ms + length_ms);
}

/// Position within the period, 0..1.
double cycle(const ParameterValues& p, double t_ms)
{
    const double turns = (t_ms + edge_ms) * p[wave::frequency] * 1e-3 + p[wave::phase] / 360;
    return turns - std::floor(turns);
}

double constantAt(const ParameterValues& p, double) { return p[0]; }

double stepAt(const ParameterValues& p, double t_ms)
{
    const bool on =
        reached(t_ms, p[step::onset]) && (p[step::duration] == 0 || !reached(t_ms, p[step::onset] + p[step::duration]));
    return on ? p[step::amplitude] : 0;
}

double rampAt(const ParameterValues& p, double t_ms)
{
    const double x = std::clamp((t_ms - p[ramp::onset]) / p[ramp::duration], 0.0, 1.0);
    return p[ramp::from] + x * (p[ramp::to] - p[ramp::from]);
}

double sineAt(const ParameterValues& p, double t_ms)
{
    const double turns = t_ms * p[wave::frequency] * 1e-3 + p[wave::phase] / 360;
    return p[wave::mean] + p[wave::amplitude] * std::sin(2 * std::numbers::pi * turns);
}

double squareAt(const ParameterValues& p, double t_ms)
{
    return p[wave::mean] + (cycle(p, t_ms) < p[wave::duty] ? p[wave::amplitude] : -p[wave::amplitude]);
}

double sawtoothAt(const ParameterValues& p, double t_ms)
{
    return p[wave::mean] + p[wave::amplitude] * (2 * cycle(p, t_ms) - 1);
}

double triangleAt(const ParameterValues& p, double t_ms)
{
    return p[wave::mean] + p[wave::amplitude] * (1 - 4 * std::abs(cycle(p, t_ms) - 0.5));
}

double trainAt(const ParameterValues& p, double t_ms)
{
    const double since_ms = t_ms + edge_ms - p[train::onset];
    const double index = std::floor(since_ms / p[train::period]);
    if (since_ms < 0 || (p[train::count] > 0 && index >= p[train::count]))
        return 0;
    return since_ms - index * p[train::period] < p[train::width] ? p[train::amplitude] : 0;
}

double pairAt(const ParameterValues& p, double t_ms)
{
    const double first = within(t_ms, p[pair::onset], p[pair::width]) ? p[pair::amplitude] : 0;
    return within(t_ms, p[pair::onset] + p[pair::interval], p[pair::width]) ? first + p[pair::second] : first;
}

double whiteAt(const ParameterValues& p, double t_ms)
{
    const double index = std::floor((t_ms + edge_ms) / p[noise::interval]);
    const double deviate = randomNormal(
        static_cast<std::uint64_t>(p[noise::seed]), RandomPurpose::whiteNoise, static_cast<std::uint64_t>(index));
    return p[noise::mean] + p[noise::deviation] * deviate;
}

using Formula = double (*)(const ParameterValues&, double);
constexpr Formula formulas[] = {
    constantAt, stepAt, rampAt, sineAt, squareAt, sawtoothAt, triangleAt, trainAt, pairAt, whiteAt, nullptr, nullptr};
static_assert(std::size(formulas) == std::size(kinds));

/// Exact update of the Ornstein-Uhlenbeck process on its own time grid.
class CorrelatedNoise {
public:
    explicit CorrelatedNoise(const ParameterValues& p)
        : m_keep(std::exp(-p[noise::interval] / p[noise::tau]))
        , m_fresh(std::sqrt(-std::expm1(-2 * p[noise::interval] / p[noise::tau])))
        , m_seed(static_cast<std::uint64_t>(p[noise::seed]))
        , m_memory(static_cast<std::int64_t>(std::ceil(40 * p[noise::tau] / p[noise::interval])))
    {
    }

    /// Standard-normal value at grid point `index`.
    double at(std::int64_t index)
    {
        // What lies more than 40 correlation times back no longer reaches a double.
        if (m_index < 0 || index < m_index || index - m_index > m_memory) {
            m_index = std::max<std::int64_t>(0, index - m_memory);
            m_value = deviate(m_index);
        }
        while (m_index < index)
            m_value = m_keep * m_value + m_fresh * deviate(++m_index);
        return m_value;
    }

private:
    double deviate(std::int64_t index) const
    {
        return randomNormal(m_seed, RandomPurpose::ornsteinUhlenbeck, static_cast<std::uint64_t>(index));
    }

    double m_keep;
    double m_fresh;
    std::uint64_t m_seed;
    std::int64_t m_memory;
    std::int64_t m_index = -1;
    double m_value = 0;
};

double recordedAt(const ParameterValues& p, const RecordedCurrent& recording, double t_ms)
{
    const std::vector<double>& time = recording.time_ms;
    const double length_ms = time.back() - time.front();
    double since_ms = t_ms + edge_ms - p[recorded::onset];
    if (p[recorded::repeat] != 0 && since_ms >= length_ms)
        since_ms = std::fmod(since_ms, length_ms);
    if (since_ms < 0 || since_ms > length_ms + 2 * edge_ms)
        return 0;
    const double local_ms = std::clamp(time.front() + since_ms - edge_ms, time.front(), time.back());
    const auto next = std::upper_bound(time.begin(), time.end(), local_ms);
    const std::size_t i = next == time.end() ? time.size() - 1 : static_cast<std::size_t>(next - time.begin());
    const double x = (local_ms - time[i - 1]) / (time[i] - time[i - 1]);
    const std::vector<double>& current = recording.current_ua_per_cm2;
    return p[recorded::gain] * std::lerp(current[i - 1], current[i], x);
}

} // namespace

std::span<const StimulusKind> stimulusKinds() { return kinds; }

const StimulusKind* findStimulusKind(std::string_view key)
{
    const auto kind = std::ranges::find(kinds, key, &StimulusKind::key);
    return kind == std::end(kinds) ? nullptr : &*kind;
}

StimulusPart::StimulusPart(const StimulusKind& kind_)
    : kind(&kind_)
    , values(kind_.parameters)
{
    if (kind->hasSamples) {
        RecordedCurrent nothing{{0, 1}, {0, 0}};
        recording = std::make_shared<const RecordedCurrent>(std::move(nothing));
    }
}

bool operator==(const StimulusPart& a, const StimulusPart& b)
{
    const bool sameRecording =
        a.recording == b.recording || (a.recording && b.recording && *a.recording == *b.recording);
    return a.kind == b.kind && a.values == b.values && sameRecording;
}

struct StimulusSampler::Part {
    explicit Part(const StimulusPart& part_)
        : part(part_)
        , formula(formulas[part_.kind - kinds])
    {
        if (!formula && !part.kind->hasSamples)
            noise = std::make_unique<CorrelatedNoise>(part.values);
    }

    double at(double t_ms)
    {
        if (formula)
            return formula(part.values, t_ms);
        if (!noise)
            return recordedAt(part.values, *part.recording, t_ms);
        const auto index = static_cast<std::int64_t>(std::floor((t_ms + edge_ms) / part.values[noise::interval]));
        return part.values[noise::mean] + part.values[noise::deviation] * noise->at(index);
    }

    StimulusPart part;
    Formula formula;
    std::unique_ptr<CorrelatedNoise> noise;
};

StimulusSampler::StimulusSampler(const Stimulus& stimulus)
{
    for (const StimulusPart& part : stimulus.parts)
        m_parts.push_back(std::make_unique<Part>(part));
}

StimulusSampler::StimulusSampler(StimulusSampler&&) noexcept = default;
StimulusSampler& StimulusSampler::operator=(StimulusSampler&&) noexcept = default;
StimulusSampler::~StimulusSampler() = default;

double StimulusSampler::at(double t_ms)
{
    double sum = 0;
    for (const auto& part : m_parts)
        sum += part->at(t_ms);
    return sum;
}

void StimulusSampler::add(double origin_ms, std::int64_t firstStep, double offset, double dt_ms, std::span<double> out)
{
    const double back_ms = offset == 1 ? std::min(justBefore_ms, 0.01 * dt_ms) : 0;
    for (std::size_t k = 0; k < out.size(); ++k)
        out[k] +=
            at(origin_ms + (static_cast<double>(firstStep + static_cast<std::int64_t>(k)) + offset) * dt_ms - back_ms);
}

namespace {

/// Up to two numbers at the start of a line; how many were read, 3 if more follows.
int readTwoNumbers(std::string_view line, double (&numbers)[2])
{
    const char* at = line.data();
    const char* end = at + line.size();
    const auto skip = [&](std::string_view separators) {
        while (at != end && separators.find(*at) != std::string_view::npos)
            ++at;
    };
    for (int n = 0; n < 2; ++n) {
        skip(" \t,;+");
        const auto [next, error] = std::from_chars(at, end, numbers[n]);
        if (error != std::errc())
            return n;
        at = next;
    }
    skip(" \t\r,;");
    return at == end ? 2 : 3;
}

[[noreturn]] void refuseLine(std::size_t line, const std::string& why)
{
    throw DocumentError("line " + std::to_string(line), "", why);
}

} // namespace

RecordedCurrent parseRecordedCurrent(std::string_view csv)
{
    RecordedCurrent recording;
    std::size_t line = 0;
    bool headerSeen = false;
    if (csv.starts_with("\xEF\xBB\xBF")) // byte order mark
        csv.remove_prefix(3);
    while (!csv.empty()) {
        const std::size_t length = std::min(csv.find('\n'), csv.size());
        std::string_view text = csv.substr(0, length);
        csv.remove_prefix(std::min(length + 1, csv.size()));
        ++line;
        const std::size_t start = text.find_first_not_of(" \t\r");
        if (start == std::string_view::npos || text[start] == '#')
            continue;
        double numbers[2];
        const int count = readTwoNumbers(text.substr(start), numbers);
        if (count == 0 && !headerSeen && recording.time_ms.empty()) {
            headerSeen = true;
            continue;
        }
        if (count != 2)
            refuseLine(line, "two numbers are needed, time in ms and current in µA/cm², with decimal points");
        if (!std::isfinite(numbers[0]) || !std::isfinite(numbers[1]) || std::abs(numbers[0]) > 1e9
            || std::abs(numbers[1]) > 1e6)
            refuseLine(line, "time must lie within ±1e9 ms and current within ±1e6 µA/cm²");
        if (!recording.time_ms.empty() && numbers[0] <= recording.time_ms.back())
            refuseLine(line, "times must rise from line to line");
        if (recording.time_ms.size() == maximumRecordedSamples)
            refuseLine(line, "a recording holds at most 1000000 samples");
        recording.time_ms.push_back(numbers[0]);
        recording.current_ua_per_cm2.push_back(numbers[1]);
    }
    if (recording.time_ms.size() < 2)
        throw DocumentError("recording", "", "at least two samples of time and current are needed");
    return recording;
}

} // namespace endospike
