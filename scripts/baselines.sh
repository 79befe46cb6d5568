#!/usr/bin/env bash
# Writes docs/baselines.md: how the methods of the paper's comparison end on its toy problems, and its ablations.
#
#   scripts/baselines.sh [BINARY]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=${1:-target/release/bilevel-lab}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

about() {
    case $1 in
    coreset-paper) echo "The toy coreset, 5,000 iterations from (0, 3). The optimum is 0.72 at θ = (1.8, 0.4). A small *f* with an open gap is infeasible, not good." ;;
    minimax-paper) echo "The mini-max game, 200 iterations from (4, 4). The optimum is the origin." ;;
    degenerate-paper) echo "The degenerate problem, 2,000 iterations with one inner step each, from 0. The optimum is (1, 1, 1) with *f* = 0." ;;
    bvfsm-rescued) echo "BVFSM on the degenerate problem with gentler steps, with and without an offset inside the logarithm." ;;
    bome-inner-steps) echo "BOME on the coreset, by its inner steps *T*; inner step 0.1 for *T* = 1, else 0.05." ;;
    bome-eta) echo "BOME on the coreset, by η." ;;
    bome-step-size) echo "BOME on the coreset, by its outer step." ;;
    esac
}

{
    echo "# The paper's comparison, measured here"
    echo
    echo "Made by \`scripts/baselines.sh\`; each table is a preset, and opens in the window by its name."
    for preset in coreset-paper minimax-paper degenerate-paper bvfsm-rescued bome-inner-steps bome-eta bome-step-size; do
        "$binary" run "$preset" --out "$work/$preset" --tables md >/dev/null
        echo
        echo "## \`$preset\`"
        echo
        about "$preset"
        echo
        cat "$work/$preset/run.md"
    done
} >"$work/baselines.md"
mv "$work/baselines.md" docs/baselines.md
