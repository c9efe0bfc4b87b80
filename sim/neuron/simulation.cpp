#include "sim/neuron/simulation.h"

#include "sim/base/errors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace endospike {
namespace {

constexpr int maximumChunk = 256;

/// A stimulus that one or more cells hear, sampled for the present chunk.
struct Waveform {
    Stimulus stimulus;
    StimulusSampler sampler;
    std::vector<double> start;
    std::vector<double> middle;
    std::vector<double> end;
};

} // namespace

/// All cells of one model; `cells` are their places in the plan.
struct Simulation::Group {
    const NeuronModel* model;
    std::vector<int> cells;
    std::unique_ptr<Population> population;
    bool sharedInput = true; ///< every cell hears the same waveform
    std::vector<double> input[3]; ///< start, middle, end as [step][cell], when they do not
    std::vector<SpikeEvent> events; ///< of the last call
    std::vector<double> savedState; ///< of the whole group, before that call
    std::vector<double> sampled;

    std::size_t stateSize() const { return model->stateVariables.size(); }

    void save()
    {
        savedState.resize(cells.size() * stateSize());
        for (std::size_t i = 0; i < cells.size(); ++i)
            population->copyState(static_cast<int>(i), std::span(savedState).subspan(i * stateSize(), stateSize()));
    }

    void restore()
    {
        for (std::size_t i = 0; i < cells.size(); ++i)
            population->setState(static_cast<int>(i), std::span(savedState).subspan(i * stateSize(), stateSize()));
    }
};

struct Simulation::Input {
    std::vector<Waveform> waveforms;
    std::vector<int> ofCell; ///< waveform of each cell
};

namespace {

/// The second cell of a comparison whose cells both exist, else nullptr.
const Cell* comparedCell(const NeuronPlan& plan)
{
    const auto& comparison = plan.comparison;
    return comparison && plan.findCell(comparison->firstId) ? plan.findCell(comparison->secondId) : nullptr;
}

std::shared_ptr<const TraceLayout> makeLayout(const NeuronPlan& plan)
{
    auto layout = std::make_shared<TraceLayout>();
    for (const Cell& cell : plan.cells) {
        for (const Channel& channel : cell.model->channels)
            layout->columns.push_back({cell.id, cell.name, cell.model, channel});
        layout->columns.push_back({cell.id, cell.name, cell.model, inputChannel});
    }
    if (const Cell* second = comparedCell(plan))
        for (const Channel& channel : comparisonChannels)
            layout->columns.push_back({second->id, second->name, second->model, channel});
    return layout;
}

bool sameColumns(const TraceLayout& a, const TraceLayout& b)
{
    return std::ranges::equal(a.columns, b.columns, [](const TraceColumn& x, const TraceColumn& y) {
        return x.cellId == y.cellId && x.cellName == y.cellName && x.model == y.model && x.channel.key == y.channel.key;
    });
}

bool samePopulations(const NeuronPlan& a, const NeuronPlan& b)
{
    const auto alike = [](const Cell& x, const Cell& y) { return x.id == y.id && x.model == y.model; };
    return a.integrator() == b.integrator() && a.precision() == b.precision() && a.dt_ms() == b.dt_ms()
        && std::ranges::equal(a.cells, b.cells, alike);
}

} // namespace

Simulation::Simulation(NeuronPlan plan)
    : m_plan(std::move(plan))
{
    buildGroups();
    buildInput();
    buildComparison();
}

Simulation::~Simulation() = default;

double Simulation::time_ms() const { return m_startTime_ms + static_cast<double>(m_step) * m_plan.dt_ms(); }

void Simulation::buildGroups()
{
    m_groups.clear();
    m_places.assign(m_plan.cells.size(), {});
    for (const NeuronModel& model : neuronModels()) {
        auto group = std::make_unique<Group>();
        group->model = &model;
        for (std::size_t i = 0; i < m_plan.cells.size(); ++i)
            if (m_plan.cells[i].model == &model) {
                m_places[i] = {m_groups.size(), group->cells.size()};
                group->cells.push_back(static_cast<int>(i));
            }
        if (group->cells.empty())
            continue;
        group->population = model.create(
            static_cast<int>(group->cells.size()), m_plan.integrator(), m_plan.precision(), m_plan.dt_ms());
        for (std::size_t i = 0; i < group->cells.size(); ++i)
            group->population->setParameters(static_cast<int>(i), m_plan.cells[group->cells[i]].parameters);
        group->population->reset();
        group->sampled.resize(model.channels.size() * group->cells.size());
        m_groups.push_back(std::move(group));
    }
    m_lastSpike_ms.assign(m_plan.cells.size(), -std::numeric_limits<double>::infinity());
    auto layout = makeLayout(m_plan);
    if (!m_layout || !sameColumns(*m_layout, *layout))
        m_layout = std::move(layout);
}

void Simulation::buildInput()
{
    // A waveform that an edit leaves alone is kept: correlated noise may have a long past to catch up with.
    std::vector<Waveform> former = m_input ? std::move(m_input->waveforms) : std::vector<Waveform>();
    m_input = std::make_unique<Input>();
    std::vector<const Stimulus*> heard;
    const auto waveformOf = [&](const Cell& cell) {
        const Stimulus& stimulus = m_plan.stimulusOf(cell);
        const auto at = std::ranges::find(heard, &stimulus);
        if (at != heard.end())
            return static_cast<int>(at - heard.begin());
        heard.push_back(&stimulus);
        const auto kept = std::ranges::find(former, stimulus, &Waveform::stimulus);
        if (kept != former.end()) {
            m_input->waveforms.push_back(std::move(*kept));
            former.erase(kept);
        } else {
            m_input->waveforms.push_back({stimulus, StimulusSampler(stimulus), {}, {}, {}});
        }
        return static_cast<int>(heard.size() - 1);
    };
    for (const Cell& cell : m_plan.cells)
        m_input->ofCell.push_back(waveformOf(cell));
    for (const auto& group : m_groups)
        group->sharedInput = std::ranges::all_of(
            group->cells, [&](int cell) { return m_input->ofCell[cell] == m_input->ofCell[group->cells[0]]; });
}

void Simulation::apply(NeuronPlan plan)
{
    if (plan == m_plan)
        return;
    const NeuronPlan previous = std::exchange(m_plan, std::move(plan));
    if (samePopulations(previous, m_plan)) {
        for (std::size_t i = 0; i < m_places.size(); ++i)
            if (!(previous.cells[i].parameters == m_plan.cells[i].parameters))
                m_groups[m_places[i].group]->population->setParameters(
                    static_cast<int>(m_places[i].index), m_plan.cells[i].parameters);
        auto layout = makeLayout(m_plan);
        if (!sameColumns(*m_layout, *layout))
            m_layout = std::move(layout);
    } else {
        m_startTime_ms += static_cast<double>(m_step) * previous.dt_ms();
        m_step = 0;
        rebuildKeepingState(previous);
    }
    buildInput();
    if (previous.comparison != m_plan.comparison || !samePopulations(previous, m_plan))
        buildComparison();
}

void Simulation::buildComparison()
{
    m_difference.reset();
    const Cell* second = comparedCell(m_plan);
    if (!second)
        return;
    const Cell* first = m_plan.findCell(m_plan.comparison->firstId);
    const Cell* begin = m_plan.cells.data();
    m_difference = Difference{static_cast<std::size_t>(first - begin), static_cast<std::size_t>(second - begin)};
    compare();
}

void Simulation::compare()
{
    Difference& difference = *m_difference;
    const auto voltage_mv = [&](std::size_t cell) {
        Group& group = *m_groups[m_places[cell].group];
        group.population->voltages(group.sampled);
        return group.sampled[m_places[cell].index];
    };
    difference.now_mv = std::abs(voltage_mv(difference.first) - voltage_mv(difference.second));
    difference.maximum_mv = std::max(difference.maximum_mv, difference.now_mv);
    difference.squares_mv2 += difference.now_mv * difference.now_mv;
    ++difference.count;
}

void Simulation::rebuildKeepingState(const NeuronPlan& previous)
{
    const auto groups = std::move(m_groups);
    const auto places = std::move(m_places);
    const auto lastSpike_ms = std::move(m_lastSpike_ms);
    m_groups.clear();
    buildGroups();
    std::vector<double> state;
    for (std::size_t i = 0; i < m_plan.cells.size(); ++i) {
        const Cell& cell = m_plan.cells[i];
        const auto old = std::ranges::find(previous.cells, cell.id, &Cell::id);
        if (old == previous.cells.end() || old->model != cell.model)
            continue;
        const std::size_t from = static_cast<std::size_t>(old - previous.cells.begin());
        state.resize(cell.model->stateVariables.size());
        groups[places[from].group]->population->copyState(static_cast<int>(places[from].index), state);
        m_groups[m_places[i].group]->population->setState(static_cast<int>(m_places[i].index), state);
        m_lastSpike_ms[i] = lastSpike_ms[from];
    }
}

void Simulation::reset()
{
    for (const auto& group : m_groups)
        group->population->reset();
    buildInput();
    std::ranges::fill(m_lastSpike_ms, -std::numeric_limits<double>::infinity());
    m_step = 0;
    m_startTime_ms = 0;
    buildComparison();
}

void Simulation::sampleInput(int steps)
{
    const bool needsAll = m_plan.integrator() == Integrator::rungeKutta4;
    for (Waveform& waveform : m_input->waveforms) {
        const auto fill = [&](std::vector<double>& out, double offset, int from, int count) {
            waveform.sampler.add(
                m_startTime_ms, m_step + from, offset, m_plan.dt_ms(), std::span(out).subspan(from, count));
        };
        waveform.start.assign(steps, m_injection);
        if (!needsAll) {
            fill(waveform.start, 0, 0, steps);
            continue;
        }
        waveform.middle.assign(steps, m_injection);
        waveform.end.assign(steps, m_injection);
        for (int k = 0; k < steps; ++k) { // time only rises: going back is dear for correlated noise
            fill(waveform.start, 0, k, 1);
            fill(waveform.middle, 0.5, k, 1);
            fill(waveform.end, 1, k, 1);
        }
    }
}

void Simulation::advance(int steps, std::vector<CellSpike>& spikes)
{
    while (steps > 0) {
        const int chunk = m_difference ? 1 : std::min(steps, maximumChunk);
        sampleInput(chunk);
        for (const auto& group : m_groups) {
            group->save();
            runGroup(*group, 0, chunk);
        }
        const bool finite = std::ranges::none_of(
            m_groups, [](const auto& group) { return group->population->nonFinite().has_value(); });
        if (finite) {
            collectSpikes(spikes);
            m_step += chunk;
            if (m_difference)
                compare();
        } else {
            findNonFinite(chunk, spikes);
        }
        steps -= chunk;
    }
}

void Simulation::runGroup(Group& group, int firstStep, int steps)
{
    const auto waveformOf = [&](std::size_t i) -> const Waveform& {
        return m_input->waveforms[m_input->ofCell[group.cells[i]]];
    };
    const bool needsAll = m_plan.integrator() == Integrator::rungeKutta4;
    InputBlock block = {};
    if (group.sharedInput) {
        const Waveform& waveform = waveformOf(0);
        const double* start = waveform.start.data() + firstStep;
        block = {start, needsAll ? waveform.middle.data() + firstStep : start,
            needsAll ? waveform.end.data() + firstStep : start, 1, 0};
    } else {
        const std::size_t cells = group.cells.size();
        constexpr std::vector<double> Waveform::*columns[] = {&Waveform::start, &Waveform::middle, &Waveform::end};
        for (int which = 0; which < (needsAll ? 3 : 1); ++which) {
            group.input[which].resize(cells * steps);
            for (std::size_t i = 0; i < cells; ++i)
                for (int k = 0; k < steps; ++k)
                    group.input[which][k * cells + i] = (waveformOf(i).*columns[which])[firstStep + k];
        }
        const double* start = group.input[0].data();
        block = {start, needsAll ? group.input[1].data() : start, needsAll ? group.input[2].data() : start,
            static_cast<std::ptrdiff_t>(cells), 1};
    }
    group.events.clear();
    group.population->advance(steps, block, group.events);
}

void Simulation::collectSpikes(std::vector<CellSpike>& spikes)
{
    for (const auto& group : m_groups)
        for (const SpikeEvent& event : group->events) {
            const int index = group->cells[event.cell];
            const Cell& cell = m_plan.cells[index];
            const double t_ms =
                m_startTime_ms + (static_cast<double>(m_step + event.step) + event.fraction) * m_plan.dt_ms();
            if (t_ms - m_lastSpike_ms[index] < cell.parameters.valueOr(ParameterRole::minimumGap, 0))
                continue;
            m_lastSpike_ms[index] = t_ms;
            spikes.push_back({cell.id, t_ms});
        }
}

void Simulation::findNonFinite(int steps, std::vector<CellSpike>& spikes)
{
    for (const auto& group : m_groups)
        group->restore();
    for (int k = 0; k < steps; ++k) {
        for (const auto& group : m_groups) {
            group->save();
            runGroup(*group, k, 1);
        }
        for (const auto& group : m_groups)
            if (const auto bad = group->population->nonFinite()) {
                for (const auto& each : m_groups)
                    each->restore();
                const Cell& cell = m_plan.cells[group->cells[bad->cell]];
                throw SimulationError(std::string(group->model->stateVariables[bad->variable]), cell.name,
                    time_ms() + m_plan.dt_ms(), m_plan.dt_ms());
            }
        collectSpikes(spikes);
        ++m_step;
    }
}

void Simulation::sample(std::span<double> row) const
{
    for (const auto& group : m_groups)
        group->population->sample(group->sampled);
    std::size_t column = 0;
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        const Group& group = *m_groups[m_places[i].group];
        for (std::size_t c = 0; c < group.model->channels.size(); ++c)
            row[column++] = group.sampled[c * group.cells.size() + m_places[i].index];
        row[column++] = m_input->waveforms[m_input->ofCell[i]].sampler.at(time_ms()) + m_injection;
    }
    if (m_difference) {
        row[column++] = m_difference->now_mv;
        row[column++] = m_difference->maximum_mv;
        row[column++] = std::sqrt(m_difference->squares_mv2 / m_difference->count);
    }
}

} // namespace endospike
