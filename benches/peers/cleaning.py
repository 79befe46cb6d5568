"""BOME on hyper-cleaning in numpy, beside ours: the same validation loss, and the time of an outer iteration.

    cleaning.py BINARY [ROUNDS] [ITERATIONS]

BINARY is the app, built for release. Both run in turn with one thread and with two, so many rounds; medians are printed. Numpy has
the samples as a dense matrix in double precision and its BLAS for the products; what a step needs twice it computes once.
"""

import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

TRAIN, VALIDATION, CLASSES = 5000, 1000, 10
STEP, STEP_LOWER, INNER_STEP, MOMENTUM, ETA = 1000.0, 0.05, 0.05, 0.9, 0.5
REGULARISATION, EPSILON = 0.001, 1e-8
LIMITS = {1: 1.25, 2: 1.0}
TOLERANCE = 1e-6
DATA = pathlib.Path(__file__).parents[2] / "assets" / "data"
# labels are as they are: which of them are random changes no time, and both draw the same then
EXPERIMENT = """\
iterations = {iterations}
record_every = {iterations}
[problem]
id = "hyper-cleaning"
random_labels = 0
[[method]]
id = "bome"
inner_steps = 1
inner_step_size = 0.05
outer_step_size = 1000
outer_step_size_lower = 0.05
momentum = 0.9
barrier = "gap"
eta = 0.5
"""


def numpy_run(iterations):
    """Seconds for each iteration, and the validation loss at the end."""
    import numpy as np

    def read(name, offset):
        with gzip.open(DATA / name) as file:
            return np.frombuffer(file.read(), np.uint8, offset=offset)

    count = TRAIN + VALIDATION
    pixels = read("mnist-10k-images-idx3-ubyte.gz", 16).reshape(-1, 784)[:count] / 255.0
    labels = read("mnist-10k-labels-idx1-ubyte.gz", 8)[:count]
    mean, deviation = pixels[:TRAIN].mean(), pixels[:TRAIN].std() + 1e-4
    x = np.hstack([(pixels - mean) / deviation, np.ones((count, 1))])
    train, validation = x[:TRAIN].copy(), x[TRAIN:].copy()
    hot = np.eye(CLASSES)[labels]

    def forward(rows, theta, hot):
        logits = rows @ theta
        logits -= logits.max(axis=1, keepdims=True)
        exponentials = np.exp(logits)
        total = exponentials.sum(axis=1, keepdims=True)
        losses = np.log(total[:, 0]) - (logits * hot).sum(axis=1)
        return losses, exponentials / total - hot

    v, theta = np.full(TRAIN, 0.5), np.zeros((785, CLASSES))
    speed_v, speed_theta = np.zeros_like(v), np.zeros_like(theta)

    def step(v, theta, speed_v, speed_theta):
        losses, residuals = forward(train, theta, hot[:TRAIN])
        slope = train.T @ (v[:, None] * residuals) / TRAIN + 2 * REGULARISATION * theta
        inner = theta - INNER_STEP * slope
        inner_losses, _ = forward(train, inner, hot[:TRAIN])
        penalty = (theta**2).sum() - (inner**2).sum()
        gap = v @ (losses - inner_losses) / TRAIN + REGULARISATION * penalty
        gap_v = (losses - inner_losses) / TRAIN
        _, residuals = forward(validation, theta, hot[TRAIN:])
        f = validation.T @ residuals / VALIDATION
        square = (gap_v**2).sum() + (slope**2).sum()
        weight = max((ETA * gap - (f * slope).sum()) / (square + EPSILON), 0.0)
        speed_v = MOMENTUM * speed_v + weight * gap_v
        speed_theta = MOMENTUM * speed_theta + f + weight * slope
        v = np.clip(v - STEP * speed_v, 0, 1)
        return v, theta - STEP_LOWER * speed_theta, speed_v, speed_theta

    state = (v, theta, speed_v, speed_theta)
    begun = time.perf_counter()
    for _ in range(iterations):
        state = step(*state)
    seconds = (time.perf_counter() - begun) / iterations
    loss = forward(validation, state[1], hot[TRAIN:])[0].mean()
    return seconds, float(loss)


def our_run(binary, iterations, threads):
    with tempfile.TemporaryDirectory() as folder:
        file, out = pathlib.Path(folder) / "bench.toml", pathlib.Path(folder) / "out"
        file.write_text(EXPERIMENT.format(iterations=iterations))
        environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)}
        subprocess.run([binary, "run", file, "--out", out], check=True, env=environment, stdout=subprocess.DEVNULL)
        run = json.loads((out / "summary.json").read_text())["runs"][0]
    return run["time_s"] / iterations, run["final"]["metrics"]["validation-loss"]


def their_run(iterations, threads):
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, **{name: str(threads) for name in names}}
    done = subprocess.run(
        [sys.executable, __file__, "--numpy", str(iterations)], check=True, env=environment, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)


def main(binary, rounds=7, iterations=60):
    missed = False
    for threads, limit in LIMITS.items():
        ours, theirs = [], []
        for _ in range(rounds):
            own, loss = our_run(binary, iterations, threads)
            their, their_loss = their_run(iterations, threads)
            if abs(loss - their_loss) > TOLERANCE:
                sys.exit(f"the validation losses differ: {loss} and {their_loss}")
            ours.append(own)
            theirs.append(their)
        own, their = statistics.median(ours), statistics.median(theirs)
        missed |= own > limit * their
        print(
            f"{threads} threads: ours {1e3 * own:.1f} ms, numpy {1e3 * their:.1f} ms an outer iteration; "
            f"ratio {own / their:.2f}, limit {limit}"
        )
    sys.exit(int(missed))


if sys.argv[1] == "--numpy":
    print(json.dumps(numpy_run(int(sys.argv[2]))))
else:
    main(sys.argv[1], *map(int, sys.argv[2:]))
