#!/usr/bin/env python3
"""Puts finished training runs together into resources/results/training_fashion.json.

    endospike-cli train published.json --out runs/published
    endospike-cli train own_best.json --out runs/own_best
    bench/assemble_training_results.py --as-published published.json runs/published \
        --own-best own_best.json runs/own_best --machine "2 cores of ..." \
        --command "endospike-cli train published.json --out runs/published" \
        --program "Endospike 0.4.0" -o resources/results/training_fashion.json

Convolutional networks have a file of their own, resources/results/training_fashion_convolutional.json, made the same
way. Each of the two settings takes the document and the folder that holds a folder for each run (experiment.json,
metrics.jsonl). A run that is not finished, or that is not in the document, is an error: nothing is written. The
format is described in sim/results/published_results.h. Needs Python 3 alone.
"""

import argparse
import datetime
import json
import pathlib
import sys


def seeds_of(document):
    settings = document["training"]["settings"]
    first = settings.get("first_seed", 1)
    return range(first, first + settings.get("seeds", 1))


def epochs_of(path):
    """The last record of every epoch: a run that was resumed repeats none."""
    epochs = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        record = json.loads(line)
        if record["event"] == "epoch" and record["epoch"] >= 0:
            epochs[record["epoch"]] = record
    if not epochs:
        sys.exit(f"{path}: no epoch was finished")
    return [epochs[epoch] for epoch in sorted(epochs)]


def run_from(folder, document):
    epochs = epochs_of(folder / "metrics.jsonl")
    last = epochs[-1]
    names = [network.get("name") for network in document["training"]["networks"]]
    if last["network"] not in names:
        sys.exit(f"{folder}: the document has no network “{last['network']}”")
    if last["seed"] not in seeds_of(document):
        sys.exit(f"{folder}: the document has no seed {last['seed']}")
    wanted = document["training"]["settings"]["epochs"]
    if len(epochs) != wanted:
        sys.exit(f"{folder}: {len(epochs)} of {wanted} epochs are done")
    best = max(epochs, key=lambda epoch: sum(epoch["test_accuracy"]))
    return {
        "network": last["network"],
        "seed": last["seed"],
        "epochs": len(epochs),
        "test_accuracy": last["test_accuracy"],
        "best_test_accuracy": best["test_accuracy"],
        "test_loss": last["test_loss"],
        "seconds": round(last["elapsed_s"], 1),
    }


def setting_from(name, document_path, folder_path):
    document = json.loads(pathlib.Path(document_path).read_text())
    folders = sorted(path.parent for path in pathlib.Path(folder_path).glob("*/metrics.jsonl"))
    if not folders:
        sys.exit(f"{folder_path}: there are no runs")
    names = [network.get("name") for network in document["training"]["networks"]]
    runs = [run_from(folder, document) for folder in folders]
    runs.sort(key=lambda run: (names.index(run["network"]), run["seed"]))
    done = {(run["network"], run["seed"]) for run in runs}
    for wanted in ((network, seed) for network in names for seed in seeds_of(document)):
        if wanted not in done:
            print(f"{name}: {wanted[0]}, seed {wanted[1]} was not run", file=sys.stderr)
    return {"setting": name, "document": document, "runs": runs}, folders


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--as-published", "--own-best"):
        parser.add_argument(option, nargs=2, metavar=("DOCUMENT", "FOLDER"))
    for option in ("--program", "--machine", "--command"):
        parser.add_argument(option, required=True)
    parser.add_argument("--date", help="default: of the newest run")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    settings, folders = [], []
    for name, given in (("as_published", options.as_published), ("own_best", options.own_best)):
        if given:
            setting, found = setting_from(name, *given)
            settings.append(setting)
            folders += found
    if not settings:
        parser.error("give --as-published, --own-best or both")
    newest = max((folder / "metrics.jsonl").stat().st_mtime for folder in folders)
    date = options.date or datetime.datetime.fromtimestamp(newest, datetime.timezone.utc).date().isoformat()
    result = {
        "format": "endospike-training-results",
        "version": 1,
        "program": options.program,
        "date": date,
        "machine": options.machine,
        "command": options.command,
        "settings": settings,
    }
    output = pathlib.Path(options.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(".part")
    partial.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    partial.replace(output)
    print(f"{output}: {sum(len(setting['runs']) for setting in settings)} runs")


if __name__ == "__main__":
    main()
