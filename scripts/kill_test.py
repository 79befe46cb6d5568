#!/usr/bin/env python3
"""Kill commands at random moments, and check that no results folder is believed that is not whole.

    scripts/kill_test.py BINARY [TIMES] [SEED]

Each of run, tune and basins is killed TIMES (50 by default) by each of INT, TERM and KILL, half of the times over older results. After INT
and TERM every folder must be whole and without hidden files. After KILL the next call of the same command must succeed and
leave a whole folder; a mixed folder must be told by its digests until then.
"""

import hashlib
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

COMMANDS = {
    "summary.json": ["run", "coreset", "--iterations", "2000", "--tables", "md", "--figures", "svg"],
    "tuning.json": ["tune", "coreset", "--iterations", "150", "--tables", "md"],
    "basins.json": ["basins", "pbgd", "--plane", "x,y", "--grid", "16", "--iterations", "100", "--tables", "md"],
}
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]


def is_whole(folder, manifest):
    """True if there are no results at all, or all listed files are the written ones."""
    path = folder / manifest
    if not path.exists():
        return not any(not name.name.startswith(".") for name in folder.iterdir()) if folder.exists() else True
    files = json.loads(path.read_text())["set"]["files"]
    for file in files:
        own = folder / file["name"]
        if not own.exists() or hashlib.sha256(own.read_bytes()).hexdigest() != file["sha256"]:
            return False
    listed = {file["name"] for file in files} | {manifest}
    return {name.name for name in folder.iterdir() if not name.name.startswith(".")} == listed


def hidden(folder):
    return [name.name for name in folder.iterdir() if name.name.startswith(".")] if folder.exists() else []


def call(binary, arguments, out):
    return subprocess.Popen(
        [binary, *arguments, "--out", str(out), "--threads", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def main():
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    binary = sys.argv[1]
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    faults = []
    with tempfile.TemporaryDirectory() as room:
        for manifest, arguments in COMMANDS.items():
            begun = time.monotonic()
            first = call(binary, arguments, pathlib.Path(room) / f"first-{arguments[0]}")
            first.communicate()
            duration = time.monotonic() - begun
            assert first.returncode == 0, first.returncode
            for number in SIGNALS:
                counts = {"alive": 0, "early": 0, "mixed": 0}
                trial = 0
                while counts["alive"] < times and trial < 5 * times:
                    trial += 1
                    out = pathlib.Path(room) / f"{arguments[0]}-{number}-{trial}"
                    if trial % 2:
                        call(binary, with_three(arguments), out).communicate()
                    child = call(binary, arguments, out)
                    time.sleep(chance.uniform(0, duration))
                    child.send_signal(number)
                    words = child.communicate()[1]
                    code = child.returncode
                    what = f"{arguments[0]} {number.name} {trial}: status {code}"
                    if code == -number:
                        # before the command watched its signals, or KILL
                        counts["early"] += number != signal.SIGKILL
                    elif code not in (0, 128 + number):
                        faults.append(f"{what}: {words}")
                    counts["alive"] += code != 0
                    whole = is_whole(out, manifest)
                    if number == signal.SIGKILL:
                        counts["mixed"] += not whole
                        again = call(binary, with_three(arguments), out)
                        words = again.communicate()[1]
                        if again.returncode != 0:
                            faults.append(f"{what}: the next call ends with {again.returncode}: {words}")
                        whole = is_whole(out, manifest)
                    if not whole:
                        faults.append(f"{what}: the folder is not whole")
                    if hidden(out):
                        faults.append(f"{what}: hidden files {hidden(out)}")
                print(arguments[0], number.name, f"{trial} signals,", counts, flush=True)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


def with_three(arguments):
    """The same call with three iterations."""
    place = arguments.index("--iterations")
    return [*arguments[: place + 1], "3", *arguments[place + 2 :]]


if __name__ == "__main__":
    main()
