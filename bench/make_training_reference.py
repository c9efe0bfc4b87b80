#!/usr/bin/env python3
"""Writes tests/data/training_reference: what PyTorch computes, in double precision, from the initial weights of every
published network and a few canvases. The note beside the data says what the numbers mean. Needs python3-torch."""

import argparse
import json
import os

import numpy as np
import torch

import torch_networks as networks
from torch_networks import NETWORKS, Neurons

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "data", "training_reference")
CANVASES = 4
PROJECTIONS = 4
ENTRIES = 32
TOLERANCE = 1e-5  # of the test
PURPOSE_ORDER = 4


def canvases():
    """Piecewise flat pictures: overlapping dark boxes of one grey each on black, as bytes [canvas][36][36]. Dark, since
    single precision then resolves currents better and more of them are near a threshold; flat, since then fewer
    different currents occur."""
    bits = iter(networks.random_bits(1, PURPOSE_ORDER, 1000).tolist())
    pictures = np.zeros((CANVASES, networks.SIDE, networks.SIDE), np.uint8)
    for picture in pictures:
        for _ in range(12):
            row, column, height, width = (next(bits) % 30 for _ in range(4))
            picture[row:row + 3 + height // 2, column:column + 3 + width // 2] = next(bits) % 32
    return pictures


LABELS = np.array([[3, 7], [0, 9], [5, 5], [8, 1]], np.uint8)


def run(key, seed, pixels, dtype):
    """Logits, loss, gradients by name, and every potential that met a threshold, one array for each layer and step."""
    potentials = []
    Neurons.probe = lambda potential: potentials.append(potential.detach().double().flatten())
    values = networks.tensors(key, seed, dtype)
    logits = networks.forward(key, values, torch.tensor(pixels, dtype=dtype).flatten(1))
    loss = networks.loss_of(logits, torch.tensor(LABELS, dtype=torch.int64))
    loss.backward()
    Neurons.probe = None
    gradients = {name: value.grad.double().numpy() for name, value in values.items() if value.requires_grad}
    return logits.detach().double().numpy(), loss.item(), gradients, potentials


def safety(key, exact, rounded):
    """How far the nearest potential is from where a spike or its surrogate gradient jumps, and the same in units of the
    largest rounding error of single precision among the potentials of its layer and step that are near a jump."""
    s = NETWORKS[key]
    margin, ratio = np.inf, np.inf
    for u, v in zip(exact, rounded):
        distance = torch.stack([(u - s.threshold + side * s.surrogate_width).abs() for side in (-1, 0, 1)]).amin(0)
        if s.unit == "binary":
            distance = torch.where(u == 0, s.surrogate_width, distance)  # what the rectifier cuts off is exactly 0
        near = distance < s.surrogate_width
        if near.any():
            closest = distance.amin().item()
            error = (u - v).abs()[near].amax().item()
            margin, ratio = min(margin, closest), min(ratio, closest / max(error, 1e-300))
    return margin, ratio


def signs(name, count, projection):
    """+1 or -1 for each entry, from the top bits of the generator."""
    bits = networks.random_bits(projection ^ networks.stream_of(name), PURPOSE_ORDER, count)
    return 1.0 - 2.0 * (bits >> np.uint64(63)).astype(np.float64)


def places(name, gradient):
    """Seeded places, and that of the largest entry."""
    count = gradient.size
    bits = networks.random_bits(networks.stream_of(name), PURPOSE_ORDER, ENTRIES - 1)
    return sorted({int(b % count) for b in bits.tolist()} | {int(np.abs(gradient).argmax())})


def described(name, gradient):
    flat = gradient.flatten()
    at = places(name, flat)
    return {
        "shape": list(gradient.shape),
        "norm": float(np.linalg.norm(flat)),
        "largest": float(np.abs(flat).max()),
        "sum": float(flat.sum()),
        "projections": [float(flat @ signs(name, flat.size, k)) for k in range(PROJECTIONS)],
        "places": at,
        "entries": [float(flat[i]) for i in at],
    }


def largest_difference(found, truth):
    """Of single precision in PyTorch, by the measure of the test's entries."""
    return max(float(np.abs(found[name] - value).max() / max(np.abs(value).max(), 1e-300))
               for name, value in truth.items())


def write_idx(path, array):
    with open(path, "wb") as file:
        file.write(bytes([0, 0, 8, array.ndim]))
        file.write(b"".join(size.to_bytes(4, "big") for size in array.shape))
        file.write(array.tobytes())


def as_text(value, depth=0):
    """JSON: the outer two levels over several lines, so that a tensor has a line."""
    if not isinstance(value, dict) or not value or depth == 2:
        return json.dumps(value)
    inner = ",\n".join(f"{' ' * (depth + 1)}{json.dumps(k)}: {as_text(v, depth + 1)}" for k, v in value.items())
    return "{\n" + inner + "\n" + " " * depth + "}"


def reference(key, pixels, seeds):
    """Of the safest seed among 1 .. seeds: potentials far from every jump, gradients well resolved in single precision.
    """
    best = None
    for seed in range(1, seeds + 1):
        exact, rounded = run(key, seed, pixels, torch.float64), run(key, seed, pixels, torch.float32)
        margin, rounding_errors = safety(key, exact[3], rounded[3])
        difference = largest_difference(rounded[2], exact[2])
        safe = min(rounding_errors, TOLERANCE / difference)
        if best is None or safe > best[0]:
            best = safe, seed, margin, rounding_errors, difference, exact[:3]
    _, seed, margin, rounding_errors, difference, (logits, loss, gradients) = best
    print(f"{key:14} seed {seed:3}: nearest potential {margin:.1e} from a jump, {rounding_errors:.1f} rounding errors; "
          f"gradients of PyTorch in single precision differ by {difference:.1e}", flush=True)
    weights = networks.initial_values(key, seed)
    return {
        "network": key.removesuffix("_moving_gates"),
        "parameters": networks.MOVING_GATES if key.endswith("_moving_gates") else {},
        "seed": seed,
        "logits": logits.flatten().tolist(),
        "loss": loss,
        "initial_sums": {name: float(value.astype(np.float64).sum()) for name, value in weights.items()},
        "gradients": {name: described(name, gradient) for name, gradient in gradients.items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=60, help="how many seeds to choose from")
    parser.add_argument("--only", nargs="+", default=list(NETWORKS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(FOLDER, exist_ok=True)
    pixels = canvases()
    write_idx(os.path.join(FOLDER, "canvases-idx3-ubyte"), pixels)
    write_idx(os.path.join(FOLDER, "labels-idx1-ubyte"), LABELS.flatten())
    for key in options.only:
        with open(os.path.join(FOLDER, key + ".json"), "w") as file:
            file.write(as_text(reference(key, pixels, options.seeds)) + "\n")


if __name__ == "__main__":
    main()
