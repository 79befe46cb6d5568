#!/usr/bin/env python3
"""Kill commands at random moments, and check that no results folder is believed that is not whole.

    scripts/kill_test.py BINARY [TIMES] [SEED]

Each of run, tune and basins is killed TIMES (50 by default) by each of INT, TERM and KILL, half of the times over older results. After INT
and TERM every folder must be whole and without hidden files. After KILL the next call of the same command must succeed and
leave a whole folder; a mixed folder must be told by its digests until then. Where there were no older results, the same call with
--resume must then give the bytes of a call that nothing interrupted, but for the times of run.
"""

import csv
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


def numbers(folder):
    """The files of a folder as they are without times and digests."""
    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".svg":
            continue  # a race is over time where a file asks for it
        files[path.name] = path.read_bytes()
        if path.name == "trace.csv":
            rows = csv.reader(path.read_text().splitlines())
            files[path.name] = [row[:4] + row[5:] for row in rows]
        elif path.name == "summary.json":
            summary = json.loads(path.read_text())
            for run in summary["runs"]:
                del run["time_s"]
            del summary["set"]
            files[path.name] = summary
    return files


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
            expected = numbers(pathlib.Path(room) / f"first-{arguments[0]}")
            for number in SIGNALS:
                counts = {"alive": 0, "early": 0, "mixed": 0, "resumed": 0}
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
                    if whole and code != 0 and trial % 2 == 0:
                        begun = (out / manifest).exists()
                        again = call(binary, [*arguments, "--resume"], out)
                        words = again.communicate()[1]
                        if again.returncode != 0:
                            faults.append(f"{what}: --resume ends with {again.returncode}: {words}")
                        elif numbers(out) != expected:
                            faults.append(f"{what}: resumed to other numbers")
                        counts["resumed"] += begun
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
