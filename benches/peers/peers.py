"""BOME on the toy coreset in numpy and in PyTorch, beside ours: the same point, and the time of an outer iteration.

    peers.py OURS [ROUNDS]

OURS is the program made from benches/peers/ours.rs. The three run in turn, one thread each, so many rounds; what is
printed are medians.
"""

import json
import os
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before the libraries are loaded

import numpy as np  # noqa: E402
import torch  # noqa: E402

POINTS = [[1.0, 3.0], [3.0, 1.0], [-2.0, 2.0], [-3.0, -2.0]]
GOAL = [3.0, -2.0]
START = [[0.0, 0.0, 0.0, 0.0], [0.0, 3.0]]
STEP, INNER_STEP, INNER_STEPS, ETA, EPSILON = 0.05, 0.05, 10, 0.5, 1e-8
CHECKED = 100  # outer iterations after which the points are compared
TOLERANCE = 1e-6
LEAST_RATIO = 1000.0


class Numpy:
    """The gradients by hand, on arrays."""

    def __init__(self):
        self.points, self.goal = np.array(POINTS), np.array(GOAL)
        self.v, self.theta = (np.array(block) for block in START)

    def mean(self, v):
        weights = np.exp(v - v.max())
        weights /= weights.sum()
        return weights, weights @ self.points

    def grad_v(self, v, theta):
        weights, mean = self.mean(v)
        return -weights * ((self.points - mean) @ (2.0 * (theta - mean)))

    def grad_theta(self, v, theta):
        return 2.0 * (theta - self.mean(v)[1])

    def step(self):
        inner = self.theta.copy()
        for _ in range(INNER_STEPS):
            inner -= INNER_STEP * self.grad_theta(self.v, inner)
        f = np.concatenate([np.zeros(4), 0.2 * (self.theta - self.goal)])
        gap = np.concatenate(
            [
                self.grad_v(self.v, self.theta) - self.grad_v(self.v, inner),
                self.grad_theta(self.v, self.theta),
            ]
        )
        multiplier = max(ETA - f @ gap / (gap @ gap + EPSILON), 0.0)
        direction = f + multiplier * gap
        self.v -= STEP * direction[:4]
        self.theta -= STEP * direction[4:]

    def point(self):
        return [*self.v.tolist(), *self.theta.tolist()]


class Torch:
    """The objectives as tensors, every gradient from autograd."""

    def __init__(self):
        real = torch.float64
        self.points, self.goal = torch.tensor(POINTS, dtype=real), torch.tensor(GOAL, dtype=real)
        self.v, self.theta = (torch.tensor(block, dtype=real, requires_grad=True) for block in START)

    def upper(self, _v, theta):
        return 0.1 * (theta - self.goal).pow(2).sum()

    def lower(self, v, theta):
        return (theta - torch.softmax(v, 0) @ self.points).pow(2).sum()

    def step(self):
        v, theta = self.v, self.theta
        inner = theta.detach().clone().requires_grad_(True)
        for _ in range(INNER_STEPS):
            (slope,) = torch.autograd.grad(self.lower(v, inner), inner)
            with torch.no_grad():
                inner -= INNER_STEP * slope
        f_v, f_theta = torch.autograd.grad(self.upper(v, theta), (v, theta), allow_unused=True)
        f_v = torch.zeros_like(v) if f_v is None else f_v
        gap = self.lower(v, theta) - self.lower(v, inner.detach())
        gap_v, gap_theta = torch.autograd.grad(gap, (v, theta))
        f, slope = torch.cat([f_v, f_theta]), torch.cat([gap_v, gap_theta])
        multiplier = torch.clamp(ETA - f.dot(slope) / (slope.dot(slope) + EPSILON), min=0.0)
        with torch.no_grad():
            v -= STEP * (f_v + multiplier * gap_v)
            theta -= STEP * (f_theta + multiplier * gap_theta)

    def point(self):
        return [*self.v.tolist(), *self.theta.tolist()]


def nanoseconds(run, iterations):
    before = time.perf_counter()
    for _ in range(iterations):
        run.step()
    return (time.perf_counter() - before) * 1e9 / iterations


def ours(program):
    answer = json.loads(subprocess.run([program], check=True, capture_output=True, text=True).stdout)
    return answer["point"], answer["nanoseconds"]


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
    torch.set_num_threads(1)
    peers = {"numpy": Numpy(), "PyTorch": Torch()}
    expected, _ = ours(program)
    for name, run in peers.items():
        for _ in range(CHECKED):
            run.step()
        worst = max(abs(a - b) for a, b in zip(expected, run.point()))
        if worst > TOLERANCE:
            sys.exit(f"{name} is {worst:.1e} away from ours after {CHECKED} outer iterations")
        print(f"{name} is {worst:.1e} away from ours after {CHECKED} outer iterations")
    times = {"ours": [], "numpy": [], "PyTorch": []}
    for _ in range(rounds):
        times["ours"].append(ours(program)[1])
        for name, run in peers.items():
            times[name].append(nanoseconds(run, 300))
    print(f"numpy {np.__version__}, PyTorch {torch.__version__}, Python {sys.version.split()[0]}, one thread, {rounds} rounds")
    print("| what | per outer iteration | times ours | limit |\n|---|---|---|---|")
    for name, values in times.items():
        ratio = statistics.median(theirs / mine for theirs, mine in zip(values, times["ours"]))
        limit = f"at least {LEAST_RATIO:.0f}" if name == "PyTorch" else ""
        if limit and ratio < LEAST_RATIO:
            limit += ": MISSED"
        print(f"| {name} | {statistics.median(values) / 1e3:.2f} µs | {ratio:.0f} | {limit} |")


main()
