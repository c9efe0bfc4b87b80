#!/usr/bin/env python3
"""Prints a SHA-256 for every result of the command line, so that two builds can be compared to the bit.

    bench/digest_results.py OLD/endospike-cli > old.txt
    bench/digest_results.py NEW/endospike-cli > new.txt && diff old.txt new.txt

Each line names a digest and what it is of: standard output, or a file of the results. Dates, versions, measured
times and memory are left out of JSON first, also within checkpoints; everything else counts, tables (CSV, NPY) and
weights byte by byte. Bits depend on the processor's instruction set: compare on one machine. The images that networks
learn are made here, so that no data set is needed. Takes about half a minute of processor time; a second argument runs
only the items whose name contains it.
"""

import copy
import gzip
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

LABORATORIES = ["neuron", "equivalence", "training", "information", "robustness", "cost", "control"]
MEASURED = {"date", "made", "versions", "elapsed_s", "epoch_s", "samples_per_s", "steps_per_s", "peak_memory_bytes",
            "training_s", "test_s", "seconds", "working_bytes", "s_per_canvas", "s_per_step", "s_per_step_of_many"}
PACED = {"batch"}  # events that come as often as a clock says
ROOT = pathlib.Path(__file__).resolve().parent.parent


def parsed(text):
    """Numbers stay as they are written."""
    return json.loads(text, parse_float=str, parse_int=str)


def figures(value):
    """Without what a clock or a calendar decides."""
    if isinstance(value, dict):
        return {key: figures(each) for key, each in value.items() if key not in MEASURED}
    if isinstance(value, list):
        return [figures(each) for each in value if not (isinstance(each, dict) and each.get("event") in PACED)]
    return value


def clean_text(text):
    """JSON, or a JSON object a line, of figures alone; other text as it is."""
    try:
        return json.dumps(figures(parsed(text)))
    except ValueError:
        pass
    try:
        return json.dumps(figures([parsed(line) for line in text.splitlines() if line]))
    except ValueError:
        return text


def clean_checkpoint(data):
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header["__metadata__"] = {key: clean_text(text) for key, text in header["__metadata__"].items()}
    return json.dumps(header, sort_keys=True).encode() + data[8 + size:]


def digest(data, kind=""):
    if kind == ".safetensors":
        data = clean_checkpoint(data)
    elif kind in (".json", ".jsonl"):
        data = clean_text(data.decode()).encode()
    return hashlib.sha256(data).hexdigest()


class Program:
    def __init__(self, path, only, folder):
        self.path, self.only, self.folder = str(pathlib.Path(path).resolve()), only, folder
        self.environment = {**os.environ, "ENDOSPIKE_DATA": str(folder / "images")}

    def answer(self, arguments, document=None):
        text = json.dumps(document).encode() if document is not None else b""
        return subprocess.run([self.path, *map(str, arguments)], input=text, capture_output=True, cwd=self.folder,
                              env=self.environment)

    def document(self, laboratory):
        return json.loads(self.answer(["new", laboratory]).stdout)

    def item(self, name, arguments, document=None, out=None):
        """Runs it and prints a line for its output and for every file that it leaves in `out`."""
        if self.only not in name:
            return
        answer = self.answer([*arguments, *(["--out", out] if out else [])], document)
        if answer.returncode != 0:
            sys.exit(f"{name}: exit code {answer.returncode}: {answer.stderr.decode()}")
        print(digest(answer.stdout, ".jsonl"), name, flush=True)
        for file in sorted((self.folder / out).rglob("*")) if out else []:
            if file.is_file():
                print(digest(file.read_bytes(), file.suffix), name, file.relative_to(self.folder / out), flush=True)


def write_images(folder):
    """Fashion-MNIST's four files: image k has a bar in a row that tells its label, and dots that tell k."""
    folder.mkdir()
    for name, count in (("train", 60), ("t10k", 30)):
        images, labels = bytearray(), bytearray()
        for k in range(count):
            image = bytearray(784)
            for bit in range(28):
                image[bit] = 255 * (k >> bit & 1)
            for column in range(4, 24):
                image[28 * (4 + 2 * (k % 10)) + column] = 200 - 5 * (k // 10)
            images += image
            labels.append(k % 10)
        sizes = struct.pack(">3I", count, 28, 28)
        for kind, head, data in (("images-idx3", b"\0\0\x08\x03" + sizes, images),
                                 ("labels-idx1", b"\0\0\x08\x01" + sizes[:4], labels)):
            (folder / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + bytes(data), mtime=0))


def tables(program):
    program.item("models", ["models"])
    for laboratory in LABORATORIES:
        program.item(f"new {laboratory}", ["new", laboratory])
        program.item(f"check {laboratory}", ["check", "-"], program.document(laboratory))


def part(kind):
    stimulus = {"kind": kind, "parameters": {}}
    if kind == "recorded":
        stimulus["parameters"] = {"repeat": True}
        stimulus["recording"] = {"time_ms": [0, 1.5, 4, 9.25], "current_ua_per_cm2": [0, 12, -3, 20]}
    return stimulus


def neurons(program):
    """Every example, every model with every integrator and precision, every stimulus, noise, a comparison."""
    for file in sorted((ROOT / "resources/examples").glob("*.json")):
        laboratory = json.loads(file.read_text()).get("laboratory", "neuron")
        program.item(f"check example {file.stem}", ["check", file])
        if laboratory == "neuron":
            program.item(f"run example {file.stem}", ["run", file], out=f"example-{file.stem}")
    models = json.loads(program.answer(["models"]).stdout)
    first = program.document("neuron")
    first["simulation"].update(duration_ms=60, dt_ms=0.02, record_interval_ms=0.1)
    every = copy.deepcopy(first)
    every["cells"] = [{"name": model["key"], "model": model["key"]} for model in models["models"]]
    every["stimulus"] = [{"kind": "step", "parameters": {"amplitude_ua_per_cm2": 15}}, part("white_noise")]
    every["comparison"] = {"first": 0, "second": 1}
    choices = {row["key"]: [choice["key"] for choice in row["choices"]]
               for row in models["simulation"] if row.get("choices")}
    for integrator in choices["integrator"]:
        for precision in choices["precision"]:
            every["simulation"].update(integrator=integrator, precision=precision)
            name = f"{integrator}-{precision}"
            program.item(f"run models {name}", ["run", "-"], every, out=f"models-{name}")
    program.item("run models npy", ["run", "-", "--npy"], every, out="models-npy")
    for stimulus in models["stimuli"]:
        document = copy.deepcopy(first)
        document["stimulus"] = [part(stimulus["key"])]
        program.item(f"run stimulus {stimulus['key']}", ["run", "-"], document, out=f"stimulus-{stimulus['key']}")
    own = copy.deepcopy(first)
    own["cells"][1]["stimulus"] = [part("ornstein_uhlenbeck"), part("sine")]
    program.item("run own stimulus", ["run", "-", "--set", "cells.HH.parameters.na_scale=0.5"], own, out="own-stimulus")


def equivalence(program):
    document = program.document("equivalence")
    document["equivalence"].update(simplified_duration_ms=30, f_i_points=7, f_i_duration_ms=100, circuit_duration_ms=20)
    program.item("run equivalence", ["run", "-"], document, out="equivalence")
    document["equivalence"].update(xor_kind="true_xor", circuit_start="rest", layer_weights="seeded", image=3)
    document["simulation"].update(integrator="runge_kutta_4", precision="float32")
    program.item("run equivalence otherwise", ["run", "-"], document, out="equivalence-otherwise")


def small(document, train=60, test=30, epochs=2, batch=16):
    document["training"]["settings"].update(train_pairs=train, test_pairs=test, epochs=epochs, batch=batch)
    return document


def training(program):
    """Every network as published, tiny, with two threads."""
    every = small(program.document("cost"))
    every["laboratory"] = "training"
    program.item("train every network", ["train", "-", "--threads", 2], every, out="nets")
    for network in every["training"]["networks"]:
        folder = f"nets/{network['name'].replace(' ', '_')}-seed1"
        if (program.folder / folder).is_dir():
            program.item(f"evaluate {network['name']}", ["evaluate", folder, "--confusion", "--test-pairs", 40])
    program.item("train in large batches", ["train", "-", "--threads", 2], small(every, 500, 200, 1, 128), out="large")
    first = small(program.document("training"), train=100)
    first["training"]["settings"].update(seeds=2, first_seed=7, noise_amplitude=20, noise="one_image")
    program.item("train at its best", ["train", "-", "--threads", 1], first, out="best")
    first["training"]["settings"].update(seeds=1, noise="fresh", validation_pairs=20)
    first["training"]["networks"][0]["parameters"].update(optimizer="sgd", decay_epoch_1=1)
    program.item("train with descent", ["train", "-", "--network", "lif_fc"], first, out="descent")
    plane = small(program.document("information"), epochs=2)
    plane["information"].update(measured_pairs=40, beta=0.001, code_size=32)
    program.item("information", ["information", "-", "--threads", 2], plane, out="plane")
    for noise in ("fresh_on_test", "fresh_on_both", "one_image"):
        sweep = small(program.document("robustness"), epochs=1)
        sweep["robustness"].update(noise=noise, amplitudes=2, repeats=2)
        program.item(f"sweep {noise}", ["sweep", "-", "--threads", 2], sweep, out=f"sweep-{noise}")
    program.item("cost", ["cost", "--json"])


def control(program):
    models = json.loads(program.answer(["models"]).stdout)
    for environment in models["environments"]:
        kind = environment["key"]
        document = program.document("control")
        document["control"]["environment"] = {"kind": kind}
        document["control"]["policies"] = [{"name": policy["key"], "policy": policy["key"]}
                                           for policy in models["policies"]]
        document["control"]["settings"].update(steps=240, random_steps=100, evaluation_interval=120,
                                               evaluation_episodes=1, state_noise=0.002, reward_noise=0.1)
        # One at a time: their lines would come as the threads get on.
        program.item(f"train policies {kind}", ["train", "-", "--threads", 1], document, out=f"poles-{kind}")
        for policy in models["policies"]:
            folder = f"poles-{kind}/{policy['key']}-seed1"
            if (program.folder / folder).is_dir():
                program.item(f"evaluate {kind} {policy['key']}", ["evaluate", folder, "--episodes", 3, "--sampled"])
    for file in sorted((ROOT / "resources/policies").glob("*.safetensors")):
        program.item(f"evaluate {file.stem}", ["evaluate", file, "--episodes", 1, "--noise", 0.002, "--seed", 5])


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        program = Program(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "", pathlib.Path(folder))
        write_images(program.folder / "images")
        for items in (tables, neurons, equivalence, training, control):
            items(program)


if __name__ == "__main__":
    main()
