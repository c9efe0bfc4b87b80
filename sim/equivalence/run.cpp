#include "sim/equivalence/run.h"

#include "sim/base/errors.h"
#include "sim/equivalence/settings.h"
#include "sim/neuron/lif.h"
#include "sim/neuron/s_lif_hh.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace endospike {
namespace {

constexpr int chunkSteps = 256;
constexpr std::size_t dialPoints = 4000; ///< most samples of a dial trace

/// A part of the whole job: progress from..to, with the part's own sentences.
JobContext partOf(const JobContext& whole, double from, double to)
{
    return {whole.stop, [&whole, from, to](double fraction, const std::string& sentence) {
                whole.report(from + (to - from) * std::clamp(fraction, 0.0, 1.0), sentence);
            }};
}

double setting(const Experiment& experiment, equivalence::Row row) { return experiment.own[row]; }
int choiceOf(const Experiment& experiment, equivalence::Row row) { return static_cast<int>(experiment.own[row]); }

/// The compared cells, or a default pair with the published start.
std::pair<Cell, Cell> pairOf(const NeuronPlan& plan)
{
    if (plan.comparison) {
        const Cell* first = plan.findCell(plan.comparison->firstId);
        const Cell* second = plan.findCell(plan.comparison->secondId);
        if (first && second)
            return {*first, *second};
    }
    std::pair<Cell, Cell> pair{Cell(hodgkinHuxleyModel()), Cell(tvLifHhModel())};
    pair.first.parameters.set(hh::start, 1);
    pair.second.parameters.set(hh::start, 1);
    return pair;
}

struct Scheme {
    Integrator integrator;
    Precision precision;
    double dt_ms;
    double duration_ms;

    std::int64_t steps() const { return std::llround(duration_ms / dt_ms); }
};

Scheme schemeOf(const NeuronPlan& plan)
{
    return {plan.integrator(), plan.precision(), plan.dt_ms(), plan.duration_ms()};
}

/// One cell on its stimulus, step by step.
class SingleCell {
public:
    SingleCell(const Cell& cell, const Stimulus& stimulus, const Scheme& scheme)
        : m_cell(cell)
        , m_sampler(stimulus)
        , m_scheme(scheme)
        , m_population(cell.model->create(1, scheme.integrator, scheme.precision, scheme.dt_ms))
    {
        m_population->setParameters(0, cell.parameters);
        m_population->reset();
        m_gap_ms = cell.parameters.valueOr(ParameterRole::minimumGap, 0);
    }

    double v_mv() const
    {
        double v = 0;
        m_population->voltages(std::span(&v, 1));
        return v;
    }

    /// Samples the input of the next `steps` steps, at most chunkSteps.
    void prepare(int steps)
    {
        const bool all = m_scheme.integrator == Integrator::rungeKutta4;
        constexpr double offsets[] = {0, 0.5, 1};
        for (int which = 0; which < (all ? 3 : 1); ++which) {
            m_input[which].assign(static_cast<std::size_t>(steps), 0);
            m_sampler.add(0, m_step, offsets[which], m_scheme.dt_ms, m_input[which]);
        }
        m_at = 0;
    }

    void step()
    {
        const bool all = m_scheme.integrator == Integrator::rungeKutta4;
        const double* start = &m_input[0][m_at];
        m_events.clear();
        m_population->advance(
            1, {start, all ? &m_input[1][m_at] : start, all ? &m_input[2][m_at] : start, 0, 0}, m_events);
        for (const SpikeEvent& event : m_events) {
            const double t_ms = (static_cast<double>(m_step) + event.fraction) * m_scheme.dt_ms;
            if (spikes_ms.empty() || t_ms - spikes_ms.back() >= m_gap_ms)
                spikes_ms.push_back(t_ms);
        }
        ++m_at;
        ++m_step;
    }

    void requireFinite() const
    {
        if (const auto bad = m_population->nonFinite())
            throw SimulationError(std::string(m_cell.model->stateVariables[bad->variable]), m_cell.name,
                static_cast<double>(m_step) * m_scheme.dt_ms, m_scheme.dt_ms);
    }

    std::vector<double> spikes_ms;

private:
    const Cell& m_cell;
    StimulusSampler m_sampler;
    Scheme m_scheme;
    std::unique_ptr<Population> m_population;
    double m_gap_ms = 0;
    std::vector<double> m_input[3];
    std::size_t m_at = 0;
    std::int64_t m_step = 0;
    std::vector<SpikeEvent> m_events;
};

/// Both cells side by side; ends early, with what was measured until then, when a state leaves the finite numbers.
ExactDifference compare(const NeuronPlan& plan, const Cell& first, const Cell& second, const Scheme& scheme,
    const JobContext& context, const std::string& sentence)
{
    SingleCell a(first, plan.stimulusOf(first), scheme), b(second, plan.stimulusOf(second), scheme);
    ExactDifference result;
    double squares = 0;
    const auto look = [&](std::int64_t step) {
        const double difference = std::abs(a.v_mv() - b.v_mv());
        if (!std::isfinite(difference))
            return false;
        if (difference > result.maximum_mv) {
            result.maximum_mv = difference;
            result.atMaximum_ms = static_cast<double>(step) * scheme.dt_ms;
        }
        squares += difference * difference;
        result.steps = step;
        return true;
    };
    const std::int64_t steps = scheme.steps();
    bool going = look(0);
    for (std::int64_t k = 0; going && k < steps && !context.stop.stop_requested();) {
        const int count = static_cast<int>(std::min<std::int64_t>(chunkSteps, steps - k));
        a.prepare(count);
        b.prepare(count);
        for (int i = 0; going && i < count; ++i) {
            a.step();
            b.step();
            going = look(++k);
        }
        context.report(static_cast<double>(k) / static_cast<double>(steps), sentence);
    }
    result.rms_mv = std::sqrt(squares / static_cast<double>(result.steps + 1));
    result.simulated_ms = static_cast<double>(result.steps) * scheme.dt_ms;
    result.finite = going;
    result.firstSpikes_ms = std::move(a.spikes_ms);
    result.secondSpikes_ms = std::move(b.spikes_ms);
    return result;
}

CircuitSettings circuitOf(const Experiment& experiment)
{
    CircuitSettings circuit;
    circuit.start = choiceOf(experiment, equivalence::circuit_start) == equivalence::restStart
        ? CircuitStart::rest
        : CircuitStart::published;
    circuit.dt_ms = setting(experiment, equivalence::circuit_dt_ms);
    circuit.duration_ms = setting(experiment, equivalence::circuit_duration_ms);
    circuit.recordInterval_ms = std::max(0.05, circuit.duration_ms / 4000);
    return circuit;
}

/// The four models of the dial; those that stand in the experiment keep their parameters.
std::vector<Cell> dialCells(const NeuronPlan& plan)
{
    std::vector<Cell> cells;
    for (const NeuronModel* model : {&hodgkinHuxleyModel(), &tvLifHhModel(), &sLifHhModel(), &lifModel()}) {
        const auto held = std::ranges::find_if(plan.cells, [&](const Cell& cell) { return *cell.model == *model; });
        cells.push_back(held == plan.cells.end() ? Cell(*model) : *held);
    }
    return cells;
}

void traceDialEntry(DialEntry& entry, const Cell& cell, const NeuronPlan& plan, const JobContext& context)
{
    const Scheme scheme = schemeOf(plan);
    SingleCell single(cell, plan.stimulus, scheme);
    const std::int64_t steps = scheme.steps();
    const std::int64_t stride = std::max<std::int64_t>(1, (steps + dialPoints - 1) / dialPoints);
    const auto record = [&](std::int64_t step) {
        entry.time_ms.push_back(static_cast<double>(step) * scheme.dt_ms);
        entry.v_mv.push_back(single.v_mv());
    };
    record(0);
    for (std::int64_t k = 0; k < steps && !context.stop.stop_requested();) {
        const int count = static_cast<int>(std::min<std::int64_t>(chunkSteps, steps - k));
        single.prepare(count);
        for (int i = 0; i < count; ++i) {
            single.step();
            if (++k % stride == 0)
                record(k);
        }
        single.requireFinite();
        context.report(0.5 * static_cast<double>(k) / static_cast<double>(steps), "Simplification dial, " + cell.name);
    }
    entry.spikes_ms = std::move(single.spikes_ms);
}

FiSettings fiSettingsOf(const Experiment& experiment)
{
    FiSettings settings;
    settings.duration_ms = setting(experiment, equivalence::f_i_duration_ms);
    return settings;
}

std::vector<double> fiCurrents(const Experiment& experiment)
{
    const auto points = static_cast<int>(setting(experiment, equivalence::f_i_points));
    std::vector<double> currents;
    for (int i = 0; i < points; ++i)
        currents.push_back(setting(experiment, equivalence::f_i_maximum_ua_per_cm2) * i / (points - 1));
    return currents;
}

int indexOfLargest(std::span<const double> values)
{
    return static_cast<int>(std::ranges::max_element(values) - values.begin());
}

std::vector<int> mostSpikes(const std::vector<std::vector<double>>& spikes)
{
    std::size_t most = 0;
    for (const auto& train : spikes)
        most = std::max(most, train.size());
    std::vector<int> outputs;
    for (std::size_t k = 0; k < spikes.size(); ++k)
        if (spikes[k].size() == most)
            outputs.push_back(static_cast<int>(k));
    return outputs;
}

} // namespace

ExactDifference runExact(const Experiment& experiment, const JobContext& context)
{
    const auto [first, second] = pairOf(experiment.neuron);
    const ExactDifference result =
        compare(experiment.neuron, first, second, schemeOf(experiment.neuron), context, "Exact comparison");
    if (!result.finite)
        throw SimulationError(
            "v_mv", second.name, result.simulated_ms + experiment.neuron.dt_ms(), experiment.neuron.dt_ms());
    return result;
}

std::vector<BreakRow> runBreaks(const Experiment& experiment, const JobContext& context)
{
    auto [first, second] = pairOf(experiment.neuron);
    const int orderRow = rowOf(second.model->parameters, ParameterRole::updateOrder);
    std::vector<BreakRow> rows;
    for (const Precision precision : {Precision::float64, Precision::float32})
        for (const Integrator integrator :
            {Integrator::forwardEuler, Integrator::exponentialEuler, Integrator::rungeKutta4})
            for (const tv_lif_hh::UpdateOrder order : {tv_lif_hh::oldValues, tv_lif_hh::published}) {
                if (context.stop.stop_requested())
                    return rows;
                if (orderRow >= 0)
                    second.parameters.set(static_cast<std::size_t>(orderRow), order);
                const double part = static_cast<double>(rows.size()) / 12;
                rows.push_back({integrator, precision, order,
                    compare(experiment.neuron, first, second,
                        {integrator, precision, experiment.neuron.dt_ms(), experiment.neuron.duration_ms()},
                        partOf(context, part, part + 1.0 / 12), "Where does it break?")});
            }
    return rows;
}

std::vector<SimplifiedRun> runAllSimplified(const Experiment& experiment, const JobContext& context)
{
    SimplifiedSettings settings;
    settings.dt_ms = setting(experiment, equivalence::simplified_dt_ms);
    settings.duration_ms = setting(experiment, equivalence::simplified_duration_ms);
    settings.coupling = setting(experiment, equivalence::coupling);
    settings.vanRossumTau_ms = setting(experiment, equivalence::van_rossum_tau_ms);
    settings.coincidenceWindow_ms = setting(experiment, equivalence::coincidence_window_ms);
    settings.recordInterval_ms = std::max(0.05, settings.duration_ms / 4000);
    std::vector<SimplifiedRun> runs;
    for (const PaperStimulus& stimulus : paperStimuli()) {
        if (context.stop.stop_requested())
            break;
        const double part = static_cast<double>(runs.size()) / 5;
        runs.push_back(runSimplified(stimulus, settings, partOf(context, part, part + 0.2)));
    }
    return runs;
}

std::vector<DialEntry> runDial(const Experiment& experiment, const JobContext& context)
{
    std::vector<DialEntry> entries;
    const std::vector<double> currents = fiCurrents(experiment);
    for (const Cell& cell : dialCells(experiment.neuron)) {
        if (context.stop.stop_requested())
            break;
        const double part = static_cast<double>(entries.size()) / 4;
        DialEntry entry;
        entry.model = cell.model;
        traceDialEntry(entry, cell, experiment.neuron, partOf(context, part, part + 0.25));
        entry.fi = fiCurve(*cell.model, cell.parameters, currents, fiSettingsOf(experiment),
            partOf(context, part + 0.125, part + 0.25));
        entries.push_back(std::move(entry));
        entries.back().comparison = compareSpikeTrains(entries.front().spikes_ms, entries.back().spikes_ms,
            experiment.neuron.duration_ms(), setting(experiment, equivalence::van_rossum_tau_ms),
            setting(experiment, equivalence::coincidence_window_ms));
    }
    return entries;
}

XorResult runXor(const Experiment& experiment, const JobContext& context)
{
    XorSettings settings;
    settings.wiring = choiceOf(experiment, equivalence::xor_kind) == equivalence::trueXor ? XorWiring::trueXor
                                                                                          : XorWiring::oneAndNotThree;
    settings.input_ua_per_cm2 = setting(experiment, equivalence::xor_current_ua_per_cm2);
    settings.synapse_ua_per_cm2 = setting(experiment, equivalence::xor_synapse_ua_per_cm2);
    settings.circuit = circuitOf(experiment);
    settings.readFrom_ms = settings.circuit.start == CircuitStart::rest ? 0 : 10;
    return runXor(settings, context);
}

namespace {

/// The test set and the network of these settings into `cache`, unless they are there. False if stopped.
bool fill(ImageLayerCache& cache, const Experiment& experiment, const JobContext& context)
{
    const DatasetFiles files = findFashionMnist();
    if (cache.images.count == 0) {
        context.report(0, "Reading Fashion-MNIST");
        IdxImages images = readIdxImages(files.testImages);
        cache.labels = readIdxLabels(files.testLabels);
        if (cache.labels.values.size() != static_cast<std::size_t>(images.count)
            || images.rows * images.columns != imagePixels)
            throw FileError(files.testImages, "does not hold labelled images of 28 x 28 pixels");
        cache.images = std::move(images);
    }
    const auto seed = static_cast<std::uint64_t>(setting(experiment, equivalence::weight_seed));
    const bool seeded = choiceOf(experiment, equivalence::layer_weights) == equivalence::seededWeights;
    if (cache.hasNetwork && cache.seed == seed && cache.seeded == seeded)
        return true;
    cache.hasNetwork = false;
    cache.layer = seeded ? seededImageLayer(seed)
                         : trainedImageLayer(readIdxImages(files.trainImages), readIdxLabels(files.trainLabels), seed,
                             partOf(context, 0.05, 0.75));
    if (context.stop.stop_requested())
        return false;
    cache.testAccuracy = accuracy(cache.layer, cache.images, cache.labels);
    cache.seed = seed;
    cache.seeded = seeded;
    cache.hasNetwork = true;
    return true;
}

} // namespace

FullyConnectedResult runImageLayer(
    const Experiment& experiment, ImageOfLayer& image, const JobContext& context, ImageLayerCache* cache)
{
    ImageLayerCache own;
    ImageLayerCache& held = cache ? *cache : own;
    FullyConnectedResult result;
    if (!fill(held, experiment, context)) {
        result.stopped = true;
        return result;
    }
    image.index = static_cast<int>(setting(experiment, equivalence::image));
    if (image.index >= held.images.count)
        throw FileError("Fashion-MNIST", "does not hold image " + std::to_string(image.index));
    const auto pixels = held.images.image(image.index);
    image.pixels.assign(pixels.begin(), pixels.end());
    image.label = held.labels.values[image.index];
    image.networkAnswer = indexOfLargest(held.layer.scores(pixels));
    image.testAccuracy = held.testAccuracy;

    FullyConnectedSettings settings;
    settings.currents_ua_per_cm2 =
        held.layer.currents_ua_per_cm2(pixels, setting(experiment, equivalence::layer_current_ua_per_cm2));
    settings.weights = held.layer.normalisedWeights();
    settings.synapse_ua_per_cm2 = setting(experiment, equivalence::layer_synapse_ua_per_cm2);
    settings.circuit = circuitOf(experiment);
    image.currents_ua_per_cm2 = settings.currents_ua_per_cm2;
    result = runFullyConnected(settings, partOf(context, 0.8, 1));
    image.spikingAnswers = mostSpikes(result.runs[0].outputSpikes_ms);
    return result;
}

EquivalenceResult runEquivalence(const Experiment& experiment, const JobContext& context)
{
    EquivalenceResult result;
    result.experiment = experiment;
    const auto stopped = [&] { return result.stopped = context.stop.stop_requested(); };
    result.exact = runExact(experiment, partOf(context, 0, 0.05));
    if (stopped())
        return result;
    result.breaks = runBreaks(experiment, partOf(context, 0.05, 0.25));
    if (stopped())
        return result;
    result.simplified = runAllSimplified(experiment, partOf(context, 0.25, 0.35));
    if (stopped())
        return result;
    result.dial = runDial(experiment, partOf(context, 0.35, 0.5));
    if (stopped())
        return result;
    result.xorCircuit = runXor(experiment, partOf(context, 0.5, 0.6));
    if (stopped())
        return result;
    try {
        ImageOfLayer image;
        result.fullyConnected = runImageLayer(experiment, image, partOf(context, 0.6, 1));
        result.image = std::move(image);
    } catch (const FileError& error) {
        result.withoutImage = error.what(); // the other figures need no data
    }
    stopped();
    return result;
}

} // namespace endospike
