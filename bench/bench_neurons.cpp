// How fast the engine steps cells, one thread; beside it, where they are installed, Brian2 and NEURON on the same
// cells.
#include "bench/bench.h"
#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/neuron_plan.h"
#include "sim/neuron/simulation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <string>

namespace endospike::bench {
namespace {

constexpr double dt_ms = 0.01;
constexpr int repetitions = 5;
constexpr int populationSizes[] = {1, 1000, 100000};

struct Named {
    Integrator integrator;
    const char* name;
    const char* brian; ///< what Brian2 calls it
};
constexpr Named integrators[] = {{Integrator::forwardEuler, "Euler", "euler"},
    {Integrator::exponentialEuler, "exp. Euler", "exponential_euler"}, {Integrator::rungeKutta4, "RK4", "rk4"}};

/// Processor time, so that what else the machine does hardly counts.
template <class Work>
double seconds(Work work)
{
    const std::clock_t start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// neuron-steps/s with a constant current and starting voltages from -75 to -50 mV.
Speed measure(const NeuronModel& model, Integrator integrator, Precision precision, int cells)
{
    const auto population = model.create(cells, integrator, precision, dt_ms);
    std::vector<double> state(model.stateVariables.size());
    for (int cell = 0; cell < cells; ++cell) {
        population->copyState(cell, state);
        state[0] += -10 + 25 * ((cell * 7919) % 1000) / 1000.0;
        population->setState(cell, state);
    }
    const double current = 10;
    const InputBlock input = {&current, &current, &current, 0, 0};
    std::vector<SpikeEvent> spikes;
    int steps = 16;
    const auto run = [&] {
        spikes.clear();
        return seconds([&] { population->advance(steps, input, spikes); });
    };
    while (run() < 0.05)
        steps *= 2;
    std::vector<double> found;
    for (int i = 0; i < repetitions; ++i)
        found.push_back(static_cast<double>(steps) * cells / run());
    return summary(found);
}

std::string caseName(const std::string& method, const std::string& precision, int cells)
{
    return method + " " + precision + " " + std::to_string(cells);
}

void printRatio(double speed, const Speeds& other, const std::string& name)
{
    const auto at = other.find(name);
    if (at == other.end())
        std::printf(" %20s", "-");
    else
        std::printf(" %11.4g (x%5.1f)", at->second.median / 1e6, speed / at->second.median);
}

void printModels(const Speeds& brian, const Speeds& neuron)
{
    std::printf(
        "Million neuron-steps/s, one thread, processor time, dt %g ms, constant current, median of %d runs (spread).\n",
        dt_ms, repetitions);
    std::printf("Ratios are to the other simulator in float64.\n\n");
    std::printf("%-12s %-11s %-8s %7s %9s %9s %20s %20s\n", "model", "integrator", "float", "cells", "speed", "spread",
        "Brian2", "NEURON");
    for (const NeuronModel& model : neuronModels())
        for (const Precision precision : {Precision::float64, Precision::float32})
            for (const Named& each : integrators)
                for (const int cells : populationSizes) {
                    const Speed speed = measure(model, each.integrator, precision, cells);
                    std::printf("%-12s %-11s %-8s %7d %9.1f %8.1f%%", model.key.data(), each.name,
                        precision == Precision::float64 ? "64" : "32", cells, speed.median / 1e6, 100 * speed.spread);
                    if (model.key == "hh") {
                        printRatio(speed.median, brian, caseName(each.brian, "float64", cells));
                        printRatio(speed.median, neuron, caseName(each.brian, "float64", cells));
                    }
                    std::printf("\n");
                    std::fflush(stdout);
                }
}

/// Largest error of the fast rates against the formulas in long double, where cells live.
template <class T>
double worstRateUlps()
{
    const auto linoid = [](long double x) { return x == 0 ? 1 : -x / std::expm1(-x); };
    double worst = 0;
    for (double at_mv = -150; at_mv < 87; at_mv += 0.001) {
        const T u[] = {static_cast<T>(at_mv)};
        hh::Rates fast[1];
        hh::fastRates(std::span<const T>(u), fast);
        const long double v = u[0];
        const long double exact[] = {linoid((v + 40) / 10), 4 * std::exp(-(v + 65) / 18),
            0.07L * std::exp(-(v + 65) / 20), 1 / (1 + std::exp(-(v + 35) / 10)), 0.1L * linoid((v + 55) / 10),
            0.125L * std::exp(-(v + 65) / 80)};
        const double found[] = {fast->aM, fast->bM, fast->aH, fast->bH, fast->aN, fast->bN};
        for (int i = 0; i < 6; ++i) {
            const T rounded = static_cast<T>(exact[i]);
            const long double ulp = std::nextafter(rounded, T(1e30)) - rounded;
            worst = std::max(worst, static_cast<double>(std::abs(found[i] - exact[i]) / ulp));
        }
    }
    return worst;
}

/// 8 Hodgkin-Huxley cells with every channel taken each 0.05 ms, in biological over wall time.
void printLive()
{
    NeuronPlan plan;
    const NeuronModel& model = *findNeuronModel("hh");
    for (int i = 0; i < 8; ++i) {
        Cell cell(model);
        cell.id = i + 1;
        cell.name = plan.freeCellName(model.shortName);
        plan.cells.push_back(cell);
    }
    StimulusPart part(*findStimulusKind("constant"));
    part.values.set("amplitude_ua_per_cm2", 10);
    plan.stimulus.parts.push_back(part);
    plan.simulation.set(simulation::dt_ms, dt_ms);
    Simulation simulation(plan);
    std::vector<double> row(simulation.layout()->columns.size());
    std::vector<CellSpike> spikes;
    std::vector<double> factors;
    constexpr int samples = 40000;
    for (int i = 0; i < repetitions; ++i) {
        const double wall_s = seconds([&] {
            for (int k = 0; k < samples; ++k) {
                simulation.advance(5, spikes);
                simulation.sample(row);
            }
        });
        factors.push_back(samples * 5 * dt_ms / 1000 / wall_s);
    }
    const Speed speed = summary(factors);
    std::printf("live: 8 HH cells, dt %g ms, every channel each 0.05 ms: %.1f x real time (spread %.1f%%)\n", dt_ms,
        speed.median, 100 * speed.spread);
}

} // namespace

void benchNeurons(bool alone)
{
    const Printed brian = alone ? Printed() : runScript("compare_brian.py");
    const Printed neuron = alone ? Printed() : runScript("compare_neuron.py");
    printModels(brian.speeds, neuron.speeds);
    std::printf("\nrates, largest error from -150 to 87 mV: %.1f ulp in double, %.1f ulp in float\n",
        worstRateUlps<double>(), worstRateUlps<float>());
    printLive();
}

} // namespace endospike::bench
