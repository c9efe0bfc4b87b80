// What the vector code computes on one instruction set against what it computes on the others that this processor has,
// in a build for every processor of the architecture: the same bits wherever products can be fused with sums, and
// nearly the same on what every processor has, which rounds such products. A build for this processor alone has one
// instruction set.
#include "sim/base/random.h"
#include "sim/control/product_kernel.h"
#include "sim/network/input_layer.h"
#include "sim/neuron/highway_targets.h"
#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/neuron_model.h"

#include <hwy/targets.h>

#include <QtTest>

#include <cfloat>
#include <cmath>
#include <functional>

using namespace endospike;

namespace {

using Results = std::vector<double>;

constexpr std::int64_t fusing = HWY_AVX2 | HWY_AVX3 | HWY_NEON;

/// What `compute` returns on one instruction set.
Results resultsOn(std::int64_t target, const std::function<Results()>& compute)
{
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    Results results = compute();
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    return results;
}

template <class T>
std::vector<T> normals(std::size_t count, std::uint64_t seed)
{
    std::vector<T> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<T>(randomNormal(seed, RandomPurpose::weights, i));
    return values;
}

/// Seven cells, each with its current, that fire; potentials, gates and times of spikes.
Results cells(const NeuronModel& model, Integrator integrator, Precision precision)
{
    constexpr int count = 7, steps = 1000;
    const auto cells = model.create(count, integrator, precision, 0.01);
    cells->reset();
    const std::vector<double> currents = {8, 12, 15, 20, 25, 30, 40};
    std::vector<SpikeEvent> spikes;
    cells->advance(steps, {currents.data(), currents.data(), currents.data(), 0, 1}, spikes);
    std::ranges::stable_sort(spikes, {}, &SpikeEvent::cell); // which cells come first follows the width of vectors
    Results results;
    for (int cell = 0; cell < count; ++cell) {
        std::vector<double> state(model.stateVariables.size());
        cells->copyState(cell, state);
        results.insert(results.end(), state.begin(), state.end());
    }
    for (const SpikeEvent& spike : spikes)
        results.push_back(spike.cell + 10 * (spike.step + spike.fraction));
    return results;
}

template <class T>
Results rates()
{
    std::vector<T> u;
    for (int i = 0; i < 3000; ++i) // beyond the tables at both ends
        u.push_back(static_cast<T>(-200 + 0.1 * i));
    std::vector<hh::Rates> found(u.size());
    hh::fastRates(u, found);
    Results results;
    for (const hh::Rates& r : found)
        results.insert(results.end(), {r.aM, r.bM, r.aH, r.bH, r.aN, r.bN});
    return results;
}

template <class T>
Results matrixProduct()
{
    constexpr int rows = 13, columns = 48, depth = 100;
    const auto a = normals<T>(rows * depth, 1), b = normals<T>(depth * columns, 2), bias = normals<T>(columns, 3);
    std::vector<T> out(rows * columns), turned(columns * product::padded(rows));
    product::multiply(product::Product<T>{
        rows, columns, depth, a.data(), depth, 1, b.data(), columns, out.data(), columns, bias.data(), true});
    product::transpose(out.data(), rows, columns, columns, turned.data());
    Results results(out.begin(), out.end());
    results.insert(results.end(), turned.begin(), turned.end());
    return results;
}

/// Answers, and the gradient of a part of the deltas and of all.
Results inputLayer()
{
    constexpr int batch = 21, inputs = 150, outputs = 40;
    const auto w = normals<float>(outputs * inputs, 2), b = normals<float>(outputs, 3);
    auto x = normals<float>(batch * inputs, 1), delta = normals<float>(batch * outputs, 4);
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = i / 10 % 3 == 0 ? 0 : x[i];
    Workers workers(1);
    PackedInput packed;
    packed.take(x.data(), batch, inputs, 0.5f, workers);
    std::vector<float> y(batch * outputs), weight(w.size()), bias(b.size());
    inputLayerForward(packed, w.data(), b.data(), {y.data(), outputs, outputs});
    Results results(y.begin(), y.end());
    for (const bool few : {false, true}) {
        for (std::size_t i = 0; i < delta.size(); ++i)
            delta[i] = few && i % 5 != 0 ? 0 : delta[i];
        inputLayerGradient(packed, {delta.data(), outputs, outputs}, weight.data(), bias.data());
        results.insert(results.end(), weight.begin(), weight.end());
    }
    return results;
}

/// By how much `b` differs from `a`, relative to it or to 1.
double difference(const Results& a, const Results& b)
{
    if (a.size() != b.size())
        return HUGE_VAL;
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        worst = std::max(worst, std::abs(a[i] - b[i]) / (1 + std::abs(a[i])));
    return worst;
}

} // namespace

class TestInstructionSets : public QObject {
    Q_OBJECT
private slots:
    void bits_data()
    {
        QTest::addColumn<std::function<Results()>>("compute");
        QTest::addColumn<bool>("isDouble");
        QTest::newRow("rates, double") << std::function(rates<double>) << true;
        QTest::newRow("rates, float") << std::function(rates<float>) << false;
        QTest::newRow("product, double") << std::function(matrixProduct<double>) << true;
        QTest::newRow("product, float") << std::function(matrixProduct<float>) << false;
        QTest::newRow("input layer") << std::function(inputLayer) << false;
        for (const char* key : {"hh", "tv_lif2hh"})
            for (const Integrator integrator :
                {Integrator::forwardEuler, Integrator::exponentialEuler, Integrator::rungeKutta4})
                for (const Precision precision : {Precision::float64, Precision::float32}) {
                    const bool isDouble = precision == Precision::float64;
                    const NeuronModel& model = *findNeuronModel(key);
                    QTest::addRow(
                        "%s, integrator %d, %s", key, static_cast<int>(integrator), isDouble ? "double" : "float")
                        << std::function([=, &model] { return cells(model, integrator, precision); }) << isDouble;
                }
    }
    void bits()
    {
        QFETCH(std::function<Results()>, compute);
        QFETCH(bool, isDouble);
        const double rounding = 32 * (isDouble ? DBL_EPSILON : double(FLT_EPSILON));
        const std::vector<std::int64_t> targets = hwy::SupportedAndGeneratedTargets();
        const Results best = resultsOn(targets.front(), compute);
        QVERIFY(std::ranges::any_of(best, [](double x) { return x != 0; }));
        for (const std::int64_t target : targets) {
            const Results found = resultsOn(target, compute);
            const double worst = difference(best, found);
            const QString what = QString("%1: %2").arg(hwy::TargetName(target)).arg(worst);
            if ((target & fusing) != 0 || (targets.front() & fusing) == 0) {
                QVERIFY2(found == best, qPrintable(what));
                continue;
            }
            QVERIFY2(found != best, qPrintable(what)); // it is another instruction set indeed
            QVERIFY2(worst < rounding, qPrintable(what));
        }
    }
};

QTEST_GUILESS_MAIN(TestInstructionSets)
#include "tst_instruction_sets.moc"
