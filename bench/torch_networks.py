"""The ten published networks (He et al. 2024, doi 10.1038/s43588-024-00674-9, Fig. 4c) in PyTorch: an independent
writing against which the networks of sim/network are tested and timed. Initial values come from the same counter-based
generator as there (sim/base/random.h, Network::fillUniform), so that a seed gives both programs the same weights."""

import copy
import math

import numpy as np
import torch
import torch.nn.functional as F

SIDE, PIXELS, CLASSES, BOTTLENECK = 36, 36 * 36, 10, 50


class Settings:
    """Published values of one network, by the names of its table in sim/network/network_kind.cpp."""

    def __init__(self, unit, conv, hidden, threshold, surrogate_width, *, steps=15, decay=0.2, dt_ms=0.01,
                 rate_scale=0.01, weight_scale=1.0, learning_rate=1e-4, weight_decay=1e-5):
        self.unit, self.conv, self.hidden = unit, conv, hidden
        self.threshold, self.surrogate_width, self.steps, self.decay = threshold, surrogate_width, steps, decay
        self.dt_ms, self.rate_scale, self.weight_scale = dt_ms, rate_scale, weight_scale
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.parts = 4 if unit == "s_lif2hh" else 1
        self.inputs = 3 if unit == "s_lif2hh" else 1


NETWORKS = {
    "lif_fc": Settings("lif", False, 512, 0.3, 0.5),
    "4lif_fc": Settings("lif", False, 2048, 0.3, 0.5),
    "hh_fc": Settings("hh", False, 512, 0.2, 0.3, weight_scale=0.01),
    "s_lif2hh_fc": Settings("s_lif2hh", False, 512, 2.0, 0.4, decay=0.5),
    "ann_fc": Settings("binary", False, 512, 0.5, 0.5, steps=1),
    "lif_conv": Settings("lif", True, 10, 0.3, 0.5, learning_rate=3e-3, weight_decay=3e-4),
    "4lif_conv": Settings("lif", True, 40, 0.3, 0.5, learning_rate=3e-3, weight_decay=3e-4),
    "hh_conv": Settings("hh", True, 10, 2.3, 0.5, dt_ms=0.1, learning_rate=3e-3, weight_decay=3e-4),
    "s_lif2hh_conv": Settings("s_lif2hh", True, 10, 0.3, 0.4, steps=10, learning_rate=3e-3, weight_decay=3e-4),
    "cnn": Settings("binary", True, 10, 0.5, 0.5, steps=1, learning_rate=1e-3, weight_decay=1e-4),
}

# Published HH gates hardly leave zero. Here they open, so that the ionic currents count.
MOVING_GATES = dict(rate_scale=1.0, dt_ms=0.05, threshold=5.0, surrogate_width=4.0)
for key in ("hh_fc", "hh_conv"):
    NETWORKS[key + "_moving_gates"] = copy.copy(NETWORKS[key])
    vars(NETWORKS[key + "_moving_gates"]).update(MOVING_GATES)
PUBLISHED = [key for key in NETWORKS if not key.endswith("_moving_gates")]

RATES = ("a_m", "b_m", "a_h", "b_h", "a_n", "b_n")


# The generator.

MASK = (1 << 64) - 1
PURPOSE_WEIGHTS = 3


def mix(x):
    """The SplitMix64 finaliser on an array of uint64."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def random_bits(seed, purpose, count):
    """randomBits(seed, purpose, 0 .. count - 1)."""
    stream = mix(mix(np.array([seed & MASK], np.uint64)) ^ np.uint64(purpose))
    return mix(stream ^ np.arange(count, dtype=np.uint64))


def stream_of(name):
    """FNV-1a of a tensor's name."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def uniform(seed, name, shape, low, high):
    """What Network::fillUniform leaves in the tensor `name`, float32."""
    bits = random_bits(seed ^ stream_of(name), PURPOSE_WEIGHTS, math.prod(shape))
    unit = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return (low + (high - low) * unit).astype(np.float32).reshape(shape)


# Tensors.


def linear_shapes(settings):
    """Name, shape of the weights, and inputs of each output, of every layer with a weight and a bias."""
    s = settings
    found = []
    if s.conv:
        for layer, channels in ((1, 1), (2, s.hidden)):
            for name in input_names(s, f"conv{layer}"):
                found.append((name, (s.hidden, channels, 3, 3), 9 * channels))
        features = s.hidden * (SIDE // 4) ** 2 * s.parts
    else:
        for name in input_names(s, "input"):
            found.append((name, (s.hidden, PIXELS), PIXELS))
        features = s.hidden * s.parts
    if s.unit == "s_lif2hh":
        found.append(("map", (1, 3), 3))
    found.append(("readout", (BOTTLENECK, features), features))
    return found + [(f"head.{task}", (CLASSES, BOTTLENECK), BOTTLENECK) for task in (0, 1)]


def input_names(settings, layer):
    return [f"{layer}.{part}" for part in range(3)] if settings.inputs == 3 else [layer]


def initial_values(key, seed):
    """name -> float32 array; names that start with "rates" are not trained."""
    s = NETWORKS[key]
    values = {}
    for name, shape, fan_in in linear_shapes(s):
        bound = 1 / math.sqrt(fan_in)
        scale = s.weight_scale if name.startswith("input") else 1.0
        low = 0.0 if name == "map" and not s.conv else -bound * scale
        values[name + ".weight"] = uniform(seed, name + ".weight", shape, low, bound * scale)
        values[name + ".bias"] = uniform(seed, name + ".bias", shape[:1], -bound, bound)
    if s.unit == "hh":
        for layer, length in (("1.", SIDE), ("2.", SIDE // 2)) if s.conv else (("", s.hidden),):
            for rate in RATES:
                name = f"rates{layer}{rate}" if layer else f"rates.{rate}"
                values[name] = uniform(seed, name, (length,), 0.0, s.rate_scale)
    return values


# Neurons. Each keeps its state over the steps of one presentation.


class Spike(torch.autograd.Function):
    """1 above the threshold; the gradient passes where the potential is within `width` of it."""

    @staticmethod
    def forward(context, potential, threshold, width):
        context.save_for_backward(potential)
        context.window = threshold, width
        return (potential > threshold).to(potential.dtype)

    @staticmethod
    def backward(context, gradient):
        threshold, width = context.window
        (potential,) = context.saved_tensors
        return gradient * ((potential - threshold).abs() < width), None, None


class Neurons:
    """`probe`, if there is one, is called with every potential that meets a threshold."""

    probe = None

    def __init__(self, settings, values, rates=None):
        self.settings, self.values = settings, values

    def fire(self, potential):
        if Neurons.probe:
            Neurons.probe(potential)
        return Spike.apply(potential, self.settings.threshold, self.settings.surrogate_width)


class Binary(Neurons):
    def step(self, current):
        return [self.fire(F.relu(current))]


class Lif(Neurons):
    potential = spike = 0.0

    def step(self, current):
        self.potential = self.potential * self.settings.decay * (1 - self.spike) + current
        self.spike = self.fire(self.potential)
        return [self.spike]


class FourLif:
    """Three units with currents of their own; the fourth hears a linear map of their last potentials."""

    def __init__(self, settings, values, rates=None):
        self.units = [Lif(settings, values) for _ in range(4)]
        self.weight, self.bias = values["map.weight"][0], values["map.bias"]

    def step(self, *currents):
        heard = self.bias + sum(w * unit.potential for w, unit in zip(self.weight, self.units))
        return [unit.step(current)[0] for unit, current in zip(self.units, (*currents, heard.expand_as(currents[0])))]


class FrozenHh(Neurons):
    """Rates that do not depend on the voltage; no reset. In the convolutional net one set for each column, and the
    ionic currents outside the gradient."""

    voltage = m = h = n = 0.0

    def __init__(self, settings, values, rates):
        super().__init__(settings, values)
        self.rates = [values[rates + name] for name in RATES]

    def ionic(self):
        v = self.voltage
        return (120 * self.h * self.m**3 * (v - 115) + 36 * self.n**4 * (v + 12) + 0.3 * (v - 10.6))

    def step(self, current):
        dt = self.settings.dt_ms
        if self.settings.conv:
            with torch.no_grad():
                ionic = self.ionic()
        else:
            ionic = self.ionic()
        self.voltage = self.voltage + dt * (current - ionic)
        with torch.no_grad():
            a_m, b_m, a_h, b_h, a_n, b_n = self.rates
            self.m = self.m + dt * (a_m * (1 - self.m) - b_m * self.m)
            self.h = self.h + dt * (a_h * (1 - self.h) - b_h * self.h)
            self.n = self.n + dt * (a_n * (1 - self.n) - b_n * self.n)
        return [self.fire(self.voltage)]


UNITS = {"lif": Lif, "hh": FrozenHh, "s_lif2hh": FourLif, "binary": Binary}


# Networks.


def layer(function, values, names, x, **options):
    return [function(x, values[name + ".weight"], values[name + ".bias"], **options) for name in names]


def fully_connected(s, values, pixels, hoisted):
    hidden = UNITS[s.unit](s, values, "rates.")
    names = input_names(s, "input")
    currents = layer(F.linear, values, names, pixels)
    total = [0.0] * s.parts
    for step in range(s.steps):
        if step and not hoisted:
            currents = layer(F.linear, values, names, pixels)
        total = [sum_ + spike for sum_, spike in zip(total, hidden.step(*currents))]
    return torch.stack(total, -1).flatten(1) / s.steps


def convolutional(s, values, pixels, hoisted):
    image = pixels.view(-1, 1, SIDE, SIDE)
    first, second = (UNITS[s.unit](s, values, f"rates{number}.") for number in (1, 2))
    currents = layer(F.conv2d, values, input_names(s, "conv1"), image, padding=1)
    total = [0.0] * s.parts
    for step in range(s.steps):
        if step and not hoisted:
            currents = layer(F.conv2d, values, input_names(s, "conv1"), image, padding=1)
        pooled = F.avg_pool2d(sum(first.step(*currents)), 2)
        spikes = second.step(*layer(F.conv2d, values, input_names(s, "conv2"), pooled, padding=1))
        total = [sum_ + F.avg_pool2d(spike, 2) for sum_, spike in zip(total, spikes)]
    return torch.stack(total, -1).flatten(1) / s.steps


def forward(key, values, pixels, hoisted=False):
    """Logits [batch][2][10] of pixels [batch][1296] (0..255). `hoisted`: the input layer, whose input is the same in
    every step, is applied once."""
    s = NETWORKS[key]
    features = (convolutional if s.conv else fully_connected)(s, values, pixels, hoisted)
    answer = F.linear(features, values["readout.weight"], values["readout.bias"])
    return torch.stack([F.linear(answer, values[f"head.{task}.weight"], values[f"head.{task}.bias"])
                        for task in (0, 1)], 1)


def loss_of(logits, labels):
    """Sum of the two cross-entropies, mean over the batch. labels [batch][2]."""
    return F.cross_entropy(logits[:, 0], labels[:, 0]) + F.cross_entropy(logits[:, 1], labels[:, 1])


def tensors(key, seed, dtype=torch.float32):
    """Initial values as tensors; the trained ones ask for a gradient."""
    return {name: torch.tensor(value, dtype=dtype, requires_grad=not name.startswith("rates"))
            for name, value in initial_values(key, seed).items()}


def optimizer(key, values):
    s = NETWORKS[key]
    return torch.optim.Adam([v for v in values.values() if v.requires_grad], lr=s.learning_rate, weight_decay=s.weight_decay)
