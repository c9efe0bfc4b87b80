#!/usr/bin/env python3
"""Writes tests/data/control_reference.json: what PyTorch computes, in double precision, for one batch of soft
actor-critic: both losses and all gradients, for a small policy of every kind that PyTorch can express. The weights are
drawn here and stored in single precision. Needs python3-torch."""

import json
import os

import numpy as np
import torch

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "data", "control_reference.json")
BATCH, NUMBERS, SHOWN, EACH, HIDDEN, TOWER, CRITIC = 5, 4, 3, 2, 7, 6, 9
LIMIT, DISCOUNT, TEMPERATURE = 3.0, 0.9, 0.3
THRESHOLD = {"lif": 0.2, "hh": 0.6, "s_lif2hh": 0.8}
WIDTH, DECAY = 0.4, 0.2


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, threshold):
        ctx.save_for_backward(u)
        ctx.threshold = threshold
        return (u > threshold).double()

    @staticmethod
    def backward(ctx, gradient):
        u, = ctx.saved_tensors
        return gradient * ((u - ctx.threshold).abs() < WIDTH), None


def single(array):
    return np.asarray(array, np.float32).astype(np.float64)


def draw(rng, shape, scale=1.0):
    return single(rng.normal(0, scale, shape))


def linear(x, tensors, name):
    return x @ tensors[name + ".weight"].T + tensors[name + ".bias"]


def tower(x, tensors, name):
    x = torch.relu(linear(x, tensors, name + ".0"))
    x = torch.relu(linear(x, tensors, name + ".1"))
    return linear(x, tensors, name + ".2").squeeze(1)


def features(kind, tensors, window, frozen):
    """window [SHOWN][BATCH][NUMBERS]"""
    if kind == "ann":
        return torch.stack([torch.relu(linear(o, tensors, "input")) for o in window]).mean(0)
    spike = lambda u: Spike.apply(u, THRESHOLD[kind])
    total, parts = 0, 4 if kind == "s_lif2hh" else 1
    u = [torch.zeros(BATCH, HIDDEN, dtype=torch.float64) for _ in range(parts)]
    m = h = n = torch.zeros(HIDDEN, dtype=torch.float64)
    for observation in window:
        for _ in range(EACH):
            if kind == "lif":
                u = [u[0] * DECAY * (1 - spike(u[0])) + linear(observation, tensors, "input")]
            elif kind == "hh":
                x, dt = linear(observation, tensors, "input"), frozen["dt_ms"]
                current = 120 * m**3 * h * (u[0] - 115) + 36 * n**4 * (u[0] + 12) + 0.3 * (u[0] - 10.6)
                u = [u[0] + dt * (x - current)]
                m, h, n = (g + dt * (frozen["a_" + k] * (1 - g) - frozen["b_" + k] * g)
                           for g, k in ((m, "m"), (h, "h"), (n, "n")))
            else:
                heard = torch.stack(u[:3], 2) @ tensors["map.weight"][0] + tensors["map.bias"]
                inputs = [linear(observation, tensors, "input.%d" % k) for k in range(3)] + [heard]
                u = [old * DECAY * (1 - spike(old)) + x for old, x in zip(u, inputs)]
            total = total + torch.cat([spike(each) for each in u], 1)
    return total / (SHOWN * EACH)


def decide(kind, tensors, window, frozen, normals):
    """Action in the environment's unit and the log-probability of its tanh, from PyTorch's own distributions."""
    seen = features(kind, tensors, window, frozen)
    mean, log_sigma = tower(seen, tensors, "mean"), tower(seen, tensors, "sigma").clamp(-20, 2)
    normal = torch.distributions.Normal(mean, log_sigma.exp())
    u = mean + log_sigma.exp() * normals
    squeezed = torch.distributions.TransformedDistribution(normal, torch.distributions.transforms.TanhTransform(cache_size=1))
    action = squeezed.transforms[0](u)
    return LIMIT * action, squeezed.log_prob(action)


def policy_shapes(kind):
    count, parts = (3, 4) if kind == "s_lif2hh" else (1, 1)
    shapes = {}
    for k in range(count):
        name = "input.%d" % k if count > 1 else "input"
        shapes[name + ".weight"], shapes[name + ".bias"] = [HIDDEN, NUMBERS], [HIDDEN]
    if parts == 4:
        shapes["map.weight"], shapes["map.bias"] = [1, 3], [1]
    for name in ("mean", "sigma"):
        for layer, (outputs, inputs) in enumerate(((TOWER, parts * HIDDEN), (TOWER, TOWER), (1, TOWER))):
            shapes["%s.%d.weight" % (name, layer)], shapes["%s.%d.bias" % (name, layer)] = [outputs, inputs], [outputs]
    return shapes


def critic_shapes():
    shapes = {}
    for layer, (outputs, inputs) in enumerate(((CRITIC, NUMBERS + 1), (CRITIC, CRITIC), (1, CRITIC))):
        shapes["%d.weight" % layer], shapes["%d.bias" % layer] = [outputs, inputs], [outputs]
    return shapes


def drawn(rng, shapes):
    return {name: torch.tensor(draw(rng, shape, 0.6), requires_grad=True) for name, shape in shapes.items()}


def listed(tensors, gradient=False):
    values = lambda t: (t.grad if gradient else t.detach()).flatten().tolist()
    return {name: {"shape": list(t.shape), "values": values(t)} for name, t in tensors.items()}


def critic(tensors, x):
    x = torch.relu(x @ tensors["0.weight"].T + tensors["0.bias"])
    x = torch.relu(x @ tensors["1.weight"].T + tensors["1.bias"])
    return (x @ tensors["2.weight"].T + tensors["2.bias"]).squeeze(1)


def case(kind, seed):
    rng = np.random.default_rng(seed)
    observations = draw(rng, [SHOWN + 1, BATCH, NUMBERS])
    actions, rewards, normals, next_normals = (draw(rng, [BATCH]) for _ in range(4))
    goes_on = np.array([1.0, 0, 1, 1, 0])[:BATCH]
    frozen = {key: single(rng.uniform(0, 0.3, HIDDEN)) for key in ("a_m", "b_m", "a_h", "b_h", "a_n", "b_n", "dt_ms")}
    constants = {key: torch.tensor(value) for key, value in frozen.items()}
    policy = drawn(rng, policy_shapes(kind))
    critics, targets = ([drawn(rng, critic_shapes()) for _ in range(2)] for _ in range(2))
    o = torch.tensor(observations)

    with torch.no_grad():
        a, log_p = decide(kind, policy, o[1:], constants, torch.tensor(next_normals))
        inputs = torch.cat([o[-1], a[:, None]], 1)
        best = torch.minimum(*(critic(t, inputs) for t in targets))
        y = torch.tensor(rewards) + DISCOUNT * torch.tensor(goes_on) * (best - TEMPERATURE * log_p)
    inputs = torch.cat([o[-2], torch.tensor(actions)[:, None]], 1)
    critic_loss = sum(torch.nn.functional.mse_loss(critic(t, inputs), y) for t in critics)
    critic_loss.backward()
    critic_gradients = [listed(t, True) for t in critics]
    a, log_p = decide(kind, policy, o[:-1], constants, torch.tensor(normals))
    inputs = torch.cat([o[-2], a[:, None]], 1)
    policy_loss = (TEMPERATURE * log_p - torch.minimum(*(critic(t, inputs) for t in critics))).mean()
    policy_loss.backward()
    return {"policy": kind, "observations": observations.flatten().tolist(), "actions": actions.tolist(),
            "rewards": rewards.tolist(), "goes_on": goes_on.tolist(), "normals": normals.tolist(),
            "next_normals": next_normals.tolist(), "frozen": {k: v.tolist() for k, v in frozen.items()},
            "policy_weights": listed(policy), "critic_weights": [listed(t) for t in critics],
            "target_weights": [listed(t) for t in targets], "critic_loss": critic_loss.item(),
            "policy_loss": policy_loss.item(), "log_probability": log_p.mean().item(),
            "critic_gradients": critic_gradients, "policy_gradients": listed(policy, True)}


def main():
    document = {"made_by": "bench/make_control_reference.py with PyTorch " + torch.__version__,
                "settings": {"batch": BATCH, "numbers": NUMBERS, "observations": SHOWN, "steps_each": EACH,
                             "hidden": HIDDEN, "tower_width": TOWER, "critic_width": CRITIC, "limit": LIMIT,
                             "discount": DISCOUNT, "temperature": TEMPERATURE, "surrogate_width": WIDTH,
                             "decay": DECAY, "threshold": THRESHOLD},
                "cases": [case(kind, seed) for seed, kind in enumerate(("lif", "hh", "s_lif2hh", "ann"), 1)]}
    with open(FILE, "w") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")


main()
