"""Prints a row per run: its step sizes as tuned, the validation loss of a model trained to the end, and what the run itself came to.

    python3 scripts/regularization_table.py TUNED.toml SUMMARY.json
"""

import json
import sys
import tomllib

with open(sys.argv[1], "rb") as file:
    methods = {method["label"]: method for method in tomllib.load(file)["method"]}
with open(sys.argv[2], encoding="utf-8") as file:
    runs = json.load(file)["runs"]

print("| method | outer step | inner step | φ | validation loss | test loss | test accuracy | noise AUC |")
print("|---|---|---|---|---|---|---|---|")
for run in runs:
    method, metrics = methods[run["run"]], run["final"]["metrics"]
    numbers = [run["end"]["phi"]]
    numbers += [metrics[name] for name in ("validation-loss", "test-loss", "test-accuracy", "noise-auc")]
    cells = [run["run"], f"{method['outer_step_size']:g}", f"{method['inner_step_size']:g}"]
    cells += [f"{number:.4f}" for number in numbers]
    print("| " + " | ".join(cells) + " |")
