#!/usr/bin/env python3
"""Recomputes three shares of docs/claims/practical.csv from the definitions alone, without the program that wrote them.

    scripts/recompute-shares.py [FOLDER]

FOLDER holds practical.csv and practical-starts.csv. A line for each row says what share of the starts is solved, here and
there. The exit status is 1 where they differ.

Shares are compared, and no paths: after a hundred iterations BOME's paths on the toy coreset magnify what rounding
does, so two programs part there, although which starts they solve does not change.
"""

import csv
import json
import math
import pathlib
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

BUDGET = 13_000.0
TAIL, LOOK = 0.9 * BUDGET, 0.01 * BUDGET
TOLERANCE = 0.01
VALUE, GRADIENT, PRODUCT = 0.5, 1.0, 2.0
ROWS = [("coreset", "BOME"), ("sinresp", "BSG-1"), ("valleys", "ITD")]

Vector = list[float]
State = tuple[Vector, Vector, float]  # the leader's variables, the follower's, what the iteration cost


class Problem(NamedTuple):
    """A problem of two levels: gradients are pairs, of the leader's and of the follower's variables."""

    grad_f: Callable[[Vector, Vector], tuple[Vector, Vector]]
    grad_g: Callable[[Vector, Vector], tuple[Vector, Vector]]
    phi: Callable[[Vector], float]
    optimum: float
    box: list[tuple[float, float]] | None = None  # of the leader; the followers here have none
    g: Callable[[Vector, Vector], float] | None = None
    second: Callable[[Vector, Vector, Vector], tuple[Vector, Vector]] | None = None  # g's mixed and Hessian product


def dot(a: Vector, b: Vector) -> float:
    """The inner product."""
    return sum(p * q for p, q in zip(a, b))


def add(a: Vector, s: float, b: Vector) -> Vector:
    """The sum a + s b."""
    return [p + s * q for p, q in zip(a, b)]


def clip(x: Vector, problem: Problem) -> Vector:
    """The nearest point of the leader's box."""
    if problem.box is None:
        return x
    return [min(max(v, low), high) for v, (low, high) in zip(x, problem.box)]


def coreset() -> Problem:
    """Toy coreset: f = 0.1 |y - goal|^2, g = |y - sum of softmax(x)_i point_i|^2."""
    goal, points = [3.0, -2.0], [[1.0, 3.0], [3.0, 1.0], [-2.0, 2.0], [-3.0, -2.0]]

    def mean(x: Vector) -> tuple[Vector, Vector]:
        top = max(x)
        weights = [math.exp(v - top) for v in x]
        weights = [w / sum(weights) for w in weights]
        return weights, [sum(w * p[j] for w, p in zip(weights, points)) for j in range(2)]

    def g(x: Vector, y: Vector) -> float:
        off = add(y, -1.0, mean(x)[1])
        return dot(off, off)

    def grad_g(x: Vector, y: Vector) -> tuple[Vector, Vector]:
        weights, m = mean(x)
        off = add(y, -1.0, m)
        return [-2.0 * w * dot(off, add(p, -1.0, m)) for w, p in zip(weights, points)], [2.0 * d for d in off]

    def phi(x: Vector) -> float:
        off = add(mean(x)[1], -1.0, goal)
        return 0.1 * dot(off, off)

    # The hull's nearest point to the goal lies on the edge from the second to the fourth point; the others lie beyond it.
    edge = add(points[1], -1.0, points[3])
    along = dot(add(goal, -1.0, points[3]), edge) / dot(edge, edge)
    off = add(add(points[3], along, edge), -1.0, goal)
    return Problem(lambda x, y: ([0.0] * 4, [0.2 * d for d in add(y, -1.0, goal)]), grad_g, phi, 0.1 * dot(off, off), g=g)


def least(phi: Callable[[float], float], low: float, high: float) -> float:
    """The least value of a function on an interval: a grid, then golden section beside its best point."""
    step = (high - low) / 20_000
    best = min((low + i * step for i in range(20_001)), key=phi)
    a, b, ratio = max(low, best - step), min(high, best + step), (math.sqrt(5.0) - 1.0) / 2.0
    while b - a > 1e-9:
        c, d = b - ratio * (b - a), a + ratio * (b - a)
        a, b = (a, d) if phi(c) < phi(d) else (c, b)
    return phi((a + b) / 2.0)


def sinresp() -> Problem:
    """Sine response: f = (y - 0.9)^2 + 0.02 (x - 4)^2, g = (y - sin x)^2 / 2, x in [-8, 8]."""

    def phi(x: float) -> float:
        return (math.sin(x) - 0.9) ** 2 + 0.02 * (x - 4.0) ** 2

    return Problem(
        grad_f=lambda x, y: ([0.04 * (x[0] - 4.0)], [2.0 * (y[0] - 0.9)]),
        grad_g=lambda x, y: ([(math.sin(x[0]) - y[0]) * math.cos(x[0])], [y[0] - math.sin(x[0])]),
        phi=lambda x: phi(x[0]), optimum=least(phi, -8.0, 8.0), box=[(-8.0, 8.0)],
    )


def valleys() -> Problem:
    """Valleys: f = 0.1 (x - 1)^2 + sin 3y, g = (y - x)^2 / 2, x in [-4, 4]."""

    def phi(x: float) -> float:
        return 0.1 * (x - 1.0) ** 2 + math.sin(3.0 * x)

    return Problem(
        grad_f=lambda x, y: ([0.2 * (x[0] - 1.0)], [3.0 * math.cos(3.0 * y[0])]),
        grad_g=lambda x, y: ([x[0] - y[0]], [y[0] - x[0]]),
        phi=lambda x: phi(x[0]), optimum=least(phi, -4.0, 4.0), box=[(-4.0, 4.0)],
        second=lambda x, y, w: ([-w[0]], [w[0]]),
    )


def bome(problem: Problem, x: Vector, y: Vector, s: dict) -> Iterator[State]:
    """BOME: down f, bent so that the gap q to the follower's T-th step shrinks; the loop starts anew at y."""
    steps, momentum, u, v = s["inner_steps"], s["momentum"], [0.0] * len(x), [0.0] * len(y)
    while True:
        z = y
        for _ in range(steps):
            z = add(z, -s["inner_step_size"], problem.grad_g(x, z)[1])
        (fx, fy), (gx, gy) = problem.grad_f(x, y), problem.grad_g(x, y)
        qx, qy = add(gx, -1.0, problem.grad_g(x, z)[0]), gy
        square, gap = dot(qx, qx) + dot(qy, qy), s["barrier"] == "gap"
        barrier = s["eta"] * (problem.g(x, y) - problem.g(x, z) if gap else square)
        slack = barrier - dot(fx, qx) - dot(fy, qy)
        multiplier = max(slack / (square + s["epsilon"]), 0.0) if square > 0.0 else 0.0
        u = add(add(fx, multiplier, qx), momentum, u)
        v = add(add(fy, multiplier, qy), momentum, v)
        x, y = clip(add(x, -s["outer_step_size"], u), problem), add(y, -s["outer_step_size_lower"], v)
        yield x, y, (steps + 3) * GRADIENT + (2 * VALUE if gap else 0.0)


def bsg1(problem: Problem, x: Vector, y: Vector, s: dict) -> Iterator[State]:
    """BSG-1: T warm-started steps of y, then x with g's second derivatives replaced by products of first ones."""
    steps, u = s["inner_steps"], [0.0] * len(y)
    while True:
        for _ in range(steps):  # the momentum u is kept from one outer iteration to the next, as y is
            u = add(problem.grad_g(x, y)[1], s["inner_momentum"], u)
            y = add(y, -s["inner_step_size"], u)
        (fx, fy), (gx, gy) = problem.grad_f(x, y), problem.grad_g(x, y)
        down = add(fx, -dot(fy, gy) / (dot(gy, gy) + s["epsilon"]), gx)
        x = clip(add(x, -s["outer_step_size"], down), problem)
        yield x, y, (steps + 2) * GRADIENT


def itd(problem: Problem, x: Vector, y: Vector, s: dict) -> Iterator[State]:
    """ITD: T warm-started steps of y, then x down f, differentiated in reverse through the steps and their momentum."""
    steps, size, momentum = s["inner_steps"], s["inner_step_size"], s["inner_momentum"]
    while True:
        tape, u = [], [0.0] * len(y)  # the momentum starts anew with each loop, whose first step then depends on y alone
        for _ in range(steps):
            tape.append(y)
            u = add(problem.grad_g(x, y)[1], momentum, u)
            y = add(y, -size, u)
        down, of_y = problem.grad_f(x, y)
        of_u = [0.0] * len(y)
        for past in reversed(tape):
            of_u = add([momentum * a for a in of_u], -size, of_y)  # of this step's u: through y, and through the next u
            mixed, hessian = problem.second(x, past, of_u)
            down, of_y = add(down, 1.0, mixed), add(of_y, 1.0, hessian)
        x = clip(add(x, -s["outer_step_size"], down), problem)
        yield x, y, (steps + 1) * GRADIENT + 2 * steps * PRODUCT


def solves(problem: Problem, method: Callable[..., Iterator[State]], settings: dict, start: list[Vector]) -> bool:
    """Whether a run is near the optimum at every look in the last tenth of its budget."""
    widths = [high - low for low, high in problem.box or []]
    limit = 1e6 * max([1.0] + widths + [abs(v) for block in start for v in block])
    spent, next_look, near = 0.0, TAIL, False
    for x, y, cost in method(problem, *start, settings):
        if not all(abs(v) <= limit for v in x + y):  # false for NaN too
            return False
        spent += cost
        last = spent + cost > BUDGET
        if spent >= next_look or last:
            near = problem.phi(x) - problem.optimum <= TOLERANCE
            if last or not near:
                return near
            next_look += LOOK
    return False


PROBLEMS = {"coreset": coreset, "sinresp": sinresp, "valleys": valleys}
# A method, and the settings that it reads here or, with a value, that are assumed; any other stops the script.
LOOP = {"outer_step_size": None, "inner_steps": None, "inner_step_size": None}
METHODS = {
    "BOME": (bome, LOOP | dict.fromkeys(["outer_step_size_lower", "barrier", "eta", "epsilon", "momentum"])),
    "BSG-1": (bsg1, LOOP | dict.fromkeys(["epsilon", "inner_momentum"])),
    "ITD": (itd, LOOP | {"inner_momentum": None, "inner_start": "warm", "mode": "reverse", "projection": "ignored"}),
}


def main() -> int:
    """The exit status: 0 where all recomputed shares are those of the table."""
    folder = pathlib.Path(__file__).resolve().parent.parent / "docs" / "claims"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else folder
    with open(folder / "practical.csv", newline="", encoding="utf-8") as file:
        table = {(row["problem"], row["method"]): row for row in csv.DictReader(file)}
    with open(folder / "practical-starts.csv", newline="", encoding="utf-8") as file:
        starts = [row for row in csv.DictReader(file) if row["use"] == "report"]
    status = 0
    for name, label in ROWS:
        row, problem, (method, known) = table[name, label], PROBLEMS[name](), METHODS[label]
        settings, points = json.loads(row["settings"]), [json.loads(r["point"]) for r in starts if r["problem"] == name]
        if settings.keys() != known.keys() or any(v not in (None, settings[k]) for k, v in known.items()):
            sys.exit(f"{name}, {label}: settings that this script does not know: {row['settings']}")
        solved, count = sum(solves(problem, method, settings, point) for point in points), len(points)
        agrees = (solved, count) == (round(float(row["solved"]) * int(row["runs"])), int(row["runs"]))
        status = status if agrees else 1
        print(f"{name}, {label}: {solved / count:.4f} ({solved} of {count}) here, {float(row['solved']):.4f} in the table: "
              + ("agrees" if agrees else "DIFFERS"))
    return status


if __name__ == "__main__":
    sys.exit(main())
