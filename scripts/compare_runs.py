#!/usr/bin/env python3
"""Runs every preset with two builds of bilevel-lab and compares what they record, but for times.

    scripts/compare_runs.py BEFORE AFTER [PRESET ...]

BEFORE is a binary, or a folder with what it wrote earlier, a folder for each preset. A line for each preset says whether
trace.csv is the same to the bit, or in which columns and by how much it differs. The exit status is 1 where a column differs.
"""

import csv
import pathlib
import subprocess
import sys
import tempfile

TIMES = {"time_s"}


def traces(binary, preset, folder):
    """The rows of a preset's trace, as texts."""
    if pathlib.Path(binary).is_dir():
        folder = pathlib.Path(binary) / preset
    else:
        # a run that ends otherwise than expected writes its trace all the same
        command = [binary, "run", preset, "--out", str(folder)]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(pathlib.Path(folder) / "trace.csv", newline="") as file:
        return list(csv.reader(file))


def difference(before, after):
    """What differs, as column to the largest relative difference; fewer or more rows are said as such."""
    if before[0] != after[0]:
        return {"head": float("inf")}
    if len(before) != len(after):
        return {f"{len(before)} or {len(after)} rows": float("inf")}
    found = {}
    for old, new in zip(before[1:], after[1:]):
        for name, a, b in zip(before[0], old, new):
            if a == b or name in TIMES:
                continue
            try:
                x, y = float(a), float(b)
                apart = abs(x - y) / max(abs(x), abs(y), 1e-300)
            except ValueError:
                apart = float("inf")
            found[name] = max(found.get(name, 0.0), apart)
    return found


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    before, after, *presets = sys.argv[1:]
    if not presets:
        folder = pathlib.Path(__file__).resolve().parent.parent / "presets"
        presets = sorted(path.stem for path in folder.glob("*.toml"))
    has_differences = False
    for preset in presets:
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            found = difference(traces(before, preset, first), traces(after, preset, second))
        has_differences = has_differences or bool(found)
        words = ", ".join(f"{name} by {apart:.1e}" for name, apart in sorted(found.items()))
        print(f"{preset}: {words or 'same bits'}", flush=True)
    sys.exit(int(has_differences))


if __name__ == "__main__":
    main()
