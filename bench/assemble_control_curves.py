#!/usr/bin/env python3
"""Puts finished trainings of policies together into resources/results/control_curves.json, whose curves the page of
results shows.

    endospike-cli train single.json --out runs/single
    endospike-cli train noisy.json --out runs/noisy
    bench/assemble_control_curves.py runs/single runs/noisy --program "Endospike 0.1.0" \
        -o resources/results/control_curves.json

Each folder holds a folder for each run (experiment.json, metrics.jsonl). Runs may lie anywhere: those of one
environment and one noise make one setting. Runs that are not finished are left out, and it is said; runs of one
setting that differ in anything but policy and seed are an error, and nothing is written. The format is described in
sim/results/control_curves.h. Needs Python 3 alone.
"""

import argparse
import json
import pathlib
import statistics
import sys

from assemble_claims import NOISE, date_of, load, noise_of, this_machine

WINDOW_STEPS = 1000  # of the moving means, as in the paper's figures
MOST_POINTS = 100  # of a curve
MOST_BYTES = 150_000


def events_of(path):
    """The lines of metrics.jsonl by their kind; a last line that is cut off is left out."""
    events = {"episode": [], "progress": [], "evaluation": []}
    for line in path.read_text().split("\n")[:-1]:
        event = json.loads(line)
        events[event["event"]].append(event)
    return events


def length_at(episodes, step):
    """Mean length of the episodes that ended within the window before this step, else of the last that ended."""
    ended = [episode for episode in episodes if episode["step"] <= step]
    recent = [episode["length"] for episode in ended if episode["step"] > step - WINDOW_STEPS]
    if not ended:
        return None
    return statistics.fmean(recent) if recent else ended[-1]["length"]


def run_from(folder):
    """A finished run, or None."""
    document, events = load(folder / "experiment.json"), events_of(folder / "metrics.jsonl")
    wanted = document["control"]["settings"]["steps"]
    tests = events["evaluation"]
    if not events["progress"] or events["progress"][-1]["step"] < wanted or not tests or tests[-1]["step"] < wanted:
        print(f"{folder}: not finished, left out", file=sys.stderr)
        return None
    held = [episode["step"] for episode in events["episode"] if not episode["terminated"]]
    reports = events["progress"]
    stride = -(-len(reports) // MOST_POINTS)
    return {
        "document": document,
        "policy": document["control"]["policies"][0],
        "seed": tests[-1]["seed"],
        "curve": [(report["step"], report["reward"], length_at(events["episode"], report["step"]))
                  for report in reports[stride - 1::stride]],
        "held_step": held[0] if held else None,
        "tests": tests[-1],
    }


def setting_key(document):
    """All that may not differ within one setting."""
    control = document["control"]
    settings = {key: value for key, value in control["settings"].items() if key not in ("seeds", "first_seed")}
    return json.dumps([control["environment"], settings], sort_keys=True)


def settings_from(folders):
    settings, newest = {}, ""
    for path in sorted(path for folder in folders for path in pathlib.Path(folder).glob("*/metrics.jsonl")):
        if run := run_from(path.parent):
            settings.setdefault(setting_key(run["document"]), []).append(run)
            newest = max(newest, date_of(path))
    if not settings:
        sys.exit("there are no finished runs")
    places = {}
    for runs in settings.values():
        control = runs[0]["document"]["control"]
        noise = control["settings"]["state_noise"], control["settings"]["reward_noise"]
        place = control["environment"]["kind"], *noise
        if place in places:
            sys.exit(f"{place}: these runs differ in more than policy and seed")
        places[place] = setting_from(runs)
    return [places[place] for place in sorted(places, key=lambda place: (place[0] != "inverted_pendulum", place))], newest


def document_of(runs):
    """One document that trains all these runs again."""
    document = json.loads(json.dumps(runs[0]["document"]))
    policies = {}
    for run in runs:
        known = policies.setdefault(run["policy"]["name"], run["policy"])
        if known != run["policy"]:
            sys.exit(f"{run['policy']['name']}: its parameters differ from seed to seed")
    seeds = [run["seed"] for run in runs]
    kind = document["control"]["environment"]["kind"].replace("_", " ")
    document["title"] = f"Policies on the {kind}, {NOISE[noise_of(document)]}"
    document["notes"] = ""
    document["control"]["policies"] = list(policies.values())
    document["control"]["settings"].update(first_seed=min(seeds), seeds=max(seeds) - min(seeds) + 1)
    return document


def mean_and_spread(values, digits):
    known = [value for value in values if value is not None]
    return (round(statistics.fmean(known), digits) if known else None,
            round(statistics.stdev(known), digits) if len(known) > 1 else None)


def policy_from(name, runs):
    if len({run["seed"] for run in runs}) < len(runs):
        sys.exit(f"{name}: a seed was run twice")
    if len({tuple(point[0] for point in run["curve"]) for run in runs}) > 1:
        sys.exit(f"{name}: its runs report at different steps")
    points = list(zip(*(run["curve"] for run in runs)))
    curves = {}
    for key, column, digits in (("reward", 1, 3), ("length", 2, 1)):
        bands = [mean_and_spread([point[column] for point in group], digits) for group in points]
        curves[key], curves[f"{key}_spread"] = [band[0] for band in bands], [band[1] for band in bands]
    return {
        "policy": name,
        **curves,
        "runs": [{
            "seed": run["seed"],
            "held_step": run["held_step"],
            "lengths": run["tests"]["lengths"],
            "rewards": [round(reward, 2) for reward in run["tests"]["rewards"]],
        } for run in sorted(runs, key=lambda run: run["seed"])],
    }


def setting_from(runs):
    steps = [point[0] for point in runs[0]["curve"]]
    if any([point[0] for point in run["curve"]] != steps for run in runs):
        sys.exit("runs of one setting report at different steps")
    document = document_of(runs)
    return {
        "document": document,
        "steps": steps,
        "policies": [policy_from(policy["name"], [run for run in runs if run["policy"]["name"] == policy["name"]])
                     for policy in document["control"]["policies"]],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--program", required=True, help='"Endospike 0.1.0": runs do not say by which they were made')
    parser.add_argument("--machine", help="that trained; default: this one")
    parser.add_argument("--command", default="endospike-cli train experiment.json --out runs")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    settings, newest = settings_from(options.folders)
    result = {
        "format": "endospike-control-curves",
        "version": 1,
        "program": options.program,
        "date": newest,
        "machine": options.machine or this_machine(),
        "command": options.command,
        "settings": settings,
    }
    text = json.dumps(result, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    text = text.replace('{"document"', '\n{"document"').replace('{"policy":"', '\n{"policy":"') + "\n"
    if len(text.encode()) > MOST_BYTES:
        sys.exit(f"the file would have {len(text.encode())} bytes, more than {MOST_BYTES}")
    output = pathlib.Path(options.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(".part")
    partial.write_text(text)
    partial.replace(output)
    for setting in settings:
        control = setting["document"]["control"]
        print(f"{control['environment']['kind']}, state noise {control['settings']['state_noise']:g}, reward noise "
              f"{control['settings']['reward_noise']:g}: {sum(len(policy['runs']) for policy in setting['policies'])} runs")


if __name__ == "__main__":
    main()
