#!/usr/bin/env python3
"""Puts measured values together into resources/results/claims.json, which the page of results shows.

    endospike-cli new equivalence > four.json && endospike-cli run four.json --out four
    endospike-cli new cost > cost.json && endospike-cli cost cost.json --json > counts.json
    bench/assemble_claims.py --equivalence four/result.json --cost cost.json counts.json \
        -o resources/results/claims.json

    --robustness FOLDER            of `endospike-cli sweep --out`
    --information RESULT           result.json of `endospike-cli information --out`
    --pendulum-single FOLDER...    and
    --pendulum-double FOLDER...    of `endospike-cli train --out` for documents of the control laboratory that differ in
                                   their noise alone; runs that are not finished are left out

Claims that are given replace those in the file; the others stay as they were. Nothing is written if anything is wrong.
Whether a claim holds is not decided here: the program does that from the values, by the rules in
sim/results/claim_table.cpp, where the format is described too. Trainings on two tasks have a script of their own
(assemble_training_results.py). Needs Python 3 alone.
"""

import argparse
import datetime
import json
import os
import pathlib
import statistics
import sys


def load(path):
    try:
        return json.loads(pathlib.Path(path).read_text())
    except (OSError, ValueError) as error:
        sys.exit(f"{path}: {error}")


def date_of(path):
    return datetime.datetime.fromtimestamp(pathlib.Path(path).stat().st_mtime, datetime.timezone.utc).date().isoformat()


def this_machine():
    model = "unknown processor"
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = " ".join(line.split(":", 1)[1].split())
                break
    except OSError:
        pass
    count = os.cpu_count() or 1
    return f"{count} {'core' if count == 1 else 'cores'} of {model}"


def row(key, name, unit, value, spread=None, seeds=0):
    return {"key": key, "name": name, "unit": unit, "value": value, "spread": spread, "seeds": seeds}


def row_of_seeds(key, name, unit, values, digits=None):
    spread = statistics.stdev(values) if len(values) > 1 else None
    mean = statistics.fmean(values)
    if digits is not None:
        mean, spread = round(mean, digits), None if spread is None else round(spread, digits)
    return row(key, name, unit, mean, spread, len(values))


def check_done(result, path):
    if result.get("format") != "endospike-result" or result.get("outcome") != "done":
        sys.exit(f"{path}: this is not the result of a finished run")


def program_of(result):
    return f"Endospike {result['versions']['endospike']}"


# One HH neuron and four LIF neurons

SAME_MS = 1e-9  # spike times are interpolated between steps, and carry the rounding of the potentials


def equivalence(path, machine):
    result = load(path)
    check_done(result, path)
    document = result["experiment"]
    settings = document["simulation"]
    common = {
        "date": date_of(path),
        "machine": machine,
        "program": program_of(result),
        "command": "endospike-cli new equivalence > four.json; endospike-cli run four.json --out four",
        "document": document,
    }
    exact = f"{settings['integrator'].replace('_', ' ')}, {settings['precision']}, time step {settings['dt_ms']:g} ms, " \
            f"{settings['duration_ms']:g} ms"
    return [
        {"claim": "equivalence", "setting": exact, **common, "rows": exact_rows(result)},
        {"claim": "simplified", "setting": simplified_setting(document["equivalence"]), **common,
         "rows": simplified_rows(result)},
        {"claim": "circuits", "setting": circuit_setting(document["equivalence"], result), **common,
         "rows": circuit_rows(result)},
    ]


def largest_shift(first, second):
    """Between spikes of the same number; None if one train has more."""
    if len(first) != len(second):
        return None
    return max((abs(a - b) for a, b in zip(first, second)), default=0)


def exact_rows(result):
    exact = result["exact"]
    hh, lif = exact["first_spikes_ms"], exact["second_spikes_ms"]
    rows = [
        row("maximum_mv", "Largest |ΔV| over all steps", "mV", exact["maximum_mv"]),
        row("rms_mv", "Root mean square of ΔV", "mV", exact["rms_mv"]),
        row("hh_spikes", "Spikes of HH", "", len(hh)),
        row("tv_lif2hh_spikes", "Spikes of tv-LIF2HH", "", len(lif)),
        row("steps", "Steps compared", "", exact["steps"]),
    ]
    if (shift := largest_shift(hh, lif)) is not None:
        rows.insert(4, row("spike_shift_ms", "Largest shift of a spike", "ms", shift))
    for broken in result["where_does_it_break"]:
        name = f"Largest |ΔV|, {broken['precision']}, {broken['integrator']}, {broken['update_order']}".replace("_", " ")
        key = f"break/{broken['precision']}/{broken['integrator']}/{broken['update_order']}"
        if broken["difference"]["finite"]:
            rows.append(row(key, name, "mV", broken["difference"]["maximum_mv"]))
    return rows


def simplified_setting(values):
    return f"driver and driven unit, coupling W = {values['coupling']:g}, HH at time step " \
           f"{values['simplified_dt_ms']:g} ms, unit at 1 ms, {values['simplified_duration_ms']:g} ms"


def simplified_rows(result):
    rows = []
    for run in result["simplified"]:
        key, metrics = run["stimulus"], run["driven"]["metrics"]
        rows += [
            row(f"{key}/hh", f"Spikes of driven HH, {key}", "", metrics["hh_spikes"]),
            row(f"{key}/s_lif2hh", f"Spikes of driven s-LIF2HH, {key}", "", metrics["model_spikes"]),
            row(f"{key}/driver_hh", f"Spikes of driver HH, {key}", "", run["driver"]["metrics"]["hh_spikes"]),
            row(f"{key}/driver_s_lif2hh", f"Spikes of driver s-LIF2HH, {key}", "",
                run["driver"]["metrics"]["model_spikes"]),
        ]
        if metrics["relative_timing_error"] is not None:
            rows.append(row(f"{key}/timing_error", f"Timing error in intervals, driven, {key}", "",
                            metrics["relative_timing_error"]))
    return rows


def circuit_setting(values, result):
    circuit = f"{values['xor_kind']} circuit, start {values['circuit_start']}, time step " \
              f"{values['circuit_dt_ms']:g} ms, {values['circuit_duration_ms']:g} ms".replace("_", " ")
    layer = result.get("fully_connected")
    return circuit + (f"; layer 128 to 10 on test image {layer['image']}" if layer else "")


def circuit_rows(result):
    def differs(case):
        shifts = [largest_shift(hh["spikes_ms"], lif["spikes_ms"])
                  for hh, lif in zip(case["hh"]["cells"], case["tv_lif2hh"]["cells"])]
        return any(shift is None or shift > SAME_MS for shift in shifts)

    cases = result["xor"]["cases"]
    rows = [
        row("xor_cases", "Cases of the XOR circuit", "", len(cases)),
        row("xor_differing_cases", "Cases in which a spike differs", "",
            sum(differs(case) for case in cases)),
        row("xor_maximum_mv", "Largest |ΔV| in the XOR circuit", "mV",
            max(case["maximum_difference_mv"] for case in cases)),
    ]
    layer = result.get("fully_connected")
    if layer:
        rows += [
            row("layer_steps", "Steps of the fully connected layer", "", layer["steps"]),
            row("layer_hamming", "Output spikes of the layer that differ", "", layer["total_hamming_distance"]),
            row("layer_maximum_mv", "Largest |ΔV| in the layer", "mV", layer["maximum_difference_mv"]),
        ]
    return rows


# Cost


def cost(document_path, counts_path, machine):
    document, counts = load(document_path), load(counts_path)
    if document.get("laboratory") != "cost" or "networks" not in counts:
        sys.exit(f"{document_path} {counts_path}: give a document of the cost laboratory and what "
                 "`endospike-cli cost --json` made of it")
    if [network["name"] for network in counts["networks"]] != \
            [network.get("name") for network in document["training"]["networks"]]:
        sys.exit(f"{counts_path}: these are not the networks of {document_path}")
    rows = []
    for network in counts["networks"]:
        key, name, published = network["network"], network["name"], network["published"]
        if key.endswith("_fc"):
            rows += [
                row(f"{key}/additions", f"Additions, {name}", "", published["additions"]),
                row(f"{key}/multiplications", f"Multiplications, {name}", "", published["multiplications"]),
                row(f"{key}/operations", f"Operations, {name}", "",
                    published["additions"] + published["multiplications"]),
            ]
            if network["executed"]:
                executed = network["executed"]
                most = " at most" if executed["at_most"] else ""
                rows.append(row(f"{key}/executed", f"Operations executed here{most}, {name}", "",
                                executed["additions"] + executed["multiplications"]))
        rows.append(row(f"{key}/parameters", f"Trained parameters, {name}", "", network["parameters"]))
    return [{
        "claim": "cost",
        "setting": "published counting of one forward pass with the published parameters",
        "date": date_of(counts_path),
        "machine": machine,
        "program": program_of(counts),
        "command": "endospike-cli new cost > cost.json; endospike-cli cost cost.json --json",
        "document": document,
        "rows": rows,
    }]


# Noise


def first_of_each_kind(document):
    kinds = {}
    for network in document["training"]["networks"]:
        kinds.setdefault(network["network"], network.get("name"))
    return kinds


def seeds_of(document):
    settings = document["training"]["settings"]
    first = settings.get("first_seed", 1)
    return range(first, first + settings.get("seeds", 1))


def robustness(folder, machine, program):
    folder = pathlib.Path(folder)
    document = load(folder / "experiment.json")
    cells, newest = {}, None
    for path in sorted((folder / "cells").glob("*.json")):
        cell = load(path)
        if cell.get("format") != "endospike-sweep-cell":
            sys.exit(f"{path}: this is not a cell of a sweep")
        newest = path if newest is None or path.stat().st_mtime > newest.stat().st_mtime else newest
        if "repeats" in cell:
            percent = [100 * statistics.fmean(repeat["accuracy"]) for repeat in cell["repeats"]]
            cells[cell["network"], cell["seed"], cell["amplitude"]] = statistics.fmean(percent)
    if not cells:
        sys.exit(f"{folder}: there are no finished cells")
    rows = []
    for kind, name in first_of_each_kind(document).items():
        for amplitude in sorted({key[2] for key in cells}):
            values = [cells[name, seed, amplitude] for seed in seeds_of(document) if (name, seed, amplitude) in cells]
            if len(values) < len(seeds_of(document)):
                print(f"{name} at {amplitude:g}: {len(values)} of {len(seeds_of(document))} seeds", file=sys.stderr)
            if values:
                rows.append(row_of_seeds(f"{kind}/{amplitude:g}", f"Accuracy, {name}, amplitude {amplitude:g}", "%",
                                         values))
    settings = document["training"]["settings"]
    return [{
        "claim": "robustness",
        "setting": f"noise {document['robustness']['noise'].replace('_', ' ')}, {settings['train_pairs']:g} training "
                   f"pairs, {settings['epochs']:g} epochs, {settings['test_pairs']:g} test pairs",
        "date": date_of(newest),
        "machine": machine,
        "program": program,
        "command": "endospike-cli sweep experiment.json --out noise",
        "document": document,
        "rows": rows,
    }]


# Information


def information(path, machine):
    result = load(path)
    check_done(result, path)
    document = result["experiment"]
    names = first_of_each_kind(document)
    rows = []
    for kind, name in names.items():
        last = [run["epochs"][-1]["test"] for run in result["runs"] if run["network"] == name and run["epochs"]]
        if last:
            rows += [
                row_of_seeds(f"{kind}/answers", f"I(Z;Y) of both answers, {name}", "bits",
                             [point["i_zy_joint_bits"] for point in last]),
                row_of_seeds(f"{kind}/input", f"I(Z;X), {name}", "bits", [point["i_zx_bits"] for point in last]),
            ]
    settings = document["training"]["settings"]
    return [{
        "claim": "information",
        "setting": f"{settings['train_pairs']:g} training pairs, {settings['epochs']:g} epochs, test set after the last "
                   f"epoch, weight of compression {document['information']['beta']:g}",
        "date": date_of(path),
        "machine": machine,
        "program": program_of(result),
        "command": "endospike-cli information experiment.json --out plane",
        "document": document,
        "rows": rows,
    }]


# Control

NOISE = {"none": "no noise", "state": "noise on the state", "reward": "noise on the reward", "both": "noise on both"}


def noise_of(document):
    settings = document["control"]["settings"]
    state, reward = settings.get("state_noise", 0) > 0, settings.get("reward_noise", 0) > 0
    return "both" if state and reward else "state" if state else "reward" if reward else "none"


def finished_control_run(folder):
    """Document, last test and last report of a run whose last event says that it is done; None for others."""
    document = load(folder / "experiment.json")
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    tests, reports = ([json.loads(line) for line in lines if f'"event":"{event}"' in line]
                      for event in ("evaluation", "progress"))
    if not tests or tests[-1]["step"] < document["control"]["settings"]["steps"]:
        print(f"{folder}: not finished, left out", file=sys.stderr)
        return None
    return document, {**tests[-1], "training": reports[-1]["reward"]}


def control(claim, environment, folders, machine, program):
    paths = sorted(path.parent for folder in folders for path in pathlib.Path(folder).glob("*/metrics.jsonl"))
    tests, document, newest = {}, None, None
    for path in paths:
        run = finished_control_run(path)
        if not run:
            continue
        own, last = run
        if own["control"]["environment"]["kind"] != environment:
            sys.exit(f"{path}: this is not a run on {environment}")
        document = document or own
        policy = own["control"]["policies"][0]
        tests.setdefault((noise_of(own), policy["policy"], policy["name"]), {})[last["seed"]] = last
        date = date_of(path / "metrics.jsonl")
        newest = max(newest or date, date)
        if policy["name"] not in [each["name"] for each in document["control"]["policies"]]:
            document["control"]["policies"].append(policy)
    if not tests:
        sys.exit("there are no finished runs of the control laboratory")
    seeds = sorted({seed for runs in tests.values() for seed in runs})
    settings = document["control"]["settings"]
    settings.update(first_seed=seeds[0], seeds=len(seeds), state_noise=0, reward_noise=0)
    rows = []
    for noise in NOISE:
        for (of, policy, name), runs in tests.items():
            if of == noise:
                rows += [
                    row_of_seeds(f"{policy}/{noise}/training", f"{name}, training, {NOISE[noise]}", "per step",
                                 [test["training"] for test in runs.values()], 3),
                    row_of_seeds(f"{policy}/{noise}", f"{name}, test, {NOISE[noise]}", "per episode",
                                 [statistics.fmean(test["rewards"]) for test in runs.values()], 0),
                    row(f"{policy}/{noise}/held", f"{name}, holds every test, {NOISE[noise]}", "seeds",
                        sum(min(test["lengths"]) >= 1000 for test in runs.values()), None, len(runs)),
                ]
    return [{
        "claim": claim,
        "setting": f"reward of the exact state, over the last 1000 of {settings['steps']:g} steps of training, and over "
                   f"{settings['evaluation_episodes']:g} test episodes that the mean action then plays",
        "date": newest,
        "machine": machine,
        "program": program,
        "command": "endospike-cli train experiment.json --out runs",
        "document": document,
        "rows": rows,
    }]


def gathered(options):
    machine = options.machine or this_machine()
    found = []
    if options.equivalence:
        found += equivalence(options.equivalence, machine)
    if options.cost:
        found += cost(*options.cost, machine)
    if options.robustness:
        if not options.program:
            sys.exit("--robustness needs --program: a sweep does not say by which program it was made")
        found += robustness(options.robustness, machine, options.program)
    if options.information:
        found += information(options.information, machine)
    for claim, environment, folders in (("pendulum_single", "inverted_pendulum", options.pendulum_single),
                                        ("pendulum_double", "inverted_double_pendulum", options.pendulum_double)):
        if folders:
            if not options.program:
                sys.exit("runs of the control laboratory need --program: they do not say by which program they were made")
            found += control(claim, environment, folders, machine, options.program)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--equivalence", metavar="RESULT")
    parser.add_argument("--cost", nargs=2, metavar=("DOCUMENT", "COUNTS"))
    parser.add_argument("--robustness", metavar="FOLDER")
    parser.add_argument("--information", metavar="RESULT")
    parser.add_argument("--pendulum-single", metavar="FOLDER", nargs="+")
    parser.add_argument("--pendulum-double", metavar="FOLDER", nargs="+")
    parser.add_argument("--machine", help="that measured; default: this one")
    parser.add_argument("--program", help='"Endospike 0.1.0", for results that do not say it')
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    found = gathered(options)
    if not found:
        parser.error("give at least one result")
    output = pathlib.Path(options.output)
    before = load(output)["measurements"] if output.exists() else []
    new = {measurement["claim"] for measurement in found}
    measurements = [measurement for measurement in before if measurement["claim"] not in new] + found
    result = {"format": "endospike-claims", "version": 1, "measurements": measurements}
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(".part")
    partial.write_text(json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    partial.replace(output)
    for measurement in found:
        print(f"{measurement['claim']}: {len(measurement['rows'])} values")


if __name__ == "__main__":
    main()
