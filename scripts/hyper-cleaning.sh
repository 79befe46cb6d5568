#!/usr/bin/env bash
# Writes docs/hyper-cleaning.md: every method on hyper-cleaning at the same effort, and what comes of BOME with other random labels.
#
#   scripts/hyper-cleaning.sh [BINARY]
#
# Needs python3, and about ten minutes on two cores. One run at a time, so that a method has both cores to itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=${1:-target/release/bilevel-lab}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$binary" run hyper-cleaning-methods --out "$work/methods" --threads 1 >/dev/null
for seed in 1 2; do
    # the first two methods are BOME's
    awk '/^\[\[method\]\]/ { methods++ } methods < 3' presets/hyper-cleaning-methods.toml |
        sed "s/^id = \"hyper-cleaning\"/&\nlabel_seed = $seed/" >"$work/seed-$seed.toml"
    "$binary" run "$work/seed-$seed.toml" --out "$work/seed-$seed" --threads 1 >/dev/null
done
python3 scripts/hyper_cleaning_table.py "$work" >"$work/hyper-cleaning.md"
mv "$work/hyper-cleaning.md" docs/hyper-cleaning.md
