#!/usr/bin/env python3
"""PyTorch on the networks of torch_networks.py, batch 128: forward passes and train steps.

Prints a line for each case, "NETWORK published|hoisted forward|train|memory: " and the samples/s of each repetition
(memory: peak of the process in bytes), and lines that start with "#" to be shown. Every network runs in a process of
its own. Exits with 3 if there is no PyTorch.
"""

import argparse
import os
import resource
import subprocess
import sys
import time

try:
    import torch
    import torch_networks as networks
except ImportError:
    sys.exit(3)

BATCH = 128
KERNELS = ("", "SkylakeX", "Zen", "Haswell")  # of OpenBLAS; the first is what it chooses itself
PRODUCT = (128, 1296, 512)


def clock(threads):
    """Processor time where it is the same thing, so that what else the machine does hardly counts."""
    return time.process_time if threads == 1 else time.perf_counter


def repeat(work, threads, budget_s, most):
    """Seconds of each of at least three calls (two, if they take long), after one more to warm up."""
    work()
    now, found, start = clock(threads), [], time.perf_counter()
    while len(found) < most:
        before = now()
        work()
        found.append(now() - before)
        spent = time.perf_counter() - start
        if spent > budget_s and len(found) >= (3 if spent < 3 * budget_s else 2):
            break
    return found


def blas():
    with open("/proc/self/maps") as maps:
        return "OpenBLAS" if "openblas" in maps.read() else "no OpenBLAS, whose products are many times faster"


def measure_product(threads):
    rows, inner, columns = PRODUCT
    a, b = torch.rand(rows, inner), torch.rand(inner, columns)
    best = min(repeat(lambda: a @ b, threads, 0.3, 50))
    print(2e-9 * rows * inner * columns / best, blas(), sep=",")


def measure_network(key, hoisted, threads, budget_s):
    values = networks.tensors(key, 1)
    optimizer = networks.optimizer(key, values)
    generator = torch.Generator().manual_seed(1)
    pixels = torch.randint(0, 256, (BATCH, networks.PIXELS), generator=generator).float()
    labels = torch.randint(0, networks.CLASSES, (BATCH, 2), generator=generator)

    def forward():
        with torch.no_grad():
            networks.forward(key, values, pixels, hoisted)

    def train():
        optimizer.zero_grad(set_to_none=True)
        networks.loss_of(networks.forward(key, values, pixels, hoisted), labels).backward()
        optimizer.step()

    case = f"{key} {'hoisted' if hoisted else 'published'}"
    for name, work in (("forward", forward), ("train", train)):
        speeds = [BATCH / seconds for seconds in repeat(work, threads, budget_s, 30)]
        print(f"{case} {name}:", *(f"{speed:.6g}" for speed in speeds))
    print(f"{case} memory:", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def child(threads, kernel, *arguments):
    """What this script prints in a process of its own."""
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
    if kernel:
        environment["OPENBLAS_CORETYPE"] = kernel
    command = [sys.executable, os.path.abspath(__file__), "--threads", str(threads), *arguments]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def fastest_kernel(threads):
    """What OPENBLAS_CORETYPE suits this processor best."""
    found = []
    for kernel in KERNELS:
        try:
            speed, library = child(threads, kernel, "--product").strip().split(",", 1)
        except (subprocess.CalledProcessError, ValueError):
            continue  # instructions that this processor does not have
        found.append((float(speed), kernel))
        if library != "OpenBLAS":
            print(f"# PyTorch here has {library} (package libopenblas0): its fully connected nets are too slow.")
            return kernel
    speed, kernel = max(found)
    named = f"OPENBLAS_CORETYPE={kernel}" if kernel else "OpenBLAS's own choice of kernel"
    print(f"# PyTorch {torch.__version__} with {named}: {speed:.0f} GFLOP/s on {'x'.join(map(str, PRODUCT))}, where "
          f"OpenBLAS's own choice reaches {dict((k, s) for s, k in found)['']:.0f}.", flush=True)
    return kernel


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--budget", type=float, default=1.5, help="seconds for each case")
    parser.add_argument("--networks", nargs="+", default=networks.PUBLISHED)
    parser.add_argument("--product", action="store_true", help="only measure a matrix product")
    parser.add_argument("--here", action="store_true", help="in this process, with the settings it was started with")
    parser.add_argument("--hoisted", action="store_true", help="with --here: the input layer applied once")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.product:
        measure_product(options.threads)
    elif options.here:
        measure_network(options.networks[0], options.hoisted, options.threads, options.budget)
    else:
        kernel = fastest_kernel(options.threads)
        for key in options.networks:
            in_time = networks.NETWORKS[key].steps > 1 and not networks.NETWORKS[key].conv
            for mode in ([], ["--hoisted"]) if in_time else ([],):
                print(child(options.threads, kernel, "--here", "--networks", key, "--budget", str(options.budget),
                            *mode), end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
