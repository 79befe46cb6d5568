"""The exact method for three players of the Stackelberg game in jax, beside ours: the same point, and the time of an outer
iteration.

    nested.py OURS [ROUNDS]

OURS is the program made from benches/peers/ours.rs. All run in turn on one processor, so many rounds; what is printed are
medians of processor time, which other programs do not lengthen. Every run is of 50 outer iterations from (1, 1, 1), compiled before it is timed.
"""

import json
import os
import statistics
import subprocess
import sys
import time

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # before the library counts processors
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax import lax  # noqa: E402

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)
jax.config.update("jax_cpu_enable_async_dispatch", False)  # a hand-over to another thread costs more than the work

STEP, TOLERANCE, STEPS = 0.5, 1e-13, 50
CHECKED, AGREEMENT = 50, 1e-9  # outer iterations of a run, after which the points are compared
LEAST_RATIO = 100.0
RUNS = "500"  # of ours at a time: its clock ticks in milliseconds
LEAST = 0.05  # seconds that jax is timed at a time
PRICES = {"linear": lambda total: 8.0 - total, "exponential": lambda total: 10.0 * jnp.exp(-0.25 * total) - 1.0}


class Scalars:
    """For a scalar at each level: a slope is divided by its derivative."""

    start = (jnp.float64(1.0),) * 3
    slope = staticmethod(jax.grad)
    derivative = staticmethod(jax.grad)

    def size(slope):
        return jnp.abs(slope)

    def solve(derivative, right):
        return right / derivative

    def tangent(linear, right):
        return right / linear(jnp.ones_like(right))


class Blocks:
    """For blocks of any length, as ours: Jacobians and linear systems."""

    start = (jnp.ones(1),) * 3
    slope = staticmethod(jax.grad)
    derivative = staticmethod(jax.jacfwd)

    def size(slope):
        return jnp.linalg.norm(slope)

    def solve(derivative, right):
        return jnp.linalg.solve(derivative, right)

    def tangent(linear, right):
        return jnp.linalg.solve(jax.jacobian(linear)(right), right)


def outer_iteration(kind, price):
    """x_1 <- x_1 - 0.5 dF_1/dx_1, level 2 and 3 by Newton's method from their last answers, derivatives of answers by the
    implicit function theorem."""

    def loss(player, *all_three):
        return -jnp.sum(all_three[player - 1]) * price(sum(jnp.sum(block) for block in all_three))

    def root(slope, guess):
        def newton(slope, x):
            def goes_on(state):
                _, value, count = state
                return (kind.size(value) > TOLERANCE) & (count < STEPS)

            def step(state):
                x, value, count = state
                x = x - kind.solve(kind.derivative(slope)(x), value)
                return x, slope(x), count + 1

            return lax.while_loop(goes_on, step, (x, slope(x), 0))[0]

        return lax.custom_root(slope, lax.stop_gradient(guess), newton, kind.tangent)

    def third(x, y, guess):
        return root(lambda z: kind.slope(lambda z: loss(3, x, y, z))(z), guess)

    def second(x, guess, guess_of_third):
        reduced = lambda y: loss(2, x, y, third(x, y, guess_of_third))  # noqa: E731
        return root(kind.slope(reduced), guess)

    def first(x, y, z):
        y = second(x, y, z)
        z = third(x, y, z)
        return loss(1, x, y, z), (y, z)

    def step(point):
        slope, (y, z) = kind.slope(first, has_aux=True)(*point)
        return point[0] - STEP * slope, y, z

    return step


class Peer:
    def __init__(self, kind, demand):
        step = outer_iteration(kind, PRICES[demand])
        before = time.process_time()
        self.start = kind.start
        self.once = jax.jit(step).lower(self.start).compile()
        run = lambda point: lax.fori_loop(0, CHECKED, lambda _, point: step(point), point)  # noqa: E731
        self.whole = jax.jit(run).lower(self.start).compile()
        self.compiled_in = time.process_time() - before

    def in_calls(self):
        point = self.start
        for _ in range(CHECKED):
            point = jax.block_until_ready(self.once(point))
        return point

    def in_a_loop(self):
        return jax.block_until_ready(self.whole(self.start))


def nanoseconds(run):
    """Of an outer iteration, over so many runs that the clock is fine enough."""
    runs, before = 0, time.process_time()
    while runs < 2 or time.process_time() - before < LEAST:
        run()
        runs += 1
    return (time.process_time() - before) * 1e9 / (runs * CHECKED)


def ours(program, demand):
    answer = subprocess.run([program, demand, RUNS], check=True, capture_output=True, text=True)
    answer = json.loads(answer.stdout)
    return answer["point"], answer["nanoseconds"]


def check(demand, name, point, expected):
    """Compares the leader's variable alone: ours has let the others answer its last step already, jax not yet."""
    error = abs(float(jnp.sum(point[0])) - expected[0])
    print(f"{demand}: {name} is {error:.1e} away from ours after {CHECKED} outer iterations")
    if not error <= AGREEMENT:
        sys.exit(f"more than {AGREEMENT:.0e}")


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
    lines = []
    for demand in PRICES:
        expected, _ = ours(program, demand)
        ways = {}
        for kind, words in [(Scalars, "scalars"), (Blocks, "blocks of any length")]:
            peer = Peer(kind, demand)
            print(f"{demand}: jax compiles both ways for {words} in {peer.compiled_in:.1f} s")
            for run, how in [(peer.in_calls, "a call for each"), (peer.in_a_loop, "all in one fori_loop")]:
                name = f"jax, {words}, {how}"
                check(demand, name, run(), expected)
                ways[name] = run
        times = {"ours": [], **{name: [] for name in ways}}
        for _ in range(rounds):
            times["ours"].append(ours(program, demand)[1])
            for name, run in ways.items():
                times[name].append(nanoseconds(run))
        for name, values in times.items():
            ratio = statistics.median(theirs / mine for theirs, mine in zip(values, times["ours"]))
            limit = "" if name == "ours" else f"at least {LEAST_RATIO:.0f}"
            if limit and ratio < LEAST_RATIO:
                limit += ": MISSED"
            lines.append(f"| {demand} | {name} | {statistics.median(values) / 1e3:.2f} µs | {ratio:.3g} | {limit} |")
    print(f"jax {jax.__version__}, Python {sys.version.split()[0]}, one processor, {rounds} rounds")
    print("| demand | what | per outer iteration | times ours | limit |\n|---|---|---|---|---|")
    print("\n".join(lines))


main()
