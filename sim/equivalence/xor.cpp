#include "sim/equivalence/xor.h"

#include "sim/base/errors.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

constexpr int cases = 4;
constexpr std::array<const char*, 5> names = {"Input 1", "Input 3", "1 and not 3", "3 and not 1", "Output"};

/// The four cases side by side in one population of each kind: cell `role` of case `which` is at role * 4 + which.
class XorStepper {
public:
    XorStepper(const XorSettings& settings, CellKind kind)
        : m_settings(settings)
        , m_roles(settings.wiring == XorWiring::trueXor ? 5 : 3)
        , m_cells(kind, m_roles * cases, settings.circuit)
        , m_current(static_cast<std::size_t>(m_roles * cases))
    {
    }

    int roles() const { return m_roles; }
    const CircuitCells& cells() const { return m_cells; }
    double output_mv(int which) const { return m_cells.v_mv()[(m_roles - 1) * cases + which]; }

    void step()
    {
        const double synapse = m_settings.synapse_ua_per_cm2;
        for (int which = 0; which < cases; ++which) {
            const auto above = [&](int role) { return m_cells.above(role * cases + which) ? 1.0 : 0.0; };
            const auto current = [&](int role) -> double& { return m_current[role * cases + which]; };
            current(0) = which / 2 ? m_settings.input_ua_per_cm2 : 0;
            current(1) = which % 2 ? m_settings.input_ua_per_cm2 : 0;
            current(2) = synapse * (above(0) - above(1));
            if (m_roles == 5) {
                current(3) = -current(2);
                current(4) = synapse * std::max(above(2), above(3));
            }
        }
        m_cells.step(m_current);
    }

private:
    const XorSettings& m_settings;
    int m_roles;
    CircuitCells m_cells;
    std::vector<double> m_current;
};

void check(const XorSettings& settings)
{
    check(settings.circuit);
    if (!std::isfinite(settings.input_ua_per_cm2))
        throw DocumentError("input_ua_per_cm2", "", "must be a finite number");
    if (!std::isfinite(settings.synapse_ua_per_cm2))
        throw DocumentError("synapse_ua_per_cm2", "", "must be a finite number");
    if (!std::isfinite(settings.readFrom_ms))
        throw DocumentError("read_from_ms", "", "must be a finite number");
}

void prepare(XorResult& result, const XorSettings& settings, int roles)
{
    for (int which = 0; which < cases; ++which) {
        XorCase& c = result.cases[which];
        c.first = which / 2;
        c.third = which % 2;
        c.exclusiveOr = c.first != c.third;
        c.byWiring = settings.wiring == XorWiring::trueXor ? c.exclusiveOr : c.first && !c.third;
        for (XorRun& run : c.runs) {
            run.cells.resize(static_cast<std::size_t>(roles));
            for (int role = 0; role < roles; ++role)
                run.cells[role].name = names[role];
        }
    }
}

void record(XorResult& result, const std::array<XorStepper, 2>& kinds, double t_ms)
{
    result.time_ms.push_back(t_ms);
    for (std::size_t kind = 0; kind < kinds.size(); ++kind)
        for (int which = 0; which < cases; ++which)
            for (int role = 0; role < kinds[kind].roles(); ++role)
                result.cases[which].runs[kind].cells[role].v_mv.push_back(
                    kinds[kind].cells().v_mv()[role * cases + which]);
}

void compare(XorResult& result, const std::array<XorStepper, 2>& kinds)
{
    for (int which = 0; which < cases; ++which) {
        double& maximum = result.cases[which].maximumDifference_mv;
        maximum = std::max(maximum, std::abs(kinds[0].output_mv(which) - kinds[1].output_mv(which)));
    }
}

void readOutputs(XorResult& result, const std::array<XorStepper, 2>& kinds, double readFrom_ms)
{
    for (std::size_t kind = 0; kind < kinds.size(); ++kind)
        for (int which = 0; which < cases; ++which) {
            XorRun& run = result.cases[which].runs[kind];
            for (int role = 0; role < kinds[kind].roles(); ++role)
                run.cells[role].spikes_ms = kinds[kind].cells().spikes_ms()[role * cases + which];
            run.output =
                std::ranges::any_of(run.outputTrace().spikes_ms, [&](double t_ms) { return t_ms >= readFrom_ms; });
        }
}

} // namespace

XorResult runXor(const XorSettings& settings, const JobContext& context)
{
    check(settings);
    std::array<XorStepper, 2> kinds = {
        XorStepper(settings, CellKind::hodgkinHuxley), XorStepper(settings, CellKind::tvLif)};
    XorResult result;
    prepare(result, settings, kinds[0].roles());
    const std::int64_t steps = settings.circuit.steps();
    const int stride = settings.circuit.stepsPerSample();
    record(result, kinds, 0);
    for (std::int64_t k = 1; k <= steps; ++k) {
        for (XorStepper& kind : kinds)
            kind.step();
        compare(result, kinds);
        if (k % stride == 0)
            record(result, kinds, static_cast<double>(k) * settings.circuit.dt_ms);
        if (k % 1024 == 0) {
            if (context.stop.stop_requested()) {
                result.stopped = true;
                break;
            }
            context.report(static_cast<double>(k) / static_cast<double>(steps), "XOR circuit");
        }
    }
    for (const XorStepper& kind : kinds)
        kind.cells().requireFinite();
    readOutputs(result, kinds, settings.readFrom_ms);
    return result;
}

} // namespace endospike
