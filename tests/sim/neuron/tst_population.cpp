// What every model promises as a population, for each integrator and precision.
#include "sim/base/errors.h"
#include "sim/neuron/neuron_model.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace endospike;

namespace {

struct Case {
    const NeuronModel* model;
    Integrator integrator;
    Precision precision;

    std::unique_ptr<Population> create(int cells) const { return model->create(cells, integrator, precision, 0.01); }
};

/// Parameters that differ from cell to cell, with at least one spike in a few milliseconds at 20 uA/cm^2.
ParameterValues mixed(const NeuronModel& model, int cell)
{
    ParameterValues values(model.parameters);
    for (std::size_t row = 0; row < values.size(); ++row) {
        const Parameter& p = model.parameters[row];
        if (p.kind == ParameterKind::real)
            values.set(row,
                std::clamp(p.initial * (1 + 0.01 * ((cell * 7 + static_cast<int>(row)) % 5)), p.minimum, p.maximum));
    }
    return values;
}

std::vector<double> currents(int cells, int steps)
{
    std::vector<double> values;
    for (int k = 0; k < steps; ++k)
        for (int cell = 0; cell < cells; ++cell)
            values.push_back(20 + cell % 3 + 5 * std::sin(0.01 * k + cell));
    return values;
}

InputBlock block(const std::vector<double>& values, int cells, int cell = 0, int firstStep = 0)
{
    const double* at = values.data() + firstStep * cells + cell;
    return {at, at, at, cells, 1};
}

std::vector<double> stateOf(const Population& population, const NeuronModel& model, int cell)
{
    std::vector<double> state(model.stateVariables.size());
    population.copyState(cell, state);
    return state;
}

bool same(const SpikeEvent& a, const SpikeEvent& b) { return a.step == b.step && a.fraction == b.fraction; }

std::vector<SpikeEvent> eventsOf(const std::vector<SpikeEvent>& all, int cell)
{
    std::vector<SpikeEvent> found;
    std::ranges::copy_if(all, std::back_inserter(found), [&](const SpikeEvent& e) { return e.cell == cell; });
    return found;
}

} // namespace

Q_DECLARE_METATYPE(Case)

class PopulationTest : public QObject {
    Q_OBJECT

    void cases()
    {
        QTest::addColumn<Case>("which");
        for (const NeuronModel& model : neuronModels())
            for (const Integrator integrator :
                {Integrator::forwardEuler, Integrator::exponentialEuler, Integrator::rungeKutta4})
                for (const Precision precision : {Precision::float64, Precision::float32})
                    QTest::addRow(
                        "%s %d %d", model.key.data(), static_cast<int>(integrator), static_cast<int>(precision))
                        << Case{&model, integrator, precision};
    }

private slots:
    void manyEqualSingles_data() { cases(); }
    void manyEqualSingles()
    {
        QFETCH(Case, which);
        constexpr int steps = 1500;
        for (const int cells : {1, 3, 8, 17, 300}) {
            const auto input = currents(cells, steps);
            const auto many = which.create(cells);
            for (int cell = 0; cell < cells; ++cell)
                many->setParameters(cell, mixed(*which.model, cell));
            many->reset();
            std::vector<SpikeEvent> spikes;
            many->advance(steps, block(input, cells), spikes);
            QVERIFY(!spikes.empty());
            for (int cell = 0; cell<cells; cell += cells> 20 ? 23 : 1) {
                const auto single = which.create(1);
                single->setParameters(0, mixed(*which.model, cell));
                single->reset();
                std::vector<SpikeEvent> own;
                single->advance(steps, block(input, cells, cell), own);
                QCOMPARE(stateOf(*many, *which.model, cell), stateOf(*single, *which.model, 0));
                QVERIFY(std::ranges::equal(eventsOf(spikes, cell), own, same));
            }
        }
    }

    void splitStepsGiveTheSameBits_data() { cases(); }
    void splitStepsGiveTheSameBits()
    {
        QFETCH(Case, which);
        constexpr int steps = 2000, cells = 9;
        const auto input = currents(cells, steps);
        const auto whole = which.create(cells), pieces = which.create(cells);
        std::vector<SpikeEvent> expected, found;
        whole->advance(steps, block(input, cells), expected);
        for (int done = 0, length = 1; done < steps;
             done += length, length = std::min(length * 3 % 101, steps - done)) {
            std::vector<SpikeEvent> part;
            pieces->advance(length, block(input, cells, 0, done), part);
            for (SpikeEvent event : part)
                found.push_back({event.cell, event.step + done, event.fraction});
        }
        for (int cell = 0; cell < cells; ++cell) {
            QCOMPARE(stateOf(*pieces, *which.model, cell), stateOf(*whole, *which.model, cell));
            QVERIFY(std::ranges::equal(eventsOf(found, cell), eventsOf(expected, cell), same));
        }
    }

    void waysToGiveTheSameCurrentAgree_data() { cases(); }
    void waysToGiveTheSameCurrentAgree()
    {
        QFETCH(Case, which);
        constexpr int steps = 1000, cells = 5;
        const double constant = 20;
        const std::vector<double> each(cells, constant), all(cells * steps, constant), wave(steps, constant);
        const InputBlock ways[] = {{&constant, &constant, &constant, 0, 0},
            {each.data(), each.data(), each.data(), 0, 1}, {wave.data(), wave.data(), wave.data(), 1, 0},
            block(all, cells)};
        std::vector<double> first;
        for (const InputBlock& way : ways) {
            const auto population = which.create(cells);
            std::vector<SpikeEvent> spikes;
            population->advance(steps, way, spikes);
            if (first.empty())
                first = stateOf(*population, *which.model, cells - 1);
            QCOMPARE(stateOf(*population, *which.model, cells - 1), first);
        }
    }

    void resetAndRerunGiveTheSameBits_data() { cases(); }
    void resetAndRerunGiveTheSameBits()
    {
        QFETCH(Case, which);
        constexpr int steps = 2500, cells = 3;
        const auto input = currents(cells, steps);
        const auto population = which.create(cells);
        std::vector<SpikeEvent> before, after;
        population->advance(steps, block(input, cells), before);
        const auto state = stateOf(*population, *which.model, 2);
        population->reset();
        population->advance(steps, block(input, cells), after);
        QCOMPARE(stateOf(*population, *which.model, 2), state);
        QVERIFY(!before.empty() && std::ranges::equal(before, after, same));
    }

    void stateCopiedElsewhereGoesOnTheSame_data() { cases(); }
    void stateCopiedElsewhereGoesOnTheSame()
    {
        QFETCH(Case, which);
        constexpr int steps = 700;
        const auto input = currents(1, steps);
        const auto from = which.create(1), to = which.create(2);
        std::vector<SpikeEvent> spikes;
        from->advance(steps, block(input, 1), spikes);
        to->setState(1, stateOf(*from, *which.model, 0));
        from->advance(steps, block(input, 1), spikes);
        const double* at = input.data();
        to->advance(steps, {at, at, at, 1, 0}, spikes);
        QCOMPARE(stateOf(*to, *which.model, 1), stateOf(*from, *which.model, 0));
    }

    void nonFiniteStatesAreNamed_data() { cases(); }
    void nonFiniteStatesAreNamed()
    {
        QFETCH(Case, which);
        const auto population = which.create(40);
        QVERIFY(!population->nonFinite());
        for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
            for (std::size_t variable = 0; variable < which.model->stateVariables.size(); ++variable) {
                population->reset();
                auto state = stateOf(*population, *which.model, 37);
                state[variable] = bad;
                population->setState(37, state);
                if (std::isfinite(stateOf(*population, *which.model, 37)[variable]))
                    continue; // held as a flag
                const auto found = population->nonFinite();
                QVERIFY(found);
                QCOMPARE(found->cell, 37);
                QCOMPARE(found->variable, static_cast<int>(variable));
            }
        // and a NaN in the current gets to the voltage
        population->reset();
        const double nan = std::numeric_limits<double>::quiet_NaN();
        std::vector<SpikeEvent> spikes;
        population->advance(1, {&nan, &nan, &nan, 0, 0}, spikes);
        QVERIFY(population->nonFinite());
        QCOMPARE(population->nonFinite()->cell, 0);
    }

    void rowsRefuseWhatIsOutOfBounds_data()
    {
        QTest::addColumn<const Parameter*>("row");
        for (const NeuronModel& model : neuronModels())
            for (const Parameter& row : model.parameters)
                QTest::addRow("%s %s", model.key.data(), row.key.data()) << &row;
    }
    void rowsRefuseWhatIsOutOfBounds()
    {
        QFETCH(const Parameter*, row);
        constexpr double infinity = std::numeric_limits<double>::infinity();
        QVERIFY(!refusal(*row, std::nextafter(row->minimum, -infinity)).empty());
        QVERIFY(!refusal(*row, std::nextafter(row->maximum, infinity)).empty());
        QVERIFY(!refusal(*row, std::numeric_limits<double>::quiet_NaN()).empty());
        for (const double allowed :
            {row->minimum, row->maximum, row->initial, row->typicalMinimum, row->typicalMaximum})
            QCOMPARE(refusal(*row, allowed), std::string());
        QVERIFY(row->typicalMinimum < row->typicalMaximum);
        QVERIFY(!row->label.empty() && row->meaning.ends_with('.'));
    }

    void boundsThemselvesRun_data() { rowsOfModels(); }
    void boundsThemselvesRun()
    {
        QFETCH(const NeuronModel*, model);
        QFETCH(int, row);
        for (const double value : {model->parameters[row].minimum, model->parameters[row].maximum}) {
            ParameterValues values(model->parameters);
            values.set(static_cast<std::size_t>(row), value);
            const auto population = model->create(1, Integrator::exponentialEuler, Precision::float64, 0.01);
            population->setParameters(0, values);
            population->reset();
            QVERIFY(!population->nonFinite());
            const double current = 10;
            std::vector<SpikeEvent> spikes;
            population->advance(2000, {&current, &current, &current, 0, 0}, spikes);
            QVERIFY(!population->nonFinite());
            std::vector<double> sampled(model->channels.size());
            population->sample(sampled);
            QVERIFY(std::ranges::all_of(sampled, [](double x) { return std::isfinite(x); }));
            for (const ReferenceLine& line : model->referenceLines(values))
                QVERIFY(std::isfinite(line.v_mv));
        }
    }

private:
    void rowsOfModels()
    {
        QTest::addColumn<const NeuronModel*>("model");
        QTest::addColumn<int>("row");
        for (const NeuronModel& model : neuronModels())
            for (std::size_t row = 0; row < model.parameters.size(); ++row)
                QTest::addRow("%s %s", model.key.data(), model.parameters[row].key.data())
                    << &model << static_cast<int>(row);
    }
};

QTEST_GUILESS_MAIN(PopulationTest)
#include "tst_population.moc"
