#!/usr/bin/env python3
"""Change experiments at random, key by key, and check that the program answers each in order.

    scripts/fuzz_experiments.py BINARY CHECKS RUNS [SEED]

Presets are parsed, changed in one to four places (values at their limits, keys taken out, lists cut or doubled, values and whole
tables of other presets, methods added) and written again. CHECKS of them go through `check`, 50 to a call; of those that it
accepts, RUNS go through `run --iterations 20` with at most 2 GB of memory and 10 s of processor time. A panic, an abort
or another signal than that of the processor's time is a fault: its file is kept, and the exit status is 1. Ctrl C and
SIGTERM end it with the counts so far.
"""

import json
import math
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile

PRESETS = pathlib.Path(__file__).parent.parent / "presets"
IN_A_CALL = 50
MEMORY = 2_000_000_000
SECONDS = 10
NUMBERS = [0, -1, 1, 2, 3, 0.5, -0.0, 1e-300, 5e-324, 1e300, -1e308, 1e308, math.inf, -math.inf, math.nan, 255, 65_536, 100_000,
           2**31, 2**53, 2**63 - 1, -(2**63)]
WORDS = ["", " ", "x", "x1", "y", "φ", "=1", "\u0000", "a" * 5000, "on", "off", "all", "default", "x^2", "1/0", "log(x)", "((((", "sum(i, x[i])",
         "exp(exp(exp(x)))", "\n", "../..", "/dev/zero", "🙂"]


def places(value, path=()):
    """The paths of all keys and items."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def changed(chance, experiment, others):
    """A copy of an experiment with one random change."""
    experiment = json.loads(json.dumps(experiment))
    path = chance.choice(list(places(experiment)))
    inside, key = at(experiment, path[:-1]), path[-1]
    value = inside[key]
    kind = chance.randrange(7)
    other = chance.choice(others)
    if kind == 0:
        inside[key] = chance.choice(NUMBERS)
    elif kind == 1:
        inside[key] = chance.choice(WORDS)
    elif kind == 2:
        del inside[key]
    elif kind == 3 and isinstance(value, list):
        inside[key] = value * 2 if chance.random() < 0.5 else value[: chance.randrange(len(value) + 1)]
    elif kind == 4:
        # the value of a key of that name, or of any
        named = [path for path in places(other) if path[-1] == key] or list(places(other))
        inside[key] = at(other, chance.choice(named))
    elif kind == 5:
        path = chance.choice(list(places(other)))
        if isinstance(inside, dict) and isinstance(path[-1], str):
            inside[path[-1]] = at(other, path)
        elif isinstance(inside, list):
            inside.append(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        inside[key] = value * chance.choice([-1, 0.1, 10, 1e6])
    return experiment


def scalar(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf") if math.isinf(value) else repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(scalar, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {scalar(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=True).replace("\\ud83d\\ude42", "🙂") if isinstance(value, str) else repr(value)


def is_tables(value):
    return isinstance(value, list) and value and all(isinstance(one, dict) for one in value)


def written(table, name=()):
    """A table as TOML: plain keys first, then its tables."""
    lines = [f"{json.dumps(key)} = {scalar(value)}" for key, value in table.items() if not isinstance(value, dict) and not is_tables(value)]
    for key, value in table.items():
        inner = (*name, json.dumps(key))
        for one in [value] if isinstance(value, dict) else value if is_tables(value) else []:
            lines.append(f"[{'.'.join(inner)}]" if isinstance(value, dict) else f"[[{'.'.join(inner)}]]")
            lines.append(written(one, inner))
    return "\n".join(lines)


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def call(arguments):
    done = subprocess.run(arguments, capture_output=True, preexec_fn=limits, check=False)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def is_fault(code, words):
    slow = code in (-24, -9)  # SIGXCPU and, two seconds later, SIGKILL
    return not slow and (code < 0 or code == 101 or "panicked" in words or "memory allocation" in words)


def main():
    if not 4 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    import tomllib

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    binary, checks, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    presets = [tomllib.loads(path.read_text()) for path in sorted(PRESETS.glob("*.toml"))]
    counts = {"checked": 0, "accepted": 0, "slow checks": 0, "run": 0, "slow runs": 0, "faults": 0}
    kept = pathlib.Path(tempfile.mkdtemp(prefix="fuzz-experiments-"))

    def fault(file, words):
        counts["faults"] += 1
        target = kept / f"fault-{counts['faults']}.toml"
        target.write_bytes(file.read_bytes())
        print(f"{target}: {words[-400:]}", flush=True)

    try:
        with tempfile.TemporaryDirectory() as room:
            room = pathlib.Path(room)
            while counts["checked"] < checks or counts["run"] < runs:
                files = []
                for number in range(IN_A_CALL):
                    experiment = chance.choice(presets)
                    for _ in range(chance.randrange(1, 5)):
                        experiment = changed(chance, experiment, presets)
                    file = room / f"{number}.toml"
                    file.write_text(written(experiment), encoding="utf-8", errors="replace")
                    files.append(file)
                code, _, words = call([binary, "check", *map(str, files)])
                accepted = []
                if code in (0, 2) and not is_fault(code, words):
                    accepted = [file for file in files if f"{file}:" not in words]
                else:
                    for file in files:  # one of them ended the call
                        code, _, words = call([binary, "check", str(file)])
                        if is_fault(code, words):
                            fault(file, words)
                        counts["slow checks"] += code < 0
                        if code == 0:
                            accepted.append(file)
                counts["checked"] += len(files)
                counts["accepted"] += len(accepted)
                for file in accepted:
                    if counts["run"] >= runs:
                        break
                    code, _, words = call([binary, "run", str(file), "--iterations", "20", "--threads", "2", "--out", str(room / "out"), "--force"])
                    counts["run"] += 1
                    counts["slow runs"] += code in (-24, -9)
                    if is_fault(code, words):
                        fault(file, words)
                if counts["checked"] % 500 == 0:
                    print(counts, flush=True)
    except KeyboardInterrupt:
        pass
    print(counts)
    sys.exit(1 if counts["faults"] else 0)


if __name__ == "__main__":
    main()
