#!/usr/bin/env python3
"""NEURON's built-in hh mechanism at 6.3 C on single-compartment cells, one thread, fixed step (cnexp gates, implicit V).

Prints lines as compare_brian.py does; its method stands beside exponential Euler. Spikes are detected at -43 mV by
NetCon objects, on few cells only when there are many, since they would cost more than the cells.
"""

import argparse
import sys
import time

from neuron import h


def speeds(cells, steps, repetitions):
    """neuron-steps/s of several runs."""
    parallel = h.ParallelContext()
    sections, clamps, detectors = [], [], []
    for i in range(cells):
        section = h.Section(name=f"cell{i}")
        section.L = section.diam = 100 / 3.141592653589793 ** 0.5  # 1e4 um2: 1 nA is 10 uA/cm2
        section.insert("hh")
        clamp = h.IClamp(section(0.5))
        clamp.delay, clamp.dur, clamp.amp = 0, 1e9, 1.0
        sections.append(section)
        clamps.append(clamp)
        if cells <= 1000:
            detector = h.NetCon(section(0.5)._ref_v, None, sec=section)
            detector.threshold = -43
            detectors.append(detector)
    h.celsius = 6.3
    solver = h.CVode()
    solver.active(False)
    solver.cache_efficient(True)
    h.dt = 0.01
    parallel.set_maxstep(10)
    found = []
    for _ in range(repetitions):
        h.finitialize(-65)
        for i, section in enumerate(sections):
            section.v = -75 + 25 * ((i * 7919) % 1000) / 1000
        start = time.process_time()
        parallel.psolve(steps * h.dt)
        found.append(cells * steps / (time.process_time() - start))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--cells", type=int, nargs="+", default=[1, 1000, 100000])
    options = parser.parse_args()
    for cells in options.cells:
        steps = max(30, int(2e6 / cells))
        values = speeds(cells, steps, options.repetitions)
        print(f"exponential_euler float64 {cells}:", *(f"{value:.6g}" for value in values), flush=True)


if __name__ == "__main__":
    sys.exit(main())
