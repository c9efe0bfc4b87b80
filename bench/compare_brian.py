#!/usr/bin/env python3
"""Brian2 C++ standalone on the Hodgkin-Huxley cells of endospike-bench, one thread, the flags that suit it best.

Prints one line for each case, "METHOD PRECISION CELLS: " and the neuron-steps/s of each repetition. Only the simulation loop is
timed, by Brian's own clock or in processor time, whichever is less. No monitors; spikes are detected as upward crossings. The rates are written as plain
quotients, which g++ vectorises (exprel would not be), so a voltage on a singularity would give NaN here.
"""

import argparse
import logging
import os
import resource
import shutil
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
import numpy as np

os.environ["MAKEFLAGS"] = "-j2"
from brian2 import (  # noqa: E402
    BrianLogger, Network, NeuronGroup, Quantity, cm, defaultclock, device, mS, ms, mV, prefs, set_device, uA, ufarad)

FLAGS = ["-w", "-O3", "-march=native", "-ffast-math", "-std=c++11"]

EQUATIONS = """
dv/dt = (I - gNa*m*m*m*h*(v - ENa) - gK*n*n*n*n*(v - EK) - gL*(v - EL))/C : 1
dm/dt = am*(1 - m) - bm*m : 1
dh/dt = ah*(1 - h) - bh*h : 1
dn/dt = an*(1 - n) - bn*n : 1
am = 0.1*(v + 40)/(1 - exp(-(v + 40)/10))/ms : Hz
bm = 4*exp(-(v + 65)/18)/ms : Hz
ah = 0.07*exp(-(v + 65)/20)/ms : Hz
bh = 1/(1 + exp(-(v + 35)/10))/ms : Hz
an = 0.01*(v + 55)/(1 - exp(-(v + 55)/10))/ms : Hz
bn = 0.125*exp(-(v + 65)/80)/ms : Hz
"""
CONSTANTS = dict(I=10.0, gNa=120.0, gK=36.0, gL=0.3, ENa=50.0, EK=-77.0, EL=-54.387, C=1 * ms)


def speeds(method, dtype, cells, steps, repetitions, directory):
    """neuron-steps/s of several runs of one compiled program."""
    set_device("cpp_standalone", build_on_run=False)
    device.reinit()
    device.activate(build_on_run=False)
    prefs.core.default_float_dtype = dtype
    prefs.codegen.cpp.extra_compile_args_gcc = FLAGS
    prefs.devices.cpp_standalone.openmp_threads = 0
    defaultclock.dt = 0.01 * ms
    group = NeuronGroup(cells, EQUATIONS, method=method, threshold="v > -43", refractory="v > -43", namespace=CONSTANTS)
    group.v = "-75 + 25*((i*7919) % 1000)/1000.0"
    group.m, group.h, group.n = 0.0530, 0.5960, 0.3177
    network = Network(group)
    network.run(steps * 0.01 * ms)
    device.build(directory=directory, compile=True, run=False, with_output=False)
    found = []
    for _ in range(repetitions):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        device.run(directory, with_output=False, run_args=[])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # Brian's clock starts after its arrays are set up, but runs on while other programs have the processor.
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append(cells * steps / min(used, device._last_run_time))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--cells", type=int, nargs="+", default=[1, 1000, 100000])
    parser.add_argument("--methods", nargs="+", default=["euler", "exponential_euler", "rk4"])
    parser.add_argument("--float32", action="store_true", help="in single precision too")
    options = parser.parse_args()
    BrianLogger.suppress_name("")
    logging.disable(logging.WARNING)
    scratch = tempfile.mkdtemp(prefix="endospike-bench-")
    try:
        for dtype, name in [(np.float64, "float64")] + ([(np.float32, "float32")] if options.float32 else []):
            for method in options.methods:
                for cells in options.cells:
                    steps = max(300, int((1e7 if method == "rk4" else 3e7) / cells / (10 if cells == 1 else 1)))
                    directory = os.path.join(scratch, f"{method}-{name}-{cells}")
                    values = speeds(method, dtype, cells, steps, options.repetitions, directory)
                    print(f"{method} {name} {cells}:", *(f"{value:.6g}" for value in values), flush=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
