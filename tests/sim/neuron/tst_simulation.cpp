#include "sim/base/errors.h"
#include "sim/neuron/simulation.h"
#include "tests/sim/neuron/plan_fixture.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace endospike;
using namespace endospike::test;

namespace {

struct Recording {
    std::vector<double> rows; ///< every fifth step, one after the other
    std::vector<CellSpike> spikes;
    friend bool operator==(const Recording&, const Recording&) = default;
};

Recording record(Simulation& simulation, int samples)
{
    Recording recording;
    for (int k = 0; k < samples; ++k) {
        simulation.advance(5, recording.spikes);
        const std::vector<double> row = sampleOf(simulation);
        recording.rows.insert(recording.rows.end(), row.begin(), row.end());
    }
    return recording;
}

void advance(Simulation& simulation, int steps)
{
    std::vector<CellSpike> spikes;
    simulation.advance(steps, spikes);
}

std::vector<CellSpike> spikesOf(const std::vector<CellSpike>& spikes, int cell)
{
    std::vector<CellSpike> own;
    std::ranges::copy_if(spikes, std::back_inserter(own), [&](const CellSpike& s) { return s.cellId == cell; });
    return own;
}

void everySetting()
{
    QTest::addColumn<int>("integrator");
    QTest::addColumn<int>("precision");
    for (int integrator : {0, 1, 2})
        for (int precision : {0, 1})
            QTest::addRow("%s %s", std::string(simulationTable()[0].choices[integrator].key).c_str(),
                std::string(simulationTable()[1].choices[precision].key).c_str())
                << integrator << precision;
}

NeuronPlan mixedWith(int integrator, int precision)
{
    NeuronPlan plan = mixedPlan(static_cast<Integrator>(integrator));
    plan.simulation.set(simulation::precision, precision);
    return plan;
}

} // namespace

class TestSimulation : public QObject {
    Q_OBJECT

private slots:
    void layoutListsChannelsAndInput();
    void splitDoesNotMatter_data() { everySetting(); }
    void splitDoesNotMatter();
    void resetAndRerunIsEqual_data() { everySetting(); }
    void resetAndRerunIsEqual();
    void cellsTogetherEqualCellsAlone_data() { everySetting(); }
    void cellsTogetherEqualCellsAlone();
    void inputColumnIsTheStimulus();
    void injectionIsACurrent();
    void spikesKeepTheMinimumGap();
    void spikeTimesAreInterpolated();
    void applyOfNothingChangesNothing();
    void applyKeepsState();
    void applyAddsCellsAtRest();
    void applyReordersAndRemoves();
    void applyAnotherModelStartsAtRest();
    void applyAnotherDtKeepsTime();
    void applyAnotherStimulusActsFromNow();
    void applyKeepsTheNoise();
    void nonFiniteStateIsNamed_data();
    void nonFiniteStateIsNamed();
    void withoutCellsTimePasses();
};

void TestSimulation::layoutListsChannelsAndInput()
{
    const Simulation simulation(mixedPlan());
    std::size_t column = 0;
    const auto& columns = simulation.layout()->columns;
    for (const Cell& cell : simulation.plan().cells) {
        for (const Channel& channel : cell.model->channels) {
            QCOMPARE(columns[column].cellId, cell.id);
            QCOMPARE(columns[column].channel.key, channel.key);
            ++column;
        }
        QCOMPARE(columns[column].cellName, cell.name);
        QCOMPARE(columns[column].channel.key, inputChannel.key);
        ++column;
    }
    QCOMPARE(columns.size(), column);
}

void TestSimulation::splitDoesNotMatter()
{
    QFETCH(int, integrator);
    QFETCH(int, precision);
    const NeuronPlan plan = mixedWith(integrator, precision);
    Simulation whole(plan);
    std::vector<CellSpike> expected;
    whole.advance(5000, expected);
    QVERIFY(expected.size() >= 10);
    std::mt19937 random(8);
    for (int trial = 0; trial < 2; ++trial) {
        Simulation split(plan);
        std::vector<CellSpike> spikes;
        while (split.step() < 5000) {
            const auto steps = static_cast<int>(1 + random() % (trial == 0 ? 700 : 9));
            split.advance(std::min(steps, static_cast<int>(5000 - split.step())), spikes);
            if (trial == 1)
                sampleOf(split); // looking must not disturb
        }
        QVERIFY(sampleOf(split) == sampleOf(whole));
        for (const Cell& cell : plan.cells)
            QVERIFY(spikesOf(spikes, cell.id) == spikesOf(expected, cell.id));
    }
}

void TestSimulation::resetAndRerunIsEqual()
{
    QFETCH(int, integrator);
    QFETCH(int, precision);
    const NeuronPlan plan = mixedWith(integrator, precision);
    Simulation simulation(plan);
    const std::vector<double> initial = sampleOf(simulation);
    const Recording first = record(simulation, 800);
    simulation.reset();
    QCOMPARE(simulation.time_ms(), 0.0);
    QVERIFY(sampleOf(simulation) == initial);
    QVERIFY(record(simulation, 800) == first);
    Simulation fresh(plan);
    QVERIFY(record(fresh, 800) == first);
}

void TestSimulation::cellsTogetherEqualCellsAlone()
{
    QFETCH(int, integrator);
    QFETCH(int, precision);
    const NeuronPlan plan = mixedWith(integrator, precision);
    Simulation together(plan);
    const Recording all = record(together, 600);
    const std::size_t columns = together.layout()->columns.size();
    std::size_t offset = 0;
    for (const Cell& cell : plan.cells) {
        NeuronPlan single = plan;
        single.cells = {cell};
        Simulation alone(single);
        const Recording own = record(alone, 600);
        const std::size_t width = alone.layout()->columns.size();
        for (std::size_t k = 0; k < 600; ++k)
            QVERIFY(std::equal(own.rows.begin() + static_cast<std::ptrdiff_t>(k * width),
                own.rows.begin() + static_cast<std::ptrdiff_t>((k + 1) * width),
                all.rows.begin() + static_cast<std::ptrdiff_t>(k * columns + offset)));
        QVERIFY(own.spikes == spikesOf(all.spikes, cell.id));
        offset += width;
    }
}

void TestSimulation::inputColumnIsTheStimulus()
{
    const NeuronPlan plan = mixedPlan();
    Simulation simulation(plan);
    StimulusSampler shared(plan.stimulus);
    StimulusSampler own(*plan.cells[3].ownStimulus);
    for (int k = 0; k < 500; ++k) {
        QCOMPARE(valueOf(simulation, 1, inputChannel.key), shared.at(simulation.time_ms()));
        QCOMPARE(valueOf(simulation, 4, inputChannel.key), own.at(simulation.time_ms()));
        QCOMPARE(valueOf(simulation, 5, inputChannel.key), 15.0);
        advance(simulation, 7);
    }
}

void TestSimulation::injectionIsACurrent()
{
    NeuronPlan injected;
    addCell(injected, "hh");
    addCell(injected, "lif");
    NeuronPlan driven = injected;
    driven.stimulus.parts.push_back(part("constant", {{"amplitude_ua_per_cm2", 9}}));
    Simulation byHand(injected);
    Simulation byStimulus(driven);
    byHand.setInjection(9);
    QVERIFY(record(byHand, 500) == record(byStimulus, 500));
    QCOMPARE(valueOf(byHand, 1, inputChannel.key), 9.0);
    byHand.setInjection(0);
    QCOMPARE(valueOf(byHand, 1, inputChannel.key), 0.0);
}

void TestSimulation::spikesKeepTheMinimumGap()
{
    NeuronPlan plan;
    addCell(plan, "hh", {{"minimum_gap_ms", 0}});
    addCell(plan, "hh", {{"minimum_gap_ms", 30}});
    plan.stimulus.parts.push_back(part("constant", {{"amplitude_ua_per_cm2", 10}}));
    Simulation simulation(plan);
    std::vector<CellSpike> spikes;
    simulation.advance(20'000, spikes);
    const auto all = spikesOf(spikes, 1);
    const auto thinned = spikesOf(spikes, 2);
    QVERIFY(all.size() > 10); // about 70 Hz over 200 ms
    // Each crossing counts unless it follows the last counted one too closely.
    std::vector<double> expected;
    for (const CellSpike& spike : all)
        if (expected.empty() || spike.time_ms - expected.back() >= 30)
            expected.push_back(spike.time_ms);
    QCOMPARE(thinned.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(thinned[i].time_ms, expected[i]);
    simulation.reset();
    std::vector<CellSpike> again;
    simulation.advance(20'000, again);
    QVERIFY(again == spikes); // the gap is forgotten with the rest
}

void TestSimulation::spikeTimesAreInterpolated()
{
    NeuronPlan plan;
    addCell(plan, "hh");
    plan.stimulus.parts.push_back(part("constant", {{"amplitude_ua_per_cm2", 10}}));
    Simulation simulation(plan);
    const double threshold_mv = plan.cells[0].parameters["spike_threshold_mv"];
    std::vector<CellSpike> spikes;
    double before_mv = valueOf(simulation, 1, "v_mv");
    for (int k = 0; k < 5000; ++k) {
        simulation.advance(1, spikes);
        const double after_mv = valueOf(simulation, 1, "v_mv");
        if (before_mv < threshold_mv && after_mv >= threshold_mv) {
            QVERIFY(!spikes.empty());
            const double expected_ms = (k + (threshold_mv - before_mv) / (after_mv - before_mv)) * 0.01;
            QVERIFY(std::abs(spikes.back().time_ms - expected_ms) < 1e-9);
        }
        before_mv = after_mv;
    }
    QVERIFY(spikes.size() >= 3);
}

void TestSimulation::applyOfNothingChangesNothing()
{
    const NeuronPlan plan = mixedPlan();
    Simulation plain(plan);
    Simulation edited(plan);
    for (int k = 0; k < 20; ++k) {
        advance(plain, 100);
        advance(edited, 100);
        NeuronPlan renamed = plan;
        renamed.cells[0].name = "edit " + std::to_string(k);
        renamed.cells[1].visible = k % 2;
        edited.apply(renamed);
    }
    QVERIFY(sampleOf(plain) == sampleOf(edited));
    QVERIFY(plain.layout()->columns.size() == edited.layout()->columns.size());
}

void TestSimulation::applyKeepsState()
{
    NeuronPlan plan = mixedPlan();
    Simulation simulation(plan);
    advance(simulation, 1234);
    const double time_ms = simulation.time_ms();
    std::vector<double> before;
    for (const Cell& cell : plan.cells)
        before.push_back(valueOf(simulation, cell.id, "v_mv"));
    const auto layout = simulation.layout();
    plan.cells[0].parameters.set("g_na_ms_per_cm2", 60);
    simulation.apply(plan);
    QVERIFY(simulation.layout() == layout); // the same plots go on
    QCOMPARE(simulation.time_ms(), time_ms);
    plan.simulation.set(simulation::integrator, 2);
    simulation.apply(plan);
    for (std::size_t i = 0; i < plan.cells.size(); ++i)
        QCOMPARE(valueOf(simulation, plan.cells[i].id, "v_mv"), before[i]);
    QCOMPARE(simulation.time_ms(), time_ms);
    const double m = valueOf(simulation, 1, "m");
    const double h = valueOf(simulation, 1, "h");
    const double v_mv = valueOf(simulation, 1, "v_mv");
    const double expected = 60 * m * m * m * h * (v_mv - plan.cells[0].parameters["e_na_mv"]);
    QVERIFY(std::abs(valueOf(simulation, 1, "i_na_ua_per_cm2") - expected) < 1e-9 * std::abs(expected));
    plan.cells[0].name = "renamed";
    simulation.apply(plan);
    QCOMPARE(simulation.layout()->columns[0].cellName, std::string("renamed"));
}

void TestSimulation::applyAddsCellsAtRest()
{
    NeuronPlan plan = mixedPlan();
    Simulation simulation(plan);
    advance(simulation, 3000);
    const std::vector<double> before = sampleOf(simulation);
    const Cell& added = addCell(plan, "hh");
    simulation.apply(plan);
    const std::vector<double> after = sampleOf(simulation);
    QVERIFY(std::equal(before.begin(), before.end(), after.begin()));
    NeuronPlan alone;
    alone.cells = {added};
    QCOMPARE(valueOf(simulation, added.id, "v_mv"), valueOf(Simulation(alone), added.id, "v_mv"));
    QCOMPARE(simulation.time_ms(), 30.0);
}

void TestSimulation::applyReordersAndRemoves()
{
    NeuronPlan plan = mixedPlan();
    Simulation simulation(plan);
    Simulation untouched(plan);
    advance(simulation, 2000);
    advance(untouched, 2000);
    std::swap(plan.cells[0], plan.cells[2]);
    plan.cells.erase(plan.cells.begin() + 1);
    simulation.apply(plan);
    advance(simulation, 2000);
    advance(untouched, 2000);
    QCOMPARE(simulation.layout()->find(2, "v_mv"), -1);
    for (int id : {1, 3, 4, 5})
        QVERIFY(std::abs(valueOf(simulation, id, "v_mv") - valueOf(untouched, id, "v_mv")) < 1e-6);
}

void TestSimulation::applyAnotherModelStartsAtRest()
{
    NeuronPlan plan = mixedPlan();
    Simulation simulation(plan);
    advance(simulation, 3000);
    Cell other(*findNeuronModel("lif"));
    other.id = plan.cells[0].id;
    plan.cells[0] = other;
    simulation.apply(plan);
    QCOMPARE(valueOf(simulation, other.id, "v_mv"), other.parameters["v0_mv"]);
    QCOMPARE(simulation.layout()->find(other.id, "m"), -1);
}

void TestSimulation::applyAnotherDtKeepsTime()
{
    NeuronPlan plan = mixedPlan();
    Simulation simulation(plan);
    advance(simulation, 1000);
    std::vector<CellSpike> spikes;
    for (double dt_ms : {0.1, 0.001, 0.025}) {
        const double before_ms = simulation.time_ms();
        const double v_mv = valueOf(simulation, 1, "v_mv");
        plan.simulation.set(simulation::dt_ms, dt_ms);
        simulation.apply(plan);
        QCOMPARE(simulation.time_ms(), before_ms);
        QCOMPARE(valueOf(simulation, 1, "v_mv"), v_mv);
        const std::size_t known = spikes.size();
        simulation.advance(400, spikes);
        QVERIFY(std::abs(simulation.time_ms() - before_ms - 400 * dt_ms) < 1e-9);
        for (std::size_t i = known; i < spikes.size(); ++i)
            QVERIFY(spikes[i].time_ms >= before_ms && spikes[i].time_ms <= simulation.time_ms());
    }
    // The stimulus goes on where it was: a constant sine against its formula.
    StimulusSampler own(*plan.cells[3].ownStimulus);
    QVERIFY(std::abs(valueOf(simulation, 4, inputChannel.key) - own.at(simulation.time_ms())) < 1e-9);
}

void TestSimulation::applyAnotherStimulusActsFromNow()
{
    NeuronPlan plan;
    addCell(plan, "lif");
    Simulation simulation(plan);
    advance(simulation, 500);
    QCOMPARE(valueOf(simulation, 1, "v_mv"), -65.0);
    plan.stimulus.parts.push_back(part("constant", {{"amplitude_ua_per_cm2", 2}}));
    simulation.apply(plan);
    QCOMPARE(valueOf(simulation, 1, inputChannel.key), 2.0);
    advance(simulation, 500);
    // Five ms of charging towards R I = 3 mV at tau 10 ms, exact under exponential Euler.
    QVERIFY(std::abs(valueOf(simulation, 1, "v_mv") - (-65 + 3 * (1 - std::exp(-0.5)))) < 1e-9);
    plan.cells[0].ownStimulus = Stimulus();
    simulation.apply(plan);
    QCOMPARE(valueOf(simulation, 1, inputChannel.key), 0.0);
}

void TestSimulation::applyKeepsTheNoise()
{
    // An edit elsewhere, and even of another part, leaves the noise as it would have been.
    NeuronPlan plan;
    addCell(plan, "lif");
    plan.stimulus.parts.push_back(part("ornstein_uhlenbeck", {{"tau_ms", 200}}));
    StimulusSampler expected(plan.stimulus);
    Simulation simulation(plan);
    for (int k = 0; k < 50; ++k) {
        advance(simulation, 137);
        plan.cells[0].parameters.set("tau_ms", 5 + k);
        if (k == 25)
            plan.stimulus.parts.push_back(part("constant", {{"amplitude_ua_per_cm2", 0}}));
        simulation.apply(plan);
        QVERIFY(std::abs(valueOf(simulation, 1, inputChannel.key) - expected.at(simulation.time_ms())) < 1e-11);
    }
}

void TestSimulation::nonFiniteStateIsNamed_data()
{
    QTest::addColumn<int>("precision");
    QTest::newRow("float64") << 0;
    QTest::newRow("float32") << 1;
}

void TestSimulation::nonFiniteStateIsNamed()
{
    QFETCH(int, precision);
    NeuronPlan plan;
    addCell(plan, "lif");
    addCell(plan, "hh").name = "stable";
    addCell(plan, "hh").name = "runaway";
    plan.cells[1].ownStimulus = Stimulus();
    plan.cells[0].ownStimulus = Stimulus();
    plan.stimulus.parts.push_back(part("step", {{"amplitude_ua_per_cm2", 1e4}, {"onset_ms", 5}}));
    setSimulation(plan, {{"dt_ms", 1}, {"integrator", 0}, {"precision", static_cast<double>(precision)}});
    plan.cells[1].parameters.set("g_na_ms_per_cm2", 0);
    plan.cells[1].parameters.set("g_k_ms_per_cm2", 0);
    for (int chunk : {1, 7, 1000}) {
        Simulation simulation(plan);
        std::vector<CellSpike> spikes;
        try {
            for (int k = 0; k < 1000; k += chunk)
                simulation.advance(chunk, spikes);
            QFAIL("forward Euler at dt 1 ms survived 10 mA/cm²");
        } catch (const SimulationError& error) {
            const auto variables = findNeuronModel("hh")->stateVariables;
            QVERIFY(std::ranges::find(variables, error.variable) != variables.end());
            QCOMPARE(error.cell, std::string("runaway"));
            QVERIFY(error.time_ms > 5 && error.time_ms <= 1000);
            QCOMPARE(error.time_ms, simulation.time_ms() + 1);
            const std::string sentence = error.what();
            for (const std::string& word : {error.variable, error.cell, shortNumber(error.time_ms)})
                QVERIFY(sentence.find(word) != std::string::npos);
        }
        for (double value : sampleOf(simulation))
            QVERIFY(std::isfinite(value));
        const std::int64_t step = simulation.step();
        QVERIFY_EXCEPTION_THROWN(simulation.advance(1, spikes), SimulationError); // it does not get past it
        QCOMPARE(simulation.step(), step);
        plan.simulation.set(simulation::dt_ms, 1);
        simulation.reset();
        advance(simulation, 5);
        QCOMPARE(simulation.time_ms(), 5.0);
    }
}

void TestSimulation::withoutCellsTimePasses()
{
    Simulation simulation{NeuronPlan()};
    advance(simulation, 1000);
    QCOMPARE(simulation.time_ms(), 10.0);
    QVERIFY(simulation.layout()->columns.empty());
    QVERIFY(sampleOf(simulation).empty());
    NeuronPlan plan;
    addCell(plan, "hh");
    simulation.apply(plan);
    QCOMPARE(simulation.time_ms(), 10.0);
    simulation.apply(NeuronPlan());
    QVERIFY(simulation.layout()->columns.empty());
}

QTEST_APPLESS_MAIN(TestSimulation)
#include "tst_simulation.moc"
