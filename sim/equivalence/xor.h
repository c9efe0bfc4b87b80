// XOR of Hodgkin-Huxley cells and of their tv-LIF2HH microstructures, after He et al., Nature Computational Science 4,
// 584 (2024), doi 10.1038/s43588-024-00674-9.
//
// Two input cells receive I (40 uA/cm^2) or 0. Published wiring: one output cell driven by +S (20 uA/cm^2) while input
// cell 1 is above threshold and by -S while input cell 3 is (the published numbering; the output is cell 2). That is
// "1 and not 3", not XOR. True XOR: a second cell has the mirrored signs, and the output cell receives +S while either
// of the two is above threshold.
//
// How an output is read: true if the output cell fires at or after `readFrom_ms`. From the published start every cell
// fires one anode-break spike near 5 ms with no input at all, which says nothing about the inputs; hence 10 ms there.
//
// The wiring alone says "1 and not 3". The cells say more: released from the inhibition of cell 3 the output rebounds
// and fires (the anode break again), so that the published circuit answers (0,1) too, with fewer and later spikes. Both
// truths are given: `byWiring` and `exclusiveOr`, beside what each kind of cell does.
#pragma once

#include "sim/base/job.h"
#include "sim/equivalence/circuit_cells.h"

#include <array>
#include <string>
#include <vector>

namespace endospike {

enum class XorWiring { oneAndNotThree, trueXor };

struct XorSettings {
    XorWiring wiring = XorWiring::oneAndNotThree;
    double input_ua_per_cm2 = 40;
    double synapse_ua_per_cm2 = 20;
    double readFrom_ms = 10; ///< 0 for cells that start at rest
    CircuitSettings circuit;
};

/// One cell of one case.
struct XorTrace {
    std::string name; ///< "Input 1", "Input 3", "1 and not 3", "3 and not 1", "Output"
    std::vector<double> v_mv; ///< at XorResult::time_ms
    std::vector<double> spikes_ms;
};

/// One input pair with one kind of cell.
struct XorRun {
    std::vector<XorTrace> cells; ///< inputs first, the output last
    bool output = false; ///< as read
    const XorTrace& outputTrace() const { return cells.back(); }
};

struct XorCase {
    bool first = false; ///< input 1
    bool third = false; ///< input 3
    bool exclusiveOr = false;
    bool byWiring = false; ///< by the signs of the synapses alone: 1 and not 3, or the exclusive or
    std::array<XorRun, 2> runs; ///< indexed by CellKind
    double maximumDifference_mv = 0; ///< largest |V_HH - V_tvLIF| of the output cell, over every step
};

struct XorResult {
    std::vector<double> time_ms;
    std::array<XorCase, 4> cases; ///< (0,0), (0,1), (1,0), (1,1)
    bool stopped = false; ///< ended early because it was asked to; the cases then are incomplete
};

/// Throws DocumentError for settings that are not allowed, SimulationError for a non-finite state.
XorResult runXor(const XorSettings& settings, const JobContext& context);

} // namespace endospike
