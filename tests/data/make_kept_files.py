#!/usr/bin/env python3
"""Writes what a person would have made with this version of the program, to be kept as data of tst_kept_files.

    tests/data/make_kept_files.py build/release/app/endospike-cli FOLDER

FOLDER gets images/ (a very small Fashion-MNIST), drafts/ (documents in which every row of every table was edited; the
window of the same version opens them and saves them to documents/) and, for each laboratory that trains, a folder in
runs/, as the window keeps them, whose work was stopped halfway, with the same work finished in finished/.
"""

import copy
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys

STAMP = "20240501-101112"
ODD = 'Ärger "im" Labor\\ 神経 🧠 e\u0301 \u202eabc\u202c <b>&amp;</b> %1 \u2028 \u007f'

# One channel alone is seldom above the others.
LOW_THRESHOLDS = {"lif_conv": 0.02, "4lif_conv": 0.05, "hh_conv": 0.02, "cnn": 0.1}


class Program:
    def __init__(self, path, folder):
        self.path, self.folder = str(pathlib.Path(path).resolve()), folder
        self.environment = {**os.environ, "ENDOSPIKE_DATA": str(folder / "images")}

    def command(self, *arguments):
        return [self.path, *map(str, arguments)]

    def run(self, *arguments):
        return subprocess.run(self.command(*arguments), check=True, capture_output=True, cwd=self.folder,
                              env=self.environment).stdout

    def document(self, laboratory):
        return json.loads(self.run("new", laboratory))

    def stopped(self, says, folder, *arguments):
        """Interrupts it as soon as a line of its output satisfies `says`; true if it had not ended by then."""
        shutil.rmtree(self.folder / folder, ignore_errors=True)
        process = subprocess.Popen(self.command(*arguments, "--out", folder), stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, cwd=self.folder, env=self.environment)
        lines = []
        for line in map(json.loads, process.stdout):
            lines.append(line)
            if says(line):
                process.send_signal(signal.SIGINT)
                break
        lines += map(json.loads, process.stdout)
        outcomes = [line["outcome"] for line in lines if line["event"] == "run"]
        return process.wait() == 130 and "done" not in outcomes


def write_images(folder):
    folder.mkdir()
    for name, count in (("train", 40), ("t10k", 20)):
        images, labels = bytearray(), bytearray()
        for k in range(count):
            image = bytearray(784)
            for bit in range(28):
                image[bit] = 255 * (k >> bit & 1)
            for column in range(4, 24):
                image[28 * (4 + 2 * (k % 10)) + column] = 200
            images += image
            labels.append(k % 10)
        sizes = struct.pack(">3I", count, 28, 28)
        for kind, head, data in (("images-idx3", b"\0\0\x08\x03" + sizes, images),
                                 ("labels-idx1", b"\0\0\x08\x01" + sizes[:4], labels)):
            (folder / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + bytes(data), mtime=0))


def edited(rows):
    """Every row away from its default, within its bounds."""
    values = {}
    for row in rows:
        choices = [choice["key"] for choice in row.get("choices", [])]
        if choices:
            values[row["key"]] = next(choice for choice in choices if choice != row["default"])
        elif isinstance(row["default"], bool):
            values[row["key"]] = not row["default"]
        elif row["kind"] == "integer":
            values[row["key"]] = row["default"] + (1 if row["default"] < row["maximum"] else -1)
        else:
            low, high, value = row["minimum"], row["maximum"], row["default"]
            values[row["key"]] = value + 0.1 * (high - value if high - value < 10 else 1) / 3 \
                if value < high else value - 0.1 * (value - low) / 3
    return values


def part(kind):
    stimulus = {"kind": kind["key"], "parameters": edited(kind["parameters"])}
    if kind["key"] == "recorded":
        stimulus["recording"] = {"time_ms": [-1, 0.1 + 0.2, 4, 9.25, 1e6],
                                 "current_ua_per_cm2": [0, 1 / 3, -1e-300, 5e-324, 1e9]}
    return stimulus


def drafts(program):
    """Documents by file name."""
    tables = json.loads(program.run("models"))
    new = {name: program.document(name) for name in
           ("neuron", "equivalence", "training", "information", "robustness", "cost", "control")}
    files = {f"new_{name}": document for name, document in new.items()}
    empty = copy.deepcopy(new["neuron"])
    empty.update(title="", notes="", cells=[], stimulus=[])
    files["empty"] = empty

    neuron = copy.deepcopy(new["neuron"])
    neuron.update(title=ODD, notes=ODD + "\n\ttab, line\r\nand \u0001\u001b controls",
                  simulation=edited(tables["simulation"]))
    neuron["cells"] = [{"name": f"{model['key']}.0 {ODD[:9]}", "model": model["key"], "visible": model["key"] != "lif",
                        "parameters": edited(model["parameters"])} for model in tables["models"]]
    neuron["cells"].append({"name": "x" * 60, "model": "hh",
                            "stimulus": [part(kind) for kind in tables["stimuli"][::-1]]})
    neuron["cells"].append({"name": "silent", "model": "lif", "stimulus": []})
    neuron["stimulus"] = [part(kind) for kind in tables["stimuli"]]
    neuron["comparison"] = {"first": len(neuron["cells"]) - 1, "second": 0}
    files["neuron"] = neuron

    equivalence = copy.deepcopy(new["equivalence"])
    equivalence.update(title=ODD, equivalence=edited(tables["equivalence"]))
    del equivalence["comparison"]
    files["equivalence"] = equivalence

    plan = {"networks": [{"name": f"{network['key']} {ODD[:20]}", "network": network["key"],
                          "parameters": edited(network["parameters"])} for network in tables["networks"]],
            "settings": edited(tables["training"]), "data_folder": "Daten/Mode 1", "digits_folder": "../Ziffern"}
    for name in ("training", "cost", "robustness"):
        files[name] = {**copy.deepcopy(new[name]), "title": ODD, "notes": ODD, "training": plan}
    files["robustness"]["robustness"] = edited(tables["robustness"])
    files["information"] = {**copy.deepcopy(new["information"]), "title": ODD, "training": {
        **plan, "networks": [n for n in plan["networks"] if n["network"].endswith("_fc")]},
        "information": edited(tables["information"])}
    for environment in tables["environments"]:
        document = {**copy.deepcopy(new["control"]), "title": ODD}
        document["control"] = {
            "environment": {"kind": environment["key"], "parameters": edited(environment["parameters"])},
            "policies": [{"name": f"{policy['key']} {ODD[:20]}", "policy": policy["key"],
                          "parameters": edited(policy["parameters"])} for policy in tables["policies"]],
            "settings": edited(tables["control"])}
        files[f"control_{environment['key']}"] = document
    return files


def small_networks(networks):
    for number, network in enumerate(networks):
        values = network["parameters"]
        values["hidden"] = 1
        for key, value in (("steps", 4), ("window_ms", 20)):
            if key in values:
                values[key] = value
        if network["network"].endswith("_fc") and network["network"] != "hh_fc":
            values["input_scale"] = 0.05 if network["network"].startswith("s_lif") else 1 / 255
        if network["network"] in LOW_THRESHOLDS:
            values["threshold"] = LOW_THRESHOLDS[network["network"]]
        values["optimizer"] = ("adam", "sgd")[number % 2]
        values["learning_rate"] = 0.01 if number % 2 == 0 else 0.002
    return networks


def small_training(document, pairs, epochs):
    document["training"]["settings"].update(train_pairs=pairs, test_pairs=20, epochs=epochs, batch=4)
    small_networks(document["training"]["networks"])
    document["title"] = ODD
    return document


def tensors(file):
    """Names, types, shapes and bytes of a checkpoint, by name."""
    data = file.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    for name in sorted(header):
        if name != "__metadata__":
            begin, end = (8 + size + offset for offset in header[name]["data_offsets"])
            shape = ",".join(map(str, header[name]["shape"]))
            yield f"{name} {header[name]['dtype']} {shape}\n".encode() + data[begin:end]


def both(program, laboratory, verb, document, stamp, says, whole=False):
    """The work done halfway and the same work done, each in a folder. Unless `whole`, a digest of the tensors takes the
    place of a finished checkpoint."""
    draft = program.folder / "drafts" / f"run_{laboratory}_{stamp}.json"
    draft.write_text(json.dumps(document))
    half, done = (pathlib.Path(part) / laboratory / stamp for part in ("runs", "finished"))
    if not any(program.stopped(says, half, verb, draft, "--threads", 1) for _ in range(20)):
        sys.exit(f"it is too fast to be stopped: {draft}")
    program.run(verb, draft, "--out", done, "--threads", 1)
    draft.unlink()
    for file in [] if whole else (program.folder / done).glob("*/checkpoint.safetensors"):
        digest = hashlib.sha256(b"".join(tensors(file))).hexdigest()
        file.with_name("tensors.sha256").write_text(digest + "\n")
        file.unlink()


def networks(program):
    every = small_training(program.document("cost"), 600, 2)
    every["laboratory"] = "training"
    every["training"]["settings"].update(noise_amplitude=10)
    for number, network in enumerate(every["training"]["networks"]):  # a work for each: only one is under way
        one = copy.deepcopy(every)
        one["training"]["networks"] = [network]
        both(program, "training", "train", one, f"{STAMP}-{100 + number}",
             lambda line: line["event"] == "batch" and line["epoch"] == 1, network["network"] in ("lif_fc", "hh_fc"))

    plane = program.document("information")
    plane["information"].update(code_size=2, measured_pairs=20, samples=2)
    for number, network in enumerate(small_training(plane, 200, 12)["training"]["networks"]):
        if network["network"] in ("lif_fc", "hh_vd_fc"):
            one = copy.deepcopy(plane)
            one["training"]["networks"] = [network]
            both(program, "information", "information", one, f"{STAMP}-{100 + number}",
                 lambda line: line["epoch"] == 3, True)
    for result in (program.folder / "finished/information").glob("*/result.json"):
        result.unlink()

    sweep = program.document("robustness")
    del sweep["training"]["networks"][2:]
    small_training(sweep, 100, 2)
    sweep["robustness"].update(amplitudes=2, repeats=2, noise="one_image")
    both(program, "robustness", "sweep", sweep, f"{STAMP}-131", lambda line: line["network"].startswith("HH"))
    shutil.rmtree(program.folder / "finished/robustness" / f"{STAMP}-131" / "runs")


def policies(program):
    tables = json.loads(program.run("models"))
    for number, environment in enumerate(("cart_pole", "inverted_double_pendulum")):
        every = program.document("control")
        every["title"] = ODD
        every["control"] = {
            "environment": {"kind": environment},
            "policies": [{"name": policy["name"], "policy": policy["key"],
                          "parameters": {"hidden": 4, "tower_width": 4}} for policy in tables["policies"]],
            "settings": {"steps": 240, "random_steps": 60, "critic_width": 4, "batch": 8, "evaluation_interval": 80,
                         "evaluation_episodes": 1, "checkpoint_interval": 50}}
        for place, policy in enumerate(every["control"]["policies"]):
            if number == 0 or policy["policy"] == "s_lif2hh":
                one = copy.deepcopy(every)
                one["control"]["policies"] = [policy]
                both(program, "control", "train", one, f"{STAMP}-{100 * (number + 1) + place}",
                     lambda line: line["event"] == "episode" and line["step"] >= 90, policy["policy"] == "lif")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[2]).resolve()
    (folder / "drafts").mkdir(parents=True)
    write_images(folder / "images")
    program = Program(sys.argv[1], folder)
    for name, document in drafts(program).items():
        (folder / "drafts" / f"{name}.json").write_text(json.dumps(document))
    networks(program)
    policies(program)


if __name__ == "__main__":
    main()
