#include "sim/neuron/hodgkin_huxley.h"

#include "sim/neuron/hodgkin_huxley_population.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace endospike {
namespace hh {
namespace {

constexpr Choice starts[] = {
    {"rest", "Resting state", "The exact steady state of these parameters without input."},
    {"given", "Given state", "The voltage and gates of the rows below."},
};

/// What differs between the two conventions.
struct Convention {
    double shift_mv; ///< V - u
    double eNa, eK, eL;
    double v0, m0, h0, n0;
};
constexpr Convention absolute = {0, 50, -77, -54.387, -70, 0.0289, 0.7541, 0.2446};
constexpr Convention shifted = {65, 115, -12, 10.613, 0, 0.0489, 0.1341, 0.6446};

constexpr std::array<Parameter, rows> makeTable(const Convention& c)
{
    using enum ParameterRole;
    const double s = c.shift_mv;
    return {{
        {"capacitance_uf_per_cm2", "Membrane capacitance", "C", "µF/cm²", 1, 0.01, 100, 0.5, 5,
            "Charge that the membrane stores per millivolt: the larger it is, the slower the voltage follows a "
            "current."},
        {"g_na_ms_per_cm2", "Sodium conductance", "g<sub>Na</sub>", "mS/cm²", 120, 0, 1000, 0, 240,
            "Conductance with every sodium channel open; it drives the upstroke of the spike."},
        {"g_k_ms_per_cm2", "Potassium conductance", "g<sub>K</sub>", "mS/cm²", 36, 0, 1000, 0, 72,
            "Conductance with every potassium channel open; it brings the voltage back down after a spike."},
        {"g_l_ms_per_cm2", "Leak conductance", "g<sub>L</sub>", "mS/cm²", 0.3, 0, 100, 0, 1,
            "Conductance that is always open; it pulls the voltage towards the leak potential."},
        {"e_na_mv", "Sodium potential", "E<sub>Na</sub>", "mV", c.eNa, -200 + s, 200 + s, 20 + s, 80 + s,
            "Voltage at which no sodium current flows; the spike peaks below it."},
        {"e_k_mv", "Potassium potential", "E<sub>K</sub>", "mV", c.eK, -200 + s, 200 + s, -100 + s, -60 + s,
            "Voltage at which no potassium current flows; the undershoot after a spike stays above it."},
        {"e_l_mv", "Leak potential", "E<sub>L</sub>", "mV", c.eL, -200 + s, 200 + s, -80 + s, -40 + s,
            "Voltage at which no leak current flows; it sets the resting voltage together with the other two."},
        {"na_scale", "Sodium channels left", "s<sub>Na</sub>", "", 1, 0, 1, 0, 1,
            "Fraction of sodium channels that still work: the pufferfish poison TTX takes it to 0."},
        {"k_scale", "Potassium channels left", "s<sub>K</sub>", "", 1, 0, 1, 0, 1,
            "Fraction of potassium channels that still work: the drug TEA takes it towards 0."},
        {"temperature_c", "Temperature", "T", "°C", 6.3, -20, 60, 0, 30,
            "Warmth speeds up every gate; the rates were measured at 6.3 °C."},
        {"q10", "Temperature factor", "Q<sub>10</sub>", "", 3, 1, 10, 1, 4,
            "How many times faster the gates move when it is 10 °C warmer."},
        as(start,
            {"start", "Initial state", "", "", 0, 0, 1, 0, 1,
                "Where the cell stands when a run begins: at its own resting state, or at the values given below.",
                ParameterKind::choice, starts}),
        as(initialState,
            {"v0_mv", "Initial voltage", "V<sub>0</sub>", "mV", c.v0, -200 + s, 200 + s, -100 + s, 50 + s,
                "Membrane potential at the beginning of a run, if the initial state is given."}),
        as(initialState,
            {"m0", "Initial sodium activation", "m<sub>0</sub>", "", c.m0, 0, 1, 0, 1,
                "Fraction of sodium activation gates open at the beginning, if the initial state is given."}),
        as(initialState,
            {"h0", "Initial sodium inactivation", "h<sub>0</sub>", "", c.h0, 0, 1, 0, 1,
                "Fraction of sodium channels not inactivated at the beginning, if the initial state is given."}),
        as(initialState,
            {"n0", "Initial potassium activation", "n<sub>0</sub>", "", c.n0, 0, 1, 0, 1,
                "Fraction of potassium gates open at the beginning, if the initial state is given."}),
        {"spike_threshold_mv", "Spike threshold", "V<sub>spike</sub>", "mV", -43 + s, -100 + s, 100 + s, -60 + s,
            20 + s,
            "A spike is counted when the voltage rises through this value: 22 mV above rest lies between trough and "
            "peak for every steady current from 6.5 to 150 µA/cm², though large currents make spikes that peak below 0 "
            "mV."},
        as(minimumGap,
            {"minimum_gap_ms", "Minimum gap", "", "ms", 1, 0, 100, 0, 5,
                "A crossing that follows the last spike sooner than this is not counted again."}),
    }};
}

constexpr std::array<Parameter, rows> absoluteTable = makeTable(absolute);
constexpr std::array<Parameter, rows> shiftedTable = makeTable(shifted);

constexpr Channel channels[] = {
    {"v_mv", "Membrane potential", "V", "mV", ChannelGroup::voltage},
    {"m", "Sodium activation", "m", "1", ChannelGroup::gate, Hue::vermilion},
    {"h", "Sodium inactivation", "h", "1", ChannelGroup::gate, Hue::blue},
    {"n", "Potassium activation", "n", "1", ChannelGroup::gate, Hue::green},
    {"i_na_ua_per_cm2", "Sodium current", "I<sub>Na</sub>", "µA/cm²", ChannelGroup::current, Hue::vermilion},
    {"i_k_ua_per_cm2", "Potassium current", "I<sub>K</sub>", "µA/cm²", ChannelGroup::current, Hue::green},
    {"i_l_ua_per_cm2", "Leak current", "I<sub>L</sub>", "µA/cm²", ChannelGroup::current},
    {"g_na_ms_per_cm2", "Sodium conductance", "g<sub>Na</sub>", "mS/cm²", ChannelGroup::conductance, Hue::vermilion},
    {"g_k_ms_per_cm2", "Potassium conductance", "g<sub>K</sub>", "mS/cm²", ChannelGroup::conductance, Hue::green},
    {"g_l_ms_per_cm2", "Leak conductance", "g<sub>L</sub>", "mS/cm²", ChannelGroup::conductance},
};

constexpr std::string_view stateVariables[] = {"v_mv", "m", "h", "n"};

double shiftOf(const ParameterValues& values)
{
    return values.table().data() == shiftedTable.data() ? shifted.shift_mv : absolute.shift_mv;
}

State settledAt(double v_mv, double shift_mv)
{
    const Rates r = plainRates(v_mv - shift_mv);
    return {v_mv, r.aM / (r.aM + r.bM), r.aH / (r.aH + r.bH), r.aN / (r.aN + r.bN)};
}

/// Outward ionic current with settled gates.
double settledCurrent(const Membrane& p, double v_mv, double shift_mv)
{
    const State s = settledAt(v_mv, shift_mv);
    return p.gNa * s.m * s.m * s.m * s.h * (v_mv - p.eNa) + p.gK * s.n * s.n * s.n * s.n * (v_mv - p.eK)
        + p.gL * (v_mv - p.eL);
}

std::vector<ReferenceLine> referenceLines(const ParameterValues& values)
{
    return {{"rest", restingState(values).v_mv}, {"spike thr.", values[spikeThreshold]},
        {"E<sub>Na</sub>", values[eNa]}, {"E<sub>K</sub>", values[eK]}, {"E<sub>L</sub>", values[eL]}};
}

template <const ParameterTable& table>
std::unique_ptr<Population> create(int cells, Integrator integrator, Precision precision, double dt_ms)
{
    const ParameterValues defaults(table);
    const double shift_mv = shiftOf(defaults);
    if (precision == Precision::float32)
        return std::make_unique<HodgkinHuxleyPopulation<float>>(cells, integrator, dt_ms, shift_mv, defaults);
    return std::make_unique<HodgkinHuxleyPopulation<double>>(cells, integrator, dt_ms, shift_mv, defaults);
}

constexpr ParameterTable absoluteRows = absoluteTable;
constexpr ParameterTable shiftedRows = shiftedTable;

} // namespace

Membrane membraneOf(const ParameterValues& values)
{
    return {
        values[gNa] * values[naScale], values[gK] * values[kScale], values[gL], values[eNa], values[eK], values[eL]};
}

double temperatureFactor(const ParameterValues& values)
{
    return std::pow(values[q10], (values[temperature] - 6.3) / 10);
}

Rates plainRates(double u_mv)
{
    // x / (1 - exp(-x)), which is 1 at x = 0
    const auto linoid = [](double x) { return x == 0 ? 1 : -x / std::expm1(-x); };
    return {linoid((u_mv + 40) / 10), 4 * std::exp(-(u_mv + 65) / 18), 0.07 * std::exp(-(u_mv + 65) / 20),
        1 / (1 + std::exp(-(u_mv + 35) / 10)), 0.1 * linoid((u_mv + 55) / 10), 0.125 * std::exp(-(u_mv + 65) / 80)};
}

State restingState(const ParameterValues& values)
{
    const Membrane p = membraneOf(values);
    const double shift_mv = shiftOf(values);
    const double top_mv = std::max({p.eNa, p.eK, p.eL});
    double low_mv = std::min({p.eNa, p.eK, p.eL});
    if (p.gNa + p.gK + p.gL == 0)
        return settledAt(p.eL, shift_mv);
    // Below every reversal potential the current is inward, above all of them outward: a root lies between.
    constexpr double scan_mv = 0.25;
    while (low_mv + scan_mv < top_mv && settledCurrent(p, low_mv + scan_mv, shift_mv) < 0)
        low_mv += scan_mv;
    double high_mv = std::min(low_mv + scan_mv, top_mv);
    for (;;) {
        const double middle_mv = low_mv + (high_mv - low_mv) / 2;
        if (middle_mv <= low_mv || middle_mv >= high_mv)
            return settledAt(high_mv, shift_mv);
        (settledCurrent(p, middle_mv, shift_mv) < 0 ? low_mv : high_mv) = middle_mv;
    }
}

State initialState(const ParameterValues& values)
{
    return values[start] == 0 ? restingState(values) : State{values[v0], values[m0], values[h0], values[n0]};
}

} // namespace hh

const NeuronModel& hodgkinHuxleyModel()
{
    static const NeuronModel model = {"hh", "Hodgkin-Huxley", "HH",
        "The squid giant axon: sodium and potassium channels whose gates open and close with the voltage, and a leak. "
        "Voltages are absolute, rest is near -65 mV.",
        "A. L. Hodgkin and A. F. Huxley, J. Physiol. 117, 500-544 (1952), doi:10.1113/jphysiol.1952.sp004764",
        Hue::vermilion, OperationCount{16, 23}, hh::absoluteTable, hh::channels, hh::stateVariables, {-90, 50},
        hh::referenceLines, hh::create<hh::absoluteRows>};
    return model;
}

const NeuronModel& shiftedHodgkinHuxleyModel()
{
    static const NeuronModel model = {"hh_shifted", "Hodgkin-Huxley, rest at 0", "HH (shifted)",
        "The same axon with voltages counted from rest, as in the 1952 papers and in published network simulations: "
        "every voltage is 65 mV higher.",
        "A. L. Hodgkin and A. F. Huxley, J. Physiol. 117, 500-544 (1952), doi:10.1113/jphysiol.1952.sp004764",
        Hue::vermilion, OperationCount{16, 23}, hh::shiftedTable, hh::channels, hh::stateVariables, {-25, 115},
        hh::referenceLines, hh::create<hh::shiftedRows>};
    return model;
}

} // namespace endospike
