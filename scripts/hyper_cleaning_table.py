"""Prints docs/hyper-cleaning.md from the folders that hyper-cleaning.sh has filled."""

import json
import pathlib
import sys
import tomllib

WEIGHTS = {"value": 0.5, "grad": 1, "hvp": 2, "jvp": 2, "higher": 4}
ABOUT = """\
500 iterations from the pretrained start, momentum 0.9, one inner step; a call on a mini-batch counts as a call.
Step sizes: 25 trials per method with 800 training digits, 160 for validation and 150 iterations, judged by the loss on 1,000 held-out
digits (`tune --judge test-loss`; they are among the training digits here, and none is a test digit). Of these the three best and the best of each of
the three best inner steps ran again with 2,000 digits; the least held-out loss won. "BOME, gentle" has the preset's steps.
A weight's step grows with the number of samples. φ is the validation loss of the model trained to its end with the weights.
Seconds* are of one run on two cores that may have had other work: they alone change from run to run."""


def calls(run, *names):
    return sum(run["oracle"][f"{name}{level}"] for name in names for level in (1, 2))


def row(cells):
    print("| " + " | ".join(cells) + " |")


def head(*names):
    row(names)
    row(["---"] + ["---:"] * (len(names) - 1))


def four(number):
    return "" if number is None else f"{number:.4f}"


def scores(metrics):
    return [four(metrics[name]) for name in ("f1", "test-accuracy", "test-loss", "validation-loss")]


def best(runs):
    """Who leads by each measure, and what is not in the table."""
    leads = [("F1", "f1", max), ("test accuracy", "test-accuracy", max), ("test loss", "test-loss", min)]
    best = [(words, pick(runs, key=lambda run: run["final"]["metrics"][name])["run"]) for words, name, pick in leads]
    said = "; ".join(f"{words} {name}" for words, name in best)
    return (
        f"Best by {said}. A method whose validation loss is below that of *clean* has fitted the validation samples with θ itself: what its "
        "weights are worth is φ.\nSteps that were best with few samples need not hold with all: ITD's row is such a choice.\nNot in the table: implicit, chain-rule and evolution solve the follower by factorising its Hessian, "
        "and 7,850 variables are too many for that; gda and ogda are for min-max problems;\nfinite differences would answer 5,001 times a step."
    )


def steps(method):
    names = [("outer_step_size", "ξ"), ("inner_step_size", "α"), ("outer_step_size_lower", "ξ_y")]
    return ", ".join(f"{symbol} {method[name]:g}" for name, symbol in names if name in method)


def main(work):
    def read(name):
        return json.loads((work / name / "summary.json").read_text())

    with open("presets/hyper-cleaning-methods.toml", "rb") as file:
        methods = {method["label"]: method for method in tomllib.load(file)["method"]}
    summary = read("methods")
    print("# Hyper-cleaning: all methods at the same effort")
    print()
    print("Made by `scripts/hyper-cleaning.sh`. " + ABOUT)
    print()
    print("## Every method, label seed 0")
    print()
    head("method", "F1", "test accuracy", "test loss", "validation loss", "φ", "gap", "gradients", "products", "weighted cost", "seconds*", "steps")
    for run in summary["runs"]:
        end = run["end"] or {}
        cost = sum(weight * calls(run, name) for name, weight in WEIGHTS.items())
        row([
            run["run"],
            *scores(run["final"]["metrics"]),
            four(end.get("phi")),
            four(run["final"]["gap"]),
            str(calls(run, "grad")),
            str(calls(run, "hvp", "jvp")),
            f"{cost:.0f}",
            f"{run['time_s']:.0f}",
            steps(methods[run["run"]]),
        ])
    for line in summary["lines"]:
        row([f"*{line['name']}*", *scores(line["metrics"])] + [""] * 7)
    print()
    print(best(summary["runs"]))
    print()
    print("## BOME with other random labels")
    print()
    head("method", "label seed", "F1", "test accuracy", "test loss", "validation loss", "*noisy* accuracy", "*validation only* accuracy", "*clean* accuracy")
    seeds = [(0, summary), (1, read("seed-1")), (2, read("seed-2"))]
    for place in range(2):
        for seed, of_seed in seeds:
            run = of_seed["runs"][place]
            accuracies = [four(line["metrics"]["test-accuracy"]) for line in of_seed["lines"]]
            row([run["run"], str(seed), *scores(run["final"]["metrics"]), *accuracies])


main(pathlib.Path(sys.argv[1]))
